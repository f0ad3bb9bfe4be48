// One engine followed: what becomes a delivery, and that nothing is missed or told twice.
#include "docker/follower.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/iso_time.hpp"
#include "docker/monitor.hpp"
#include "store/testing/store_fixture.hpp"

namespace hookline::docker {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

/// An engine as far as the follower asks: answers to inspecting, and what its stream says. Leaves out
/// everything else.
class ScriptedEngine final : public net::HttpClient {
public:
    explicit ScriptedEngine(Clock& clock) : clock_(clock) {}

    Task<net::Reply> send(net::Request request) override {
        asked.push_back(request.target);
        if (is_away) {
            co_return tl::unexpected(net::NoResponse(false, Error(Errc::unavailable, "no such file")));
        }
        if (hangs && request.target != "/_ping") {
            co_return tl::unexpected(net::NoResponse(true, Error(Errc::timeout, "no answer in time")));
        }
        net::Response answer(200);
        answer.fields = {{"Api-Version", "1.41"}, {"Server", "Docker/20.10"}, {"Date", date()}};
        const auto known = answers.find(request.target.substr(request.target.find('/', 1) + 1));
        if (known != answers.end()) {
            answer.body = known->second;
        } else if (request.target != "/_ping") {
            answer.status = 404;
        }
        co_return answer;
    }
    Task<Result<net::OpenBody>> open(net::Request request) {
        opened.push_back(request.target.substr(0, request.target.find('&')));
        auto body = std::make_unique<Body>(*this, clock_);
        co_return net::OpenBody(net::Response(200), std::move(body));
    }

    [[nodiscard]] std::string date() const {
        const std::time_t now =
            std::chrono::duration_cast<seconds>((clock_.now() + ahead).time_since_epoch()).count();
        std::tm parts{};
        ::gmtime_r(&now, &parts);
        std::array<char, 40> text{};
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
        return text.data();
    }

    seconds ahead{0};                            // its clock, of ours
    std::map<std::string, std::string> answers;  // by target, without "/v1.41/"
    std::string says;                            // what the stream says next
    bool breaks = false;                         // … and then it breaks
    bool is_away = false;
    bool hangs = false;  // what it is asked for it does not answer
    std::vector<std::string> asked, opened;

private:
    class Body final : public net::BodyStream {
    public:
        Body(ScriptedEngine& engine, Clock& clock) : engine_(engine), clock_(clock) {}
        Task<Result<std::string>> read(Milliseconds /*patience*/) override {
            while (engine_.says.empty() && !engine_.breaks) {
                co_await clock_.sleep_for(Milliseconds(10));
            }
            if (engine_.says.empty()) {
                engine_.breaks = false;
                co_return fail(Errc::unavailable, "the stream ended");
            }
            co_return std::exchange(engine_.says, {});
        }

    private:
        ScriptedEngine& engine_;
        Clock& clock_;
    };
    Clock& clock_;
};

class FollowerTest : public store::StoreFixture {
protected:
    FollowerTest() {
        open();
        set_up_hook();
        hook = store->hooks().value().front();
        hook.service = event::Service::docker;
        must_write({store::PutHook{hook}});
        start();
    }
    ~FollowerTest() override { stop(); }

    void start(bool is_named = true) {
        MonitorParts parts{loop.executor(), *store, clock, random, log, {}, {}};
        parts.client = [this](const net::Origin&) { return std::make_unique<Shared>(engine); };
        parts.open = [this](const net::Origin&) -> Engine::Open {
            return [this](net::Request request) { return engine.open(std::move(request)); };
        };
        monitor = std::make_unique<Monitor>(
            std::move(parts), std::vector<EngineSetting>(1, EngineSetting{"here", {}, is_named}));
        tasks = std::make_unique<TaskGroup>(loop.executor(), log);
        tasks->spawn("monitor", monitor->run());
        wait(Milliseconds(20));
    }
    void stop() {
        tasks->cancel();
        loop.run_until([&] { return tasks->running() == 0; });
        std::optional<bool> done;
        loop.start(ended(), done);
        loop.run_until([&] {
            clock.advance(Milliseconds(5));
            return done.has_value();
        });
    }
    Task<bool> ended() {
        co_await monitor->stop(Milliseconds(0));
        co_return true;
    }

    /// Time goes on by `much`, in small steps; what is due happens, what is to be stored is stored.
    void wait(Milliseconds much) {
        const Milliseconds step = std::max(much / 20, Milliseconds(1));
        for (int i = 0; i < 25; ++i) {
            clock.advance(step);
            loop.settle();
            must_write({store::PutMeta{"test", "written"}});  // after what the follower writes
        }
    }
    std::string line(std::string_view action, std::int64_t after, std::string_view extra = "",
                     std::string_view id = "a") const {
        return fmt::format(
            R"({{"Type":"container","Action":"{}","Actor":{{"ID":"{}","Attributes":{{{}"image":"demo:1","name":"web"}}}},"timeNano":{}}})"
            "\n",
            action, id, extra, began + after);
    }
    std::string when(std::int64_t after) const {
        return iso_time(TimePoint(Milliseconds((began + after) / 1'000'000)));
    }
    void says(const std::string& lines) {
        engine.says = lines;
        wait(Milliseconds(100));
    }
    std::vector<store::StoredEvent> events() {
        store::EventQuery query;
        query.newest_first = false;
        query.with_payload = true;
        return store->events(query).value();
    }

    class Shared final : public net::HttpClient {
    public:
        explicit Shared(net::HttpClient& of) : of_(of) {}
        Task<net::Reply> send(net::Request request) override { return of_.send(std::move(request)); }

    private:
        net::HttpClient& of_;
    };

    static constexpr std::int64_t second = 1'000'000'000;
    static constexpr const char* it_runs = R"({"Id":"a","State":{"Status":"running"}})";
    store::Hook hook;
    ScriptedEngine engine{clock};
    std::int64_t began = clock.now().time_since_epoch().count() * 1'000'000 + second;
    std::unique_ptr<Monitor> monitor;
    std::unique_ptr<TaskGroup> tasks;
};

TEST_F(FollowerTest, AnEventBecomesADeliveryWithWhatTheEngineTells) {
    engine.answers["containers/a/json"] = R"({"Name":"/web","Image":"sha256:aa","Config":{"Tty":true}})";
    engine.answers[fmt::format("containers/a/logs?stdout=1&stderr=1&timestamps=0&tail=40&since={}",
                               since_text(began - 5 * second))] = "Traceback\nMemoryError\n";
    engine.answers["images/sha256:aa/json"] = R"({"Created":"2026-11-23T15:06:13Z"})";
    ASSERT_EQ(engine.opened.size(), 1U);
    EXPECT_THAT(engine.opened[0], testing::Not(HasSubstr("since"))) << "what was before is not told";
    says(line("start", 0) + line("die", second, R"("exitCode":"1",)"));
    const auto stored = events();
    ASSERT_EQ(stored.size(), 2U);
    EXPECT_EQ(stored[1].event_type, "engine");
    EXPECT_EQ(stored[1].service, event::Service::docker);
    EXPECT_EQ(stored[1].endpoint, hook.endpoint);
    EXPECT_EQ(stored[1].delivery_id.size(), 40U);
    EXPECT_THAT(stored[1].payload, HasSubstr(R"("logs":["Traceback","MemoryError"])"));
    EXPECT_THAT(stored[1].payload, HasSubstr(R"("Created":"2026-11-23T15:06:13Z")"));
    EXPECT_THAT(stored[1].payload, HasSubstr(R"("ends":1)"));
}

TEST_F(FollowerTest, AStreamThatBreaksGoesOnWhereItWas) {
    says(line("start", 5 * second));
    wait(seconds(10));
    engine.breaks = true;
    wait(seconds(2));
    ASSERT_EQ(engine.opened.size(), 2U);
    EXPECT_EQ(engine.opened[1], "/v1.41/events?since=" + since_text(began + 3 * second));
    says(line("start", 5 * second) + line("die", 6 * second));  // since is inclusive: the first comes again
    EXPECT_EQ(events().size(), 2U);
}

TEST_F(FollowerTest, AfterARestartWhatWasToldIsNotToldAgainButCounts) {
    says(line("start", 0));
    says(line("kill", second, R"("signal":"15",)"));
    stop();
    engine.opened.clear();
    start();
    ASSERT_EQ(engine.opened.size(), 1U);
    EXPECT_EQ(engine.opened[0], "/v1.41/events?since=" + since_text(began - 120 * second));
    says(line("start", 0) + line("kill", second, R"("signal":"15",)") +
         line("die", 2 * second, R"("exitCode":"143",)"));
    const auto stored = events();
    ASSERT_EQ(stored.size(), 2U);
    EXPECT_THAT(stored[1].payload, HasSubstr(R"("asked_for":true)"));
    EXPECT_THAT(stored[1].payload, HasSubstr(fmt::format(R"("started":{})", began)));
}

TEST_F(FollowerTest, WhatWasBeforeTheHookIsNotToldAfterARestartEither) {
    says(line("start", 0));
    stop();
    start();
    says(line("start", -2 * second, "", "b") + line("start", 0));
    EXPECT_EQ(events().size(), 1U);
}

TEST_F(FollowerTest, AnEngineThatIsAwayIsToldOnceAndOnceWhenItIsBack) {
    engine.is_away = true;
    engine.breaks = true;
    wait(seconds(3));
    EXPECT_TRUE(events().empty()) << "an engine that is restarted is no trouble";
    wait(minutes(5));
    ASSERT_EQ(events().size(), 1U);
    EXPECT_THAT(events()[0].payload, HasSubstr(R"("Action":"away")"));
    EXPECT_THAT(events()[0].payload, HasSubstr(R"("reason":"no such file")"));
    stop();
    start();
    wait(minutes(5));
    EXPECT_EQ(events().size(), 1U) << "nor is it told again after a restart";
    engine.is_away = false;
    wait(minutes(3));
    ASSERT_EQ(events().size(), 2U);
    EXPECT_THAT(events()[1].payload, HasSubstr(R"("Action":"back")"));
}

TEST_F(FollowerTest, TheUsualSocketWithoutAnEngineIsNoTrouble) {
    stop();
    must_write({store::PutMeta{"docker.here.met", ""}});
    engine.is_away = true;
    start(false);
    wait(minutes(10));
    EXPECT_TRUE(events().empty());
}

TEST_F(FollowerTest, AProcessThatWasKilledForMemoryIsToldWhereTheContainerLivesOn) {
    const auto inspected = [](std::string_view running) {
        return fmt::format(R"({{"State":{{"Running":{},"StartedAt":"2020-01-01T00:00:00Z"}}}})", running);
    };
    engine.answers["containers/a/json"] = inspected("false");
    says(line("oom", 0) + line("die", second));
    wait(seconds(1));
    ASSERT_EQ(events().size(), 1U);
    EXPECT_THAT(events()[0].payload, HasSubstr(R"("Action":"die")"));
    engine.answers["containers/b/json"] = inspected("true");
    says(line("oom", 2 * second, "", "b"));
    wait(seconds(1));
    ASSERT_EQ(events().size(), 2U);
    EXPECT_THAT(events()[1].payload, HasSubstr(R"("Action":"oom")"));
}

TEST_F(FollowerTest, WhatEndedWithTheEngineIsTold) {
    engine.answers["containers/a/json"] = R"({"Id":"a","Name":"/web","State":{"Status":"running"}})";
    says(line("start", 0));
    engine.answers["containers/a/json"] =
        R"({"Id":"a","Name":"/web","Config":{"Image":"demo:1","Labels":{"team":"core"}},
            "State":{"Status":"exited","ExitCode":137,"FinishedAt":"2030-01-01T00:00:00Z"}})";
    for (int time = 0; time < 2; ++time) {
        engine.breaks = true;
        wait(seconds(10));
        ASSERT_EQ(events().size(), 2U) << "once";
    }
    EXPECT_THAT(events()[1].payload,
                HasSubstr(R"("team":"core","name":"web","image":"demo:1","exitCode":"137")"));
}

TEST_F(FollowerTest, WhatTheEngineHasForgottenIsFoundAndSaid) {
    says(line("start", 0) + line("start", 0, "", "b"));
    stop();
    const auto state = [&](std::string_view id, std::string_view status, std::int64_t at) {
        return fmt::format(R"({{"Id":"{}","Name":"/{}","Config":{{"Image":"demo:1"}},"State":{{"Status":"{}",
            "ExitCode":3,"StartedAt":"{}","FinishedAt":"{}"}}}})",
                           id, id, status, when(at), when(at));
    };
    engine.answers["containers/json?all=1"] = R"([{"Id":"a","State":"exited"},{"Id":"c","State":"running"}])";
    engine.answers["containers/a/json"] = state("a", "exited", 60 * second);
    engine.answers["containers/c/json"] = state("c", "running", 70 * second);
    clock.advance(std::chrono::hours(30));
    start();
    wait(seconds(5));
    ASSERT_EQ(events().size(), 5U);
    const std::string end = events()[2].payload;
    EXPECT_THAT(end, HasSubstr(R"("Action":"die")"));
    EXPECT_THAT(end, testing::AllOf(HasSubstr(R"("found":true)"), HasSubstr(R"("late":true)")));
    EXPECT_THAT(events()[3].payload, HasSubstr(R"("Action":"start","Actor":{"ID":"c")"));
    const std::string gone_one = events()[4].payload;
    EXPECT_THAT(gone_one, testing::AllOf(HasSubstr(R"("Action":"gone")"), HasSubstr(R"("late":true)")));
    for (int time = 0; time < 2; ++time) {
        stop();
        start();
        wait(seconds(5));
        EXPECT_EQ(events().size(), 5U) << "once";
    }
}

TEST_F(FollowerTest, WhatIsFoundAndThenToldAfterAllIsTheSame) {
    says(line("start", 0));
    engine.answers["containers/a/json"] = fmt::format(
        R"({{"Id":"a","Name":"/web","Config":{{"Image":"demo:1"}},
            "State":{{"Status":"exited","ExitCode":3,"FinishedAt":"{}"}}}})",
        when(5 * second));
    engine.breaks = true;
    wait(seconds(10));
    ASSERT_EQ(events().size(), 2U);
    says(line("die", 5 * second + 1234, R"("exitCode":"3",)"));
    EXPECT_EQ(events().size(), 2U);
}

TEST_F(FollowerTest, WhatIsToldLongAfterwardsIsLate) {
    says(line("start", 0));
    stop();
    clock.advance(std::chrono::hours(30));
    start();
    says(line("die", 60 * second) + line("start", 30 * 3600 * second));
    ASSERT_EQ(events().size(), 3U);
    EXPECT_THAT(events()[1].payload, HasSubstr(R"("late":true)"));
    EXPECT_THAT(events()[2].payload, HasSubstr(R"("late":false)"));
    wait(seconds(5));
    says(line("die", 90 * second, "", "b"));
    EXPECT_THAT(events().back().payload,
                testing::AllOf(HasSubstr(R"("ID":"b")"), HasSubstr(R"("late":false)")))
        << "the engine's clock may be wrong";
}

TEST_F(FollowerTest, AnEngineWhoseClockIsWrongIsFollowedOverARestart) {
    for (const int hours : {-1, 1}) {
        must_write({store::PutMeta{"docker.here.place", ""}});
        stop();
        engine.ahead = std::chrono::hours(hours);
        const std::size_t before = events().size();
        start();
        const std::int64_t theirs = hours * 3600 * second + 200 * second;
        const std::string id = std::to_string(hours);
        says(line("start", theirs, "", id));
        ASSERT_EQ(events().size(), before + 1);
        stop();
        start();
        says(line("die", theirs + second, "", id));
        ASSERT_EQ(events().size(), before + 2) << hours;
        EXPECT_THAT(events().back().payload, HasSubstr(R"("late":false)"));
    }
}

TEST_F(FollowerTest, ATimeFarAheadSilencesNobody) {
    engine.answers["containers/a/json"] = engine.answers["containers/odd/json"] = it_runs;
    says(line("start", 5 * 365 * 24 * 3600 * second, "", "odd") + line("start", 0));
    stop();
    start();
    engine.breaks = true;
    wait(seconds(10));
    says(line("die", 30 * second));
    EXPECT_EQ(events().size(), 3U);
}

TEST_F(FollowerTest, WhoIsMadeLaterHearsNothingOfBefore) {
    engine.answers["containers/a/json"] = it_runs;
    says(line("start", 0));
    engine.breaks = true;
    wait(minutes(5));
    store::Endpoint endpoint;
    endpoint.id = store->next_endpoint_id();
    endpoint.service = event::Service::docker;
    store::Hook later = hook;
    later.id = store->next_hook_id();
    later.endpoint = endpoint.id;
    later.created_at = clock.now();
    must_write({store::PutEndpoint{endpoint}, store::PutHook{later}});
    wait(seconds(1));
    const auto told_to = [&](EndpointId to) {
        const auto all = events();
        return std::count_if(all.begin(), all.end(),
                             [&](const store::StoredEvent& e) { return e.endpoint == to; });
    };
    says(line("die", 60 * second) + line("start", 600 * second));
    EXPECT_EQ(told_to(hook.endpoint), 3);
    EXPECT_EQ(told_to(endpoint.id), 1);
}

TEST_F(FollowerTest, AnEngineThatHangsIsAskedAgainForWhatWasMissed) {
    says(line("start", 0));
    engine.answers["containers/a/json"] = "later";
    engine.hangs = true;
    engine.breaks = true;
    wait(seconds(10));
    engine.hangs = false;
    engine.answers["containers/a/json"] = fmt::format(
        R"({{"Id":"a","Name":"/web","Config":{{"Image":"demo:1"}},
            "State":{{"Status":"exited","ExitCode":3,"FinishedAt":"{}"}}}})",
        when(5 * second));
    wait(seconds(40));
    EXPECT_EQ(events().size(), 2U);
}

TEST_F(FollowerTest, WhereAnImageCameFromIsKnownThoughItsNameIsToldFirst) {
    engine.answers["images/sha256:i/json"] = R"({"Id":"sha256:i","RepoTags":["demo:1"],"RepoDigests":[]})";
    says(fmt::format(
        R"({{"Type":"image","Action":"tag","Actor":{{"ID":"sha256:i","Attributes":{{"name":"demo:1"}}}},"timeNano":{}}})"
        "\n",
        began));
    says(line("commit", 1, R"("imageID":"sha256:i",)"));
    wait(seconds(1));
    ASSERT_EQ(events().size(), 1U);
    EXPECT_THAT(events()[0].payload, HasSubstr(R"("fetched":true)"));
    EXPECT_THAT(events()[0].payload, HasSubstr(R"("RepoDigests":[])"));
}

TEST_F(FollowerTest, ABusyEngineIsFollowedInItsOrder) {
    std::string lines;
    for (int i = 0; i < 500; ++i) {
        lines += line("start", i * 1000, "", fmt::format("c{}", i));
    }
    says(lines);
    wait(seconds(1));
    const auto stored = events();
    ASSERT_EQ(stored.size(), 50U) << "a page of them";
    for (std::size_t i = 0; i < stored.size(); ++i) {
        EXPECT_THAT(stored[i].payload, HasSubstr(fmt::format(R"("ID":"c{}")", i)));
    }
}

TEST_F(FollowerTest, AContainerThatDoesNotStartIsToldThoughTheEngineSaysNothing) {
    engine.answers["containers/a/json"] =
        R"({"State":{"Status":"created","Error":"no such file, API_KEY=abc","ExitCode":127}})";
    engine.answers["containers/b/json"] = R"({"State":{"Status":"running","Error":""}})";
    says(line("create", 0) + line("create", second, "", "b"));
    EXPECT_TRUE(events().empty());
    wait(seconds(3));
    ASSERT_EQ(events().size(), 1U);
    EXPECT_THAT(events()[0].payload, HasSubstr(R"("Error":"no such file, API_KEY=…")"));
}

TEST_F(FollowerTest, NobodyIsFollowedWhereThereIsNoHook) {
    says(line("start", 0));
    EXPECT_NE(store->meta("docker.here.place").value(), "");
    hook.deleted_at = clock.now();
    must_write({store::PutHook{hook}});
    wait(seconds(2));
    EXPECT_EQ(store->meta("docker.here.place").value(), "");
    const std::size_t before = engine.opened.size();
    hook.deleted_at.reset();
    must_write({store::PutHook{hook}});
    wait(seconds(2));
    EXPECT_EQ(engine.opened.size(), before + 1);
    says(line("start", 0));
    EXPECT_EQ(events().size(), 1U) << "what was before the hook is not told";
}

}  // namespace
}  // namespace hookline::docker
