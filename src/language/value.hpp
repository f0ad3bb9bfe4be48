// What an expression works with: the values of Jinja2 and Python, over an event that is not copied. Texts,
// lists and maps are borrowed from the event or the payload where they come from there, and owned where they
// were made: a value may not outlive what it was taken from.
#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hookline::language {

struct Schema;

/// Wide enough that no sum or product of two 64-bit numbers is lost before its bounds are checked.
__extension__ typedef __int128 Integer;

class Value {
public:
    /// What is not there. `name` says what was asked for, for errors; it lives as long as the program's text.
    struct Undefined {
        std::string_view name;
    };
    struct None {};
    struct Text {
        std::string_view view;
        std::shared_ptr<const std::string> owner;  // null: borrowed
        bool is_markup = false;                    // Markdown of our own: not escaped again
    };
    struct List {
        std::shared_ptr<const std::vector<Value>> items;  // null: `json`
        const boost::json::array* json = nullptr;
        bool is_tuple = false;
    };
    struct Map {
        const boost::json::object* json = nullptr;
    };
    /// A thing of the event, described by its schema.
    struct Object {
        const Schema* schema = nullptr;
        const void* thing = nullptr;
    };
    using Duration = std::chrono::milliseconds;

    Value() = default;
    [[nodiscard]] static Value undefined(std::string_view name) { return Value(Undefined{name}); }
    [[nodiscard]] static Value none() { return Value(None{}); }
    [[nodiscard]] static Value boolean(bool value) { return Value(value); }
    [[nodiscard]] static Value integer(Integer value) { return Value(value); }
    [[nodiscard]] static Value real(double value) { return Value(value); }
    [[nodiscard]] static Value borrowed(std::string_view text) { return Value(Text{text, nullptr, false}); }
    [[nodiscard]] static Value text(std::string text);
    [[nodiscard]] static Value markup(std::string text);
    [[nodiscard]] static Value list(std::vector<Value> items, bool is_tuple = false);
    [[nodiscard]] static Value object(const Schema& schema, const void* thing) {
        return Value(Object{&schema, thing});
    }
    [[nodiscard]] static Value duration(Duration duration) { return Value(duration); }
    /// Arrays and objects stay where they are.
    [[nodiscard]] static Value json(const boost::json::value& value);

    [[nodiscard]] bool is_undefined() const { return std::holds_alternative<Undefined>(held_); }
    [[nodiscard]] bool is_none() const { return std::holds_alternative<None>(held_); }
    [[nodiscard]] const bool* as_boolean() const { return std::get_if<bool>(&held_); }
    [[nodiscard]] const Integer* as_integer() const { return std::get_if<Integer>(&held_); }
    [[nodiscard]] const double* as_real() const { return std::get_if<double>(&held_); }
    [[nodiscard]] const Text* as_text() const { return std::get_if<Text>(&held_); }
    [[nodiscard]] const List* as_list() const { return std::get_if<List>(&held_); }
    [[nodiscard]] const Map* as_map() const { return std::get_if<Map>(&held_); }
    [[nodiscard]] const Object* as_object() const { return std::get_if<Object>(&held_); }
    [[nodiscard]] const Duration* as_duration() const { return std::get_if<Duration>(&held_); }
    [[nodiscard]] const Undefined* as_undefined() const { return std::get_if<Undefined>(&held_); }
    [[nodiscard]] bool is_number() const { return as_integer() || as_real() || as_boolean(); }

private:
    using Held = std::variant<Undefined, None, bool, Integer, double, Text, List, Map, Object, Duration>;
    explicit Value(Held held) : held_(std::move(held)) {}
    Held held_;
};

/// As Python has it: empty texts, lists and maps, zero, none and what is undefined are false.
[[nodiscard]] bool is_true(const Value& value);

/// str() of Python: what a template prints.
[[nodiscard]] std::string to_text(const Value& value);
/// repr() of Python: texts in quotes, as they stand in a printed list.
[[nodiscard]] std::string to_source(const Value& value);

/// "a number", "a text", "a list": for errors.
[[nodiscard]] std::string_view kind_of(const Value& value);

[[nodiscard]] bool are_equal(const Value& left, const Value& right);
enum class Order { less, equal, greater, unordered };
/// Nothing where the two cannot be put in order ("a" and 1).
[[nodiscard]] std::optional<Order> order_of(const Value& left, const Value& right);

/// A number as the machine counts it; booleans are 0 and 1. Nothing for what is no whole number.
[[nodiscard]] std::optional<Integer> whole_number(const Value& value);
/// A number of any kind.
[[nodiscard]] std::optional<double> real_number(const Value& value);

[[nodiscard]] std::size_t size_of(const Value::List& list);
/// `index` < size_of(list).
[[nodiscard]] Value item_of(const Value::List& list, std::size_t index);
/// What `for` goes over: items of a list, keys of a map, characters of a text. Nothing for anything else.
[[nodiscard]] std::optional<std::vector<Value>> items_of(const Value& value);

/// `thing.name` where it is a map or an object; undefined where there is none.
[[nodiscard]] Value member_of(const Value& value, std::string_view name);

/// Names of Python's reserved sort ("__class__"): refused everywhere.
[[nodiscard]] inline bool is_reserved(std::string_view name) { return name.find("__") != name.npos; }

}  // namespace hookline::language
