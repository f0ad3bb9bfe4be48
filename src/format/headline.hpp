// What happened, in one line: the title of the embed, and the whole of the plain message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "event/event.hpp"
#include "format/look.hpp"

namespace hookline::format {

struct Headline {
    std::string_view emoji;
    std::uint32_t color = color::news;
    std::string text;  // Markdown for a title: names of the payload escaped and shortened, no links
    [[nodiscard]] std::string str() const { return std::string(emoji) + " " + text; }
};

[[nodiscard]] Headline headline_of(const event::Event& event);

}  // namespace hookline::format
