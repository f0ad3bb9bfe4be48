// A message read back from the body that Discord gets, and shown as a reader of the channel sees it.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "message/message.hpp"

namespace hookline::timeline {

/// `current` with what `body` sets of it: the whole message for a create, what changes for an edit.
[[nodiscard]] message::Message read_body(const boost::json::object& body, message::Message current = {});

/// What of `body` Discord would not take, a sentence each (tests/doubles/discord/bodies.mjs). Counts in the
/// JSON itself: what our own limits.hpp says is what is tested.
[[nodiscard]] std::vector<std::string> refusals(const boost::json::object& body);

/// Without addresses and times of its own, at most `width` columns wide; lines end with a line break.
[[nodiscard]] std::string shown(const message::Message& message, std::size_t width = 88);

}  // namespace hookline::timeline
