#include "ingest/json_text.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <charconv>

#include "base/text.hpp"

namespace hookline::ingest {

namespace json = boost::json;
using json::error_code;

namespace {

// Takes everything and keeps nothing: 3.5 GB/s, where a tree takes 1 GB/s.
struct Accepting {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t, error_code&) { return true; }
    bool on_object_begin(error_code&) { return true; }
    bool on_object_end(std::size_t, error_code&) { return true; }
    bool on_string_part(json::string_view, std::size_t, error_code&) { return true; }
    bool on_string(json::string_view, std::size_t, error_code&) { return true; }
    bool on_key_part(json::string_view, std::size_t, error_code&) { return true; }
    bool on_key(json::string_view, std::size_t, error_code&) { return true; }
    bool on_number_part(json::string_view, error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, error_code&) { return true; }
    bool on_uint64(std::uint64_t, json::string_view, error_code&) { return true; }
    bool on_double(double, json::string_view, error_code&) { return true; }
    bool on_bool(bool, error_code&) { return true; }
    bool on_null(error_code&) { return true; }
    bool on_comment_part(json::string_view, error_code&) { return true; }
    bool on_comment(json::string_view, error_code&) { return true; }
};

struct Found {
    error_code error;
    std::size_t at = 0;
};

Found check(std::string_view text) {
    json::parse_options options;
    options.max_depth = json_depth;
    json::basic_parser<Accepting> parser(options);
    Found found;
    found.at = parser.write_some(false, text.data(), text.size(), found.error);
    if (!found.error && found.at < text.size()) {
        found.error = json::error::extra_data;
    }
    return found;
}

std::string_view explain(const error_code& error) {
    if (error == json::error::incomplete) {
        return "it ends too early";
    }
    if (error == json::error::extra_data) {
        return "something follows its end";
    }
    if (error == json::error::too_deep) {
        return "it is nested deeper than 100 levels";
    }
    if (error == json::error::exponent_overflow) {
        return "a number's exponent is too large";
    }
    return "a syntax error";
}

std::string place(std::string_view text, std::size_t at) {
    const std::string_view before = text.substr(0, at);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t line_start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
    const auto column =
        std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_start), before.end(),
                      [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U; }) +
        1;
    return fmt::format("line {}, column {}", line, column);
}

std::optional<unsigned> code_unit(std::string_view text, std::size_t at) {
    unsigned unit = 0;
    if (text.substr(at, 2) != "\\u" || at + 6 > text.size()) {
        return std::nullopt;
    }
    const auto [end, error] = std::from_chars(text.data() + at + 2, text.data() + at + 6, unit, 16);
    return error == std::errc{} && end == text.data() + at + 6 ? std::optional(unit) : std::nullopt;
}

bool is_leading(unsigned unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool is_trailing(unsigned unit) { return unit >= 0xdc00 && unit < 0xe000; }

/// Half a pair becomes \ufffd, in place: both are six characters. False: there is none.
bool mend_surrogates(std::string& text) {
    bool is_mended = false;
    for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at)) {
        const auto unit = code_unit(text, at);
        if (!unit) {
            at += 2;
            continue;
        }
        const auto next = code_unit(text, at + 6);
        if (is_leading(*unit) && next && is_trailing(*next)) {
            at += 12;
            continue;
        }
        if (is_leading(*unit) || is_trailing(*unit)) {
            text.replace(at, 6, "\\ufffd");
            is_mended = true;
        }
        at += 6;
    }
    return is_mended;
}

std::string_view kind_of(char first) {
    switch (first) {
        case '[':
            return "an array";
        case '"':
            return "a string";
        case 't':
        case 'f':
            return "a boolean";
        case 'n':
            return "null";
        default:
            return "a number";
    }
}

}  // namespace

Result<std::string> json_object(std::string text, std::size_t limit) {
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.erase(0, 3);
    }
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    if (start == std::string::npos) {
        return fail(Errc::malformed, "the body is empty");
    }
    Found found = check(text);
    if (found.error && !is_utf8(text)) {
        text = repair_utf8(text);
        if (text.size() > limit) {
            return fail(Errc::too_large, "the body is too large once its bytes are valid UTF-8");
        }
        found = check(text);
    }
    if (found.error && mend_surrogates(text)) {
        found = check(text);
    }
    if (found.error) {
        return fail(Errc::malformed, fmt::format("the body is not JSON: {} at {}", explain(found.error),
                                                 place(text, found.at)));
    }
    if (text[start] != '{') {
        return fail(Errc::malformed,
                    fmt::format("the body must be a JSON object, but it is {}", kind_of(text[start])));
    }
    return text;
}

}  // namespace hookline::ingest
