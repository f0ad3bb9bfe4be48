// style: how much the messages of a hook say.
#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/find_hook.hpp"

namespace hookline::commands {

Task<Reply> style(Request request) {
    const auto turn = co_await request.bench.turn.take();
    auto hook = find_hook(request, request.target);
    if (!hook) {
        co_return hook.error();
    }
    const auto& words = request.arguments.words();
    if (!words.empty()) {
        const auto wanted = message::parse_style(to_lower_ascii(words.front()));
        if (!wanted) {
            const std::string example = fmt::format("{} style compact", request.target);
            co_return refused(request, "Say `compact`, `normal` or `full`.", example);
        }
        hook->style = *wanted;
        store::Changes changes;
        changes.emplace_back(store::PutHook{*hook});
        const auto written = co_await commit(request, std::move(changes), hook->id);
        if (!written) {
            co_return store_trouble(request, written.error());
        }
    }
    static constexpr std::array<std::pair<message::Style, std::string_view>, 3> sentences{
        {{message::Style::compact, "**compact**: a title and one line"},
         {message::Style::normal, "**normal**: what a reader acts on"},
         {message::Style::full, "**full**: all that the service tells"}}};
    const auto* const chosen = std::find_if(sentences.begin(), sentences.end(),
                                            [&](const auto& row) { return row.first == hook->style; });
    message::Markdown text;
    text.markup("📐 Messages are ").markup(chosen->second);
    text.markup(" · ").code(to_string(hook->id));
    co_return fine(text);
}

}  // namespace hookline::commands
