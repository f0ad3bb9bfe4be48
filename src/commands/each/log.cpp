// log: the last deliveries of a hook, and what became of each.
#include <fmt/format.h>

#include "commands/find_hook.hpp"

namespace hookline::commands {

Task<Reply> log(Request request) {
    constexpr std::size_t most_deliveries = 15;
    const auto hook = find_hook(request, request.arguments.words().front());
    if (!hook) {
        co_return hook.error();
    }
    const auto lines = last_deliveries(request, *hook, most_deliveries);
    if (!lines) {
        co_return store_trouble(request, lines.error());
    }
    const std::string_view service = event::display_name(hook->service);
    if (lines->empty()) {
        co_return fine(message::Markdown().markup(
            fmt::format("📜 `{}` ({}) has had no delivery yet. {} sends a sample.", to_string(hook->id),
                        service, say(request, fmt::format("test {}", to_string(hook->id))))));
    }
    message::Markdown text;
    text.markup(fmt::format("📜 **Last deliveries of {}** ({}), newest first", to_string(hook->id), service));
    for (const std::string& line : *lines) {
        text.newline().markup(line);
    }
    co_return fine(text);
}

}  // namespace hookline::commands
