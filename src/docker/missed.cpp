#include "docker/missed.hpp"

#include <boost/json/serialize.hpp>
#include <span>

#include "base/iso_time.hpp"
#include "base/waiting.hpp"
#include "docker/engine_json.hpp"

namespace hookline::docker {

namespace json = boost::json;

namespace {

/// An event of a start is a little later than what inspecting says.
constexpr std::int64_t same_start = 5'000'000'000;
constexpr std::size_t most_at_once = 8;

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

/// A container that ran, or runs.
struct Looked {
    std::string id;
    const Running* known = nullptr;  // null: nobody knew of it
    Result<std::string> shown;       // of inspecting it
};

std::vector<Looked> to_look_at(const Roster& roster, const std::vector<Listed>& list) {
    std::vector<Looked> all;
    for (const auto& [id, container] : roster.running()) {
        all.push_back(Looked{id, &container, std::string()});
    }
    for (const Listed& container : list) {
        if (container.is_running && !roster.running().contains(container.id) &&
            all.size() < 2 * Roster::most) {
            all.push_back(Looked{container.id, nullptr, std::string()});
        }
    }
    return all;
}

Task<void> look_at(Engine& engine, Looked& one) {
    std::string id = one.id;
    one.shown = co_await engine.container(std::move(id));
}

std::vector<std::string> lines_of(const std::vector<Looked>& all, std::int64_t now) {
    std::multimap<std::int64_t, std::string> lines;  // by their time
    for (const Looked& one : all) {
        if (!one.shown && one.shown.error().code == Errc::not_found && one.known != nullptr) {
            lines.emplace(now, line_of_gone(one.id, *one.known, now));
        }
        auto line = one.shown ? line_of_state(*one.shown) : std::nullopt;
        const auto event = line ? read_event(*line) : std::nullopt;
        if (event && is_news(*event, one.known)) {
            lines.emplace(event->nanos, std::move(*line));
        }
    }
    std::vector<std::string> in_order;
    for (auto& [when, line] : lines) {
        in_order.push_back(std::move(line));
    }
    return in_order;
}

}  // namespace

std::optional<std::string> line_of_state(const std::string& text) {
    const json::value value = parse_answer(text);
    if (!value.is_object()) {
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
        if (truth_in(state, "OOMKilled")) {
            attributes["oomKilled"] = "true";
        }
    }
    return line_of(is_running ? "start" : "die", text_in(all, "Id"), std::move(attributes), nanos_of(*when));
}

Task<Result<std::vector<std::string>>> find_missed(Engine& engine, const Roster& roster, std::int64_t now) {
    const auto list = co_await engine.containers();
    if (!list && list.error().code != Errc::forbidden && list.error().code != Errc::not_found) {
        co_return tl::unexpected(list.error());
    }
    std::vector<Looked> all = to_look_at(roster, list ? read_list(*list) : std::vector<Listed>());
    for (std::size_t at = 0; at < all.size(); at += most_at_once) {
        std::vector<Task<void>> looking;
        for (Looked& one : std::span(all).subspan(at, std::min(most_at_once, all.size() - at))) {
            looking.push_back(look_at(engine, one));
        }
        co_await wait_for_all(std::move(looking));
        for (const Looked& one : std::span(all).subspan(at, std::min(most_at_once, all.size() - at))) {
            const Errc trouble = one.shown ? Errc::not_found : one.shown.error().code;
            if (trouble != Errc::not_found && trouble != Errc::forbidden) {
                co_return tl::unexpected(one.shown.error());
            }
        }
    }
    co_return lines_of(all, now);
}

}  // namespace hookline::docker
