// Text from outside without what could deceive a reader: the ground on which escaping, labels and limits
// stand. Knows Unicode, not Markdown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hookline::message {

enum class Lines { one, many };

/// `text` as whole UTF-8 without control characters, terminal sequences, invisible and private characters;
/// what turns the reading direction becomes U+FFFD, so that it is seen (Trojan Source). Combining marks are
/// bounded to 4 in a row, a character as a reader sees it to 16 code points. Lines::one makes every run of
/// white space one space; Lines::many keeps line breaks, at most one empty line in a row. At most 64 KiB
/// are looked at (no slot of Discord shows a tenth of that); the rest becomes "…".
[[nodiscard]] std::string clean(std::string_view text, Lines lines);

/// True where a reader, and Discord, would see nothing: white space and invisible characters only.
[[nodiscard]] bool is_blank(std::string_view text);

/// As code points; what is not whole UTF-8 as U+FFFD.
[[nodiscard]] std::u32string to_points(std::string_view text);
void append_utf8(std::string& text, char32_t point);

[[nodiscard]] constexpr bool is_ascii_alnum(char32_t c) {
    return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

}  // namespace hookline::message
