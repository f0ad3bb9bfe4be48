// What the bot says to the gateway, as JSON.
#pragma once

#include <cstdint>
#include <string>

#include "base/secret.hpp"

namespace hookline::discord {

inline constexpr std::size_t frame_limit =
    4096;  // Discord, "Sending Events": a longer payload closes with 4002

[[nodiscard]] std::string identify_frame(const Secret& token, int intents);
[[nodiscard]] std::string resume_frame(const Secret& token, const std::string& session, std::int64_t seq);
/// `seq` 0: nothing was received yet.
[[nodiscard]] std::string heartbeat_frame(std::int64_t seq);

}  // namespace hookline::discord
