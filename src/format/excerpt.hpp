// The beginning of what somebody wrote, as a reader of a channel wants it: without the scaffolding of its
// Markdown and HTML, a few lines, said to be cut where it is.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hookline::format {

struct ExcerptSize {
    std::size_t lines = 6;
    std::size_t code_points = 400;
};

/// Plain text, one paragraph or bullet a line, no empty lines; still untrusted. HTML comments, tags, marks of
/// headings, fences, bold and images go; <details> become their summary; a link becomes its label. Linear in
/// the length of `body`, of which at most 16 KiB are read.
[[nodiscard]] std::string excerpt(std::string_view body, ExcerptSize size = {});

}  // namespace hookline::format
