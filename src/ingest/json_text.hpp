// Is a text JSON that the rest of the program, and other readers of the database, can work with?
#pragma once

#include <string>

#include "base/result.hpp"

namespace hookline::ingest {

inline constexpr std::size_t json_depth = 100;  // levels of nesting

/// `text` if it is one JSON object. What senders get wrong without meaning harm is mended, for the payload
/// column is text that others read: a byte order mark goes, bytes that are not UTF-8 become U+FFFD, and so
/// does half of a surrogate pair ("\ud800"). Everything else stays as it came, byte by byte.
/// Errors: malformed (with line and column, counted from 1 in characters), too_large (mended: over `limit`).
[[nodiscard]] Result<std::string> json_object(std::string text, std::size_t limit);

}  // namespace hookline::ingest
