#include "ingest/directory.hpp"

namespace hookline::ingest {
namespace {

using namespace std::chrono_literals;

store::Endpoint endpoint(std::int64_t number, std::string secret,
                         event::Service service = event::Service::github) {
    store::Endpoint made;
    made.id = EndpointId(number);
    made.made_with = HookId(number);
    made.service = service;
    made.secret = Secret(std::move(secret));
    return made;
}

TEST(Directory, KnowsEndpointsByServiceAndHook) {
    std::vector<store::Endpoint> endpoints{endpoint(1, "a"), endpoint(2, "b"), endpoint(3, ""),
                                           endpoint(4, "d", event::Service::gitlab)};
    endpoints[1].deleted_at = TimePoint{};
    const Directory directory(endpoints, Directory{});
    ASSERT_NE(directory.find(event::Service::github, HookId(1)), nullptr);
    EXPECT_EQ(directory.find(event::Service::github, HookId(1))->current->text.reveal(), "a");
    EXPECT_EQ(directory.find(event::Service::github, HookId(2)), nullptr);  // deleted
    EXPECT_EQ(directory.find(event::Service::github, HookId(3)), nullptr);  // nothing could prove anything
    EXPECT_EQ(directory.find(event::Service::github, HookId(4)), nullptr);  // of another service
    EXPECT_EQ(directory.find(event::Service::github, HookId(0)), nullptr);
    EXPECT_EQ(directory.of(event::Service::gitlab).size(), 1U);
}

TEST(Directory, ListsTheNewestFirst) {
    const std::vector<store::Endpoint> endpoints{endpoint(2, "b"), endpoint(3, "c"), endpoint(1, "a")};
    const Directory directory(endpoints, Directory{});
    std::vector<std::int64_t> ids;
    for (const KnownEndpoint* known : directory.of(event::Service::github)) {
        ids.push_back(known->id.value);
    }
    EXPECT_EQ(ids, (std::vector<std::int64_t>{3, 2, 1}));
}

TEST(Directory, TakesOverKeysAndLimits) {
    std::vector<store::Endpoint> endpoints{endpoint(1, "old")};
    const Directory before(endpoints, Directory{});
    endpoints[0].previous_secret = endpoints[0].secret;
    endpoints[0].previous_until = TimePoint(1h);
    endpoints[0].secret = Secret("new");
    const Directory after(endpoints, before);
    const KnownEndpoint* const was = before.find(event::Service::github, HookId(1));
    const KnownEndpoint* const is = after.find(event::Service::github, HookId(1));
    EXPECT_EQ(is->previous, was->current);
    EXPECT_EQ(is->limit, was->limit);
    EXPECT_EQ(is->current->text.reveal(), "new");
    EXPECT_EQ(is->previous_at(TimePoint(1h) - 1ms), is->previous.get());
    EXPECT_EQ(is->previous_at(TimePoint(1h)), nullptr);
}

TEST(RateLimit, LetsASecondsWorthThroughAtOnceAndThenOneAtATime) {
    RateLimit limit;
    const SteadyPoint start{1h};
    for (int index = 0; index < 10; ++index) {
        EXPECT_FALSE(limit.take(start, 10));
    }
    EXPECT_EQ(limit.take(start, 10), 100ms);
    EXPECT_EQ(limit.take(start + 99ms, 10), 1ms);
    EXPECT_FALSE(limit.take(start + 100ms, 10));
    EXPECT_EQ(limit.take(start + 100ms, 10), 100ms);
    for (int index = 0; index < 10; ++index) {
        EXPECT_FALSE(limit.take(start + 1h, 10));
    }
    EXPECT_EQ(limit.take(start + 1h, 10), 100ms);
}

}  // namespace
}  // namespace hookline::ingest
