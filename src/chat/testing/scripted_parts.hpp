// The world of a chat as its tests script it: a store that keeps what was written, Discord asked directly,
// and commands that answer as told.
#pragma once

#include <boost/json.hpp>
#include <deque>
#include <functional>
#include <map>

#include "base/signal.hpp"
#include "chat/direct.hpp"
#include "commands/commands.hpp"
#include "discord/reading.hpp"
#include "message/json.hpp"
#include "store/store.hpp"

namespace hookline::chat {

/// Keeps hooks, destinations, messages, entries and meta; everything else is empty.
class ScriptedStore final : public store::Store {
public:
    Task<Result<void>> write(store::Changes changes) override {
        if (is_full) {
            co_return fail(Errc::storage, "disk full");
        }
        ++writes;
        for (store::Change& change : changes) {
            take(change);
        }
        co_return Result<void>();
    }
    EndpointId next_endpoint_id() override { return EndpointId(++last_id); }
    HookId next_hook_id() override { return HookId(++last_id); }
    DestinationId next_destination_id() override { return DestinationId(++last_id); }
    MessageId next_message_id() override { return MessageId(++last_id); }
    OutboxId next_outbox_id() override { return OutboxId(++last_id); }
    RuleId next_rule_id() override { return RuleId(++last_id); }
    store::Knowledge& knowledge() override { throw std::logic_error("no rule is read here"); }
    Result<std::vector<store::Endpoint>> endpoints(bool) override { return std::vector<store::Endpoint>(); }
    Result<std::vector<store::Hook>> hooks(bool) override { return the_hooks; }
    Result<std::vector<dispatch::DestinationInfo>> destinations() override { return the_destinations; }
    Result<store::HookHealth> health(EndpointId, TimePoint) override { return store::HookHealth(); }
    Result<std::vector<store::StoredEvent>> unprocessed(std::size_t) override {
        return std::vector<store::StoredEvent>();
    }
    Result<std::optional<store::StoredEvent>> event(EventId) override {
        return std::optional<store::StoredEvent>();
    }
    Result<std::vector<store::StoredEvent>> events(store::EventQuery) override {
        return std::vector<store::StoredEvent>();
    }
    Result<std::vector<store::Outcome>> outcomes(EventId) override { return std::vector<store::Outcome>(); }
    Result<std::vector<store::Outcome>> outcomes_of(HookId, std::size_t) override {
        return std::vector<store::Outcome>();
    }
    Result<std::optional<store::StoredMessage>> message(MessageId) override {
        return std::optional<store::StoredMessage>();
    }
    Result<std::vector<store::StoredMessage>> messages(MessageId, std::size_t) override {
        return the_messages;
    }
    Result<std::vector<store::StoredMessage>> parked(std::size_t) override {
        return std::vector<store::StoredMessage>();
    }
    Result<store::Counts> counts() override { return store::Counts(); }
    Result<std::optional<TimePoint>> last_timestamp(DestinationId) override {
        return std::optional<TimePoint>();
    }
    Result<std::optional<std::string>> meta(std::string key) override {
        const auto found = the_meta.find(key);
        return found == the_meta.end() ? std::nullopt : std::optional(found->second);
    }
    Result<std::vector<store::Act>> acts(std::string, std::size_t) override {
        return std::vector<store::Act>();
    }
    Task<Result<void>> check_writable() override { co_return Result<void>(); }
    Task<Result<std::size_t>> sweep(TimePoint, std::size_t) override { co_return std::size_t(0); }
    store::Journal& journal() override { throw std::logic_error("no journal here"); }
    dispatch::Outbox& outbox() override { throw std::logic_error("no outbox here"); }
    void on_new_events(std::function<void()>) override {}
    void on_new_entries(std::function<void()>) override {}
    void on_new_endpoints(std::function<void()>) override {}
    [[nodiscard]] std::uint64_t settings_version() const override { return 1; }
    void on_new_timers(std::function<void()>) override {}
    void on_changed_hooks(std::function<void()>) override {}
    void close() override {}

    bool is_full = false;
    int writes = 0;
    std::int64_t last_id = 0;
    std::vector<store::Hook> the_hooks;
    std::vector<dispatch::DestinationInfo> the_destinations;
    std::vector<store::StoredMessage> the_messages;
    std::vector<dispatch::Entry> entries;
    std::map<std::string, std::string> the_meta;

private:
    void take(store::Change& change) {
        if (auto* destination = std::get_if<store::PutDestination>(&change)) {
            the_destinations.push_back(destination->destination);
        } else if (auto* message = std::get_if<store::PutMessage>(&change)) {
            the_messages.push_back(message->message);
        } else if (auto* entry = std::get_if<store::Enqueue>(&change)) {
            entries.push_back(entry->entry);
        } else if (auto* meta = std::get_if<store::PutMeta>(&change)) {
            the_meta[meta->key] = meta->value;
        } else if (auto* set = std::get_if<store::SetSetupReply>(&change)) {
            for (store::Hook& one : the_hooks) {
                if (one.id == set->hook) {
                    one.setup_reply = set->message;
                }
            }
        }
    }
};

class ScriptedDirect final : public Direct {
public:
    struct Said {
        Snowflake to;
        message::Message message;
        std::string nonce;
    };
    Task<Result<void>> message_user(Snowflake user, message::Message message, std::string nonce) override {
        to_users.push_back(Said{user, std::move(message), std::move(nonce)});
        co_return user_answer;
    }
    Task<Result<void>> message_channel(Snowflake channel, message::Message message,
                                       std::string nonce) override {
        to_channels.push_back(Said{channel, std::move(message), std::move(nonce)});
        co_return Result<void>();
    }
    Task<Result<Snowflake>> me() override {
        const auto user = look_up("/users/@me");
        if (!user) {
            co_return tl::unexpected(user.error());
        }
        co_return discord::id_in(*user, "id");
    }
    Task<Result<boost::json::object>> guild(Snowflake id) override {
        co_return look_up("/guilds/" + to_string(id));
    }
    Task<Result<boost::json::object>> channel(Snowflake id) override {
        co_return look_up("/channels/" + to_string(id));
    }
    Task<Result<boost::json::object>> member(Snowflake guild, Snowflake user) override {
        co_return look_up("/guilds/" + to_string(guild) + "/members/" + to_string(user));
    }
    Task<Result<void>> check_webhook(Secret address) override {
        if (address.reveal() != "1/good") {
            co_return fail(Errc::not_found, "404");
        }
        co_return Result<void>();
    }

    Result<void> user_answer;
    std::vector<Said> to_users, to_channels;
    std::vector<std::string> looked_up;
    std::map<std::string, std::string> known;

private:
    Result<boost::json::object> look_up(const std::string& path) {
        looked_up.push_back(path);
        const auto found = known.find(path);
        if (found == known.end()) {
            return fail(Errc::not_found, "404");
        }
        return boost::json::parse(found->second).as_object();
    }
};

class ScriptedCommands final : public commands::Commands {
public:
    explicit ScriptedCommands(boost::asio::any_io_executor with_executor)
        : executor(std::move(with_executor)) {}
    Task<commands::Reply> run(std::string words, commands::Caller caller) override {
        said.push_back(words);
        callers.push_back(std::move(caller));
        if (is_slow) {
            WakeSignal& gate = gates.emplace_back(executor);  // a signal has one waiter
            co_await gate.wait();
        }
        if (words == "crash") {
            throw std::runtime_error("bug");
        }
        commands::Reply reply = answer ? answer(words, callers.back()) : commands::Reply();
        if (!answer) {
            reply.message.content = "done: " + words;
        }
        co_return reply;
    }
    [[nodiscard]] std::vector<std::string> words() const override { return {}; }
    /// Lets the slow commands that run now come to their end.
    void go_on() {
        for (WakeSignal& gate : gates) {
            gate.wake();
        }
    }

    std::function<commands::Reply(const std::string&, const commands::Caller&)> answer;
    bool is_slow = false;
    boost::asio::any_io_executor executor;
    std::deque<WakeSignal> gates;
    std::vector<std::string> said;
    std::vector<commands::Caller> callers;
};

}  // namespace hookline::chat
