#include "language/diagnostic.hpp"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>

#include "base/text.hpp"

namespace hookline::language {

namespace {

constexpr std::size_t most_before = 60;  // bytes of a long line shown before the place
constexpr std::size_t most_after = 60;

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        utf8proc_int32_t point = 0;
        const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                             static_cast<utf8proc_ssize_t>(text.size()), &point);
        if (length <= 0) {
            ++columns;
            text.remove_prefix(1);
            continue;
        }
        columns += static_cast<std::size_t>(std::max(utf8proc_charwidth(point), 0));
        text.remove_prefix(static_cast<std::size_t>(length));
    }
    return columns;
}

bool is_inside_character(std::string_view text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

}  // namespace

std::string caret_under(std::string_view source, Place place) {
    place.begin = std::min(place.begin, source.size());
    place.end = std::clamp(place.end, place.begin, source.size());
    const std::size_t line_break = place.begin == 0 ? source.npos : source.rfind('\n', place.begin - 1);
    std::size_t from = line_break == source.npos ? 0 : line_break + 1;
    std::size_t to = std::min(source.find('\n', place.begin), source.size());
    place.end = std::min(place.end, to);
    std::string before;
    std::string after;
    if (place.begin - from > most_before) {
        from = place.begin - most_before;
        while (is_inside_character(source, from)) {
            ++from;
        }
        before = "…";
    }
    if (to > place.end + most_after) {
        to = place.end + most_after;
        while (is_inside_character(source, to)) {
            --to;
        }
        after = "…";
    }
    std::string line(source.substr(from, to - from));
    std::replace(line.begin(), line.end(), '\t', ' ');
    const std::size_t indent = columns_of(before) + columns_of(source.substr(from, place.begin - from));
    const std::size_t width =
        std::max<std::size_t>(columns_of(source.substr(place.begin, place.end - place.begin)), 1);
    return fmt::format("{}{}{}\n{}{}", before, line, after, std::string(indent, ' '),
                       std::string(width, '^'));
}

std::string to_text(const Diagnostic& diagnostic, std::string_view source) {
    return fmt::format("{}\n{}", diagnostic.sentence, caret_under(source, diagnostic.place));
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
    const auto nearest = nearest_word(word, known);
    return nearest ? fmt::format("; did you mean \"{}\"?", *nearest) : std::string();
}

}  // namespace hookline::language
