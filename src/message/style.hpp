// How much a message says of its event, chosen for each hook: which room format makes, and room store keeps.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace hookline::message {

enum class Style {
    compact,  // one line
    normal,
    full  // also what normal leaves out or cuts
};

inline constexpr std::array<std::pair<Style, std::string_view>, 3> style_names{
    {{Style::compact, "compact"}, {Style::normal, "normal"}, {Style::full, "full"}}};

[[nodiscard]] constexpr std::string_view name_of(Style style) {
    for (const auto& [known, name] : style_names) {
        if (known == style) {
            return name;
        }
    }
    return "normal";
}

[[nodiscard]] constexpr std::optional<Style> parse_style(std::string_view text) {
    for (const auto& [style, name] : style_names) {
        if (name == text) {
            return style;
        }
    }
    return std::nullopt;
}

}  // namespace hookline::message
