#include "discord/reading.hpp"

#include <boost/json.hpp>
#include <cmath>

namespace hookline::discord {

namespace json = boost::json;

std::string_view text_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    const json::string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

std::optional<std::int64_t> number_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (const std::int64_t* number = value->if_int64()) {
        return *number;
    }
    constexpr double exact = 9007199254740992.0;  // 2^53
    const double* number = value->if_double();
    if (number != nullptr && std::abs(*number) <= exact) {
        return static_cast<std::int64_t>(*number);
    }
    return std::nullopt;
}

bool flag_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    const bool* flag = value == nullptr ? nullptr : value->if_bool();
    return flag != nullptr && *flag;
}

Snowflake id_in(const json::object& object, std::string_view key) {
    return parse_snowflake(text_in(object, key)).value_or(Snowflake());
}

Snowflake id_of(const json::value& value) {
    const json::string* text = value.if_string();
    return text == nullptr
               ? Snowflake()
               : parse_snowflake(std::string_view(text->data(), text->size())).value_or(Snowflake());
}

const json::object* object_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value == nullptr ? nullptr : value->if_object();
}

const json::array* array_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value == nullptr ? nullptr : value->if_array();
}

}  // namespace hookline::discord
