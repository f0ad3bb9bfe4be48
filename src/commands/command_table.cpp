#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/command.hpp"

namespace hookline::commands {

// One handler a row, each in each/<name>.cpp.
Task<Reply> on(Request request);
Task<Reply> custom(Request request);
Task<Reply> off(Request request);
Task<Reply> events(Request request);
Task<Reply> filter(Request request);
Task<Reply> aggregate(Request request);
Task<Reply> live(Request request);
Task<Reply> threads(Request request);
Task<Reply> style(Request request);
Task<Reply> alert_if(Request request);
Task<Reply> mention(Request request);
Task<Reply> mute(Request request);
Task<Reply> quiet(Request request);
Task<Reply> silent(Request request);
Task<Reply> format(Request request);
Task<Reply> fields(Request request);
Task<Reply> try_out(Request request);
Task<Reply> list(Request request);
Task<Reply> show(Request request);
Task<Reply> status(Request request);
Task<Reply> remove(Request request);
Task<Reply> undo(Request request);
Task<Reply> copy(Request request);
Task<Reply> test(Request request);
Task<Reply> log(Request request);
Task<Reply> why(Request request);
Task<Reply> replay(Request request);
Task<Reply> pause(Request request);
Task<Reply> resume(Request request);
Task<Reply> rotate(Request request);
Task<Reply> audit(Request request);
Task<Reply> help(Request request);

namespace {

constexpr std::array<Option, 8> on_options{{
    {"--events", "push,pr", "only these events; `default` for the usual ones"},
    {"--repo", "owner/name,org/*,!org/noisy", "only these repositories; `all` for every one"},
    {"--only", "failures", "only what failed: runs, checks, deployments, alerts; `everything` takes it back"},
    {"--no-bots", "", "nothing that bots do"},
    {"--style", "compact",
     "how much a message says: `compact` is a line, `normal`, `full` leaves nothing out"},
    {"--channel", "#channel", "where messages go: a channel, a Discord webhook URL, or `terminal`"},
    {"--from", "hook_001", "shares URL and secret with that hook"},
    {"--new", "", "makes another hook where this channel has one already"},
}};
constexpr std::array<Option, 4> custom_options{{
    {"--name", "Monitoring", "what its messages are signed with"},
    {"--stream", "", "the address is a stream of events (server-sent events), and is read"},
    {"--channel", "#channel", "where messages go: a channel, a Discord webhook URL, or `terminal`"},
    {"--new", "", "another URL and secret for an address that has one here"},
}};
constexpr std::array<Option, 1> alert_options{{
    {"--resolved", "", "says too when the condition holds no more"},
}};
constexpr std::array<Option, 1> silence_options{{
    {"--except", "failures", "what failed is told all the same"},
}};
constexpr std::array<Option, 1> try_options{{
    {"--last", "7d", "how far back; 7d where it is not said"},
}};
constexpr std::array<Option, 1> rotate_options{{
    {"--new", "", "another secret, although the last change is not a day old"},
}};

constexpr auto of_service = Command::Form::of_service;
constexpr auto plain = Command::Form::plain;

constexpr std::array table{
    Command{"on", of_service,
            "[--events a,b] [--repo owner/name] [--only failures] [--no-bots] [--style compact] "
            "[--channel #channel] [--from ID] [--new]",
            "sets a service up for this channel, or changes what is set up", "github on --events push,pr",
            on_options, 0, 0, false, on},
    Command{"custom", plain, "<url> [--name N] [--stream] [--channel #channel] [--new]",
            "a URL to which any service can send JSON; <url> says whose events they are",
            "custom https://api.monitoring.com/events", custom_options, 1, 1, false, custom},
    Command{"off",
            of_service,
            "",
            "announces nothing more, and keeps the hook with its URL",
            "github off",
            {},
            0,
            0,
            false,
            off},
    Command{"events",
            of_service,
            "[a,b,…]",
            "shows or changes which events are announced",
            "github events push,pr.merged,release",
            {},
            0,
            50,
            false,
            events},
    Command{"filter",
            of_service,
            "<key>=<value>[,…] | \"<expression>\" | list | remove <n> | clear",
            "announces only events for which a condition holds",
            "github filter branch=main",
            {},
            0,
            100,
            false,
            filter},
    Command{"aggregate",
            of_service,
            "<duration> | off",
            "sums up what comes in a while in one message",
            "github aggregate 5m",
            {},
            0,
            1,
            false,
            aggregate},
    Command{"live",
            of_service,
            "on | off",
            "one message per run, pull request and deployment, kept up to date in place",
            "github live on",
            {},
            0,
            1,
            false,
            live},
    Command{"threads",
            of_service,
            "on | off",
            "what follows goes to a thread under that message",
            "github threads on",
            {},
            0,
            1,
            false,
            threads},
    Command{"style",
            of_service,
            "compact | normal | full",
            "how much its messages say",
            "github style compact",
            {},
            0,
            1,
            false,
            style},
    Command{"alert-if", of_service, "\"<expression>\" [\"<template>\"] | list | remove <n>",
            "says so when a condition becomes true",
            "github alert-if \"pr.status == 'approved' and pr.reviews >= 2\"", alert_options, 0, 100, false,
            alert_if},
    Command{"mention",
            of_service,
            "@role|@member if \"<expression>\" | list | remove <n>",
            "pings a role or a member when a condition holds",
            "github mention @role if \"is_failure\"",
            {},
            0,
            100,
            false,
            mention},
    Command{"silent",
            of_service,
            "if \"<expression>\" | always | off",
            "messages without a push notification",
            "github silent if \"is_bot\"",
            {},
            0,
            100,
            false,
            silent},
    Command{"mute", plain,
            "<service> <duration> [\"<expression>\"] [reason] [--except failures] | <service> off",
            "tells nothing for a while, and sums it up afterwards", "mute github 2h release day",
            silence_options, 1, 100, false, mute},
    Command{"quiet", plain, "22:00-07:00 <time zone> [--except failures] | off",
            "hours in which this channel is told nothing; they are summed up afterwards",
            "quiet 22:00-07:00 Europe/Berlin", silence_options, 0, 4, false, quiet},
    Command{"format",
            plain,
            "<id or service-event> <template> | show | reset",
            "your own form of a message",
            "format github-push \"**{{author}}** pushed to **{{branch}}**\"",
            {},
            1,
            150,
            false,
            format},
    Command{"fields",
            plain,
            "<service> [event]",
            "what conditions and templates can name",
            "fields github pr",
            {},
            1,
            2,
            false,
            fields},
    Command{"try", plain, "<service> \"<expression>\" [--last 7d]",
            "how many of the events that came already would pass",
            "try github \"branch == 'main'\" --last 7d", try_options, 2, 100, false, try_out},
    Command{"list", plain, "", "every hook of this channel", "list", {}, 0, 0, false, list},
    Command{"show",
            plain,
            "<id>",
            "one hook: settings, health, last deliveries",
            "show hook_001",
            {},
            1,
            1,
            false,
            show},
    Command{
        "status", plain, "", "health, backlog, what is held or given up", "status", {}, 0, 0, false, status},
    Command{"delete",
            plain,
            "<id>",
            "removes a hook; `undo` brings it back for 24 h",
            "delete hook_001",
            {},
            1,
            1,
            false,
            remove},
    Command{"undo", plain, "", "brings back the hook that was deleted last", "undo", {}, 0, 0, false, undo},
    Command{"copy",
            plain,
            "<id> #channel",
            "the same hook for another channel, with the same URL",
            "copy hook_001 #releases",
            {},
            2,
            2,
            false,
            copy},
    Command{"test",
            plain,
            "<id> [event]",
            "sends a sample through the whole pipeline",
            "test hook_001 pr",
            {},
            1,
            2,
            false,
            test},
    Command{"log",
            plain,
            "<id>",
            "the last deliveries, and what became of each",
            "log hook_001",
            {},
            1,
            1,
            false,
            log},
    Command{"why",
            plain,
            "<event id>",
            "why an event was announced, or was not",
            "why 1204",
            {},
            1,
            1,
            false,
            why},
    Command{"replay",
            plain,
            "<event id>",
            "processes an event once more",
            "replay 1204",
            {},
            1,
            1,
            false,
            replay},
    Command{
        "pause", plain, "<id>", "announces nothing until `resume`", "pause hook_001", {}, 1, 1, false, pause},
    Command{"resume",
            plain,
            "<id>",
            "goes on after `pause`, or after a destination was held",
            "resume hook_001",
            {},
            1,
            1,
            false,
            resume},
    Command{"rotate", plain, "<id>", "a new secret; the old one works for 24 h more", "rotate hook_001",
            rotate_options, 1, 1, false, rotate},
    Command{"audit", plain, "", "who said which command", "audit", {}, 0, 0, false, audit},
    Command{"help", plain, "[command]", "this list, or one command in full", "help on", {}, 0, 2, true, help},
};

}  // namespace

std::span<const Command> command_table() { return table; }

const Command* find_command(std::string_view word) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const Command& command) {
        return equals_ignoring_case(command.word, word);
    });
    return found != table.end() ? &*found : nullptr;
}

std::string usage_of(const Command& command) {
    const std::string_view before = command.form == Command::Form::of_service ? "<service> " : "";
    return fmt::format("{}{}{}{}", before, command.word, command.usage.empty() ? "" : " ", command.usage);
}

}  // namespace hookline::commands
