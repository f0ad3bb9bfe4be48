// resume: ends a pause, and lets a held destination go again.
#include <fmt/format.h>

#include "commands/find_hook.hpp"

namespace hookline::commands {

Task<Reply> resume(Request request) {
    const auto turn = co_await request.bench.turn.take();
    auto hook = find_hook(request, request.arguments.words().front());
    if (!hook) {
        co_return hook.error();
    }
    const auto destinations = destinations_of(request);
    if (!destinations) {
        co_return destinations.error();
    }
    const auto* destination = destinations->find(hook->destination);
    const bool is_held = destination != nullptr && destination->held != dispatch::HoldReason::none;
    const std::string name =
        fmt::format("`{}` ({})", to_string(hook->id), event::display_name(hook->service));
    if (!hook->is_paused && !is_held) {
        const std::string hint = hook->is_enabled
                                     ? std::string("There is nothing to resume.")
                                     : fmt::format("It is off: {} turns it on.",
                                                   say(request, fmt::format("{} on", to_string(hook->id))));
        co_return fine(message::Markdown().markup(
            fmt::format("▶️ {} is not paused, and nothing holds it. {}", name, hint)));
    }
    store::Changes changes;
    hook->is_paused = false;
    changes.emplace_back(store::PutHook{*hook});
    const auto written = co_await commit(request, std::move(changes), hook->id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    if (is_held) {
        request.bench.parts.release(hook->destination);
    }
    co_return fine(message::Markdown().markup(fmt::format(
        "▶️ **{} goes on**{}", name,
        is_held ? fmt::format(": what waited for {} is tried again now.", place_text(destination)) : ".")));
}

}  // namespace hookline::commands
