// events: which events a hook announces; shows them, or sets them.
#include <fmt/format.h>

#include "commands/find_hook.hpp"
#include "commands/options.hpp"
#include "pipeline/setup_message.hpp"
#include "services/announced.hpp"

namespace hookline::commands {

namespace {

/// Those that are announced by default with a line each, the others by name alone; sub-events are too many.
Reply shown(const Request& request, const store::Hook& hook, const services::ServiceAdapter& adapter) {
    message::Markdown text;
    text.markup(fmt::format("🔗 **Events of {}**: ", to_string(hook.id)));
    text.text(pipeline::events_text(hook.events)).newline();
    text.markup("There are:").newline();
    std::vector<std::string> others;
    for (const services::EventName& known : adapter.event_names()) {
        if (known.name.find('.') != std::string_view::npos) {
            continue;
        }
        if (services::has_usual_action(known.name) || hook.service == event::Service::custom) {
            text.markup(fmt::format("`{}` ", known.name)).text(known.sentence).newline();
        } else {
            others.push_back(fmt::format("`{}`", known.name));
        }
    }
    if (!others.empty()) {
        text.markup(fmt::format("Told only where they are named: {}", fmt::join(others, " "))).newline();
    }
    text.markup(fmt::format("Part of one: `pr.merged`. Back to the usual ones: {}",
                            say(request, fmt::format("{} events default", request.target))));
    return fine(text);
}

}  // namespace

Task<Reply> events(Request request) {
    const auto turn = co_await request.bench.turn.take();
    auto hook = find_hook(request, request.target);
    if (!hook) {
        co_return hook.error();
    }
    const auto adapter = offered_service(request, event::name_of(hook->service));
    if (!adapter) {
        co_return adapter.error();
    }
    const auto& words = request.arguments.words();
    if (words.empty()) {
        co_return shown(request, *hook, **adapter);
    }
    const auto wanted = read_events(request, fmt::format("{}", fmt::join(words, ",")), **adapter);
    if (!wanted) {
        co_return wanted.error();
    }
    hook->events = *wanted;
    store::Changes changes;
    changes.emplace_back(store::PutHook{*hook});
    const auto written = co_await commit(request, std::move(changes), hook->id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    message::Markdown text;
    text.markup(fmt::format("🔗 **{} webhook active** · `{}`", event::display_name(hook->service),
                            to_string(hook->id)));
    text.newline().markup("Events: ").text(pipeline::events_text(hook->events));
    co_return fine(text);
}

}  // namespace hookline::commands
