// Every way in which a sender may prove the secret, and what proves nothing.
#include "services/custom/proof.hpp"

#include <gtest/gtest.h>

#include "base/crypto.hpp"

namespace hookline::services::custom {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view token = "whsec_aG9va2xpbmUtc2lnbmluZy1rZXktMzItYnl0ZXMtb2s=";
constexpr std::string_view older_token = "whsec_cHJldmlvdXMtc2lnbmluZy1rZXktMzItYnl0ZXMtb2s=";
constexpr std::string_view push = R"({"object_kind":"push","ref":"refs/heads/main"})";
constexpr std::string_view push_signature = "v1,OJ+BpSvj9Fw+8mL85LYoqRGpnLmJkqPh1VGcoq9xqck=";
constexpr std::string_view push_signature_of_older = "v1,hQAq3H9uxsVNbOAeCO7xC+h2uDHEDBUXhiIWGaiMUmo=";
constexpr std::string_view push_id = "0f6f5a3e-7d5b-4d4e-9a53-0c1f2b3a4d5e";

bool holds(const Fields& fields, std::string_view body, std::vector<std::string_view> secrets,
           std::int64_t now = 1'760'000'000, std::string_view url_secret = "") {
    event::Headers headers;
    for (const auto& [name, value] : fields) {
        headers.add(name, value);
    }
    std::vector<std::unique_ptr<Key>> keys;
    std::vector<const Key*> pointers;
    for (const std::string_view secret : secrets) {
        keys.push_back(std::make_unique<Key>(Secret(std::string(secret))));
        pointers.push_back(keys.back().get());
    }
    const auto check =
        check_any(Credentials{headers, url_secret, TimePoint{std::chrono::seconds(now)}}, pointers);
    for (std::size_t at = 0; at < body.size(); at += 7) {  // as it comes from a socket
        check->feed(body.substr(at, 7));
    }
    return check->holds();
}

Fields standard(std::string_view signature, std::string_view timestamp = "1760000000") {
    return {{"webhook-id", std::string(push_id)},
            {"webhook-timestamp", std::string(timestamp)},
            {"webhook-signature", std::string(signature)}};
}

TEST(CustomProof, TheSecretItself) {
    EXPECT_TRUE(holds({}, "{}", {"s3cret"}, 0, "s3cret"));
    EXPECT_TRUE(holds({{"Authorization", "Bearer s3cret"}}, "{}", {"s3cret"}));
    EXPECT_TRUE(holds({{"Authorization", "Basic " + to_base64("any:s3cret")}}, "{}", {"s3cret"}));
    EXPECT_TRUE(holds({}, "{}", {"new", "s3cret"}, 0, "s3cret"));
    EXPECT_FALSE(holds({}, "{}", {"s3cret"}));
    EXPECT_FALSE(holds({}, "{}", {"s3cret"}, 0, "s3cre"));
    EXPECT_FALSE(holds({}, "{}", {""}));
    EXPECT_FALSE(holds({}, "{}", {}));
    EXPECT_FALSE(holds({{"X-Gitlab-Token", "s3cret"}}, "{}", {"s3cret"}));
    EXPECT_FALSE(
        holds({{"Authorization", "Bearer s3cret"}, {"Authorization", "Bearer s3cret"}}, "{}", {"s3cret"}));
}

TEST(CustomProof, AnHmacOfTheBody) {
    constexpr std::string_view body = R"({"zen":"Keep it logically awesome.","hook_id":1})";
    const std::string hex = "e9d5c655ddc0f822bf9509e16f457bdcd0922ff1af485c73ec2a9909adba84cc";
    const std::vector<std::string_view> key{"hookline-test-secret"};
    EXPECT_TRUE(holds({{"X-Hub-Signature-256", "sha256=" + hex}}, body, key));
    EXPECT_TRUE(holds({{"X-Hub-Signature", "sha256=" + hex}}, body, key));
    EXPECT_TRUE(holds({{"x-gitea-signature", hex}}, body, key));
    EXPECT_TRUE(holds({{"X-Forgejo-Signature", hex}}, body, key));
    // Gitea imitates GitHub, with SHA-1 in the old header.
    EXPECT_TRUE(holds({{"X-Hub-Signature", "sha1=ac80fb357598890451febbff19e55fc5f32a34d4"},
                       {"X-Hub-Signature-256", "sha256=" + hex},
                       {"X-Gitea-Signature", hex}},
                      body, key));
    EXPECT_TRUE(holds({{"X-Hub-Signature-256", "sha256=" + hex}}, body, {"new", key[0]}));
    for (const Fields& wrong : {
             Fields{{"X-Hub-Signature", "sha1=ac80fb357598890451febbff19e55fc5f32a34d4"}},
             Fields{{"X-Hub-Signature-256", hex}},
             Fields{{"X-Hub-Signature-256", "sha256="}, {"X-Gitea-Signature", ""}},
             Fields{{"X-Hub-Signature-256", "sha256= " + hex}},
             Fields{{"X-Gitea-Signature", "sha256=" + hex}},
             Fields{{"X-Gitea-Signature", hex.substr(1)}},
             Fields{{"X-Gitea-Signature", hex + "0"}},
             Fields{{"X-Gitea-Signature", hex}, {"X-Gitea-Signature", hex}},
         }) {
        EXPECT_FALSE(holds(wrong, body, key)) << wrong.front().second;
    }
    EXPECT_FALSE(holds({{"X-Gitea-Signature", hex}}, std::string(body) + " ", key));
    EXPECT_FALSE(holds(
        {{"X-Hub-Signature-256", "sha256=22f8eea909400af98adf3681a9f31923ef6b7fcba4abb553d92823a3e9d5c25e"}},
        "{}", {""}));
}

TEST(CustomProof, StandardWebhooks) {
    EXPECT_TRUE(holds(standard(push_signature), push, {token}));
    EXPECT_TRUE(holds({{"webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"},
                       {"webhook-timestamp", "1614265330"},
                       {"webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}},
                      R"({"test": 2432232314})", {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, 1'614'265'330));
    EXPECT_TRUE(holds({{"svix-id", std::string(push_id)},
                       {"svix-timestamp", "1760000000"},
                       {"svix-signature", std::string(push_signature)}},
                      push, {token}));
    const std::string both = std::string(push_signature_of_older) + " v2,AAAA " + std::string(push_signature);
    EXPECT_TRUE(holds(standard(both), push, {token}));
    EXPECT_TRUE(holds(standard(both), push, {older_token}));
    EXPECT_TRUE(holds(standard(push_signature_of_older), push, {token, older_token}));
    EXPECT_EQ(standard_signature(push_id, "1760000000", push, Secret(std::string(token))), push_signature);
}

TEST(CustomProof, StandardWebhooksThatDoNotHold) {
    for (const std::string signature :
         {"v1,TFSuMqfTOtxJhB+PgT+SlLrRxgQ3oKmIvcaKZiRjTuc=",
          "v2,OJ+BpSvj9Fw+8mL85LYoqRGpnLmJkqPh1VGcoq9xqck=", "OJ+BpSvj9Fw+8mL85LYoqRGpnLmJkqPh1VGcoq9xqck=",
          "v1,", "", "v1,%%%",
          "v1a,l3i0Xnme+CNp6OX1HD7GwZK3WMBPspM95NJ2ZxgrPZOb8zVoWLbS5scozMaOt2zaRSMgFvFs7L7IgNHrLwr6CQ=="}) {
        EXPECT_FALSE(holds(standard(signature), push, {token})) << signature;
    }
    EXPECT_FALSE(holds(standard(push_signature), std::string(push) + " ", {token}));
    EXPECT_FALSE(holds(standard(push_signature), push, {older_token}));
    EXPECT_FALSE(holds(standard(push_signature), push, {"whsec_"}));
    EXPECT_FALSE(holds(standard(push_signature), push, {"whsec_%%%"}));
    Fields twice = standard(push_signature);
    twice.emplace_back("webhook-timestamp", "1760000000");
    EXPECT_FALSE(holds(twice, push, {token}));
}

TEST(CustomProof, ATimestampIsGoodForFiveMinutesBothWays) {
    EXPECT_TRUE(holds(standard(push_signature), push, {token}, 1'760'000'300));
    EXPECT_TRUE(holds(standard(push_signature), push, {token}, 1'759'999'700));
    EXPECT_FALSE(holds(standard(push_signature), push, {token}, 1'760'000'301));
    EXPECT_FALSE(holds(standard(push_signature), push, {token}, 1'759'999'699));
    for (const char* timestamp : {"", "yesterday", "-1760000000", "1760000000.5", "1760000000 ",
                                  "99999999999999999999", "9223372036854775807"}) {
        const std::string signature =
            standard_signature(push_id, timestamp, push, Secret(std::string(token)));
        EXPECT_FALSE(holds(standard(signature, timestamp), push, {token})) << timestamp;
    }
}

}  // namespace
}  // namespace hookline::services::custom
