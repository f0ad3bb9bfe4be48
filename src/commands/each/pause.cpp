// pause: a hook is silent until resume.
#include <fmt/format.h>

#include "commands/find_hook.hpp"

namespace hookline::commands {

Task<Reply> pause(Request request) {
    const auto turn = co_await request.bench.turn.take();
    auto hook = find_hook(request, request.arguments.words().front());
    if (!hook) {
        co_return hook.error();
    }
    const std::string name =
        fmt::format("`{}` ({})", to_string(hook->id), event::display_name(hook->service));
    const std::string again = say(request, fmt::format("resume {}", to_string(hook->id)));
    if (hook->is_paused) {
        co_return fine(
            message::Markdown().markup(fmt::format("⏸️ {} is paused already. {} goes on.", name, again)));
    }
    hook->is_paused = true;
    store::Changes changes;
    changes.emplace_back(store::PutHook{*hook});
    const auto written = co_await commit(request, std::move(changes), hook->id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    co_return fine(message::Markdown().markup(fmt::format(
        "⏸️ **{} is paused.** What comes meanwhile is kept, not announced; {} goes on.", name, again)));
}

}  // namespace hookline::commands
