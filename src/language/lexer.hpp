// An expression's text as tokens, each with its place. Quotes of every kind that phones and editors make of
// ' and " are quotes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "language/diagnostic.hpp"
#include "language/value.hpp"

namespace hookline::language {

enum class TokenKind { end, name, integer, real, duration, text, symbol };

struct Token {
    TokenKind kind = TokenKind::end;
    std::string_view raw;  // as it stands in the source
    Place place;
    std::string text;  // of a text: without quotes, escapes done
    Integer integer = 0;
    double real = 0;
    Value::Duration duration{};
};

struct Tokens {
    std::vector<Token> list;   // the last one is `end`
    std::size_t next = 0;      // after the closing mark
    bool trims_after = false;  // the mark had a hyphen: "-}}"
};

/// `closing`: "}}" or "%}" inside a template, else empty: the text ends where the source does.
[[nodiscard]] Checked<Tokens> lex(std::string_view source, std::size_t from, std::string_view closing);

}  // namespace hookline::language
