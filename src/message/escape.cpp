// Escaping for Discord's Markdown. A backslash is put where Discord would otherwise read markup, and only
// there: a text full of backslashes reads badly in logs, in terminals and in push notifications. Where it
// cannot be told from the text alone (its ends, beside which anything may stand), it is escaped.
#include "message/clean_text.hpp"
#include "message/markdown.hpp"

namespace hookline::message {

namespace {

constexpr std::size_t far = 200;  // how far a rule looks ahead: the longest mention or shortcode is shorter

/// A character and what stands around it.
class Place {
public:
    Place(std::u32string_view whole, std::size_t index) : text(whole), at(index) {}
    std::u32string_view text;
    std::size_t at;

    /// The character `offset` from here; 0 beyond the ends.
    [[nodiscard]] char32_t peek(std::ptrdiff_t offset) const {
        const auto index = static_cast<std::ptrdiff_t>(at) + offset;
        return index < 0 || index >= static_cast<std::ptrdiff_t>(text.size())
                   ? U'\0'
                   : text[static_cast<std::size_t>(index)];
    }
    [[nodiscard]] char32_t before() const { return peek(-1); }
    [[nodiscard]] char32_t after() const { return peek(1); }
    [[nodiscard]] bool is_at_an_end() const { return at == 0 || at + 1 == text.size(); }
    /// Only spaces stand before it on its line. The text's start counts: it may be the start of a line.
    [[nodiscard]] bool starts_line() const {
        std::size_t i = at;
        while (i > 0 && text[i - 1] == U' ') {
            --i;
        }
        return i == 0 || text[i - 1] == U'\n';
    }
    /// `lower` stands right behind, in whatever case.
    [[nodiscard]] bool continues_with(std::u32string_view lower) const { return matches(1, lower); }
    /// `lower` stands right before.
    [[nodiscard]] bool follows(std::u32string_view lower) const {
        return matches(-static_cast<std::ptrdiff_t>(lower.size()), lower);
    }

private:
    [[nodiscard]] bool matches(std::ptrdiff_t offset, std::u32string_view lower) const {
        for (const char32_t expected : lower) {
            const char32_t c = peek(offset++);
            if ((c >= U'A' && c <= U'Z' ? c + 32 : c) != expected) {
                return false;
            }
        }
        return true;
    }
};

bool ends_word(char32_t c) { return c == U'\0' || c == U' ' || c == U'\n'; }

bool always(const Place&) { return true; }

/// A backslash before a letter or digit is shown as it is (Discord's own parsers agree on that).
bool backslash(const Place& place) { return !is_ascii_alnum(place.after()); }

/// snake_case: an underscore between letters neither opens nor closes emphasis.
bool underscore(const Place& place) {
    return !is_ascii_alnum(place.before()) || !is_ascii_alnum(place.after());
}

/// ~~ and ||: one alone means nothing.
bool doubled(const Place& place) {
    const char32_t self = place.text[place.at];
    return place.is_at_an_end() || place.before() == self || place.after() == self;
}

/// "[JIRA-7] Fix it" stays: a pair without another bracket inside, and something else than "(" behind it.
/// With parenthesis() no text ever holds "](", without which there is no masked link.
bool opening_bracket(const Place& place) {
    for (std::size_t i = place.at + 1; i < place.text.size() && i < place.at + far; ++i) {
        const char32_t c = place.text[i];
        if (c == U']') {
            const char32_t next = i + 1 < place.text.size() ? place.text[i + 1] : U'(';
            return next != U' ' && next != U':' && next != U',';
        }
        if (c == U'[' || c == U'\n' || c == U'\\') {
            return true;
        }
    }
    return true;
}

bool closing_bracket(const Place& place) { return place.is_at_an_end(); }

bool parenthesis(const Place& place) { return place.at == 0 || place.before() == U']'; }

/// Mentions, timestamps, custom emoji, commands, <https://…>, <user@host>, <+49…>: all have one of these
/// characters before the ">". vector<int> has not, and "a < b" begins with a space.
bool less_than(const Place& place) {
    const char32_t next = place.after();
    if (next == U' ' || next == U'=' || next == U'-') {
        return false;
    }
    for (std::size_t i = place.at + 1; i < place.text.size() && i < place.at + far; ++i) {
        const char32_t c = place.text[i];
        if (c == U'>' || c == U'<') {
            return false;
        }
        if (std::u32string_view(U"@#:/&+.").find(c) != std::u32string_view::npos) {
            return true;
        }
    }
    return true;
}

bool quote(const Place& place) { return place.starts_line(); }

bool heading(const Place& place) {
    if (!place.starts_line()) {
        return false;
    }
    std::ptrdiff_t i = 1;
    while (i < 3 && place.peek(i) == U'#') {
        ++i;
    }
    return ends_word(place.peek(i));
}

bool bullet(const Place& place) {
    return place.starts_line() && (ends_word(place.after()) || place.after() == U'#');
}

bool mention(const Place& place) {
    return place.after() == U'\0' || place.continues_with(U"everyone") || place.continues_with(U"here");
}

/// ":tada:" becomes an emoji, "10:30:45" does not: no emoji has a number for a name but these two.
bool starts_shortcode(const Place& place) {
    std::u32string name;
    for (std::size_t i = place.at + 1; i < place.text.size() && name.size() < far; ++i) {
        const char32_t c = place.text[i];
        if (c == U':') {
            const bool is_number = name.find_first_not_of(U"0123456789") == std::u32string::npos;
            return !name.empty() && (!is_number || name == U"100" || name == U"1234");
        }
        if (!is_ascii_alnum(c) && c != U'_' && c != U'-' && c != U'+' && c != U'~') {
            return false;
        }
        name.push_back(c);
    }
    return false;
}

/// A bare address of a stranger must not become a link, nor fetch a preview: "https\://…" shows what it
/// says and stays text.
bool colon(const Place& place) {
    const bool ends_scheme = is_ascii_alnum(place.before()) && place.after() == U'/';
    return ends_scheme || (place.follows(U"mailto") && !ends_word(place.after())) || starts_shortcode(place);
}

/// "1. " at the start of a line; "discord.gg/…", which Discord takes for an invitation without a scheme.
bool dot(const Place& place) {
    if (place.follows(U"discord") || place.follows(U"discordapp") || place.follows(U"dsc")) {
        return is_ascii_alnum(place.after());
    }
    if (!ends_word(place.after())) {
        return false;
    }
    std::size_t i = place.at;
    while (i > 0 && place.text[i - 1] >= U'0' && place.text[i - 1] <= U'9') {
        --i;
    }
    return i < place.at && Place{place.text, i}.starts_line();
}

struct Rule {
    char32_t character;
    bool (*needs_backslash)(const Place&);
};

constexpr std::array<Rule, 17> rules{{{U'\\', backslash},
                                      {U'`', always},
                                      {U'*', always},
                                      {U'_', underscore},
                                      {U'~', doubled},
                                      {U'|', doubled},
                                      {U'[', opening_bracket},
                                      {U']', closing_bracket},
                                      {U'(', parenthesis},
                                      {U'<', less_than},
                                      {U'>', quote},
                                      {U'#', heading},
                                      {U'-', bullet},
                                      {U'+', bullet},
                                      {U'@', mention},
                                      {U':', colon},
                                      {U'.', dot}}};

bool needs_backslash(const Place& place) {
    const char32_t self = place.text[place.at];
    for (const Rule& rule : rules) {
        if (rule.character == self) {
            return rule.needs_backslash(place);
        }
    }
    return false;
}

}  // namespace

std::string escape(std::string_view text, bool is_multiline) {
    const std::u32string points = to_points(clean(text, is_multiline ? Lines::many : Lines::one));
    std::string escaped;
    escaped.reserve(points.size() + 16);
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (needs_backslash(Place{points, i})) {
            escaped.push_back('\\');
        }
        append_utf8(escaped, points[i]);
    }
    return escaped;
}

}  // namespace hookline::message
