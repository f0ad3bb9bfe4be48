// Builds Discord Markdown out of text that may be hostile. What is added is escaped at once and never taken
// apart: a text may be cut at a word, a link, a code span or a mention only goes as a whole. So the cut can
// never leave an open fence or half a link (Discord, "Markdown Text 101"; how each client reads it differs,
// so the strictest reading is escaped for).
//
// Bare addresses in untrusted text are broken ("https\\://…"): only our own links are links, and nothing that
// a stranger wrote fetches a preview.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace hookline::message {

/// Text of a payload for a slot that renders Markdown: whole UTF-8, no control or bidirectional characters,
/// everything that Discord would read as markup or as a mention escaped. `is_multiline` keeps line breaks.
[[nodiscard]] std::string escape(std::string_view text, bool is_multiline = false);
/// For slots that show plain text (author, footer): cleaned, nothing escaped, one line.
[[nodiscard]] std::string plain(std::string_view text);
/// http or https, no user info, percent-encoded where Discord needs it, at most limits::url; else "".
[[nodiscard]] std::string safe_url(std::string_view url);
/// The label of a masked link: backslashes would show there, so what is markup is replaced by its likes;
/// emoji and schemes go, because Discord shows a link with one in its label as plain text.
[[nodiscard]] std::string link_label(std::string_view text);
/// "a1b2c3d" of a 40-digit id; anything else unchanged.
[[nodiscard]] std::string short_commit(std::string_view id);

class Markdown {
public:
    Markdown& text(std::string_view untrusted);   // one line: newlines become spaces
    Markdown& lines(std::string_view untrusted);  // keeps line breaks
    Markdown& bold(std::string_view untrusted);
    Markdown& italic(std::string_view untrusted);
    Markdown& code(std::string_view untrusted);                                   // `inline`
    Markdown& block(std::string_view untrusted, std::string_view language = {});  // a fence
    Markdown& quote(std::string_view untrusted);                                  // "> " before each line
    /// Where `url` is not safe, the label alone; where nothing of the label is left, the URL itself.
    Markdown& link(std::string_view untrusted_label, std::string_view url);
    Markdown& code_link(std::string_view untrusted_label, std::string_view url);  // [`abc1234`](…)
    Markdown& time(TimePoint when, char style = 'R');                             // <t:…:R>
    Markdown& markup(std::string_view trusted);  // our own words, as they are
    Markdown& newline();
    /// `total` items of which `shown` were added, one a line: "…and 17 more" at the end, on a line of its
    /// own; nothing where all were.
    Markdown& and_more(std::size_t total, std::size_t shown);

    [[nodiscard]] bool empty() const { return pieces_.empty() && more_ == 0; }
    /// At most `limit` code points: whole pieces and words, then how much was left out; items (lines) where
    /// and_more() counted some.
    [[nodiscard]] std::string cut_to(std::size_t limit) const;
    [[nodiscard]] std::string str() const;

private:
    struct Piece {
        std::string markdown;
        bool has_own_lines = false;  // a fence, a quote
    };
    Markdown& add(std::string markdown, bool has_own_lines = false);
    [[nodiscard]] std::string joined() const;

    std::vector<Piece> pieces_;
    std::size_t more_ = 0;  // items that and_more() counted
};

}  // namespace hookline::message
