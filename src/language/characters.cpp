#include "language/characters.hpp"

#include <utf8proc.h>

#include <array>

namespace hookline::language {

namespace {

utf8proc_int32_t code_point(std::string_view character) {
    utf8proc_int32_t point = -1;
    utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(character.data()),
                     static_cast<utf8proc_ssize_t>(character.size()), &point);
    return point;
}

std::string mapped(std::string_view text, utf8proc_int32_t (*map)(utf8proc_int32_t)) {
    std::string out;
    out.reserve(text.size());
    for (const std::string_view character : Characters(text)) {
        const utf8proc_int32_t point = code_point(character);
        if (point < 0) {
            out += character;
            continue;
        }
        std::array<utf8proc_uint8_t, 4> bytes{};
        const auto length = utf8proc_encode_char(map(point), bytes.data());
        out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
    }
    return out;
}

}  // namespace

std::string upper(std::string_view text) { return mapped(text, utf8proc_toupper); }

std::string lower(std::string_view text) { return mapped(text, utf8proc_tolower); }

bool is_white(std::string_view character) {
    const utf8proc_int32_t point = code_point(character);
    if (point < 0) {
        return false;
    }
    if ((point >= 0x09 && point <= 0x0D) || (point >= 0x1C && point <= 0x20) || point == 0x85) {
        return true;
    }
    const auto category = utf8proc_category(point);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP;
}

bool is_word_character(std::string_view character) {
    const utf8proc_int32_t point = code_point(character);
    if (point < 0) {
        return false;
    }
    switch (utf8proc_category(point)) {
        case UTF8PROC_CATEGORY_LU:
        case UTF8PROC_CATEGORY_LL:
        case UTF8PROC_CATEGORY_LT:
        case UTF8PROC_CATEGORY_LM:
        case UTF8PROC_CATEGORY_LO:
        case UTF8PROC_CATEGORY_ND:
        case UTF8PROC_CATEGORY_NL:
        case UTF8PROC_CATEGORY_NO:
            return true;
        default:
            return point == '_';
    }
}

std::string_view stripped(std::string_view text) {
    while (!text.empty()) {
        const std::string_view first = *Characters(text).begin();
        if (!is_white(first)) {
            break;
        }
        text.remove_prefix(first.size());
    }
    while (!text.empty()) {
        std::size_t start = text.size() - 1;
        while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80U) {
            --start;
        }
        if (!is_white(text.substr(start))) {
            break;
        }
        text = text.substr(0, start);
    }
    return text;
}

}  // namespace hookline::language
