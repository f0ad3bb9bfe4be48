// The other way round from reading words: makes of any text one word of a command line.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace hookline::commands {

/// `word` in the first kind of quotes that does not occur in it; as it is where it needs none. A text that
/// holds every kind loses its double quotes: no form could carry it whole.
[[nodiscard]] inline std::string quote(std::string_view word) {
    constexpr std::string_view needs_quotes = " \t\r\n\"'`";
    const bool has_typographic = word.find("\xE2\x80") != std::string_view::npos;
    if (!word.empty() && word.find_first_of(needs_quotes) == std::string_view::npos && !has_typographic) {
        return std::string(word);
    }
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> pairs{
        {{"\"", "\""}, {"'", "'"}, {"“", "”"}, {"```", "```"}}};
    for (const auto& [open, close] : pairs) {
        if (word.find(open) == std::string_view::npos && word.find(close) == std::string_view::npos) {
            return std::string(open) + std::string(word) + std::string(close);
        }
    }
    std::string kept(word);
    std::erase(kept, '"');
    return "\"" + kept + "\"";
}

}  // namespace hookline::commands
