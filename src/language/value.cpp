#include "language/value.hpp"

#include <fmt/format.h>
#include <utf8proc.h>

#include <boost/json/value.hpp>
#include <charconv>
#include <cmath>

#include "base/duration.hpp"
#include "language/characters.hpp"
#include "language/schema.hpp"

namespace hookline::language {

namespace json = boost::json;

namespace {

constexpr int deepest_print = 100;  // json nests no deeper than ingest lets it

/// repr() of a float: the shortest digits that read back, in fixed form from 1e-4 up to 1e16.
std::string print_real(double value) {
    if (std::isnan(value)) {
        return "nan";
    }
    if (std::isinf(value)) {
        return value > 0 ? "inf" : "-inf";
    }
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
    const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
    const std::size_t e = text.find('e');
    int exponent = 0;
    const char* digits = text.data() + e + 1;
    std::from_chars(*digits == '+' ? digits + 1 : digits, end, exponent);
    if (exponent < -4 || exponent >= 16) {
        return fmt::format("{}e{}{:02}", text.substr(0, e), exponent < 0 ? '-' : '+', std::abs(exponent));
    }
    const auto fixed_end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
    std::string fixed(buffer, fixed_end);
    if (fixed.find('.') == std::string::npos) {
        fixed += ".0";
    }
    return fixed;
}

/// repr() of a str.
std::string quoted(std::string_view text) {
    const char quote = text.find('\'') != text.npos && text.find('"') == text.npos ? '"' : '\'';
    std::string out(1, quote);
    for (const std::string_view character : Characters(text)) {
        const char first = character.front();
        if (character.size() > 1) {
            out += character;
        } else if (first == quote || first == '\\') {
            out += '\\';
            out += first;
        } else if (first == '\n') {
            out += "\\n";
        } else if (first == '\r') {
            out += "\\r";
        } else if (first == '\t') {
            out += "\\t";
        } else if (static_cast<unsigned char>(first) < 0x20 || first == 0x7F) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(first));
        } else {
            out += first;
        }
    }
    out += quote;
    return out;
}

std::string print(const Value& value, bool is_source, int depth);

std::string print_list(const Value::List& list, int depth) {
    const std::size_t size = size_of(list);
    std::string out(1, list.is_tuple ? '(' : '[');
    for (std::size_t i = 0; i < size; ++i) {
        out += i == 0 ? "" : ", ";
        out += print(item_of(list, i), true, depth + 1);
    }
    out += list.is_tuple && size == 1 ? "," : "";
    out += list.is_tuple ? ')' : ']';
    return out;
}

std::string print_map(const Value::Map& map, int depth) {
    std::string out = "{";
    for (const auto& [key, item] : *map.json) {
        out += out.size() == 1 ? "" : ", ";
        out += quoted(std::string_view(key.data(), key.size()));
        out += ": ";
        out += print(Value::json(item), true, depth + 1);
    }
    return out + "}";
}

std::string print(const Value& value, bool is_source, int depth) {
    if (depth > deepest_print) {
        return "…";
    }
    if (const auto* text = value.as_text()) {
        return is_source ? quoted(text->view) : std::string(text->view);
    }
    if (const auto* truth = value.as_boolean()) {
        return *truth ? "True" : "False";
    }
    if (const auto* integer = value.as_integer()) {
        return fmt::format("{}", *integer);
    }
    if (const auto* real = value.as_real()) {
        return print_real(*real);
    }
    if (const auto* list = value.as_list()) {
        return print_list(*list, depth);
    }
    if (const auto* map = value.as_map()) {
        return print_map(*map, depth);
    }
    if (const auto* object = value.as_object()) {
        // What stands for the thing where it is printed whole; its fields are there to be named.
        for (const std::string_view name : {"full_name", "title", "name", "id"}) {
            const Field* field = find_field(*object->schema, name);
            if (field != nullptr) {
                return print(field->read(object->thing), is_source, depth + 1);
            }
        }
        return std::string(object->schema->name);
    }
    if (const auto* duration = value.as_duration()) {
        return spell_duration(std::chrono::duration_cast<std::chrono::seconds>(*duration));
    }
    if (value.is_none()) {
        return "None";
    }
    return is_source ? "Undefined" : "";
}

/// Exact: a double's 53 bits and an integer's 64 both fit a long double's 64 or more.
template <class T>
Order order_numbers(T left, T right) {
    if (left < right) {
        return Order::less;
    }
    if (left > right) {
        return Order::greater;
    }
    return left == right ? Order::equal : Order::unordered;
}

std::optional<Order> order_of_numbers(const Value& left, const Value& right) {
    const auto left_whole = whole_number(left);
    const auto right_whole = whole_number(right);
    if (left_whole && right_whole) {
        return order_numbers(*left_whole, *right_whole);
    }
    const auto wide = [](const Value& value, const std::optional<Integer>& whole) {
        return whole ? static_cast<long double>(*whole) : static_cast<long double>(*value.as_real());
    };
    return order_numbers(wide(left, left_whole), wide(right, right_whole));
}

std::optional<Value::Duration> read_duration(const Value& value) {
    if (const auto* duration = value.as_duration()) {
        return *duration;
    }
    if (const auto* text = value.as_text()) {
        const auto parsed = parse_duration(text->view);
        return parsed ? std::optional<Value::Duration>(*parsed) : std::nullopt;
    }
    if (value.as_boolean() != nullptr) {
        return std::nullopt;
    }
    const auto number = real_number(value);
    constexpr double longest = 1e12;  // seconds
    if (!number || !(std::abs(*number) < longest)) {
        return std::nullopt;
    }
    return std::chrono::duration_cast<Value::Duration>(std::chrono::duration<double>(*number));
}

std::optional<Order> order_of_lists(const Value::List& left, const Value::List& right) {
    if (left.is_tuple != right.is_tuple) {
        return std::nullopt;
    }
    const std::size_t size = std::min(size_of(left), size_of(right));
    for (std::size_t i = 0; i < size; ++i) {
        const Value a = item_of(left, i);
        const Value b = item_of(right, i);
        if (!are_equal(a, b)) {
            return order_of(a, b);
        }
    }
    return order_numbers(size_of(left), size_of(right));
}

bool are_equal_lists(const Value::List& left, const Value::List& right) {
    const std::size_t size = size_of(left);
    if (left.is_tuple != right.is_tuple || size != size_of(right)) {
        return false;
    }
    for (std::size_t i = 0; i < size; ++i) {
        if (!are_equal(item_of(left, i), item_of(right, i))) {
            return false;
        }
    }
    return true;
}

bool are_equal_maps(const Value::Map& left, const Value::Map& right) {
    if (left.json->size() != right.json->size()) {
        return false;
    }
    return std::all_of(left.json->begin(), left.json->end(), [&](const auto& pair) {
        const json::value* other = right.json->if_contains(pair.key());
        return other != nullptr && are_equal(Value::json(pair.value()), Value::json(*other));
    });
}

}  // namespace

Value Value::text(std::string text) {
    auto owner = std::make_shared<const std::string>(std::move(text));
    const std::string_view view = *owner;
    return Value(Text{view, std::move(owner), false});
}

Value Value::markup(std::string text) {
    Value value = Value::text(std::move(text));
    std::get<Text>(value.held_).is_markup = true;
    return value;
}

Value Value::list(std::vector<Value> items, bool is_tuple) {
    return Value(List{std::make_shared<const std::vector<Value>>(std::move(items)), nullptr, is_tuple});
}

Value Value::json(const boost::json::value& value) {
    switch (value.kind()) {
        case json::kind::null:
            return none();
        case json::kind::bool_:
            return boolean(value.get_bool());
        case json::kind::int64:
            return integer(value.get_int64());
        case json::kind::uint64:
            return integer(static_cast<Integer>(value.get_uint64()));
        case json::kind::double_:
            return real(value.get_double());
        case json::kind::string: {
            const json::string& text = value.get_string();
            return borrowed(std::string_view(text.data(), text.size()));
        }
        case json::kind::array:
            return Value(List{nullptr, &value.get_array(), false});
        case json::kind::object:
            return Value(Map{&value.get_object()});
    }
    return {};
}

bool is_true(const Value& value) {
    if (const auto* truth = value.as_boolean()) {
        return *truth;
    }
    if (const auto* text = value.as_text()) {
        return !text->view.empty();
    }
    if (const auto* integer = value.as_integer()) {
        return *integer != 0;
    }
    if (const auto* real = value.as_real()) {
        return *real != 0.0;
    }
    if (const auto* list = value.as_list()) {
        return size_of(*list) > 0;
    }
    if (const auto* map = value.as_map()) {
        return !map->json->empty();
    }
    if (const auto* duration = value.as_duration()) {
        return duration->count() != 0;
    }
    return value.as_object() != nullptr;
}

std::string to_text(const Value& value) { return print(value, false, 0); }

std::string to_source(const Value& value) { return print(value, true, 0); }

std::string_view kind_of(const Value& value) {
    if (value.is_undefined()) {
        return "nothing";
    }
    if (value.is_none()) {
        return "none";
    }
    if (value.as_boolean() != nullptr) {
        return "true or false";
    }
    if (value.is_number()) {
        return "a number";
    }
    if (value.as_text() != nullptr) {
        return "a text";
    }
    if (value.as_list() != nullptr) {
        return "a list";
    }
    return value.as_duration() != nullptr ? "a duration" : "an object";
}

std::optional<Integer> whole_number(const Value& value) {
    if (const auto* integer = value.as_integer()) {
        return *integer;
    }
    if (const auto* truth = value.as_boolean()) {
        return *truth ? 1 : 0;
    }
    return std::nullopt;
}

std::optional<double> real_number(const Value& value) {
    if (const auto* real = value.as_real()) {
        return *real;
    }
    const auto whole = whole_number(value);
    return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

bool are_equal(const Value& left, const Value& right) {
    const auto* left_text = left.as_text();
    const auto* right_text = right.as_text();
    if (left_text != nullptr && right_text != nullptr) {
        return left_text->view == right_text->view;
    }
    if (left.is_number() && right.is_number()) {
        return order_of_numbers(left, right) == Order::equal;
    }
    if (left.as_duration() != nullptr || right.as_duration() != nullptr) {
        const auto a = read_duration(left);
        const auto b = read_duration(right);
        return a && b && *a == *b;
    }
    if (left.as_list() != nullptr && right.as_list() != nullptr) {
        return are_equal_lists(*left.as_list(), *right.as_list());
    }
    if (left.as_map() != nullptr && right.as_map() != nullptr) {
        return are_equal_maps(*left.as_map(), *right.as_map());
    }
    if (left.as_object() != nullptr && right.as_object() != nullptr) {
        return left.as_object()->thing == right.as_object()->thing;
    }
    return (left.is_none() && right.is_none()) || (left.is_undefined() && right.is_undefined());
}

std::optional<Order> order_of(const Value& left, const Value& right) {
    if (left.is_number() && right.is_number()) {
        return order_of_numbers(left, right);
    }
    if (left.as_duration() != nullptr || right.as_duration() != nullptr) {
        const auto a = read_duration(left);
        const auto b = read_duration(right);
        return a && b ? std::optional(order_numbers(a->count(), b->count())) : std::nullopt;
    }
    // The order of UTF-8 bytes is the order of code points, which is Python's.
    if (left.as_text() != nullptr && right.as_text() != nullptr) {
        return order_numbers(left.as_text()->view.compare(right.as_text()->view), 0);
    }
    if (left.as_list() != nullptr && right.as_list() != nullptr) {
        return order_of_lists(*left.as_list(), *right.as_list());
    }
    return std::nullopt;
}

std::size_t size_of(const Value::List& list) {
    return list.json != nullptr ? list.json->size() : list.items->size();
}

Value item_of(const Value::List& list, std::size_t index) {
    return list.json != nullptr ? Value::json((*list.json)[index]) : (*list.items)[index];
}

std::optional<std::vector<Value>> items_of(const Value& value) {
    std::vector<Value> items;
    if (const auto* list = value.as_list()) {
        const std::size_t size = size_of(*list);
        items.reserve(size);
        for (std::size_t i = 0; i < size; ++i) {
            items.push_back(item_of(*list, i));
        }
        return items;
    }
    if (const auto* map = value.as_map()) {
        for (const auto& pair : *map->json) {
            items.push_back(Value::borrowed(std::string_view(pair.key().data(), pair.key().size())));
        }
        return items;
    }
    if (const auto* text = value.as_text()) {
        for (const std::string_view character : Characters(text->view)) {
            items.push_back(text->owner == nullptr ? Value::borrowed(character)
                                                   : Value::text(std::string(character)));
        }
        return items;
    }
    return value.is_undefined() ? std::optional(std::move(items)) : std::nullopt;
}

Value member_of(const Value& value, std::string_view name) {
    if (const auto* object = value.as_object()) {
        if (const Field* field = find_field(*object->schema, name)) {
            return field->read(object->thing);
        }
        return object->schema->read_other != nullptr ? object->schema->read_other(object->thing, name)
                                                     : Value::undefined({});
    }
    if (const auto* map = value.as_map()) {
        const json::value* found = map->json->if_contains(json::string_view(name.data(), name.size()));
        return found != nullptr ? Value::json(*found) : Value::undefined({});
    }
    return Value::undefined({});
}

const Field* find_field(const Schema& schema, std::string_view name) {
    const auto found = std::find_if(schema.fields.begin(), schema.fields.end(),
                                    [&](const Field& field) { return field.name == name; });
    return found == schema.fields.end() ? nullptr : &*found;
}

std::string_view name_of(Type type) {
    switch (type) {
        case Type::any:
            return "anything";
        case Type::boolean:
            return "true or false";
        case Type::integer:
        case Type::number:
            return "a number";
        case Type::text:
            return "a text";
        case Type::list:
            return "a list";
        case Type::map:
        case Type::object:
            return "an object";
        case Type::duration:
            return "a duration";
    }
    return "anything";
}

}  // namespace hookline::language
