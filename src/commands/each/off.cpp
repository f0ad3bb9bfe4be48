// off: a hook announces nothing more, and keeps its URL and secret.
#include <fmt/format.h>

#include "commands/find_hook.hpp"

namespace hookline::commands {

Task<Reply> off(Request request) {
    const auto turn = co_await request.bench.turn.take();
    auto hook = find_hook(request, request.target);
    if (!hook) {
        co_return hook.error();
    }
    const std::string name =
        fmt::format("`{}` ({})", to_string(hook->id), event::display_name(hook->service));
    const std::string again = say(request, fmt::format("{} on", to_string(hook->id)));
    if (!hook->is_enabled) {
        co_return fine(
            message::Markdown().markup(fmt::format("🔕 {} is off already. {} turns it on.", name, again)));
    }
    hook->is_enabled = false;
    store::Changes changes;
    changes.emplace_back(store::PutHook{*hook});
    const auto written = co_await commit(request, std::move(changes), hook->id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    co_return fine(message::Markdown().markup(
        fmt::format("🔕 **{} is off.** Deliveries are still taken and kept; {} turns it on.", name, again)));
}

}  // namespace hookline::commands
