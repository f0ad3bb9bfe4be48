// Reading what an engine answers, member by member: what is not there, or is something else, is empty.
// Internal to this room.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace hookline::docker {

/// null where it is no JSON, or nested deeper than an engine's answers are.
[[nodiscard]] boost::json::value parse_answer(std::string_view text);
[[nodiscard]] const boost::json::object& object_in(const boost::json::object& object, std::string_view key);
[[nodiscard]] std::string text_in(const boost::json::object& object, std::string_view key);
[[nodiscard]] bool truth_in(const boost::json::object& object, std::string_view key);

}  // namespace hookline::docker
