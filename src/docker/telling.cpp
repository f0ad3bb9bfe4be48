#include "docker/telling.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "docker/engine_json.hpp"
#include "docker/log_frames.hpp"
#include "services/redact.hpp"

namespace hookline::docker {

namespace json = boost::json;

namespace {

json::object picked(const json::object& from, std::initializer_list<json::string_view> keys) {
    json::object result;
    for (const json::string_view key : keys) {
        if (const json::value* const value = from.if_contains(key)) {
            result[key] = *value;
        }
    }
    return result;
}

/// The state of its health and the last words of its check, which may repeat what the container was given.
json::object health_of(const json::object& state) {
    const json::object& health = object_in(state, "Health");
    json::object result = picked(health, {"Status", "FailingStreak"});
    const json::value* const log = health.if_contains("Log");
    if (log == nullptr || !log->is_array() || log->get_array().empty()) {
        return result;
    }
    const json::object* const last = log->get_array().back().if_object();
    const json::value* const output = last != nullptr ? last->if_contains("Output") : nullptr;
    if (output == nullptr || !output->is_string()) {
        return result;
    }
    constexpr LogLimits limits{3, 200, 400};
    json::array lines;
    for (std::string& line : last_lines(std::string(output->get_string()), limits)) {
        lines.emplace_back(std::move(line));
    }
    result["Output"] = std::move(lines);
    return result;
}

/// What the environment of a container holds is nobody's business; its labels are in the event.
json::object container_of(const json::object& all) {
    json::object result = picked(all, {"Id", "Name", "Created", "Image", "RestartCount"});
    const json::object& state = object_in(all, "State");
    json::object told = picked(state, {"Status", "Running", "Restarting", "OOMKilled", "ExitCode", "Error",
                                       "StartedAt", "FinishedAt"});
    if (const json::value* const error = told.if_contains("Error"); error != nullptr && error->is_string()) {
        constexpr std::size_t longest_error = 500;
        const std::string text = repair_utf8(std::string(error->get_string()));
        told["Error"] = services::without_secrets(shorten(text, longest_error));
    }
    if (json::object health = health_of(state); !health.empty()) {
        told["Health"] = std::move(health);
    }
    result["State"] = std::move(told);
    result["Config"] = picked(object_in(all, "Config"), {"Image", "Tty"});
    result["HostConfig"] = picked(object_in(all, "HostConfig"), {"RestartPolicy", "Memory", "AutoRemove"});
    return result;
}

json::object image_of(const json::object& all) {
    json::object result = picked(all, {"Id", "RepoTags", "RepoDigests", "Created", "Size"});
    const json::value* const layers = object_in(all, "RootFS").if_contains("Layers");
    if (layers != nullptr && layers->is_array()) {
        result["Layers"] = layers->get_array().size();
    }
    return result;
}

json::object engine_of(const std::string& name, const EngineVersion& version) {
    return {{"name", name}, {"kind", version.is_podman ? "podman" : "docker"}, {"server", version.server}};
}

json::object story_of(const Story& story, bool is_late) {
    return {{"asked_for", story.is_asked_for},
            {"after_crash", story.is_after_crash},
            {"out_of_memory", story.is_out_of_memory},
            {"signal", story.signal},
            {"started", story.started},
            {"stopped", story.stopped},
            {"ends", story.ends},
            {"row_since", story.row_since},
            {"recreated", story.is_recreated},
            {"stopped_id", story.stopped_id},
            {"late", is_late},
            {"fetched", story.is_fetched},
            {"health_before", story.health_before}};
}

}  // namespace

std::string payload_of(const std::string& engine, const EngineVersion& version, const EngineEvent& event,
                       const Story& story, const Facts& facts, bool is_late) {
    json::object payload;
    payload["engine"] = engine_of(engine, version);
    payload["event"] = parse_answer(event.json);
    payload["story"] = story_of(story, is_late);
    const json::value container = parse_answer(facts.container);
    if (container.is_object()) {
        payload["container"] = container_of(container.get_object());
    }
    const json::value image = parse_answer(facts.image);
    if (image.is_object()) {
        payload["image"] = image_of(image.get_object());
    }
    if (!facts.logs.empty()) {
        payload["logs"] = json::array(facts.logs.begin(), facts.logs.end());
    }
    return json::serialize(payload);
}

std::string payload_of_engine(const std::string& engine, std::string_view action, std::string_view reason,
                              std::int64_t nanos, std::int64_t away_since) {
    json::object payload;
    payload["engine"] = {{"name", engine}};
    payload["event"] = {{"Type", "engine"}, {"Action", action}, {"timeNano", nanos}};
    payload["story"] = {{"reason", reason}, {"away_since", away_since}};
    return json::serialize(payload);
}

std::vector<std::string> names_of_image(const std::string& text) {
    std::vector<std::string> names;
    const json::value value = parse_answer(text);
    const json::object* const all = value.if_object();
    const json::value* const tags = all != nullptr ? all->if_contains("RepoTags") : nullptr;
    if (tags == nullptr || !tags->is_array()) {
        return names;
    }
    for (const json::value& tag : tags->get_array()) {
        if (tag.is_string()) {
            names.emplace_back(tag.get_string());
        }
    }
    return names;
}

Inspected read_container(const std::string& text) {
    Inspected inspected;
    const json::value value = parse_answer(text);
    if (!value.is_object()) {
        return inspected;
    }
    const json::object& all = value.get_object();
    inspected.has_terminal = truth_in(object_in(all, "Config"), "Tty");
    inspected.has_failed_to_start = text_in(object_in(all, "State"), "Status") == "created" &&
                                    !text_in(object_in(all, "State"), "Error").empty();
    inspected.is_running = truth_in(object_in(all, "State"), "Running");
    inspected.started_at = text_in(object_in(all, "State"), "StartedAt");
    inspected.image = text_in(all, "Image");
    return inspected;
}

}  // namespace hookline::docker
