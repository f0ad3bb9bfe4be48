// delete: removes a hook; with its last hook an endpoint goes too. undo brings both back within 24 h.
#include <fmt/format.h>

#include "commands/find_hook.hpp"

namespace hookline::commands {

Task<Reply> remove(Request request) {
    const auto turn = co_await request.bench.turn.take();
    auto hook = find_hook(request, request.arguments.words().front());
    if (!hook) {
        co_return hook.error();
    }
    auto endpoint = endpoint_of(request, *hook);
    if (!endpoint) {
        co_return endpoint.error();
    }
    // All hooks, also those that the caller may not see: they keep the endpoint alive.
    const auto all = request.store().hooks();
    if (!all) {
        co_return store_trouble(request, all.error());
    }
    const auto sharing = std::count_if(all->begin(), all->end(), [&](const store::Hook& other) {
        return other.endpoint == hook->endpoint && other.id != hook->id;
    });
    hook->deleted_at = request.now();
    store::Changes changes;
    changes.emplace_back(store::PutHook{*hook});
    if (sharing == 0) {
        endpoint->deleted_at = request.now();
        changes.emplace_back(store::PutEndpoint{*endpoint});
    }
    const auto written = co_await commit(request, std::move(changes), hook->id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    message::Markdown text;
    text.markup(fmt::format("🗑️ **{} ({}) is deleted.** {} brings it back within 24 h.",
                            to_string(hook->id), event::display_name(hook->service), say(request, "undo")));
    if (sharing == 0) {
        text.newline().markup(fmt::format("Its URL takes nothing any more: remove the webhook at {} too.",
                                          event::display_name(hook->service)));
    }
    co_return fine(text);
}

}  // namespace hookline::commands
