// Any JSON as a notice: what to say is found by the names that services really use for it, also in the
// objects where they wrap it ("data", "payload", "alert" …). Nothing is invented: what has no such name
// becomes a field, in the order it came, as long as there is room and a person could read it.
#pragma once

#include <initializer_list>
#include <span>
#include <string>

#include "event/event.hpp"
#include "services/payload.hpp"

namespace hookline::services::custom {

/// Reads `payload` by the names of its fields.
void parse_json(const Node& payload, event::Event& event);

/// Makes `event` the notice "notice.<severity>" with what `notice` holds; title and url are the event's.
void set_notice(event::Event& event, event::Notice notice);

/// A field, unless the value is empty or there are enough.
void add_fact(event::Notice& notice, std::string_view name, std::string value);

/// The first that is a text.
[[nodiscard]] std::string first_text(std::initializer_list<Node> nodes);
/// "alert_name", "alertName" and "alert-name" as "Alert name".
[[nodiscard]] std::string spelled(std::string_view key);
/// Moves the event's time to the first of `times` that there is.
void set_time(event::Event& event, std::initializer_list<Node> times);

inline constexpr std::size_t most_facts = 12;
inline constexpr std::size_t longest_title = 250;
inline constexpr std::size_t longest_fact = 300;
inline constexpr std::size_t most_items = 50;

}  // namespace hookline::services::custom
