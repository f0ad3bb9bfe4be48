#include "services/gitlab/proof.hpp"

#include <gtest/gtest.h>

#include "services/gitlab/gitlab.hpp"

namespace hookline::services::gitlab {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view token = "whsec_aG9va2xpbmUtc2lnbmluZy1rZXktMzItYnl0ZXMtb2s=";
constexpr std::string_view second_token = "whsec_cHJldmlvdXMtc2lnbmluZy1rZXktMzItYnl0ZXMtb2s=";
constexpr std::string_view id = "0f6f5a3e-7d5b-4d4e-9a53-0c1f2b3a4d5e";
constexpr std::string_view body = R"({"object_kind":"push","ref":"refs/heads/main"})";
constexpr std::string_view signature = "v1,OJ+BpSvj9Fw+8mL85LYoqRGpnLmJkqPh1VGcoq9xqck=";
constexpr std::string_view second_signature = "v1,hQAq3H9uxsVNbOAeCO7xC+h2uDHEDBUXhiIWGaiMUmo=";
constexpr std::int64_t signed_at = 1760000000;

bool holds(const Fields& fields, const std::vector<std::string>& secrets, std::int64_t now = signed_at,
           std::string_view text = body) {
    event::Headers headers;
    for (const auto& [name, value] : fields) {
        headers.add(name, value);
    }
    std::vector<std::unique_ptr<Key>> keys;
    std::vector<const Key*> pointers;
    for (const std::string& secret : secrets) {
        keys.push_back(std::make_unique<Key>(Secret(secret)));
        pointers.push_back(keys.back().get());
    }
    const Credentials credentials{headers, "", TimePoint(std::chrono::seconds(now))};
    const auto check = adapter().check(credentials, pointers);
    for (std::size_t at = 0; at < text.size(); at += 7) {  // as it comes from a socket
        check->feed(text.substr(at, 7));
    }
    return check->holds();
}

Fields signed_fields(std::string_view signatures, std::string_view timestamp = "1760000000") {
    return {{"webhook-id", std::string(id)},
            {"Webhook-Timestamp", std::string(timestamp)},
            {"webhook-signature", std::string(signatures)}};
}

bool signature_holds(std::string_view signatures, std::int64_t now = signed_at) {
    return holds(signed_fields(signatures), {std::string(token)}, now);
}

TEST(Proof, TheTokenIsTheSecret) {
    EXPECT_TRUE(holds({{"x-gitlab-token", "gl_abc"}}, {"gl_abc"}));
    EXPECT_FALSE(holds({{"X-Gitlab-Token", "gl_abd"}}, {"gl_abc"}));
    EXPECT_FALSE(holds({{"X-Gitlab-Token", "gl_ab"}}, {"gl_abc"}));
    EXPECT_FALSE(holds({{"X-Gitlab-Token", ""}}, {"gl_abc"}));
    EXPECT_FALSE(holds({{"Authorization", "Bearer gl_abc"}}, {"gl_abc"}));
    EXPECT_FALSE(holds({}, {"gl_abc"}));
}

TEST(Proof, EitherSecretOfARotationPasses) {
    EXPECT_TRUE(holds({{"X-Gitlab-Token", "gl_old"}}, {"gl_new", "gl_old"}));
    EXPECT_TRUE(holds({{"X-Gitlab-Token", "gl_new"}}, {"gl_new", "gl_old"}));
    EXPECT_FALSE(holds({{"X-Gitlab-Token", "gl_older"}}, {"gl_new", "gl_old"}));
}

TEST(Proof, NothingProvesNothing) {
    EXPECT_FALSE(holds({{"X-Gitlab-Token", ""}}, {""}));
    EXPECT_FALSE(holds({{"X-Gitlab-Token", "x"}}, {}));
    EXPECT_FALSE(holds(signed_fields(signature), {}));
    EXPECT_FALSE(holds(signed_fields(signature), {""}));
    EXPECT_FALSE(holds(signed_fields(signature), {"whsec_"}));
    EXPECT_FALSE(holds(signed_fields(signature), {"whsec_not base64"}));
}

TEST(Proof, AHeaderThatComesTwiceCountsForNothing) {
    EXPECT_FALSE(holds({{"X-Gitlab-Token", "gl_abc"}, {"x-gitlab-token", "gl_abc"}}, {"gl_abc"}));
    for (const std::string_view name : {"webhook-id", "webhook-timestamp", "webhook-signature"}) {
        Fields fields = signed_fields(signature);
        fields.emplace_back(name, name == "webhook-id"          ? id
                                  : name == "webhook-timestamp" ? "1760000000"
                                                                : signature);
        EXPECT_FALSE(holds(fields, {std::string(token)})) << name;
    }
}

TEST(Proof, PublishedAndCrossCheckedSignatures) {
    EXPECT_TRUE(signature_holds(signature));
    EXPECT_EQ(signature_of(id, "1760000000", body, Secret(std::string(token))), signature);
    EXPECT_EQ(signature_of(id, "1760000000", body, Secret(std::string(second_token))), second_signature);
    const std::string reference = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    EXPECT_EQ(signature_of("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})",
                           Secret(reference)),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    // The whole token as key, which is the usual mistake.
    EXPECT_FALSE(signature_holds("v1,TFSuMqfTOtxJhB+PgT+SlLrRxgQ3oKmIvcaKZiRjTuc="));
}

TEST(Proof, AnyOfSeveralSignaturesMayBeTheRightOne) {
    const std::string both = std::string(second_signature) + " " + std::string(signature);
    EXPECT_TRUE(signature_holds(both));
    EXPECT_TRUE(holds(signed_fields(both), {std::string(second_token)}));
    EXPECT_TRUE(signature_holds("v1a,AAAA " + std::string(signature)));
    EXPECT_TRUE(holds(signed_fields(signature), {std::string(second_token), std::string(token)}));
    EXPECT_FALSE(holds(signed_fields(second_signature), {std::string(token)}));
}

TEST(Proof, WhatIsNotExactlyTheFormFails) {
    const std::string bare(signature.substr(3));
    for (const std::string& value :
         {std::string(), std::string("v1,"), bare, "v2," + bare, "V1," + bare, "v1=" + bare, "v1, " + bare,
          "v1," + bare.substr(0, bare.size() - 1), "v1," + bare + "=", "v1," + bare + "," + bare,
          "v1," + std::string(1'000'000, 'A')}) {
        EXPECT_FALSE(signature_holds(value)) << value.substr(0, 80);
    }
    EXPECT_FALSE(holds(signed_fields(signature), {std::string(token)}, signed_at, std::string(body) + " "));
}

TEST(Proof, ASignatureGetsOld) {
    EXPECT_TRUE(signature_holds(signature, signed_at + 300));
    EXPECT_TRUE(signature_holds(signature, signed_at - 300));
    EXPECT_FALSE(signature_holds(signature, signed_at + 301));
    EXPECT_FALSE(signature_holds(signature, signed_at - 301));
    for (const std::string_view timestamp :
         {"", "soon", "1760000000.0", " 1760000000", "-1760000000", "+1760000000", "1760000000000", "0x1",
          "99999999999999999999999999"}) {
        const std::string value = signature_of(id, timestamp, body, Secret(std::string(token)));
        EXPECT_FALSE(holds(signed_fields(value, timestamp), {std::string(token)})) << timestamp;
    }
}

TEST(Proof, ASigningTokenIsNotShownAsATokenToo) {
    EXPECT_FALSE(holds({{"X-Gitlab-Token", std::string(token)}}, {std::string(token)}));
}

TEST(Proof, AnOrdinarySecretMaySignToo) {
    const std::string secret = "gl_abc";
    const std::string value = signature_of(id, "1760000000", body, Secret(secret));
    EXPECT_TRUE(holds(signed_fields(value), {secret}));
    EXPECT_FALSE(holds(signed_fields(value), {"gl_abd"}));
}

}  // namespace
}  // namespace hookline::services::gitlab
