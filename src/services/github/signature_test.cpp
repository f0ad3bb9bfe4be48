#include "services/github/signature.hpp"

#include <gtest/gtest.h>

#include "services/github/github.hpp"

namespace hookline::services::github {
namespace {

constexpr std::string_view body_a = R"({"zen":"Keep it logically awesome.","hook_id":1})";
constexpr std::string_view digest_a = "e9d5c655ddc0f822bf9509e16f457bdcd0922ff1af485c73ec2a9909adba84cc";

bool holds(const event::Headers& headers, std::string_view body, const std::vector<std::string>& secrets,
           std::string_view url_secret = "") {
    std::vector<std::unique_ptr<Key>> keys;
    std::vector<const Key*> pointers;
    for (const std::string& secret : secrets) {
        keys.push_back(std::make_unique<Key>(Secret(secret)));
        pointers.push_back(keys.back().get());
    }
    const Credentials credentials{headers, url_secret, TimePoint{}};
    const auto check = adapter().check(credentials, pointers);
    for (std::size_t at = 0; at < body.size(); at += 7) {  // as it comes from a socket
        check->feed(body.substr(at, 7));
    }
    return check->holds();
}

bool holds(std::string_view header, std::string_view body, std::string_view secret = "hookline-test-secret") {
    event::Headers headers;
    headers.add("x-hub-signature-256", header);
    return holds(headers, body, {std::string(secret)});
}

TEST(Signature, PublishedAndCrossCheckedVectors) {
    const std::string body_b = "{\"action\":\"opened\",\"title\":\"caf\u00e9 \xF0\x9F\x9A\x80\"}\n";
    const struct {
        std::string_view body, digest, secret;
    } cases[] = {
        {"Hello, World!", "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
         "It's a Secret to Everybody"},
        {body_a, digest_a, "hookline-test-secret"},
        {body_b, "1d022a69707b7b1fdc6ba16c958f3bdae580d082a8acc487a6136713dd573af2", "hookline-test-secret"},
        {"payload=%7B%22zen%22%3A%22Keep+it+logically+awesome.%22%2C%22hook_id%22%3A1%7D",
         "e1483f62f2d38476c74a7377b20dd9b4e566354e46831f61739d09798c2dcdc7", "hookline-test-secret"},
        {"", "93f822fab07f1df297bce206237954f794519ff4860b3dde1bf57299fc7e0df7", "hookline-test-secret"},
        {std::string_view("\0\xFF\n\r{", 5),
         "c6a85158d63308bb11349f386f641926cf71cfcd534802c0e1a0a17d3c96a5c0", "hookline-test-secret"},
    };
    for (const auto& [body, digest, secret] : cases) {
        EXPECT_TRUE(holds("sha256=" + std::string(digest), body, secret)) << digest;
        EXPECT_EQ(signature_of(body, Secret(std::string(secret))), "sha256=" + std::string(digest));
    }
    EXPECT_FALSE(holds("sha256=d500e68b5899e7d5e9c737f14e8653edcbfc00e6a4002dbb5b6c288ad542ee36", body_b));
}

TEST(Signature, HexMayBeInUpperCase) {
    std::string upper(digest_a);
    for (char& c : upper) {
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    EXPECT_TRUE(holds("sha256=" + upper, body_a));
}

TEST(Signature, WhatIsNotExactlyTheFormFails) {
    const std::string digest(digest_a);
    std::string flipped = digest;
    flipped[10] = flipped[10] == '0' ? '1' : '0';
    for (const std::string& header :
         {std::string(), std::string("sha256="), digest, "sha1=" + digest, "SHA256=" + digest,
          "sha256= " + digest, " sha256=" + digest, "sha256=" + digest + " ", "sha256=" + digest.substr(1),
          "sha256=" + digest + "0", "sha256=" + flipped, "sha256=" + digest + ",sha256=" + digest,
          "sha256=" + std::string(64, 'g'),
          std::string("sha256=6dXGVd3A+CK/lQnhb0V73NCSL/GvSFxz7CqZCa26hMw="),
          "sha256=" + std::string(1'000'000, 'a'),
          std::string("sha1=ac80fb357598890451febbff19e55fc5f32a34d4")}) {
        EXPECT_FALSE(holds(header, body_a)) << header.substr(0, 100);
    }
    EXPECT_FALSE(holds("sha256=e1483f62f2d38476c74a7377b20dd9b4e566354e46831f61739d09798c2dcdc7", body_a));
    EXPECT_FALSE(holds("sha256=" + digest, std::string(body_a) + " "));
}

TEST(Signature, TwoHeadersFailWhateverTheySay) {
    event::Headers headers;
    headers.add("X-Hub-Signature-256", "sha256=" + std::string(digest_a));
    headers.add("x-hub-signature-256", "sha256=" + std::string(digest_a));
    EXPECT_FALSE(holds(headers, body_a, {"hookline-test-secret"}));
}

TEST(Signature, EitherKeyOfARotationPasses) {
    event::Headers headers;
    headers.add("X-Hub-Signature-256", "sha256=" + std::string(digest_a));
    EXPECT_TRUE(holds(headers, body_a, {"hookline-test-secret", "the old one"}));
    EXPECT_TRUE(holds(headers, body_a, {"the new one", "hookline-test-secret"}));
    EXPECT_FALSE(holds(headers, body_a, {"the new one", "the old one"}));
}

TEST(Signature, NoKeyAndAnEmptyKeyProveNothing) {
    event::Headers headers;
    headers.add("X-Hub-Signature-256",
                "sha256=22f8eea909400af98adf3681a9f31923ef6b7fcba4abb553d92823a3e9d5c25e");
    EXPECT_FALSE(holds(headers, "{}", {""}));
    EXPECT_FALSE(holds(headers, "{}", {}));
}

TEST(Signature, TheSecretItselfIsNoProof) {
    event::Headers headers;
    headers.add("Authorization", "Bearer hookline-test-secret");
    EXPECT_FALSE(holds(headers, body_a, {"hookline-test-secret"}, "hookline-test-secret"));
}

}  // namespace
}  // namespace hookline::services::github
