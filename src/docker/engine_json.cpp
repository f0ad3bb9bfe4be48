#include "docker/engine_json.hpp"

#include <boost/json/parse.hpp>

namespace hookline::docker {

namespace json = boost::json;

namespace {

const json::value* member(const json::object& object, std::string_view key) {
    return object.if_contains(json::string_view(key.data(), key.size()));
}

}  // namespace

json::value parse_answer(std::string_view text) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 100;
    options.allow_invalid_utf8 = true;
    json::value value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
    return error ? json::value() : value;
}

const json::object& object_in(const json::object& object, std::string_view key) {
    static const json::object none;
    const json::value* const value = member(object, key);
    return value != nullptr && value->is_object() ? value->get_object() : none;
}

std::string text_in(const json::object& object, std::string_view key) {
    const json::value* const value = member(object, key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool truth_in(const json::object& object, std::string_view key) {
    const json::value* const value = member(object, key);
    return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace hookline::docker
