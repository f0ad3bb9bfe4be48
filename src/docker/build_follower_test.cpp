// The builds of one engine followed: what becomes a delivery, and that nothing is missed or told twice.
#include "docker/build_follower.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <deque>
#include <protozero/pbf_writer.hpp>

#include "base/task_group.hpp"
#include "store/testing/store_fixture.hpp"

namespace hookline::docker {
namespace {

using net::GrpcDoor;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::int64_t began = 1'760'000'000;  // seconds

std::string entry(std::string_view key, std::string_view value) {
    std::string bytes;
    protozero::pbf_writer writer(bytes);
    writer.add_string(1, key.data(), key.size());
    writer.add_string(2, value.data(), value.size());
    return bytes;
}

/// A BuildHistoryRecord, as BuildKit writes it.
struct Record {
    std::string ref;
    std::int64_t completed = 0;  // seconds after it began; 0: it runs
    std::int32_t code = 0;
    std::string error = {};
    std::int64_t created = began;

    [[nodiscard]] std::string event(std::int32_t kind) const {
        std::string record;
        protozero::pbf_writer writer(record);
        writer.add_string(1, ref);
        writer.add_message(3, entry("filename", "Dockerfile"));
        std::string exporter;
        protozero::pbf_writer(exporter).add_message(2, entry("name", "docker.io/library/" + ref + ":1"));
        writer.add_message(4, exporter);
        if (code != 0) {
            std::string status;
            protozero::pbf_writer of_status(status);
            of_status.add_int32(1, code);
            of_status.add_string(2, error);
            writer.add_message(5, status);
        }
        const auto add_time = [&writer](protozero::pbf_tag_type tag, std::int64_t at) {
            std::string time;
            protozero::pbf_writer(time).add_int64(1, at);
            writer.add_message(tag, time);
        };
        add_time(6, created);
        if (completed > 0) {
            add_time(7, created + completed);
            writer.add_message(9, entry("containerimage.digest", "sha256:" + ref));
        }
        std::string bytes;
        protozero::pbf_writer(bytes).add_int32(1, kind);
        protozero::pbf_writer(bytes).add_message(2, record);
        return bytes;
    }
};
std::string started(const Record& record) { return record.event(0); }
std::string completed(const Record& record) { return record.event(1); }

/// An engine's BuildKit as far as the follower asks: what it remembers, what it says next. Leaves out all
/// else.
class ScriptedHistory {
public:
    using Said = Result<std::optional<std::string>>;

    explicit ScriptedHistory(Clock& clock) : clock_(clock) {}

    Task<Result<std::unique_ptr<net::GrpcStream>>> open(net::GrpcRequest request) {
        const std::string method = request.path.substr(request.path.rfind('/') + 1);
        asked.push_back(fmt::format("{} {} {}", method, name_of(request.door), request.message.size()));
        if (!doors.contains(request.door)) {
            co_return fail(Errc::unsupported, "it answered 404");
        }
        auto stream = std::make_unique<Stream>(*this, clock_);
        if (method == "Status") {
            const auto found = logs.find(request.message.substr(2));
            stream->says = found != logs.end() ? found->second : std::deque<Said>();
            stream->ends = !is_stalled;
        } else {
            for (const Said& each : remembers) {
                stream->says.push_back(each);
            }
            stream->ends = !request.message.empty() && !is_stalled;
            stream->is_live = request.message.empty();
        }
        co_return std::move(stream);
    }

    std::set<GrpcDoor> doors{GrpcDoor::upgrade};
    std::deque<Said> remembers, says;              // at once; next, once each
    std::map<std::string, std::deque<Said>> logs;  // by ref
    bool breaks = false, is_stalled = false;
    std::vector<std::string> asked;

private:
    class Stream final : public net::GrpcStream {
    public:
        Stream(ScriptedHistory& of, Clock& clock) : of_(of), clock_(clock) {}
        Task<Said> next(Milliseconds /*silence*/) override {
            for (;;) {
                auto& from = says.empty() && is_live ? of_.says : says;
                if (!from.empty()) {
                    Said next = std::move(from.front());
                    from.pop_front();
                    co_return next;
                }
                if (ends) {
                    co_return std::optional<std::string>();
                }
                if (is_live && of_.breaks) {
                    of_.breaks = false;
                    co_return fail(Errc::unavailable, "the connection was closed");
                }
                co_await clock_.sleep_for(Milliseconds(10));
            }
        }
        std::deque<Said> says;
        bool ends = false, is_live = false;

    private:
        ScriptedHistory& of_;
        Clock& clock_;
    };
    Clock& clock_;
};

/// Greets, and knows images.
class ScriptedClient final : public net::HttpClient {
public:
    Task<net::Reply> send(net::Request request) override {
        asked.push_back(request.target);
        net::Response answer(200);
        answer.fields = {{"Api-Version", api}, {"Date", date}};
        if (request.target != "/_ping") {
            const auto known = answers.find(request.target);
            answer.status = known != answers.end() ? 200 : 404;
            answer.body = known != answers.end() ? known->second : "";
        }
        co_return answer;
    }
    std::string api = "1.47", date;
    std::map<std::string, std::string> answers;
    std::vector<std::string> asked;
};

class BuildFollowerTest : public store::StoreFixture {
protected:
    BuildFollowerTest() {
        open();
        set_up_hook();
        hook = store->hooks().value().front();
    }
    ~BuildFollowerTest() override { stop(); }

    void start() {
        follower = std::make_unique<BuildFollower>(
            BuildFollowerParts{loop.executor(),
                               *store,
                               clock,
                               random,
                               log,
                               client,
                               {},
                               [this](net::GrpcRequest request) { return history.open(std::move(request)); },
                               "here",
                               [this] { return std::vector<EndpointId>(1, hook.endpoint); }});
        tasks = std::make_unique<TaskGroup>(loop.executor(), log);
        tasks->spawn("builds", follower->run());
        wait(Milliseconds(20));
        follower->engine_is_there();
        wait(Milliseconds(50));
    }
    void stop() {
        if (tasks) {
            tasks->cancel();
            loop.run_until([&] { return tasks->running() == 0; });
            tasks.reset();
        }
    }
    void restart() {
        stop();
        start();
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
    void says(std::vector<std::string> messages) {
        for (std::string& each : messages) {
            history.says.emplace_back(std::optional(std::move(each)));
        }
        wait(Milliseconds(300));
    }
    void remembers(const std::vector<std::string>& messages) {
        for (const std::string& each : messages) {
            history.remembers.emplace_back(std::optional(each));
        }
    }
    /// "r1 started", … in the order in which they were stored.
    std::vector<std::string> told() {
        std::vector<std::string> all;
        for (const auto& each : payloads()) {
            const auto value = [&each](const std::string& name) {
                const std::size_t at = each.find("\"" + name + "\":\"") + name.size() + 4;
                return each.substr(at, each.find('"', at) - at);
            };
            all.push_back(value("key").substr(5) + " " + value("status"));
        }
        return all;
    }
    std::vector<std::string> payloads() {
        store::EventQuery query;
        query.newest_first = false;
        query.with_payload = true;
        std::vector<std::string> all;
        const auto events = store->events(query).value();
        for (const store::StoredEvent& event : events) {
            EXPECT_EQ(event.event_type, "build");
            EXPECT_EQ(event.service, event::Service::docker);
            EXPECT_EQ(event.delivery_id.size(), 40U);
            all.push_back(event.payload);
        }
        return all;
    }
    std::vector<std::string> asked() { return std::exchange(history.asked, {}); }

    store::Hook hook;
    ScriptedHistory history{clock};
    ScriptedClient client;
    std::unique_ptr<BuildFollower> follower;
    std::unique_ptr<TaskGroup> tasks;
};

TEST_F(BuildFollowerTest, ABuildIsToldWhenItBeginsAndWhenItIsThere) {
    client.answers["/v1.47/images/sha256:r1/json"] =
        R"({"Id":"sha256:aa","Size":7,"RootFS":{"Layers":["x"]}})";
    start();
    EXPECT_THAT(asked(), ElementsAre("ListenBuildHistory /grpc 2", "ListenBuildHistory /grpc 0"));
    says({started({"r1"})});
    EXPECT_THAT(told(), ElementsAre("r1 started"));
    says({started({"r1"}), completed({"r1", 135})});
    ASSERT_THAT(told(), ElementsAre("r1 started", "r1 completed"));
    EXPECT_THAT(
        payloads()[1],
        HasSubstr(R"("key":"here r1","status":"completed","by":"buildkit","engine":"here","name":"r1")"));
    EXPECT_THAT(payloads()[1],
                HasSubstr(R"("image":{"digest":"sha256:r1","id":"sha256:aa","size":7,"layers":1})"));
    says({completed({"r1", 135})});  // it was pinned, say
    EXPECT_EQ(told().size(), 2U);
}

TEST_F(BuildFollowerTest, OfOneThatFailedTheLogIsAskedFor) {
    std::string step;
    protozero::pbf_writer of_step(step);
    of_step.add_string(1, "d");
    of_step.add_string(3, "[2/3] RUN make");
    of_step.add_string(7, "exit code: 2");
    std::string line;
    protozero::pbf_writer(line).add_string(1, "d");
    protozero::pbf_writer(line).add_string(4, "make: API_KEY=abc\n");
    std::string status;
    protozero::pbf_writer(status).add_message(1, step);
    protozero::pbf_writer(status).add_message(3, line);
    history.logs["r1"] = {fail(Errc::too_large, "one of 100 MB"), std::optional(status)};
    start();
    says({completed({"r1", 3, 2, "exit code: 2"})});
    ASSERT_THAT(told(), ElementsAre("r1 failed"));
    EXPECT_THAT(payloads()[0], HasSubstr(R"("failed":"RUN make")"));
    EXPECT_THAT(payloads()[0], HasSubstr(R"("logs":["make: API_KEY=…"])"));
    EXPECT_EQ(asked().back(), "Status /grpc 4");
}

TEST_F(BuildFollowerTest, ALogThatDoesNotEndHoldsNothingUp) {
    start();
    history.is_stalled = true;
    says({completed({"r1", 3, 2, "exit code: 2"}), completed({"r2", 4, 1, "canceled"})});
    EXPECT_THAT(told(), IsEmpty());
    wait(seconds(11));
    EXPECT_THAT(told(), ElementsAre("r1 failed", "r2 cancelled"));
    EXPECT_THAT(payloads()[0], HasSubstr(R"("error":"exit code: 2")"));
    EXPECT_THAT(payloads()[1], Not(HasSubstr("logs")));
}

TEST_F(BuildFollowerTest, WhatWasOverBeforeItFirstSawTheEngineIsNotTold) {
    for (int i = 0; i < 50; ++i) {
        remembers({completed({fmt::format("old{}", i), 10 + i})});
    }
    remembers({started({"runs"})});
    start();
    EXPECT_THAT(told(), ElementsAre("runs started"));
    restart();
    says({completed({"old7", 17}), completed({"runs", 300})});
    EXPECT_THAT(told(), ElementsAre("runs started", "runs completed"));
}

TEST_F(BuildFollowerTest, AfterABreakWhatEndedMeanwhileIsToldOnceInItsOrder) {
    start();
    says({started({"r1"})});
    history.breaks = true;
    remembers({completed({"r3", 9}), completed({"r1", 5}), completed({"r2", 7})});
    wait(seconds(3));
    const std::vector<std::string> all{"r1 started", "r1 completed", "r2 completed", "r3 completed"};
    EXPECT_EQ(told(), all);
    history.breaks = true;
    wait(seconds(3));
    restart();
    EXPECT_EQ(told(), all);
    history.remembers.clear();  // the engine was made anew
    remembers({completed({"r4", 11})});
    stop();
    start();
    EXPECT_EQ(told().back(), "r4 completed") << "what ended while Hookline was away";
    EXPECT_EQ(told().size(), 5U);
}

TEST_F(BuildFollowerTest, WhatEndedLongBeforeAnybodyListenedIsLateByTheEnginesClock) {
    client.date = "Thu, 09 Oct 2025 08:53:20 GMT";  // when records begin; ours is another
    start();
    stop();
    remembers({completed({"r1", 10, 0, "", began - 700}), completed({"r2", 150, 0, "", began - 700})});
    start();
    says({completed({"r3", 60})});
    ASSERT_THAT(told(), ElementsAre("r1 completed", "r2 completed", "r3 completed"));
    EXPECT_THAT(payloads()[0], HasSubstr(R"("late":true)"));
    EXPECT_THAT(payloads()[1], Not(HasSubstr("late")));
    EXPECT_THAT(payloads()[2], Not(HasSubstr("late")));
}

TEST_F(BuildFollowerTest, OneWhoseRecordIsGoneIsToldAsNothing) {
    start();
    says({started({"r1"})});
    history.breaks = true;
    wait(minutes(3));
    EXPECT_THAT(told(), ElementsAre("r1 started"));
}

TEST_F(BuildFollowerTest, AnEngineWithoutAHistoryIsNotAskedAgainBeforeItIsThereAnew) {
    history.doors.clear();
    start();
    EXPECT_THAT(asked(), ElementsAre("ListenBuildHistory /grpc 2"));
    wait(minutes(30));
    EXPECT_THAT(asked(), IsEmpty());
    follower->engine_is_there();
    wait(minutes(30));
    EXPECT_THAT(asked(), ElementsAre("ListenBuildHistory /grpc 2"));
    for (const std::string& line : log.lines()) {
        EXPECT_THAT(line, testing::AnyOf(testing::StartsWith("debug"), Not(HasSubstr("build"))));
    }
}

TEST_F(BuildFollowerTest, AMethodThatIsNotThereIsNoHistory) {
    history.remembers.emplace_back(fail(Errc::unsupported, "gRPC status 12"));
    start();
    wait(minutes(30));
    EXPECT_EQ(asked().size(), 1U);
    EXPECT_TRUE(store->meta("docker.here.builds").value().value_or("").empty());
}

TEST_F(BuildFollowerTest, HTTP2IsTriedFirstWhereItIsOffered) {
    client.api = "1.53";
    history.doors = {GrpcDoor::prior_knowledge, GrpcDoor::upgrade};
    start();
    EXPECT_THAT(asked(), ElementsAre("ListenBuildHistory HTTP/2 2", "ListenBuildHistory HTTP/2 0"));
    history.doors = {GrpcDoor::upgrade};
    restart();
    EXPECT_THAT(asked(), ElementsAre("ListenBuildHistory HTTP/2 2", "ListenBuildHistory /grpc 2",
                                     "ListenBuildHistory /grpc 0"));
}

TEST_F(BuildFollowerTest, ADoorThatWasOpenIsTriedAgain) {
    client.api = "1.53";
    history.doors = {GrpcDoor::prior_knowledge};
    start();
    history.doors.clear();
    history.breaks = true;
    wait(seconds(2));
    history.doors = {GrpcDoor::prior_knowledge, GrpcDoor::upgrade};
    asked();
    wait(minutes(2));
    EXPECT_THAT(asked(), ElementsAre("ListenBuildHistory HTTP/2 2", "ListenBuildHistory HTTP/2 0"));
    says({completed({"r1", 3})});
    EXPECT_THAT(told(), ElementsAre("r1 completed"));
}

TEST_F(BuildFollowerTest, WhatCannotBeReadIsPassedOver) {
    start();
    history.says.emplace_back(fail(Errc::too_large, "a message of 100 MB"));
    says({"\xff\xff\xff", "", completed({"a\nb", 3}), completed({"", 3}), completed({"r1", 3})});
    EXPECT_THAT(told(), ElementsAre("r1 completed"));
}

TEST_F(BuildFollowerTest, AMemoryThatDoesNotEndMakesNoNews) {
    history.is_stalled = true;
    remembers({completed({"old", 3})});
    start();
    wait(minutes(2));
    EXPECT_THAT(told(), IsEmpty());
    history.is_stalled = false;
    wait(minutes(2));
    says({completed({"new", 9})});
    EXPECT_THAT(told(), ElementsAre("new completed"));
}

}  // namespace
}  // namespace hookline::docker
