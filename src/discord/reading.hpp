// Reads single values out of what Discord sends. Everything may be missing, null or of another type: then the
// answer is nothing, never an exception (Discord, "Gateway": unknown fields and values are ignored).
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/ids.hpp"

namespace hookline::discord {

/// "" where it is missing or no string. Valid as long as `object`.
[[nodiscard]] std::string_view text_in(const boost::json::object& object, std::string_view key);
[[nodiscard]] std::optional<std::int64_t> number_in(const boost::json::object& object, std::string_view key);
[[nodiscard]] bool flag_in(const boost::json::object& object, std::string_view key);
/// A decimal string; 0 where there is none.
[[nodiscard]] Snowflake id_in(const boost::json::object& object, std::string_view key);
[[nodiscard]] Snowflake id_of(const boost::json::value& value);
/// Null where it is missing or something else.
[[nodiscard]] const boost::json::object* object_in(const boost::json::object& object, std::string_view key);
[[nodiscard]] const boost::json::array* array_in(const boost::json::object& object, std::string_view key);

}  // namespace hookline::discord
