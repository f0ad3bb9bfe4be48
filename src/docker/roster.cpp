#include "docker/roster.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "docker/containers.hpp"
#include "docker/engine_json.hpp"

namespace hookline::docker {

namespace json = boost::json;

namespace {

/// All of it is written each time.
constexpr std::size_t longest_attributes = 2'000;

std::map<std::string, std::string> texts_in(const json::object& object, json::string_view key) {
    std::map<std::string, std::string> texts;
    const json::value* const inner = object.if_contains(key);
    if (inner != nullptr && inner->is_object()) {
        for (const auto& [name, value] : inner->get_object()) {
            if (value.is_string()) {
                texts.emplace(std::string(name), std::string(value.get_string()));
            }
        }
    }
    return texts;
}

/// The first name is the container's own; others are those that links gave it.
std::string name_in(const json::object& object) {
    const json::value* const names = object.if_contains("Names");
    if (names == nullptr || !names->is_array() || names->get_array().empty() ||
        !names->get_array().front().is_string()) {
        return {};
    }
    const std::string name(names->get_array().front().get_string());
    return name.starts_with('/') ? name.substr(1) : name;
}

}  // namespace

std::vector<Listed> read_list(const std::string& text) {
    std::vector<Listed> list;
    const json::value value = parse_answer(text);
    if (!value.is_array()) {
        return list;
    }
    for (const json::value& item : value.get_array()) {
        if (!item.is_object()) {
            continue;
        }
        const json::object& object = item.get_object();
        Listed listed;
        listed.id = text_in(object, "Id");
        listed.is_running = text_in(object, "State") == "running";
        listed.attributes = texts_in(object, "Labels");
        listed.attributes["name"] = name_in(object);
        listed.attributes["image"] = text_in(object, "Image");
        if (!listed.id.empty()) {
            list.push_back(std::move(listed));
        }
    }
    return list;
}

void Roster::read(const std::string& text) {
    const json::value value = parse_answer(text);
    if (!value.is_object()) {
        return;
    }
    for (const auto& [id, item] : value.get_object()) {
        if (item.is_object()) {
            const json::value* const started = item.get_object().if_contains("started");
            put(std::string(id), Running{started != nullptr && started->is_int64() ? started->get_int64() : 0,
                                         texts_in(item.get_object(), "attributes")});
        }
    }
}

std::string Roster::to_text() const {
    json::object all;
    for (const auto& [id, container] : running_) {
        json::object attributes;
        for (const auto& [name, text] : container.attributes) {
            attributes[name] = text;
        }
        all[id] = json::object{{"started", container.started}, {"attributes", std::move(attributes)}};
    }
    return json::serialize(all);
}

bool Roster::on(const EngineEvent& event) {
    if (event.type != "container") {
        return false;
    }
    if (event.action == "start" && !Containers::is_noise(event)) {
        put(event.id, Running{event.nanos, cut_down(event.attributes, longest_attributes)});
        return true;
    }
    const bool has_ended = event.action == "die" || event.action == "destroy" || event.action == gone;
    return has_ended && running_.erase(event.id) > 0;
}

void Roster::begin_with(const std::vector<Listed>& list) {
    for (const Listed& listed : list) {
        if (listed.is_running && !running_.contains(listed.id)) {
            put(listed.id, Running{0, cut_down(listed.attributes, longest_attributes)});
        }
    }
}

void Roster::put(const std::string& id, Running running) {
    const auto found = running_.find(id);
    if (found != running_.end()) {
        found->second = std::move(running);
    } else if (running_.size() < most) {
        running_.emplace(id, std::move(running));
    }
}

}  // namespace hookline::docker
