// live: one message for each run and each pull request, kept up to date in place.
#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/hook_cards.hpp"

namespace hookline::commands {

Task<Reply> live(Request request) {
    const auto turn = co_await request.bench.turn.take();
    auto hook = find_hook(request, request.target);
    if (!hook) {
        co_return hook.error();
    }
    const auto& words = request.arguments.words();
    const std::string wanted = words.empty() ? std::string() : to_lower_ascii(words.front());
    if (!wanted.empty() && wanted != "on" && wanted != "off") {
        const std::string example = fmt::format("{} live on", request.target);
        co_return refused(request, "Say `on` or `off`.", example);
    }
    if (!wanted.empty()) {
        hook->is_live = wanted == "on";
        store::Changes changes;
        changes.emplace_back(store::PutHook{*hook});
        const auto written = co_await commit(request, std::move(changes), hook->id);
        if (!written) {
            co_return store_trouble(request, written.error());
        }
    }
    co_return told_cards(request, *hook);
}

}  // namespace hookline::commands
