// The endpoint for all CI takes the proof of each platform, and nothing less.
#include <gtest/gtest.h>

#include "services/ci/ci.hpp"

namespace hookline::services::ci {
namespace {

constexpr std::string_view body = R"({"a":1})";
const Secret& secret() {
    static const Secret known("ci_right");
    return known;
}

const ServiceAdapter& of(event::Service service) { return *find_adapter(service); }

event::Headers signed_by(event::Service service, const Secret& with = secret()) {
    return of(service).sign("x", "1", body, with);
}

event::Headers both(const event::Headers& left, const event::Headers& right) {
    event::Headers all = left;
    for (const auto& [name, value] : right.all()) {
        all.add(name, value);
    }
    return all;
}

bool holds(const event::Headers& headers, std::string_view url_secret = "", std::string_view bytes = body,
           const Secret& with = secret()) {
    const Key key(with);
    const std::array<const Key*, 1> keys{&key};
    const auto check = adapter().check(Credentials{headers, url_secret, TimePoint{}}, keys);
    check->feed(bytes);
    return check->holds();
}

TEST(CiProof, EachPlatformProvesTheSecretItsOwnWay) {
    for (const event::Service service : {event::Service::github, event::Service::circleci,
                                         event::Service::jenkins, event::Service::gitlab}) {
        if (find_adapter(service) == nullptr) {
            continue;
        }
        EXPECT_TRUE(holds(signed_by(service))) << event::name_of(service);
        EXPECT_FALSE(holds(signed_by(service, Secret("ci_wrong")))) << event::name_of(service);
    }
    EXPECT_TRUE(holds({}, "ci_right"));
    EXPECT_FALSE(holds({}, "ci_wrong"));
    EXPECT_FALSE(holds({}));
}

TEST(CiProof, ASignatureCoversTheBody) {
    EXPECT_FALSE(holds(signed_by(event::Service::github), "", R"({"a":2})"));
    EXPECT_FALSE(holds(signed_by(event::Service::circleci), "", R"({"a":2})"));
}

TEST(CiProof, AWrongSignatureIsNotSavedByTheSecretInTheUrl) {
    EXPECT_FALSE(holds(signed_by(event::Service::github, Secret("ci_wrong")), "ci_right"));
    EXPECT_FALSE(holds(signed_by(event::Service::circleci, Secret("ci_wrong")), "ci_right"));
    event::Headers empty;
    empty.add("X-Hub-Signature-256", "");
    EXPECT_FALSE(holds(empty, "ci_right"));
    EXPECT_TRUE(holds(signed_by(event::Service::github), "ci_wrong"));  // the stronger proof decides
}

TEST(CiProof, WhereSeveralAreShownAllMustHold) {
    const event::Headers github = signed_by(event::Service::github);
    const event::Headers circleci = signed_by(event::Service::circleci);
    EXPECT_TRUE(holds(both(github, circleci)));
    EXPECT_FALSE(holds(both(github, signed_by(event::Service::circleci, Secret("ci_wrong")))));
    EXPECT_FALSE(holds(both(github, github)));  // given twice
    event::Headers token;
    token.add("X-Gitlab-Token", "ci_wrong");
    EXPECT_FALSE(holds(both(github, token)));
}

TEST(CiProof, AnEmptySecretProvesNothing) {
    EXPECT_FALSE(holds({}, "", body, Secret()));
    EXPECT_FALSE(holds(signed_by(event::Service::github, Secret()), "", body, Secret()));
}

}  // namespace
}  // namespace hookline::services::ci
