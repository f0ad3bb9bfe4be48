#include "services/circleci/signature.hpp"

#include <gtest/gtest.h>

#include "services/circleci/circleci.hpp"

namespace hookline::services::circleci {
namespace {

constexpr std::string_view body = R"({"type":"job-completed","id":"47a497be-0000-4000-8000-2dabd889af0f"})";
constexpr std::string_view digest = "d3bdf699e35469b1561438b5d6101e9336d5b949a0a8f5b2b2d0dd64417bc360";
constexpr std::string_view test_secret = "hookline-test-secret";

bool holds(const event::Headers& headers, std::string_view bytes, const std::vector<std::string>& secrets,
           std::string_view url_secret = "") {
    std::vector<std::unique_ptr<Key>> keys;
    std::vector<const Key*> pointers;
    for (const std::string& secret : secrets) {
        keys.push_back(std::make_unique<Key>(Secret(secret)));
        pointers.push_back(keys.back().get());
    }
    const auto check = adapter().check(Credentials{headers, url_secret, TimePoint{}}, pointers);
    for (std::size_t at = 0; at < bytes.size(); at += 7) {  // as it comes from a socket
        check->feed(bytes.substr(at, 7));
    }
    return check->holds();
}

bool holds(std::string_view header, std::string_view bytes = body, std::string_view secret = test_secret) {
    event::Headers headers;
    headers.add("Circleci-Signature", header);
    return holds(headers, bytes, {std::string(secret)});
}

TEST(CircleCiSignature, PublishedVectors) {
    const struct {
        std::string_view body, secret, digest;
    } cases[] = {
        {"hello world", "secret", "734cc62f32841568f45715aeb9f4d7891324e6d948e4c6c60c0621cdac48623a"},
        {"lalala", "another-secret", "daa220016c8f29a8b214fbfc3671aeec2145cfb1e6790184ffb38b6d0425fa00"},
        {"an-important-request-payload", "hunter123",
         "9be2242094a9a8c00c64306f382a7f9d691de910b4a266f67bd314ef18ac49fa"},
        {body, test_secret, digest},
    };
    for (const auto& [bytes, secret, hex] : cases) {
        EXPECT_TRUE(holds("v1=" + std::string(hex), bytes, secret)) << hex;
        EXPECT_EQ(signature_of(bytes, Secret(std::string(secret))), "v1=" + std::string(hex));
    }
}

TEST(CircleCiSignature, OtherVersionsBesideItAreIgnored) {
    const std::string v1 = "v1=" + std::string(digest);
    for (const std::string& header : {v1, v1 + ",v2=abc", "v2=abc, " + v1, " " + v1 + " ", "v2=a=b," + v1}) {
        EXPECT_TRUE(holds(header)) << header;
    }
}

TEST(CircleCiSignature, WhatIsNotExactlyTheFormFails) {
    const std::string hex(digest);
    std::string flipped = hex;
    flipped[5] = flipped[5] == '0' ? '1' : '0';
    for (const std::string& header :
         {std::string(), std::string("v1="), "v2=" + hex, hex, "v1=" + hex.substr(1), "v1=" + hex + "0",
          "v1=" + flipped, "v1=" + hex + ",v1=" + hex, "v1=" + flipped + ",v1=" + hex, "V1=" + hex,
          "v1 =" + hex, "v1=" + std::string(64, 'g'), "sha256=" + hex, std::string(1'000'000, ',')}) {
        EXPECT_FALSE(holds(header)) << header.substr(0, 100);
    }
    EXPECT_FALSE(holds("v1=" + hex, std::string(body) + " "));
}

TEST(CircleCiSignature, TwoHeadersOrNoneOrAnotherProofFail) {
    event::Headers twice;
    twice.add("circleci-signature", "v1=" + std::string(digest));
    twice.add("circleci-signature", "v1=" + std::string(digest));
    EXPECT_FALSE(holds(twice, body, {std::string(test_secret)}));
    EXPECT_FALSE(holds({}, body, {std::string(test_secret)}, test_secret));
    event::Headers right;
    right.add("circleci-signature", "v1=" + std::string(digest));
    EXPECT_TRUE(holds(right, body, {"the new one", std::string(test_secret)}));
    EXPECT_FALSE(holds(right, body, {""}));
    EXPECT_FALSE(holds(right, body, {}));
}

}  // namespace
}  // namespace hookline::services::circleci
