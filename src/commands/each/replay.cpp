// replay: processes an event once more for the caller's hooks.
#include <fmt/format.h>

#include "commands/find_hook.hpp"
#include "pipeline/requests.hpp"

namespace hookline::commands {

Task<Reply> replay(Request request) {
    const auto found = find_event(request, request.arguments.words().front());
    if (!found) {
        co_return found.error();
    }
    const store::StoredEvent& event = found->event;
    const std::string why = say(request, fmt::format("why {}", event.id.value));
    std::vector<HookId> hooks;
    std::vector<std::string> names;
    for (const store::Outcome& outcome : found->outcomes) {
        hooks.push_back(outcome.hook);
        names.push_back(fmt::format("`{}`", to_string(outcome.hook)));
    }
    if (hooks.empty()) {
        co_return refused(fmt::format("Event {} has no outcome yet that could be done again. {} tells more.",
                                      event.id.value, why));
    }
    store::Changes changes;
    for (const HookId hook : hooks) {
        changes.emplace_back(store::ForgetOutcome{event.id, hook});
    }
    const auto written = co_await commit(request, std::move(changes), hooks.front());
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    message::Markdown text;
    text.markup(fmt::format("🔁 **Event {}** (", event.id.value)).text(event.event_type);
    text.markup(fmt::format(") is processed once more for {}. {} tells what became of it.",
                            fmt::join(names, ", "), why));
    co_return fine(text);
}

}  // namespace hookline::commands
