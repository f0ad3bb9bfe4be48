#include "docker/engine_event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"

namespace hookline::docker {

namespace json = boost::json;

namespace {

constexpr std::int64_t nanos_a_second = 1'000'000'000;
constexpr std::int64_t latest_second = 4'000'000'000;  // in 2096; nanoseconds end in 2262
constexpr std::size_t most_attributes = 300;
constexpr std::size_t longest_attribute = 2000;
constexpr std::size_t longest_line = 16UL << 10U;

/// What can be told, and what says how to tell it.
constexpr std::array<std::string_view, 14> of_containers{{"commit", "create", "start", "die", "kill", "oom",
                                                          "destroy", "health_status", "pause", "unpause",
                                                          "rename", "stop", "restart", "gone"}};
constexpr std::array<std::string_view, 8> of_images{
    {"pull", "push", "tag", "untag", "delete", "load", "import", "build"}};

struct Word {
    std::string_view type, podman, docker;
};
constexpr std::array<Word, 5> words{{{"container", "died", "die"},
                                     {"container", "remove", "destroy"},
                                     {"image", "remove", "delete"},
                                     {"image", "loadfromarchive", "load"},
                                     {"image", "pull-error", "pull-error"}}};

std::string text_in(const json::object& object, std::string_view key) {
    const json::value* const value = object.if_contains(json::string_view(key.data(), key.size()));
    return value != nullptr && value->is_string()
               ? std::string(value->get_string().subview(0, longest_attribute))
               : std::string();
}

std::int64_t number_in(const json::object& object, std::string_view key) {
    const json::value* const value = object.if_contains(json::string_view(key.data(), key.size()));
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

/// 0 where it is no time that can be reckoned with.
std::int64_t plausible(std::int64_t time, std::int64_t latest) {
    return time > 0 && time <= latest ? time : 0;
}

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// "health_status: unhealthy" is an action and what it says.
void read_action(EngineEvent& event, std::string action) {
    const std::size_t colon = action.find(": ");
    if (colon != std::string::npos) {
        event.detail = action.substr(colon + 2);
        action.resize(colon);
    }
    for (const Word& word : words) {
        if (word.type == event.type && word.podman == action) {
            action = word.docker;
        }
    }
    event.action = std::move(action);
}

void read_actor(EngineEvent& event, const json::object& root) {
    const json::value* const actor = root.if_contains("Actor");
    if (actor == nullptr || !actor->is_object()) {
        return;
    }
    event.id = text_in(actor->get_object(), "ID");
    const json::value* const attributes = actor->get_object().if_contains("Attributes");
    if (attributes == nullptr || !attributes->is_object()) {
        return;
    }
    for (const auto& [name, value] : attributes->get_object()) {
        if (value.is_string() && event.attributes.size() < most_attributes) {
            event.attributes.emplace(std::string(name),
                                     std::string(value.get_string().subview(0, longest_attribute)));
        }
    }
}

/// What is told of it, and no more: labels take as much as they like.
std::string written_again(const EngineEvent& event, const json::object& root) {
    json::object attributes;
    for (const auto& [name, value] : event.attributes) {
        attributes[name] = value;
    }
    json::object all{{"Type", event.type}, {"Action", text_in(root, "Action")}, {"timeNano", event.nanos}};
    all["Actor"] = json::object{{"ID", event.id}, {"Attributes", std::move(attributes)}};
    for (const json::string_view key : {"HealthStatus", "found"}) {
        if (const json::value* const value = root.if_contains(key);
            value != nullptr && !value->is_structured()) {
            all[key] = *value;
        }
    }
    return json::serialize(all);
}

}  // namespace

std::string_view EngineEvent::attribute(std::string_view name) const {
    const auto found = attributes.find(std::string(name));
    return found != attributes.end() ? std::string_view(found->second) : std::string_view();
}

std::string EngineEvent::key() const {
    if (action == gone) {
        return fmt::format("{} {}", action, id);  // when is not known, and it is gone once
    }
    return fmt::format("{} {} {}{} {}", nanos, type, action, detail.empty() ? "" : "=" + detail, id);
}

std::optional<EngineEvent> read_event(std::string_view line) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 20;
    options.allow_invalid_utf8 = true;
    const json::value document = json::parse(json::string_view(line.data(), line.size()), error, {}, options);
    const json::object* const root = error ? nullptr : document.if_object();
    if (root == nullptr || text_in(*root, "scope") == "swarm") {
        return std::nullopt;
    }
    EngineEvent event;
    event.type = text_in(*root, "Type");
    read_action(event, text_in(*root, "Action"));
    const bool is_told = event.type == "container" ? holds(of_containers, event.action)
                                                   : event.type == "image" && holds(of_images, event.action);
    if (!is_told) {
        return std::nullopt;
    }
    read_actor(event, *root);
    if (event.action == "health_status" && event.detail.empty()) {
        event.detail = text_in(*root, "HealthStatus");  // Podman
    }
    event.nanos = plausible(number_in(*root, "timeNano"), latest_second * nanos_a_second);
    if (event.nanos == 0) {
        event.nanos = plausible(number_in(*root, "time"), latest_second) * nanos_a_second;
    }
    const json::value* const found = root->if_contains("found");
    event.is_found = found != nullptr && found->is_bool() && found->get_bool();
    event.json = std::string(line);
    if (line.size() > longest_line) {
        event.attributes = cut_down(std::move(event.attributes), longest_line / 4);
        event.json = written_again(event, *root);
    }
    return event;
}

std::map<std::string, std::string> cut_down(std::map<std::string, std::string> attributes,
                                            std::size_t longest) {
    std::size_t length = 0;
    std::erase_if(attributes, [&](const auto& attribute) {
        const auto& [name, value] = attribute;
        const bool is_needed = name == "name" || name == "image" || name == "exitCode" || name == "signal" ||
                               name.starts_with("com.docker.compose.");
        const std::size_t size = name.size() + value.size();
        length += is_needed ? 0 : size;
        return (!is_needed && length > longest) || size > 2 * longest_attribute;
    });
    return attributes;
}

std::int64_t nanos_of(TimePoint time) {
    const std::int64_t ms = time.time_since_epoch().count();
    constexpr std::int64_t nanos_in_a_millisecond = 1'000'000;
    return plausible(ms, latest_second * 1'000) * nanos_in_a_millisecond;
}

std::string since_text(std::int64_t nanos) {
    const std::int64_t positive = std::max<std::int64_t>(nanos, 0);
    return fmt::format("{}.{:09}", positive / nanos_a_second, positive % nanos_a_second);
}

}  // namespace hookline::docker
