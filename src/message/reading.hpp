// Discord's Markdown read back into pieces that belong together, as far as Hookline writes it. Two need it:
// a text must be cut between pieces, never inside one, and the terminal draws them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hookline::message {

struct Token {
    enum class Kind {
        word,
        space,
        newline,
        escape,   // a backslash and the character it protects
        code,     // `inline`
        fence,    // ```block```
        link,     // [text](target)
        url,      // <https://…> or bare
        mention,  // <@…>, <#…>, </…>, <:…>, <id:…>
        time,     // <t:…>; target: seconds, text: the style letter or ""
        open,     // ** * __ _ ~~ ||, paired with …
        close,    // … the same behind it
        prefix,   // of a line: > >>> # ## ### -# - * 1.
    };
    Kind kind = Kind::word;
    std::string_view raw;     // as it stands there; all tokens' raw in a row are the whole text
    std::string_view text;    // what is shown: the character of an escape, the inside of code, the label
    std::string_view target;  // of link and url: the address; of fence: the language
};

/// Linear in the text's length but for short looks ahead. What is not closed is words; only a fence that is
/// not closed is a fence to the end.
[[nodiscard]] std::vector<Token> read_markdown(std::string_view markdown);

/// True where a fence is opened and not closed.
[[nodiscard]] bool has_open_fence(std::string_view markdown);

/// `markdown` as at most `limit` code points: cut between two pieces, at a word, at a line where it has
/// several, open emphasis and fences closed, and with a note of how much is missing. `more_items`: how many
/// items (one a line) were already left out behind the text: then items are counted, and the note is there
/// even where nothing else is cut.
[[nodiscard]] std::string cut_markdown(std::string_view markdown, std::size_t limit,
                                       std::size_t more_items = 0);

/// What a reader sees of it, without any markup: links as their label, escapes as their character.
[[nodiscard]] std::string without_markup(std::string_view markdown);

}  // namespace hookline::message
