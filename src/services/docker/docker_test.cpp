// What registries tell, and how they prove themselves.
#include "services/docker/docker.hpp"

#include <gmock/gmock.h>

#include "base/iso_time.hpp"
#include "services/announced.hpp"
#include "testing/fixed_random.hpp"

namespace hookline::services::docker {
namespace {

event::Event read(std::string_view payload) {
    event::Delivery delivery;
    delivery.service = event::Service::docker;
    delivery.payload = payload;
    return adapter().parse(delivery).value();
}

Envelope envelope(std::string_view payload) { return adapter().envelope({}, payload).value(); }

bool holds(const event::Headers& headers, std::string_view url_secret) {
    const Key key(Secret("dk_right"));
    const std::array<const Key*, 1> keys{&key};
    const auto check = adapter().check(Credentials{headers, url_secret, TimePoint{}}, keys);
    check->feed("{}");
    return check->holds();
}

std::string told(std::string_view action, std::string_view target, std::string_view id = "e-1") {
    return fmt::format(R"({{"id":"{}","timestamp":"2026-11-23T20:12:41Z","action":"{}","target":{}}})", id,
                       action, target);
}

constexpr std::string_view manifest =
    R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","repository":"a/app","tag":"1","digest":"sha256:aa"})";
constexpr std::string_view layer =
    R"({"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","repository":"a/app","size":1000,"digest":"sha256:bb"})";

TEST(Docker, TheSecretIsInTheUrlOrInAuthorization) {
    EXPECT_TRUE(holds({}, "dk_right"));
    EXPECT_FALSE(holds({}, "dk_wrong"));
    EXPECT_FALSE(holds({}, ""));
    EXPECT_TRUE(holds(adapter().sign("registry", "", "{}", Secret("dk_right")), ""));
    FixedRandom random;
    EXPECT_TRUE(adapter().new_secret(random).reveal().starts_with("dk_"));
}

TEST(Docker, APushToDockerHub) {
    const event::Event event =
        read(R"({"push_data":{"tag":"1.4.0","pusher":"monalisa","pushed_at":1.795428961e+09},
        "repository":{"repo_name":"octoorg/bot","repo_url":"https://hub.docker.com/r/octoorg/bot"}})");
    EXPECT_EQ(event.full_name(), "image.pushed");
    EXPECT_EQ(event.title, "octoorg/bot:1.4.0");
    EXPECT_EQ(event.image->tag, "1.4.0");
    EXPECT_EQ(event.actor->login, "monalisa");
    EXPECT_EQ(event.time, parse_time("1795428961"));
    EXPECT_EQ(silent_by_default(event), "");
}

TEST(Docker, ARegistryTellsOfManifestsNotOfLayers) {
    const auto both =
        read(fmt::format(R"({{"events":[{},{}]}})", told("push", layer), told("push", manifest)));
    EXPECT_EQ(both.full_name(), "image.pushed");
    EXPECT_EQ(both.image->tag, "1");
    EXPECT_EQ(both.image->size, 1000);
    EXPECT_FALSE(both.notice);
    const auto parts = read(fmt::format(R"({{"events":[{}]}})", told("push", layer)));
    EXPECT_EQ(parts.name, "");
    EXPECT_EQ(silent_by_default(parts), "Hookline does not know the event “” and only stores it");
}

TEST(Docker, OneDeliveryOfSeveralIsOneEvent) {
    const std::string other = R"({"mediaType":"application/vnd.oci.image.index.v1+json","repository":"a/web",
                                  "tag":"1","digest":"sha256:cc"})";
    const auto event = read(fmt::format(R"({{"events":[{},{},{},{}]}})", told("pull", manifest),
                                        told("push", manifest), told("push", other), told("push", manifest)));
    EXPECT_EQ(event.full_name(), "image.pushed");
    EXPECT_EQ(event.image->repository, "a/app");
    ASSERT_TRUE(event.notice);
    ASSERT_EQ(event.notice->items.size(), 1U);
    EXPECT_EQ(event.notice->items.front().title, "a/web:1");
}

TEST(Docker, PullsAndDeletionsAreSilentUnlessAskedFor) {
    for (const auto& [action, name] :
         {std::pair{"pull", "image.pulled"}, std::pair{"delete", "image.deleted"},
          std::pair{"mount", "image.mounted"}}) {
        const auto event = read(fmt::format(R"({{"events":[{}]}})", told(action, manifest)));
        EXPECT_EQ(event.full_name(), name);
        EXPECT_EQ(silent_by_default(event),
                  fmt::format("{} is not announced by default: only what is pushed is told", name));
    }
}

TEST(Docker, ARepeatedDeliveryIsKnownAgain) {
    const std::string one = fmt::format(R"({{"events":[{}]}})", told("push", manifest));
    EXPECT_EQ(envelope(one).event_type, "registry");
    EXPECT_EQ(envelope(one).delivery_id.size(), 32U);
    EXPECT_EQ(envelope(one).delivery_id, envelope(one).delivery_id);
    EXPECT_NE(envelope(one).delivery_id,
              envelope(fmt::format(R"({{"events":[{}]}})", told("push", manifest, "e-2"))).delivery_id);
    EXPECT_EQ(envelope(R"({"events":[{"action":"push"}]})").delivery_id, "");
    EXPECT_EQ(envelope(R"({"push_data":{"tag":"1"},"repository":{"repo_name":"a/b"}})").delivery_id, "");
    EXPECT_NE(
        envelope(R"({"push_data":{"tag":"1","pushed_at":7},"repository":{"repo_name":"a/b"}})").delivery_id,
        "");
    EXPECT_EQ(envelope("{}").event_type, "unknown");
}

TEST(Docker, AnythingElseIsStoredAndNotAnnounced) {
    for (const char* payload : {"{}", R"({"events":[]})", R"({"events":[null,7,{}]})", R"({"push_data":{}})",
                                R"({"events":[{"action":"push","target":[]}]})"}) {
        EXPECT_EQ(read(payload).name, "") << payload;
    }
    EXPECT_FALSE(adapter().envelope({}, "<xml/>"));
}

TEST(Docker, SamplesAreOfEveryKind) {
    std::vector<std::string_view> names;
    for (const Sample& sample : adapter().samples()) {
        names.push_back(sample.name);
    }
    EXPECT_EQ(names.front(), "image.pushed");
    EXPECT_THAT(names, testing::IsSupersetOf({"image.deleted", "image.pulled"}));
}

}  // namespace
}  // namespace hookline::services::docker
