#include "state/document.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace hookline::state {

namespace json = boost::json;

namespace {

const json::value* find(const json::object& object, std::string_view name) {
    return object.if_contains(json::string_view(name.data(), name.size()));
}

json::string_view key(std::string_view name) { return {name.data(), name.size()}; }

}  // namespace

json::object parse_document(std::string_view text) {
    json::error_code error;
    json::value value = json::parse(json::string_view(text.data(), text.size()), error);
    return !error && value.is_object() ? std::move(value.get_object()) : json::object();
}

std::string text_at(const json::object& object, std::string_view name) {
    const json::value* found = find(object, name);
    return found != nullptr && found->is_string()
               ? std::string(found->get_string().data(), found->get_string().size())
               : std::string();
}

std::optional<std::int64_t> number_at(const json::object& object, std::string_view name) {
    const json::value* found = find(object, name);
    return found != nullptr && found->is_int64() ? std::optional(found->get_int64()) : std::nullopt;
}

bool truth_at(const json::object& object, std::string_view name) {
    return optional_truth_at(object, name).value_or(false);
}

std::optional<bool> optional_truth_at(const json::object& object, std::string_view name) {
    const json::value* found = find(object, name);
    return found != nullptr && found->is_bool() ? std::optional(found->get_bool()) : std::nullopt;
}

std::optional<TimePoint> time_at(const json::object& object, std::string_view name) {
    const auto number = number_at(object, name);
    return number ? std::optional(TimePoint(Milliseconds(*number))) : std::nullopt;
}

std::vector<std::string> texts_at(const json::object& object, std::string_view name) {
    std::vector<std::string> texts;
    const json::array* array = array_at(object, name);
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
        if ((*array)[i].is_string()) {
            const json::string& text = (*array)[i].get_string();
            texts.emplace_back(text.data(), text.size());
        }
    }
    return texts;
}

const json::object* object_at(const json::object& object, std::string_view name) {
    const json::value* found = find(object, name);
    return found != nullptr && found->is_object() ? &found->get_object() : nullptr;
}

const json::array* array_at(const json::object& object, std::string_view name) {
    const json::value* found = find(object, name);
    return found != nullptr && found->is_array() ? &found->get_array() : nullptr;
}

void put(json::object& object, std::string_view name, std::string_view text) {
    if (!text.empty()) {
        object[key(name)] = key(text);
    }
}

void put_number(json::object& object, std::string_view name, std::optional<std::int64_t> number) {
    if (number) {
        object[key(name)] = *number;
    }
}

void put_truth(json::object& object, std::string_view name, std::optional<bool> truth) {
    if (truth) {
        object[key(name)] = *truth;
    }
}

void put_time(json::object& object, std::string_view name, std::optional<TimePoint> time) {
    if (time) {
        object[key(name)] = time->time_since_epoch().count();
    }
}

void put_texts(json::object& object, std::string_view name, const std::vector<std::string>& texts) {
    if (texts.empty()) {
        return;
    }
    json::array array;
    for (const std::string& text : texts) {
        array.emplace_back(key(text));
    }
    object[key(name)] = std::move(array);
}

}  // namespace hookline::state
