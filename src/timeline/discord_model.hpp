// Discord as the other end of our client, in virtual time: one bot, any channel, messages and threads on
// them. Held to the same rules as tests/doubles/discord (limits.mjs, messages.mjs, bodies.mjs): rate limits
// by route and channel with their headers, the global limit, enforced nonces, Discord's limits on bodies.
// What it refuses is kept as a fault, and so is every 429.
//
// It leaves out: permissions, webhooks, forums, files, reactions, the gateway.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "message/message.hpp"
#include "net/http_client.hpp"

namespace hookline::timeline {

/// What a message said from a moment on.
struct Version {
    TimePoint at;
    message::Message body;
};

struct ChannelMessage {
    Snowflake id;
    Snowflake channel;              // or the thread
    std::vector<Version> versions;  // never empty: as it was posted, then each edit
    std::optional<TimePoint> deleted_at;
    bool was_deleted_by_hand = false;
    std::size_t pings = 0;  // members and roles that it woke when it was posted

    [[nodiscard]] TimePoint posted_at() const { return versions.front().at; }
    [[nodiscard]] const message::Message& newest() const { return versions.back().body; }
};

struct ChannelThread {
    Snowflake id;  // that of the message it stands on
    Snowflake channel;
    std::string name;
    TimePoint opened_at;
    std::vector<TimePoint> turns{};  // when it was closed, opened again, closed, …

    [[nodiscard]] bool is_closed() const { return turns.size() % 2 == 1; }
    void turn(bool to_closed, TimePoint at) {
        if (to_closed != is_closed()) {
            turns.push_back(at);
        }
    }
};

class DiscordModel final : public net::HttpClient {
public:
    /// From a request's first byte to the answer's last.
    static constexpr Milliseconds latency{80};

    explicit DiscordModel(Clock& clock) : clock_(clock) {}

    Task<net::Reply> send(net::Request request) override;

    /// Nobody is there until then: connections are refused.
    void go_down(TimePoint until) { down_until_ = until; }
    /// The next so many requests are carried out, and their answers get lost.
    void lose_answers(std::size_t count) { answers_to_lose_ = count; }
    /// A member deletes the newest message of a channel that is there: what changes it finds nothing then,
    /// which is no fault.
    void delete_newest();

    [[nodiscard]] const std::vector<ChannelMessage>& messages() const { return messages_; }
    [[nodiscard]] const std::vector<ChannelThread>& threads() const { return threads_; }
    /// What Discord would not have taken, a line each.
    [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }
    /// When it was last changed by a request.
    [[nodiscard]] TimePoint last_change() const { return last_change_; }

private:
    /// Discord counts in fixed windows that begin with their first request.
    struct Window {
        std::size_t used = 0;
        TimePoint ends_at;
    };
    struct Limit {
        std::string_view name;
        std::size_t calls;
        Milliseconds window;
        int code = 0;  // Discord's, in the body of its 429
    };
    struct Call {
        std::string method;
        std::vector<std::string> path;  // "channels", "5", "messages"
        std::string query;
        std::string body;
    };
    struct Sent {
        Snowflake message;
        Snowflake channel;
        std::string body;
        TimePoint at;
    };

    net::Response answer(const Call& call);
    net::Response limited(const Call& call, const Limit& limit, const std::string& major, bool is_global);
    [[nodiscard]] const Limit& limit_of(const Call& call) const;
    /// False where the window is used up.
    bool take(const Limit& limit, const std::string& major);
    void put_headers(net::Response& response, const Limit& limit, const std::string& major);

    net::Response route(const Call& call);
    net::Response create(const Call& call);
    net::Response edit(const Call& call);
    net::Response remove(const Call& call);
    net::Response open_thread(const Call& call);
    net::Response change_thread(const Call& call);
    net::Response history(const Call& call) const;
    net::Response refuse_unknown(const Call& call, const ChannelMessage* message);
    net::Response refuse(const Call& call, int status, int code, const std::string& why);

    [[nodiscard]] ChannelMessage* find(const Call& call);
    [[nodiscard]] ChannelThread* thread_of(const Call& call);
    [[nodiscard]] Snowflake next_id();

    Clock& clock_;
    TimePoint down_until_;
    TimePoint last_change_;
    std::size_t answers_to_lose_ = 0;
    std::uint64_t last_id_ = 0;
    std::map<std::string, Window> windows_;
    std::map<std::string, Sent> nonces_;
    std::vector<ChannelMessage> messages_;
    std::vector<ChannelThread> threads_;
    std::vector<std::string> faults_;
};

}  // namespace hookline::timeline
