// Reads and writes the JSON of a document. What is missing or of another type reads as nothing: a document
// may have been written by an older version.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace hookline::state {

/// Nothing where `text` is no JSON object.
[[nodiscard]] boost::json::object parse_document(std::string_view text);

[[nodiscard]] std::string text_at(const boost::json::object& object, std::string_view name);
[[nodiscard]] std::optional<std::int64_t> number_at(const boost::json::object& object, std::string_view name);
[[nodiscard]] bool truth_at(const boost::json::object& object, std::string_view name);
[[nodiscard]] std::optional<bool> optional_truth_at(const boost::json::object& object, std::string_view name);
[[nodiscard]] std::optional<TimePoint> time_at(const boost::json::object& object, std::string_view name);
[[nodiscard]] std::vector<std::string> texts_at(const boost::json::object& object, std::string_view name);
/// Null where there is none.
[[nodiscard]] const boost::json::object* object_at(const boost::json::object& object, std::string_view name);
[[nodiscard]] const boost::json::array* array_at(const boost::json::object& object, std::string_view name);

void put(boost::json::object& object, std::string_view name, std::string_view text);  // nothing for ""
void put_number(boost::json::object& object, std::string_view name, std::optional<std::int64_t> number);
void put_truth(boost::json::object& object, std::string_view name, std::optional<bool> truth);
void put_time(boost::json::object& object, std::string_view name, std::optional<TimePoint> time);
void put_texts(boost::json::object& object, std::string_view name, const std::vector<std::string>& texts);

}  // namespace hookline::state
