#include "base/text.hpp"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <numeric>

namespace hookline {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

struct Decoded {
    utf8proc_int32_t point = -1;  // negative: not whole UTF-8
    std::size_t bytes = 1;
};

Decoded decode(std::string_view text) {
    utf8proc_int32_t point = -1;
    const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                         static_cast<utf8proc_ssize_t>(text.size()), &point);
    if (length <= 0) {
        return {};
    }
    return {point, static_cast<std::size_t>(length)};
}

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// Letters added, left out, changed, or swapped with their neighbour ("lsit" is one slip away from "list").
std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> before_last(right.size() + 1);
    std::vector<std::size_t> last(right.size() + 1);
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(last.begin(), last.end(), 0U);
    for (std::size_t i = 1; i <= left.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t changed = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
            row[j] = std::min({changed, last[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return last.back();
}

}  // namespace

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const Decoded next = decode(text);
        if (next.point < 0) {
            return false;
        }
        text.remove_prefix(next.bytes);
    }
    return true;
}

std::string repair_utf8(std::string_view text) {
    std::string whole;
    whole.reserve(text.size());
    while (!text.empty()) {
        const Decoded next = decode(text);
        whole += next.point < 0 ? replacement : text.substr(0, next.bytes);
        text.remove_prefix(next.bytes);
    }
    return whole;
}

std::string_view cut_at_character(std::string_view text, std::size_t limit) {
    std::size_t boundary = 0;  // the last place between two characters
    std::size_t position = 0;
    std::size_t points = 0;
    utf8proc_int32_t previous = -1;
    utf8proc_int32_t state = 0;
    while (position < text.size()) {
        const Decoded next = decode(text.substr(position));
        const bool breaks =
            previous < 0 || next.point < 0 || utf8proc_grapheme_break_stateful(previous, next.point, &state);
        if (breaks) {
            boundary = position;
        }
        if (points == limit) {
            return text.substr(0, boundary);
        }
        previous = next.point;
        position += next.bytes;
        ++points;
    }
    return text;
}

std::string shorten(std::string_view text, std::size_t limit) {
    if (code_points(text) <= limit) {
        return std::string(text);
    }
    if (limit == 0) {
        return {};
    }
    std::string_view kept = cut_at_character(text, limit - 1);
    const std::size_t space = kept.find_last_of(" \n\t");
    if (space != std::string_view::npos && space >= kept.size() * 3 / 4 && text[kept.size()] != ' ') {
        kept = kept.substr(0, space);
    }
    while (!kept.empty() && (kept.back() == ' ' || kept.back() == '\n' || kept.back() == '\t')) {
        kept.remove_suffix(1);
    }
    return std::string(kept) + "…";
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n\v\f";
    const std::size_t begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

std::string to_lower_ascii(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
    return left.size() == right.size() && to_lower_ascii(left) == to_lower_ascii(right);
}

std::string_view first_line(std::string_view text) {
    return trim(text.substr(0, std::min(text.find('\n'), text.size())));
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(end + 1);
    }
}

bool glob_matches(std::string_view pattern, std::string_view text) {
    // Only the last star is ever taken back: the match is linear in pattern times text, never exponential.
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t after_star = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] == text[t] && pattern[p] != '*'))) {
            ++p;
            ++t;
            while (pattern[p - 1] == '?' && t < text.size() && is_continuation(text[t])) {
                ++t;
            }
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            after_star = t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++after_star;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') {
        ++p;
    }
    return p == pattern.size();
}

std::string grouped(std::int64_t number) {
    std::string digits = fmt::format("{}", number);
    const std::size_t first = number < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

std::string counted(std::int64_t number, std::string_view noun, std::string_view plural) {
    if (number == 1) {
        return fmt::format("1 {}", noun);
    }
    return plural.empty() ? fmt::format("{} {}s", grouped(number), noun)
                          : fmt::format("{} {}", grouped(number), plural);
}

std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string_view> known) {
    constexpr std::size_t longest = 40;
    if (word.empty() || word.size() > longest) {
        return std::nullopt;
    }
    const std::string lower = to_lower_ascii(word);
    std::optional<std::string> best;
    std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string_view candidate : known) {
        const std::size_t distance = edit_distance(lower, to_lower_ascii(candidate));
        if (distance < best_distance) {
            best_distance = distance;
            best = std::string(candidate);
        }
    }
    return best;
}

}  // namespace hookline
