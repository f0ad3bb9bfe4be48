#include "message/clean_text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace hookline::message {

namespace {

constexpr std::size_t longest_input = 64UL * 1024;
constexpr std::size_t most_marks = 4;
constexpr std::size_t most_in_cluster = 16;  // the longest emoji in use has 10
constexpr char32_t replacement = U'\uFFFD';
constexpr char32_t joiner = U'\u200D';
constexpr char32_t non_joiner = U'\u200C';

struct Range {
    char32_t first, last;
};

template <std::size_t Size>
bool is_in(const std::array<Range, Size>& ranges, char32_t point) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [point](const Range& r) { return point >= r.first && point <= r.last; });
}

/// Shown as nothing by most fonts: soft hyphen, zero width, fillers, variation selectors, tags.
constexpr std::array<Range, 18> invisible{{{0xAD, 0xAD},
                                           {0x34F, 0x34F},
                                           {0x61C, 0x61C},
                                           {0x115F, 0x1160},
                                           {0x17B4, 0x17B5},
                                           {0x180B, 0x180F},
                                           {0x200B, 0x200B},
                                           {0x200E, 0x200F},
                                           {0x2060, 0x2065},
                                           {0x206A, 0x206F},
                                           {0x3164, 0x3164},
                                           {0xFE00, 0xFE0D},
                                           {0xFEFF, 0xFEFF},
                                           {0xFFA0, 0xFFA0},
                                           {0xFFF0, 0xFFFC},
                                           {0x1BCA0, 0x1BCA3},
                                           {0x1D173, 0x1D17A},
                                           {0xE0000, 0xE0FFF}}};

constexpr std::array<Range, 2> direction{{{0x202A, 0x202E}, {0x2066, 0x2069}}};

constexpr std::array<Range, 3> private_use{{{0xE000, 0xF8FF}, {0xF0000, 0xFFFFF}, {0x100000, 0x10FFFF}}};

constexpr std::array<Range, 8> spaces{{{0x20, 0x20},
                                       {0xA0, 0xA0},
                                       {0x1680, 0x1680},
                                       {0x2000, 0x200A},
                                       {0x202F, 0x202F},
                                       {0x205F, 0x205F},
                                       {0x2800, 0x2800},
                                       {0x3000, 0x3000}}};

/// Letters, digits and signs of ASCII: nearly all of nearly every text, and always a character of its own.
/// Asking the tables about each would be most of the work of a message (measured in bench/).
bool is_plain(char32_t c) { return c > 0x20 && c < 0x7F; }

bool is_newline(char32_t c) { return (c >= U'\n' && c <= U'\r') || c == 0x85 || c == 0x2028 || c == 0x2029; }

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F); }

bool is_noncharacter(char32_t c) { return (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFEU) == 0xFFFEU; }

bool is_mark(char32_t c) {
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

bool is_letter(char32_t c) {
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME;
}

/// Joiners belong into emoji families and into Arabic or Indic words; elsewhere they hide.
bool joins(char32_t before) {
    constexpr char32_t first_joined_script = 0x600;
    const bool is_symbol = before >= 0x2000 && !is_letter(before);
    return is_symbol || (before >= first_joined_script && is_letter(before)) || before == 0xFE0F;
}

/// "as text" and "as emoji" after what has both forms.
bool varies(char32_t before) {
    const bool is_keycap = (before >= U'0' && before <= U'9') || before == U'#' || before == U'*';
    return is_keycap || before == 0xA9 || before == 0xAE || (before >= 0x2000 && !is_mark(before));
}

/// How many code points from `at` on are one terminal sequence (ECMA-48): at least 1, the escape itself.
std::size_t sequence_length(std::u32string_view text, std::size_t at) {
    constexpr std::size_t longest_sequence = 256;
    const std::size_t end = std::min(text.size(), at + longest_sequence);
    std::size_t i = at + 1;
    const bool is_csi = text[at] == 0x9B || (i < end && text[i] == U'[');
    if (is_csi) {
        i += text[at] == 0x9B ? 0 : 1;
        while (i < end && text[i] >= 0x20 && text[i] <= 0x3F) {
            ++i;
        }
        return i < end && text[i] >= 0x40 && text[i] <= 0x7E ? i + 1 - at : i - at;
    }
    if (i < end && (text[i] == U']' || text[i] == U'P' || text[i] == U'^' || text[i] == U'_')) {
        for (std::size_t j = i + 1; j < end; ++j) {
            if (text[j] == 0x07 || text[j] == 0x9C) {
                return j + 1 - at;
            }
            if (text[j] == 0x1B && j + 1 < end && text[j + 1] == U'\\') {
                return j + 2 - at;
            }
        }
    }
    return 1;
}

/// Takes code points one by one and keeps those that a reader should see.
class Cleaner {
public:
    explicit Cleaner(Lines lines) : lines_(lines) {}

    void newline() {
        if (lines_ == Lines::one) {
            space();
            return;
        }
        while (!kept_.empty() && kept_.back() == U' ') {
            kept_.pop_back();
        }
        const bool has_empty_line = kept_.size() >= 2 && kept_.ends_with(U"\n\n");
        if (!has_empty_line) {
            start_cluster(U'\n');
        }
    }

    void space() {
        if (lines_ == Lines::many || kept_.empty() || kept_.back() != U' ') {
            start_cluster(U' ');
        }
    }

    /// `point` is plain, and so is what came before it, or nothing did.
    [[nodiscard]] bool stands_alone(char32_t point) const {
        return is_plain(point) && (kept_.empty() || kept_.back() == U' ' || is_plain(kept_.back()));
    }

    void plain(char32_t point) {
        start_cluster(point);
        cluster_ = 1;
    }

    void visible(char32_t point) {
        const char32_t before = kept_.empty() ? 0 : kept_.back();
        if ((point == joiner || point == non_joiner) && !joins(before)) {
            return;
        }
        if ((point == 0xFE0E || point == 0xFE0F) && !varies(before)) {
            return;
        }
        marks_ = is_mark(point) ? marks_ + 1 : 0;
        if (marks_ > most_marks) {
            return;
        }
        const bool starts =
            cluster_ == 0 || utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(before),
                                                              static_cast<utf8proc_int32_t>(point), &state_);
        if (!starts && cluster_ >= most_in_cluster) {
            return;
        }
        cluster_ = starts ? 1 : cluster_ + 1;
        kept_.push_back(point);
    }

    [[nodiscard]] std::string utf8() const {
        std::string text;
        text.reserve(kept_.size());
        for (const char32_t point : kept_) {
            append_utf8(text, point);
        }
        return text;
    }

private:
    void start_cluster(char32_t point) {
        kept_.push_back(point);
        cluster_ = 0;
        marks_ = 0;
        state_ = 0;
    }

    Lines lines_;
    std::u32string kept_;
    std::size_t cluster_ = 0;
    std::size_t marks_ = 0;
    utf8proc_int32_t state_ = 0;
};

std::u32string bounded_points(std::string_view text) {
    if (text.size() <= longest_input) {
        return to_points(text);
    }
    std::size_t end = longest_input;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return to_points(text.substr(0, end)) + U'…';
}

}  // namespace

std::u32string to_points(std::string_view text) {
    std::u32string points;
    points.reserve(text.size());
    while (!text.empty()) {
        if (is_plain(static_cast<unsigned char>(text.front()))) {
            points.push_back(static_cast<unsigned char>(text.front()));
            text.remove_prefix(1);
            continue;
        }
        utf8proc_int32_t point = -1;
        const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                             static_cast<utf8proc_ssize_t>(text.size()), &point);
        points.push_back(length > 0 ? static_cast<char32_t>(point) : replacement);
        text.remove_prefix(length > 0 ? static_cast<std::size_t>(length) : 1);
    }
    return points;
}

void append_utf8(std::string& text, char32_t point) {
    if (is_plain(point)) {
        text += static_cast<char>(point);
        return;
    }
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes.data());
    text.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
}

std::string clean(std::string_view text, Lines lines) {
    const std::u32string points = bounded_points(text);
    Cleaner cleaner(lines);
    for (std::size_t i = 0; i < points.size(); ++i) {
        const char32_t point = points[i];
        if (cleaner.stands_alone(point)) {
            cleaner.plain(point);
            continue;
        }
        if (point == U'\r' && i + 1 < points.size() && points[i + 1] == U'\n') {
            continue;
        }
        if (point == 0x1B || point == 0x9B) {
            i += sequence_length(points, i) - 1;
        } else if (is_newline(point)) {
            cleaner.newline();
        } else if (point == U'\t' || is_in(spaces, point)) {
            cleaner.space();
        } else if (is_in(direction, point)) {
            cleaner.visible(replacement);
        } else if (!is_control(point) && !is_noncharacter(point) && !is_in(invisible, point) &&
                   !is_in(private_use, point)) {
            cleaner.visible(point);
        }
    }
    return cleaner.utf8();
}

bool is_blank(std::string_view text) {
    if (std::any_of(text.begin(), text.end(),
                    [](char c) { return is_plain(static_cast<unsigned char>(c)); })) {
        return false;
    }
    const std::u32string points = to_points(text);
    return std::all_of(points.begin(), points.end(), [](char32_t c) {
        return is_newline(c) || is_control(c) || is_in(spaces, c) || is_in(invisible, c) ||
               is_in(direction, c) || c == joiner || c == non_joiner || c == 0xFE0E || c == 0xFE0F;
    });
}

}  // namespace hookline::message
