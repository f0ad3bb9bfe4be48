// What tests of commands share: a real store, a server with channels that a member manages or does not, and
// words in, reply out.
#pragma once

#include "commands/commands.hpp"
#include "store/testing/store_fixture.hpp"

namespace hookline::commands {

constexpr Snowflake guild(1), other_guild(2);
constexpr Snowflake dev(10), ops(11), secret_place(12), elsewhere(20);
constexpr Snowflake alice(7), mallory(8);

class FakeSurroundings final : public Surroundings {
public:
    [[nodiscard]] std::optional<ChannelInfo> channel(Snowflake id) const override {
        if (id == dev || id == ops || id == secret_place) {
            return ChannelInfo{id, guild, "channel", true, id == ops ? missing_in_ops : ""};
        }
        if (id == elsewhere) {
            return ChannelInfo{id, other_guild, "elsewhere", true, ""};
        }
        return std::nullopt;
    }
    Task<void> look_up(Snowflake) override { co_return; }
    Task<Result<void>> check_webhook(Secret address) override {
        checked = address.reveal();
        if (webhook_error) {
            co_return fail(*webhook_error, "no");
        }
        co_return Result<void>();
    }
    [[nodiscard]] bool has_discord() const override { return is_bot; }
    [[nodiscard]] std::string gateway_state() const override { return is_bot ? gateway : "not configured"; }

    bool is_bot = true;
    std::string gateway = "connected";
    std::string missing_in_ops;
    std::string checked;
    std::optional<Errc> webhook_error;
};

class CommandsFixture : public store::StoreFixture {
protected:
    std::string engine;  // what is said of it
    CommandsFixture() {
        open();
        commands = make_commands(Parts{loop.executor(), *store, clock, random, log, no_metrics, surroundings,
                                       "https://phigen.ngrok.io", "!hook",
                                       [this](DestinationId id) { released.push_back(id); },
                                       [this](event::Service service) { return source_of(service); }});
    }
    Task<std::string> source_of(event::Service service) {
        co_return service == event::Service::docker ? engine : std::string();
    }

    /// A member of the first server who manages webhooks in dev and ops.
    [[nodiscard]] static Caller member(Snowflake channel = dev) {
        Caller caller;
        caller.kind = Caller::Kind::member;
        caller.user = alice;
        caller.guild = guild;
        caller.channel = channel;
        caller.may_manage = channel == dev || channel == ops;
        caller.may_manage_channel = [](Snowflake id) { return id == dev || id == ops; };
        return caller;
    }
    /// The owner of another server.
    [[nodiscard]] static Caller stranger() {
        Caller caller;
        caller.kind = Caller::Kind::member;
        caller.user = mallory;
        caller.guild = other_guild;
        caller.channel = elsewhere;
        caller.may_manage = true;
        caller.may_manage_channel = [](Snowflake id) { return id == elsewhere; };
        return caller;
    }

    Reply say(const std::string& words, Caller caller = member()) {
        last = run(commands->run(words, std::move(caller)));
        return last;
    }
    /// The public reply's text.
    std::string text(const std::string& words, Caller caller = member()) {
        return say(words, std::move(caller)).message.content;
    }
    std::string refused(const std::string& words, Caller caller = member()) {
        const Reply reply = say(words, std::move(caller));
        EXPECT_EQ(reply.kind, Reply::Kind::refused) << words << "\n" << reply.message.content;
        EXPECT_FALSE(reply.only_you) << words;
        return reply.message.content;
    }

    /// `github on` in dev, connected: hook_001.
    store::Hook set_up(const std::string& words = "github on", Caller caller = member()) {
        const Reply reply = say(words, std::move(caller));
        EXPECT_EQ(reply.kind, Reply::Kind::fine) << reply.message.content;
        const store::Hook made = hook(reply.hook);
        must_write({store::MarkConnected{made.endpoint, clock.now()}});
        return made;
    }
    [[nodiscard]] store::Hook hook(HookId id) const {
        const auto all_known = store->hooks(true).value();
        for (const store::Hook& known : all_known) {
            if (known.id == id) {
                return known;
            }
        }
        ADD_FAILURE() << "no " << to_string(id);
        return {};
    }
    [[nodiscard]] store::Endpoint endpoint_of(const store::Hook& of) const {
        const auto all_known = store->endpoints(true).value();
        for (const store::Endpoint& known : all_known) {
            if (known.id == of.endpoint) {
                return known;
            }
        }
        ADD_FAILURE() << "no endpoint of " << to_string(of.id);
        return {};
    }
    [[nodiscard]] dispatch::DestinationInfo destination_of(const store::Hook& of) const {
        return store->outbox().destination(of.destination).value();
    }
    /// An event of the hook's endpoint, with its outcome.
    EventId happened(const store::Hook& to, store::OutcomeKind kind, const std::string& reason,
                     MessageId with_message = MessageId()) {
        const auto appended = append(delivery("d" + std::to_string(++deliveries), "{}", to.endpoint));
        store::Outcome outcome;
        outcome.event = appended.value().id;
        outcome.hook = to.id;
        outcome.kind = kind;
        outcome.reason = reason;
        outcome.message = with_message;
        outcome.at = clock.now();
        must_write({store::PutOutcome{outcome}, store::MarkProcessed{outcome.event}});
        return outcome.event;
    }
    void hold(const store::Hook& of, dispatch::HoldReason reason, const std::string& detail) {
        ASSERT_TRUE(run(store->outbox().hold(of.destination, reason, detail, clock.now())));
    }

    NoMetrics no_metrics;
    FakeSurroundings surroundings;
    std::unique_ptr<Commands> commands;
    std::vector<DestinationId> released;
    Reply last;
    int deliveries = 0;
};

inline const Caller administrator;

}  // namespace hookline::commands
