// The label of a masked link. Discord reads Markdown in it, shows backslashes, and refuses the whole link
// where it finds an emoji or an address: what would do harm is replaced by a character that looks alike.
#include <array>

#include "base/text.hpp"
#include "message/clean_text.hpp"
#include "message/markdown.hpp"

namespace hookline::message {

namespace {

struct Range {
    char32_t first, last;
};

/// Unicode, emoji-data.txt: Emoji, without digits, "#", "*", © ® ™ and arrows of plain text.
constexpr std::array<Range, 24> emoji{
    {{0x200D, 0x200D}, {0x203C, 0x203C}, {0x2049, 0x2049},   {0x20E3, 0x20E3},  {0x2139, 0x2139},
     {0x2194, 0x2199}, {0x21A9, 0x21AA}, {0x231A, 0x231B},   {0x2328, 0x2328},  {0x23CF, 0x23CF},
     {0x23E9, 0x23FA}, {0x24C2, 0x24C2}, {0x25AA, 0x25AB},   {0x25B6, 0x25B6},  {0x25C0, 0x25C0},
     {0x25FB, 0x25FE}, {0x2600, 0x27BF}, {0x2934, 0x2935},   {0x2B00, 0x2BFF},  {0x3030, 0x303D},
     {0x3297, 0x3299}, {0xFE0E, 0xFE0F}, {0x1F000, 0x1FAFF}, {0x1FB00, 0x1FBFF}}};

struct Likeness {
    char32_t character, like;
};

constexpr std::array<Likeness, 8> likes{{{U'[', U'('},
                                         {U']', U')'},
                                         {U'`', U'\u02CB'},
                                         {U'*', U'\u2217'},
                                         {U'\\', U'\u2216'},
                                         {U'<', U'\u2039'},
                                         {U'>', U'\u203A'},
                                         {U'|', U'\u2223'}}};

bool is_emoji(char32_t c) {
    return std::any_of(emoji.begin(), emoji.end(),
                       [c](const Range& r) { return c >= r.first && c <= r.last; });
}

char32_t like_of(char32_t c) {
    const auto found =
        std::find_if(likes.begin(), likes.end(), [c](const Likeness& like) { return like.character == c; });
    return found == likes.end() ? c : found->like;
}

bool is_between_words(std::u32string_view text, std::size_t at) {
    return at > 0 && at + 1 < text.size() && is_ascii_alnum(text[at - 1]) && is_ascii_alnum(text[at + 1]);
}

/// Another colon in the same word: ":tada:".
bool may_be_shortcode(std::u32string_view text, std::size_t at) {
    const std::size_t end = text.find_first_of(U" :", at + 1);
    return end != std::u32string_view::npos && end > at + 1 && text[end] == U':';
}

/// What wakes a whole channel, in whatever case; "@hana" is a person.
bool names_everyone(std::u32string_view text) {
    const auto begins_with = [text](std::u32string_view lower) {
        return text.size() >= lower.size() &&
               std::equal(lower.begin(), lower.end(), text.begin(), [](char32_t expected, char32_t c) {
                   return (c >= U'A' && c <= U'Z' ? c + 32 : c) == expected;
               });
    };
    return begins_with(U"everyone") || begins_with(U"here");
}

/// Those whose harm depends on what stands around them.
char32_t placed(std::u32string_view text, std::size_t at) {
    const char32_t c = text[at];
    const char32_t next = at + 1 < text.size() ? text[at + 1] : U'\0';
    switch (c) {
        case U'_':
            return is_between_words(text, at) ? c : U'\u02CD';
        case U'~':
            return next == U'~' || (at > 0 && text[at - 1] == U'~') ? U'\u223C' : c;
        case U':':
            return may_be_shortcode(text, at) ? U'\u2236' : c;
        case U'.':  // "discord.gg/…" is an invitation wherever it stands
            return text.substr(0, at).ends_with(U"discord") || text.substr(0, at).ends_with(U"discordapp")
                       ? U'\u2024'
                       : c;
        case U'@':
            return names_everyone(text.substr(at + 1)) ? U'\uFE6B' : c;
        default:
            return like_of(c);
    }
}

}  // namespace

std::string link_label(std::string_view text) {
    std::u32string points = to_points(clean(text, Lines::one));
    std::erase_if(points, is_emoji);
    constexpr std::u32string_view scheme = U"://";
    for (std::size_t at = 0; (at = points.find(scheme, at)) != std::u32string::npos;) {
        std::size_t begin = at;
        while (begin > 0 && is_ascii_alnum(points[begin - 1])) {
            --begin;
        }
        points.erase(begin, at + scheme.size() - begin);
        at = begin;
    }
    std::string label;
    for (std::size_t i = 0; i < points.size(); ++i) {
        append_utf8(label, placed(points, i));
    }
    return std::string(trim(clean(label, Lines::one)));
}

}  // namespace hookline::message
