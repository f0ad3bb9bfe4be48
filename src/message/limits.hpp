// Discord's limits (Discord, "Embed Limits", "Create Message"), counted in code points, and the one function
// that makes any message keep them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "message/message.hpp"

namespace hookline::message::limits {

inline constexpr std::size_t content = 2000;
inline constexpr std::size_t embeds = 10;
inline constexpr std::size_t embed_total =
    6000;  // titles, descriptions, fields, footers, authors of all embeds
inline constexpr std::size_t title = 256;
inline constexpr std::size_t description = 4096;
inline constexpr std::size_t fields = 25;
inline constexpr std::size_t field_name = 256;
inline constexpr std::size_t field_value = 1024;
inline constexpr std::size_t footer = 2048;
inline constexpr std::size_t author = 256;
inline constexpr std::size_t url = 2048;
inline constexpr std::size_t button_label = 80;
inline constexpr std::size_t button_url = 512;
inline constexpr std::size_t buttons = 25;    // 5 rows of 5
inline constexpr std::size_t mentions = 100;  // of users, of roles
inline constexpr std::size_t files = 10;
inline constexpr std::size_t file_bytes = 10UL * 1024 * 1024;
inline constexpr std::size_t request_bytes = 24UL * 1024 * 1024;  // 25 MiB, less what frames the files
inline constexpr std::uint32_t color = 0xFFFFFF;

}  // namespace hookline::message::limits

namespace hookline::message {

/// What an embed counts towards limits::embed_total.
[[nodiscard]] std::size_t counted_points(const Embed& embed);

/// What of `message` breaks a limit, one sentence each; empty when Discord will take it.
[[nodiscard]] std::vector<std::string> broken_limits(const Message& message);

/// `message` as Discord will take it: texts cut at a whole character, word, link and code span, saying how
/// much was cut; empty fields, bad URLs and what does not fit left out. Never empty: at worst a line that
/// says so.
[[nodiscard]] Message fit(Message message);

}  // namespace hookline::message
