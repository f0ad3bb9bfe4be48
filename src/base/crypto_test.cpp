#include "base/crypto.hpp"

#include <gtest/gtest.h>

#include "testing/fixed_random.hpp"

namespace hookline {

TEST(Crypto, HmacMatchesGitHubsPublishedVector) {
    // GitHub, "Validating webhook deliveries", testing section.
    HmacSha256 keyed(Secret("It's a Secret to Everybody"));
    HmacSha256 copy(keyed);
    copy.feed("Hello, ");
    copy.feed("World!");
    EXPECT_EQ(to_hex(copy.finish()), "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
}

TEST(Crypto, SealedTextOpensOnlyWithItsKeyAndItsPlace) {
    FixedRandom random(7);
    const auto sealer = Sealer::from_key(Sealer::new_key(random));
    ASSERT_TRUE(sealer);
    const std::string sealed = sealer->seal(Secret("gh_abc"), "endpoint:1", random);
    EXPECT_EQ(sealed.find("gh_abc"), std::string::npos);
    EXPECT_EQ(sealer->open(sealed, "endpoint:1")->reveal(), "gh_abc");
    EXPECT_FALSE(sealer->open(sealed, "endpoint:2"));
    const auto other = Sealer::from_key(Sealer::new_key(random));
    EXPECT_FALSE(other->open(sealed, "endpoint:1"));
}

TEST(Crypto, HexAndBase64) {
    EXPECT_EQ(from_hex("00fF"), std::string("\0\xFF", 2));
    EXPECT_FALSE(from_hex("0"));
    EXPECT_FALSE(from_hex("zz"));
    EXPECT_EQ(to_base64("hi"), "aGk=");
    EXPECT_EQ(from_base64("aGk="), "hi");
    EXPECT_FALSE(from_base64("aGk"));
}

TEST(Secret, ComparesInConstantTimeAndWipesItself) {
    Secret secret("abc");
    EXPECT_TRUE(secret.equals("abc"));
    EXPECT_FALSE(secret.equals("abd"));
    EXPECT_FALSE(secret.equals("ab"));
    const Secret moved = std::move(secret);
    EXPECT_EQ(moved.reveal(), "abc");
}

}  // namespace hookline
