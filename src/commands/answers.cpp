#include "commands/answers.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "message/limits.hpp"

namespace hookline::commands {

namespace {

constexpr std::size_t longest_reason = 200;

std::string who(const Caller& caller) {
    return caller.kind == Caller::Kind::administrator ? "administrator"
                                                      : fmt::format("member {}", caller.user.value);
}

std::string escaped(std::string_view text) { return message::Markdown().text(text).cut_to(longest_reason); }

/// In words that a reader knows without the documentation.
std::string_view kind_text(store::OutcomeKind kind) {
    switch (kind) {
        case store::OutcomeKind::sent:
            return "sent";
        case store::OutcomeKind::folded:
            return "folded into a message";
        case store::OutcomeKind::filtered:
            return "filtered";
        case store::OutcomeKind::muted:
            return "muted";
        case store::OutcomeKind::not_announced:
            return "not announced";
        case store::OutcomeKind::hook_off:
            return "not announced";
        case store::OutcomeKind::parked:
            return "set aside";
        case store::OutcomeKind::not_understood:
            return "not understood";
    }
    return "";
}

/// What became of the message itself.
std::string message_text(const store::StoredMessage& message) {
    switch (message.state) {
        case store::MessageState::waiting:
            return message.error.empty() ? std::string("waits to be sent")
                                         : "waits to be sent: " + escaped(message.error);
        case store::MessageState::sent:
            return "sent";
        case store::MessageState::parked:
            return "given up: " + escaped(message.error);
        case store::MessageState::deleted:
            return "deleted";
    }
    return {};
}

}  // namespace

message::Message message_of(const message::Markdown& text) {
    message::Message message;
    message.content = text.cut_to(message::limits::content);
    message.hides_previews = true;
    return message;
}

Reply fine(const message::Markdown& text) {
    Reply reply;
    reply.message = message_of(text);
    return reply;
}

Reply refused(std::string_view text) {
    Reply reply;
    reply.kind = Reply::Kind::refused;
    reply.message = message_of(message::Markdown().markup("❌ ").markup(text));
    return reply;
}

Reply refused(const Request& request, std::string_view text, std::string_view example) {
    return refused(fmt::format("{}\nExample: {}", text, say(request, example)));
}

Reply store_trouble(const Request& request, const Error& error) {
    request.bench.parts.log.error("commands", "the store failed a command", {{"why", error.detail}});
    return refused(
        "Hookline cannot reach its own database at present, nothing was changed. Try again in a minute.");
}

std::string say(const Request& request, std::string_view words) {
    return fmt::format("`{} {}`", request.prefix(), words);
}

store::Act act_of(const Request& request, HookId hook) {
    store::Act act;
    act.at = request.now();
    act.who = who(request.caller);
    act.guild = request.guild();
    act.what = request.said;
    act.hook = hook;
    return act;
}

Task<Result<void>> commit(Request request, store::Changes changes, HookId hook) {
    changes.emplace_back(store::PutAct{act_of(request, hook)});
    auto written = co_await request.store().write(std::move(changes));
    if (written) {
        *request.changed = hook;
    }
    *request.is_recorded = *request.is_recorded || written.has_value();
    co_return written;
}

std::string place_text(const dispatch::DestinationInfo* destination) {
    if (destination == nullptr) {
        return "nowhere";
    }
    switch (destination->kind) {
        case dispatch::DestinationKind::terminal:
            return "the terminal";
        case dispatch::DestinationKind::discord_channel:
            return fmt::format("<#{}>", destination->channel.value);
        case dispatch::DestinationKind::discord_webhook:
            return "a channel webhook";
        case dispatch::DestinationKind::discord_user:
            return fmt::format("<@{}>", destination->channel.value);
    }
    return {};
}

std::string state_text(const store::Hook& hook, const dispatch::DestinationInfo* destination) {
    if (!hook.is_enabled) {
        return "off";
    }
    if (hook.is_paused) {
        return "paused";
    }
    if (destination != nullptr && destination->held != dispatch::HoldReason::none) {
        return fmt::format("⚠️ on, but {} takes no messages: {}", place_text(destination),
                           dispatch::reason_text(destination->held));
    }
    return "on";
}

std::string outcome_text(const Request& request, const store::Outcome& outcome) {
    if (outcome.message) {
        const auto message = request.store().message(outcome.message);
        if (message && *message) {
            const std::string state = message_text(**message);
            return outcome.reason.empty() ? state : fmt::format("{} ({})", state, escaped(outcome.reason));
        }
    }
    const std::string_view kind = kind_text(outcome.kind);
    return outcome.reason.empty() ? std::string(kind) : fmt::format("{}: {}", kind, escaped(outcome.reason));
}

std::string outcome_line(const Request& request, const store::Outcome& outcome, std::string_view event_type) {
    message::Markdown line;
    line.code(fmt::format("{}", outcome.event.value)).markup(" ").text(event_type).markup(" · ");
    line.markup(outcome_text(request, outcome)).markup(" ").time(outcome.at);
    return line.str();
}

Result<std::vector<std::string>> last_deliveries(const Request& request, const store::Hook& hook,
                                                 std::size_t count) {
    const auto outcomes = request.store().outcomes_of(hook.id, count);
    if (!outcomes) {
        return tl::unexpected(outcomes.error());
    }
    std::vector<std::string> lines;
    for (const store::Outcome& outcome : *outcomes) {
        store::EventQuery query;  // without the payload, which may be large
        query.after = EventId(outcome.event.value - 1);
        query.before = EventId(outcome.event.value + 1);
        query.limit = 1;
        const auto found = request.store().events(query);
        if (!found) {
            return tl::unexpected(found.error());
        }
        const bool is_there = !found->empty();
        std::string type = is_there ? found->front().event_type : std::string("event");
        if (is_there && found->front().is_test) {
            type += " (test)";
        }
        lines.push_back(outcome_line(request, outcome, type));
    }
    return lines;
}

}  // namespace hookline::commands
