// mute: a hook tells nothing for a while, about all or some events; what comes meanwhile is summed up
// afterwards.
#include <fmt/format.h>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "commands/hook_rules.hpp"
#include "pipeline/digest.hpp"
#include "pipeline/quiet.hpp"

namespace hookline::commands {

namespace {

constexpr std::chrono::hours longest(24 * 30);
constexpr std::size_t longest_reason = 200;

/// The mutes that are over need no place any more.
void drop_past(const std::vector<store::Rule>& mutes, TimePoint now, store::Changes& changes) {
    for (const store::Rule& mute : mutes) {
        const auto options = pipeline::parse_mute_options(mute.options);
        if (!options || options->until <= now) {
            changes.emplace_back(store::DropRule{mute.id});
        }
    }
}

/// A reason is words; a condition has a sign or a bracket in it, or is the name of a truth.
bool looks_like_condition(std::string_view word) {
    return word.find_first_of("=<>|(") != word.npos || word.starts_with("not ") || word.starts_with("is_");
}

Task<Reply> unmute(Request request, store::Hook hook, std::vector<store::Rule> mutes) {
    store::Changes changes;
    for (const store::Rule& mute : mutes) {
        changes.emplace_back(store::DropRule{mute.id});
    }
    const bool holds_back = add_flush(request, hook, changes);
    add_mirror(request, hook, changes);
    const HookId id = hook.id;
    const auto written = co_await commit(request, std::move(changes), id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    message::Markdown text;
    text.markup(fmt::format("🔊 **{}** is not muted any more.{}", to_string(id),
                            holds_back ? " What was held back comes now." : ""));
    co_return fine(text);
}

}  // namespace

Task<Reply> mute(Request request) {
    const auto turn = co_await request.bench.turn.take();
    const auto& words = request.arguments.words();
    const std::string example = fmt::format("mute {} 2h \"event == 'push'\" release day", words.front());
    const auto hook = find_hook(request, words.front());
    if (!hook) {
        co_return hook.error();
    }
    const auto mutes = rules_of(request, *hook, store::RuleKind::mute);
    if (!mutes) {
        co_return mutes.error();
    }
    if (words.size() == 2 && to_lower_ascii(words[1]) == "off") {
        store::Hook muted = *hook;
        std::vector<store::Rule> going = *mutes;
        auto reply = co_await unmute(request, std::move(muted), std::move(going));
        co_return reply;
    }
    const auto time = words.size() < 2
                          ? Result<std::chrono::seconds>(fail(Errc::invalid_argument, "Say for how long"))
                          : parse_duration(words[1]);
    if (!time) {
        co_return refused(request, message::escape(time.error().detail) + ".", example);
    }
    if (time->count() <= 0 || *time > longest) {
        co_return refused(request, "A mute lasts 30 days at most; `off` ends it.", example);
    }
    const auto except = request.arguments.value("--except");
    if (except && to_lower_ascii(*except) != "failures") {
        co_return refused(request, "`--except` is followed by `failures`: they pass.", example);
    }
    const bool has_condition = words.size() > 2 && looks_like_condition(words[2]);
    store::Rule rule;
    rule.source = has_condition ? words[2] : "true";
    if (has_condition) {
        const auto condition = read_condition(request, *hook, rule.source, example);
        if (!condition) {
            co_return condition.error();
        }
    }
    const TimePoint until = request.now() + *time;
    rule.id = request.store().next_rule_id();
    rule.hook = hook->id;
    rule.kind = store::RuleKind::mute;
    rule.text = shorten(rest_of(words, has_condition ? 3 : 2), longest_reason);
    rule.options = pipeline::to_text(pipeline::MuteOptions{until, except.has_value()});
    rule.created_at = request.now();
    store::Changes changes;
    drop_past(*mutes, request.now(), changes);
    if (mutes->size() >= most_rules) {
        co_return refused(fmt::format("`{}` is muted {} times already; {} ends it.", to_string(hook->id),
                                      mutes->size(),
                                      say(request, fmt::format("mute {} off", words.front()))));
    }
    changes.emplace_back(store::PutRule{rule});
    add_mirror(request, *hook, changes);
    const HookId id = hook->id;
    const auto written = co_await commit(request, std::move(changes), id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    message::Markdown text;
    text.markup(fmt::format("🔇 **{} is muted for {}**, until ", to_string(id), spell_duration(*time)))
        .time(until, 'f');
    if (!rule.text.empty()) {
        text.markup(": ").text(rule.text);
    }
    if (has_condition) {
        text.newline().markup("About: ").code(shorten(rule.source, 300));
    }
    text.newline().markup(except ? "Failures are told all the same; the rest is summed up afterwards."
                                 : "What comes meanwhile is summed up afterwards.");
    text.newline().markup(
        fmt::format("{} ends it.", say(request, fmt::format("mute {} off", words.front()))));
    co_return fine(text);
}

}  // namespace hookline::commands
