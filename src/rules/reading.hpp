// How fields are read: small words that keep the tables of room rules readable.
#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/iso_time.hpp"
#include "event/event.hpp"
#include "language/schema.hpp"
#include "message/markdown.hpp"

namespace hookline::rules {

using language::Field;
using language::Schema;
using language::Type;
using language::Value;

/// The thing a field is read from.
template <class T>
const T& as(const void* thing) {
    return *static_cast<const T*>(thing);
}

/// A text that may be empty.
inline Value text(const std::string& text) { return Value::borrowed(text); }
/// A text that is not there where it is empty: the sender did not tell.
inline Value told(const std::string& text) { return text.empty() ? Value() : Value::borrowed(text); }
/// An address that the service's own field holds: it may stand in a message as it is, made safe. Addresses
/// inside texts and the raw payload are broken like all markup of strangers.
inline Value address(const std::string& url) {
    return url.empty() ? Value() : Value::markup(message::safe_url(url));
}
inline Value number(std::int64_t number) { return Value::integer(number); }
inline Value number(const std::optional<std::int64_t>& number) {
    return number ? Value::integer(*number) : Value();
}
inline Value truth(bool truth) { return Value::boolean(truth); }
inline Value duration(const std::optional<std::chrono::seconds>& seconds) {
    return seconds ? Value::duration(*seconds) : Value();
}
inline Value time(const std::optional<TimePoint>& time) {
    return time ? Value::text(iso_time(*time)) : Value();
}

inline Value texts(const std::vector<std::string>& list) {
    std::vector<Value> items;
    items.reserve(list.size());
    for (const std::string& item : list) {
        items.push_back(Value::borrowed(item));
    }
    return Value::list(std::move(items));
}
/// Owned: the list is made for the asking.
inline Value texts(std::vector<std::string>&& list) {
    std::vector<Value> items;
    items.reserve(list.size());
    for (std::string& item : list) {
        items.push_back(Value::text(std::move(item)));
    }
    return Value::list(std::move(items));
}
template <class T>
Value objects(const std::vector<T>& list, const Schema& schema) {
    std::vector<Value> items;
    items.reserve(list.size());
    for (const T& item : list) {
        items.push_back(Value::object(schema, &item));
    }
    return Value::list(std::move(items));
}

[[nodiscard]] std::string_view word_of(event::Conclusion conclusion);  // "timed_out"; "" while it runs
inline Value conclusion(event::Conclusion conclusion) {
    const std::string_view word = word_of(conclusion);
    return word.empty() ? Value() : Value::borrowed(word);
}
[[nodiscard]] bool is_bad(event::Conclusion conclusion);

}  // namespace hookline::rules
