// quiet: hours in which the hooks of this channel tell nothing; what comes then is summed up in the morning.
#include "pipeline/quiet.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/hook_rules.hpp"

namespace hookline::commands {

Task<Reply> quiet(Request request) {
    const auto turn = co_await request.bench.turn.take();
    constexpr std::string_view example = "quiet 22:00-07:00 Europe/Berlin";
    const auto hooks = hooks_here(request);
    if (!hooks) {
        co_return hooks.error();
    }
    if (hooks->empty()) {
        co_return refused(request, "There is no hook here yet.", "github on");
    }
    std::vector<std::string> words = request.arguments.words();
    if (!words.empty() && event::parse_service(to_lower_ascii(words.front()))) {
        words.erase(words.begin());  // "github quiet off": quiet hours are the channel's
    }
    message::Markdown text;
    if (words.empty()) {
        const auto hours = pipeline::parse_quiet_hours(hooks->front().quiet);
        text.markup(
            hours ? fmt::format("🌙 **It is quiet here** {}.", pipeline::describe(*hours))
                  : fmt::format("🌙 There are no quiet hours here.\nExample: {}", say(request, example)));
        co_return fine(text);
    }
    const auto except = request.arguments.value("--except");
    if (except && to_lower_ascii(*except) != "failures") {
        co_return refused(request, "`--except` is followed by `failures`: they pass.", example);
    }
    std::string hours;
    if (to_lower_ascii(words.front()) != "off") {
        const auto parsed = pipeline::parse_quiet_hours(rest_of(words, 0) + (except ? " failures" : ""));
        if (!parsed) {
            co_return refused(request, message::escape(parsed.error().detail), example);
        }
        hours = pipeline::to_text(*parsed);
    }
    store::Changes changes;
    bool holds_back = false;
    for (store::Hook hook : *hooks) {
        hook.quiet = hours;
        if (hours.empty()) {
            holds_back = add_flush(request, hook, changes) || holds_back;
        }
        changes.emplace_back(store::PutHook{std::move(hook)});
    }
    const HookId id = hooks->front().id;
    const auto written = co_await commit(request, std::move(changes), id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    if (hours.empty()) {
        text.markup("🔔 **No quiet hours here any more.**")
            .markup(holds_back ? " What was held back comes now." : "");
        co_return fine(text);
    }
    const std::size_t zone = hours.find(' ');
    text.markup(fmt::format("🌙 **Quiet here {}** ", hours.substr(0, zone)));
    text.text(hours.substr(zone + 1, hours.find(' ', zone + 1) - zone - 1)).newline();
    text.markup(except ? "Failures are told all the same; the rest is summed up when the quiet ends."
                       : "What comes then is summed up when the quiet ends.");
    text.newline().markup("Alerts come, without a sound.");
    co_return fine(text);
}

}  // namespace hookline::commands
