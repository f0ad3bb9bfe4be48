// What the tests of REST and of the destinations share: a scripted Discord, a clock that stands still.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "discord/rest.hpp"
#include "net/scripted_client.hpp"
#include "testing/fake_clock.hpp"
#include "testing/fixed_random.hpp"
#include "testing/loop.hpp"
#include "testing/recording_log.hpp"

namespace hookline::discord {

/// Keeps what was counted, as "name{label=value}".
class CountingMetrics final : public Metrics {
public:
    void count(std::string_view name, const Labels& labels, double /*amount*/) override {
        ++counted[key(name, labels)];
    }
    void observe(std::string_view name, double value, const Labels& labels) override {
        observed[key(name, labels)].push_back(value);
    }
    void set(std::string_view /*name*/, double /*value*/, const Labels& /*labels*/) override {}
    std::map<std::string, int> counted;
    std::map<std::string, std::vector<double>> observed;

private:
    static std::string key(std::string_view name, const Labels& labels) {
        std::string text(name);
        for (const auto& [label, value] : labels) {
            text += " " + std::string(label) + "=" + std::string(value);
        }
        return text;
    }
};

class DiscordTest : public testing::Test {
protected:
    DiscordTest() {
        client.on_send = [this](const net::Request&) { sent_at.push_back(clock.steady()); };
    }

    void answer(int status, std::string body, net::Fields fields = {}) {
        client.answers.push_back(net::scripted_answer(status, std::move(body), std::move(fields)));
    }
    void answer_posted(const char* id = "77", const char* channel = "5") {
        answer(200, R"({"id":")" + std::string(id) + R"(","channel_id":")" + channel + R"("})",
               {{"X-RateLimit-Limit", "5"},
                {"X-RateLimit-Remaining", "4"},
                {"X-RateLimit-Reset-After", "5"},
                {"X-RateLimit-Bucket", "b"}});
    }
    void lose_answer(bool may_have_arrived) {
        client.answers.push_back(
            tl::unexpected(net::NoResponse(may_have_arrived, Error(Errc::timeout, "no answer in time"))));
    }
    /// Runs `task` to its end, moving the clock to whatever is waited for.
    template <class T>
    T finish(Task<T> task) {
        std::optional<T> result;
        loop.start(std::move(task), result);
        for (int i = 0; i < 100; ++i) {
            loop.settle();
            if (result || clock.next_wait() == SteadyPoint::max()) {
                break;
            }
            clock.advance(clock.next_wait() - clock.steady());
        }
        return std::move(result).value();
    }
    [[nodiscard]] boost::json::object body(std::size_t request) const {
        return boost::json::parse(client.asked.at(request).body).as_object();
    }

    /// One value of a request's JSON body as text.
    [[nodiscard]] std::string said(std::size_t request, std::string_view key) const {
        const boost::json::object all = body(request);
        const boost::json::value* value = all.if_contains(key);
        if (value == nullptr) {
            return "";
        }
        return value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
    }

    static message::Message hello() {
        message::Message message;
        message.content = "hello";
        return message;
    }

    Loop loop;
    FakeClock clock;
    FixedRandom random;
    RecordingLog log;
    CountingMetrics metrics;
    net::ScriptedClient client;
    std::vector<SteadyPoint> sent_at;
    RestTransport transport{client, clock, random, log, metrics, options()};
    Rest rest{transport};

private:
    static RestOptions options() {
        RestOptions options;
        options.token = Secret("canary.token");
        options.user_agent = "DiscordBot (https://hookline.example, 1.0)";
        return options;
    }
};

}  // namespace hookline::discord
