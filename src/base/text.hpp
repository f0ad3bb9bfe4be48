// Text that came from outside, made safe to handle: whole UTF-8, cut only where a reader would cut it.
// Lengths are Unicode code points, as Discord counts (Discord staff, discord-api-docs#1315).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hookline {

/// Code points in `text`, which must be whole UTF-8 (see repair_utf8).
[[nodiscard]] std::size_t code_points(std::string_view text);

/// Every byte that is not part of whole UTF-8 becomes U+FFFD.
[[nodiscard]] std::string repair_utf8(std::string_view text);
[[nodiscard]] bool is_utf8(std::string_view text);

/// The longest beginning of `text` of at most `limit` code points that ends between two characters as a
/// reader sees them (grapheme clusters: never inside an emoji family, a flag or a combining mark).
[[nodiscard]] std::string_view cut_at_character(std::string_view text, std::size_t limit);

/// The same, but ends at the end of a word where one ends in the last quarter; what is cut is replaced by
/// "…", which counts. Returns the text itself where it fits.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t limit);

[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string to_lower_ascii(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view left, std::string_view right);  // ASCII
[[nodiscard]] std::string_view first_line(std::string_view text);
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// `*` any run of characters, `?` one; everything else is itself. Linear time. Case counts.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text);

/// "12,345".
[[nodiscard]] std::string grouped(std::int64_t number);
/// "1 commit", "3 commits", "1,204 commits"; `plural` where an s is not enough.
[[nodiscard]] std::string counted(std::int64_t number, std::string_view noun, std::string_view plural = {});

/// The known word a person most likely meant (at most a third of it mistyped), or nothing.
[[nodiscard]] std::optional<std::string> nearest_word(std::string_view word,
                                                      std::span<const std::string_view> known);

}  // namespace hookline
