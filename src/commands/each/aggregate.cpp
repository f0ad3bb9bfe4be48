// aggregate: what comes in a while is summed up in one message; failures on the main branch, alerts and
// mentions are told at once all the same.
#include <fmt/format.h>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "commands/hook_rules.hpp"

namespace hookline::commands {

namespace {

constexpr std::chrono::seconds shortest(10);
constexpr std::chrono::hours longest(24);

/// "5 minutes", "an hour", "1h 30m".
std::string spelled(std::chrono::seconds window) {
    const std::int64_t seconds = window.count();
    if (seconds % 3600 == 0) {
        return seconds == 3600 ? "hour" : fmt::format("{} hours", seconds / 3600);
    }
    if (seconds % 60 == 0) {
        return seconds == 60 ? "minute" : fmt::format("{} minutes", seconds / 60);
    }
    return seconds < 60 ? fmt::format("{} seconds", seconds) : spell_duration(window);
}

}  // namespace

Task<Reply> aggregate(Request request) {
    const auto turn = co_await request.bench.turn.take();
    auto hook = find_hook(request, request.target);
    if (!hook) {
        co_return hook.error();
    }
    const auto& words = request.arguments.words();
    const std::string example = fmt::format("{} aggregate 5m", request.target);
    message::Markdown text;
    if (words.empty()) {
        text.markup(hook->window.count() == 0 ? fmt::format("📊 **{}** tells each event at once.\nExample: {}",
                                                            to_string(hook->id), say(request, example))
                                              : fmt::format("📊 **{}** sums events up every {}.",
                                                            to_string(hook->id), spelled(hook->window)));
        co_return fine(text);
    }
    std::chrono::seconds window(0);
    if (to_lower_ascii(words.front()) != "off") {
        const auto parsed = parse_duration(words.front());
        if (!parsed) {
            co_return refused(request, message::escape(parsed.error().detail) + ".", example);
        }
        if (*parsed < shortest || *parsed > longest) {
            co_return refused(
                request, "Events are summed up every 10 seconds at least, every 24 hours at most.", example);
        }
        window = *parsed;
    }
    hook->window = window;
    store::Changes changes;
    changes.emplace_back(store::PutHook{*hook});
    const bool holds_back = add_flush(request, *hook, changes);
    const HookId id = hook->id;
    const auto written = co_await commit(request, std::move(changes), id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    if (window.count() == 0) {
        text.markup(fmt::format("📊 **{}** tells each event at once again.", to_string(id)));
    } else {
        text.markup(
            fmt::format("📊 **Events will be aggregated every {}** · `{}`", spelled(window), to_string(id)));
        text.newline().markup(
            "Failures on the main branch, alerts and mentions are told at once all the same.");
    }
    if (holds_back) {
        text.newline().markup("What was collected so far comes now.");
    }
    co_return fine(text);
}

}  // namespace hookline::commands
