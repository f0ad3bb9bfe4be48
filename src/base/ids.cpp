#include "base/ids.hpp"

#include <fmt/format.h>

#include <charconv>

namespace hookline {

namespace {

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number <= 0) {
        return std::nullopt;
    }
    return number;
}

}  // namespace

std::string to_string(HookId id) { return fmt::format("hook_{:03}", id.value); }

std::optional<HookId> parse_hook_id(std::string_view text) {
    if (text.starts_with("hook_")) {
        text.remove_prefix(5);
    }
    const auto number = parse_number<std::int64_t>(text);
    return number ? std::optional(HookId(*number)) : std::nullopt;
}

std::string to_string(Snowflake id) { return fmt::format("{}", id.value); }

std::optional<Snowflake> parse_snowflake(std::string_view text) {
    if (text.size() > 20 || text.empty() || text.front() == '-') {
        return std::nullopt;
    }
    const auto number = parse_number<std::uint64_t>(text);
    return number ? std::optional(Snowflake(*number)) : std::nullopt;
}

}  // namespace hookline
