#include "docker/missed.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "base/iso_time.hpp"

namespace hookline::docker {

namespace json = boost::json;

namespace {

constexpr std::int64_t nanos_in_a_millisecond = 1'000'000;
/// An event of a start is a little later than what inspecting says.
constexpr std::int64_t same_start = 5'000'000'000;

const json::object& object_in(const json::object& object, json::string_view key) {
    static const json::object none;
    const json::value* const value = object.if_contains(key);
    return value != nullptr && value->is_object() ? value->get_object() : none;
}

std::string text_in(const json::object& object, json::string_view key) {
    const json::value* const value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string line_of(std::string_view action, const std::string& id, json::object attributes,
                    std::int64_t nanos) {
    return json::serialize(
        json::object{{"Type", "container"},
                     {"Action", action},
                     {"Actor", json::object{{"ID", id}, {"Attributes", std::move(attributes)}}},
                     {"scope", "local"},
                     {"timeNano", nanos},
                     {"found", true}});
}

std::string line_of_gone(const std::string& id, const Running& container, std::int64_t now) {
    json::object attributes;
    for (const auto& [name, value] : container.attributes) {
        attributes[name] = value;
    }
    return line_of(gone, id, std::move(attributes), now);
}

/// Whether what was inspected is another run than the one that is known.
bool is_news(const EngineEvent& event, const Running* known) {
    const bool is_same_run = event.action == "start" && known != nullptr &&
                             (known->started == 0 || std::abs(event.nanos - known->started) <= same_start);
    return !is_same_run;
}

}  // namespace

std::optional<std::string> line_of_state(const std::string& text) {
    boost::system::error_code error;
    json::parse_options options;
    options.allow_invalid_utf8 = true;
    const json::value value = json::parse(text, error, {}, options);
    if (error || !value.is_object()) {
        return std::nullopt;
    }
    const json::object& all = value.get_object();
    const json::object& state = object_in(all, "State");
    const std::string status = text_in(state, "Status");
    const bool is_running = status == "running";
    const bool has_ended = status == "exited" || status == "dead";
    const auto when = parse_time(text_in(state, is_running ? "StartedAt" : "FinishedAt"));
    const json::value* const exit_code = state.if_contains("ExitCode");
    if (!when || !(is_running || (has_ended && exit_code != nullptr && exit_code->is_int64()))) {
        return std::nullopt;
    }
    json::object attributes = object_in(object_in(all, "Config"), "Labels");
    const std::string name = text_in(all, "Name");
    attributes["name"] = name.starts_with('/') ? name.substr(1) : name;
    attributes["image"] = text_in(object_in(all, "Config"), "Image");
    if (has_ended) {
        attributes["exitCode"] = std::to_string(exit_code->get_int64());
    }
    return line_of(is_running ? "start" : "die", text_in(all, "Id"), std::move(attributes),
                   when->time_since_epoch().count() * nanos_in_a_millisecond);
}

Task<std::vector<std::string>> find_missed(Engine& engine, const Roster& roster, std::int64_t now) {
    const auto listed = co_await engine.containers();
    std::map<std::string, const Running*> asked;  // who ran, and who runs
    for (const auto& [id, container] : roster.running()) {
        asked.emplace(id, &container);
    }
    const std::vector<Listed> list = listed ? read_list(*listed) : std::vector<Listed>();
    for (const Listed& container : list) {
        if (container.is_running && asked.size() < 2 * Roster::most) {
            asked.emplace(container.id, nullptr);
        }
    }
    std::multimap<std::int64_t, std::string> lines;  // by their time
    for (const auto& [id, known] : asked) {
        std::string of = id;
        const auto container = co_await engine.container(std::move(of));
        if (!container && container.error().code == Errc::not_found && known != nullptr) {
            lines.emplace(now, line_of_gone(id, *known, now));
        }
        auto line = container ? line_of_state(*container) : std::nullopt;
        const auto event = line ? read_event(*line) : std::nullopt;
        if (event && is_news(*event, known)) {
            lines.emplace(event->nanos, std::move(*line));
        }
    }
    std::vector<std::string> in_order;
    for (auto& [when, line] : lines) {
        in_order.push_back(std::move(line));
    }
    co_return in_order;
}

}  // namespace hookline::docker
