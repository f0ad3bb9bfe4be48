// live: one message for each run and each pull request, kept up to date in place.
#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/hook_rules.hpp"
#include "pipeline/cards.hpp"

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
    message::Markdown text;
    const std::string id = to_string(hook->id);
    if (pipeline::has_cards(*hook)) {
        text.markup(
            fmt::format("📌 **One message for each run and each pull request, kept up to date** · `{}`", id));
        text.newline().markup("A run that fails is said under its message too. Comments come as they are.");
    } else {
        text.markup(fmt::format("📌 **{}** tells each event in a message of its own.", id));
    }
    co_return fine(text);
}

}  // namespace hookline::commands
