// A hook's window: what is being summed up, as the store keeps it, and what of it is told when it closes.
#pragma once

#include <string>
#include <string_view>

#include "format/digest.hpp"
#include "store/rows.hpp"

namespace hookline::pipeline {

/// Whether an event that is silent by itself is worth a number in a digest: what changed in a pull request.
[[nodiscard]] bool counts_in_digest(const event::Event& event);

/// The window's document with one event more. At most 200 events are linked; all are counted.
[[nodiscard]] std::string fold(std::string_view document, const store::Hook& hook, const event::Event& event);
[[nodiscard]] format::Digest parse_digest(std::string_view document);

inline constexpr std::string_view window_timer = "window";  // kind of timers; what: the hook's number

}  // namespace hookline::pipeline
