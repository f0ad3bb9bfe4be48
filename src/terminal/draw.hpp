// A message drawn as Discord would show it: colour bar, bold title, fields side by side, small print.
#pragma once

#include <string>

#include "message/message.hpp"

namespace hookline::terminal {

struct DrawOptions {
    bool colour = false;  // ANSI colours and links; else plain text, addresses written out
    std::size_t width = 80;
};

/// Ends with a line break. Nothing in `message` can make the terminal do more than show text.
[[nodiscard]] std::string draw(const message::Message& message, const DrawOptions& options);

}  // namespace hookline::terminal
