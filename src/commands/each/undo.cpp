// undo: brings back the hook that was deleted last, with its URL and secret.
#include <fmt/format.h>

#include "commands/find_hook.hpp"

namespace hookline::commands {

namespace {

constexpr std::chrono::hours undo_within(24);  // docs/contract.md, section 4

/// The hook of this place that was deleted last, if that is not too long ago.
std::optional<store::Hook> last_deleted(const Request& request, std::vector<store::Hook> hooks) {
    std::erase_if(hooks, [&](const store::Hook& hook) {
        const bool is_elsewhere = request.caller.channel && hook.command_channel != request.caller.channel;
        return !hook.deleted_at || is_elsewhere || request.now() - *hook.deleted_at > undo_within;
    });
    const auto last =
        std::max_element(hooks.begin(), hooks.end(), [](const store::Hook& left, const store::Hook& right) {
            return std::pair(*left.deleted_at, left.id) < std::pair(*right.deleted_at, right.id);
        });
    return last != hooks.end() ? std::optional(*last) : std::nullopt;
}

}  // namespace

Task<Reply> undo(Request request) {
    const auto turn = co_await request.bench.turn.take();
    auto hooks = visible_hooks(request, true);
    if (!hooks) {
        co_return hooks.error();
    }
    auto hook = last_deleted(request, std::move(*hooks));
    if (!hook) {
        co_return refused("No hook was deleted here in the last 24 h: there is nothing to undo.");
    }
    auto endpoint = endpoint_of(request, *hook, true);
    if (!endpoint) {
        co_return endpoint.error();
    }
    hook->absent_from = std::exchange(hook->deleted_at, std::nullopt);
    hook->absent_until = request.now();
    store::Changes changes;
    changes.emplace_back(store::PutHook{*hook});
    if (endpoint->deleted_at) {
        endpoint->deleted_at.reset();
        changes.emplace_back(store::PutEndpoint{*endpoint});
    }
    const auto written = co_await commit(request, std::move(changes), hook->id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    co_return fine(
        message::Markdown().markup(fmt::format("↩️ **{} ({}) is back**, with the same URL and secret.",
                                               to_string(hook->id), event::display_name(hook->service))));
}

}  // namespace hookline::commands
