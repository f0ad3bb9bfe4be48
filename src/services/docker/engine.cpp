#include "services/docker/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/crypto.hpp"
#include "base/duration.hpp"
#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "services/builds.hpp"
#include "services/exit_codes.hpp"
#include "services/numbers.hpp"
#include "services/redact.hpp"

namespace hookline::services::docker {

namespace {

using event::Container;
using std::chrono::seconds;

constexpr std::size_t longest_id = 100;
constexpr std::size_t longest_name = 300;
constexpr std::size_t most_labels = 100;
constexpr std::size_t most_lines = 30;
constexpr std::size_t longest_line = 400;
constexpr std::int64_t most_bytes = std::numeric_limits<std::int64_t>::max();

std::string attribute(const Node& payload, std::string_view name) {
    return payload["event"]["Actor"]["Attributes"][name].text(longest_name);
}

std::string without_slash(std::string name) { return name.starts_with('/') ? name.substr(1) : name; }

/// What an engine adds to a container's labels in the attributes of an event.
bool is_extra(std::string_view name) {
    constexpr std::array<std::string_view, 11> extras{{"image", "name", "exitCode", "signal", "execDuration",
                                                       "execID", "oldName", "podId", "containerExitCode",
                                                       "oomKilled", "comment"}};
    return std::find(extras.begin(), extras.end(), name) != extras.end();
}

/// Proxies are given the hashes of passwords in labels; others hold worse.
std::string label_of(const std::string& name, const std::string& value) {
    const std::string lower = to_lower_ascii(name);
    const bool is_secret = lower.ends_with("users") || lower.ends_with("auth");
    return fmt::format("{}={}", shorten(name, longest_name), is_secret ? "…" : value);
}

std::vector<std::string> labels_of(const Node& attributes) {
    std::vector<std::string> labels;
    for (const std::string& name : attributes.keys(most_labels)) {
        if (!is_extra(name)) {
            labels.push_back(without_secrets(label_of(name, attributes[name].text(longest_name))));
        }
    }
    return labels;
}

std::vector<std::string> texts_of(const Node& list) {
    std::vector<std::string> texts;
    for (const Node& item : list.items(most_lines)) {
        if (std::string text = item.text(longest_line); !trim(text).empty()) {
            texts.push_back(std::move(text));
        }
    }
    return texts;
}

/// What was inspected may show the next run already, where the engine starts a container again at once.
bool shows_this_run(const Node& state, TimePoint when) {
    const auto started = state["StartedAt"].time();
    return started && *started <= when && !state["Running"].is_true();
}

void read_end(const Node& payload, const event::Event& event, Container& container) {
    const Node story = payload["story"];
    const Node state = payload["container"]["State"];
    const bool is_this_run = shows_this_run(state, event.time);
    const auto told = payload["event"]["Actor"]["Attributes"]["exitCode"].integer();
    // A label of that name would stand in the attribute.
    container.exit_code = is_this_run && state["ExitCode"].integer() ? state["ExitCode"].integer() : told;
    container.is_out_of_memory =
        story["out_of_memory"].is_true() || (is_this_run && state["OOMKilled"].is_true());
    if (container.exit_code) {
        container.exit_meaning = meaning_of(*container.exit_code, container.is_out_of_memory);
    }
    constexpr std::int64_t longest = 100LL * 365 * 24 * 3600;
    if (const auto took = within(payload["event"]["Actor"]["Attributes"]["execDuration"], 0, longest)) {
        container.uptime = seconds(*took);
    } else {
        container.uptime = time_from_to(time_of_nanos(story["started"]), event.time);
    }
    if (!container.uptime && is_this_run) {
        container.uptime = time_from_to(state["StartedAt"].time(), state["FinishedAt"].time());
    }
}

Container container_of(const Node& payload, const event::Event& event) {
    const Node attributes = payload["event"]["Actor"]["Attributes"];
    const Node inspected = payload["container"];
    const Node story = payload["story"];
    Container container;
    container.engine = payload["engine"]["name"].text(longest_name);
    container.id = payload["event"]["Actor"]["ID"].text(longest_id);
    container.name = without_slash(attribute(payload, "name"));
    if (container.name.empty()) {
        container.name = without_slash(inspected["Name"].text(longest_name));
    }
    container.image = attribute(payload, "image");
    container.project = attribute(payload, "com.docker.compose.project");
    container.service = attribute(payload, "com.docker.compose.service");
    container.labels = labels_of(attributes);
    container.was_asked_for = story["asked_for"].is_true();
    container.restarts = inspected["RestartCount"].integer();
    const std::string policy = inspected["HostConfig"]["RestartPolicy"]["Name"].text(longest_name);
    container.restart_policy = policy == "no" ? "" : policy;
    container.ends = std::clamp<std::int64_t>(story["ends"].integer_or(0), 0, 1'000'000);
    container.ends_for = time_from_to(time_of_nanos(story["row_since"]), event.time);
    if (container.ends > 0) {
        container.row = fmt::format("{} {}", container.id, story["row_since"].integer_or(0));
    }
    container.stopped = time_of_nanos(story["stopped"]);
    container.is_recreated = story["recreated"].is_true();
    container.is_found = payload["event"]["found"].is_true();
    if (container.stopped) {
        const std::string of = story["stopped_id"].text(longest_id);
        container.stop_key =
            fmt::format("{} {}", of.empty() ? container.id : of, story["stopped"].integer_or(0));
    }
    container.image_created = payload["image"]["Created"].time();
    container.memory_limit = within(inspected["HostConfig"]["Memory"], 1, most_bytes);
    container.logs = texts_of(payload["logs"]);
    const Node health = inspected["State"]["Health"];
    container.health_output = texts_of(health["Output"]);
    container.failing_streak = health["FailingStreak"].integer();
    return container;
}

void name_as(event::Event& event, std::string_view name, std::string_view action) {
    event.name = name;
    event.action = action;
}

void name_start(event::Event& event) {
    const Container& container = *event.container;
    const bool by_itself = container.ends > 0 && !container.restart_policy.empty();
    name_as(event, "start", container.was_asked_for ? "restarted" : by_itself ? "retried" : "started");
}

void name_end(const Node& payload, event::Event& event) {
    Container& container = *event.container;
    read_end(payload, event, container);
    // Podman tells no signal before an end that was asked for through its API.
    constexpr std::int64_t terminated = 143;
    const bool is_podmans_stop =
        payload["engine"]["kind"].text() == "podman" && container.exit_code == terminated;
    container.was_asked_for = container.was_asked_for || is_podmans_stop;
    if (container.was_asked_for) {
        container.ends = 0;
        container.row.clear();
        return name_as(event, "stop", "stopped");
    }
    if (container.is_out_of_memory) {
        return name_as(event, "error", "oom");
    }
    name_as(event, container.exit_code == 0 ? "stop" : "error",
            container.exit_code == 0 ? "finished" : "crashed");
}

/// "health_status: unhealthy"; Podman says it beside the action.
void name_health(const Node& payload, const std::string& action, event::Event& event) {
    const std::size_t colon = action.find(": ");
    const std::string health = colon != std::string::npos
                                   ? action.substr(colon + 2)
                                   : payload["event"]["HealthStatus"].text(longest_name);
    if (health == "unhealthy") {
        return name_as(event, "health", "unhealthy");
    }
    if (health == "healthy") {
        event.container->health_output.clear();
        const bool is_again = payload["story"]["health_before"].text() == "unhealthy";
        name_as(event, "health", is_again ? "healthy" : "ready");
    }
}

/// It was made, and never started: the engine says why.
void name_failed_start(const Node& payload, event::Event& event) {
    const Node state = payload["container"]["State"];
    event.message = state["Error"].text(longest_line);
    if (!trim(event.message).empty()) {
        event.container->exit_code = state["ExitCode"].integer();
        name_as(event, "error", "not_started");
    }
}

void parse_container(const Node& payload, const std::string& action, event::Event& event) {
    event.container = container_of(payload, event);
    event.title = event.container->name;
    if (action == "start") {
        name_start(event);
    } else if (action == "die" || action == "died") {
        name_end(payload, event);
    } else if (action == "create") {
        name_failed_start(payload, event);
    } else if (action == "oom") {
        event.container->is_out_of_memory = true;
        name_as(event, "error", "process_oom");
    } else if (action.starts_with("health_status")) {
        name_health(payload, action, event);
    } else if (action == "gone") {
        event.message = "it was removed while nobody could listen; how it ended is not known";
        name_as(event, "stop", "gone");
    } else if (action == "pause") {
        name_as(event, "stop", "paused");
    } else if (action == "unpause") {
        name_as(event, "start", "unpaused");
    }
    if (event.name.empty()) {
        event.container.reset();
        return;
    }
    Container& container = *event.container;
    if (container.exit_code && container.exit_meaning.empty()) {
        container.exit_meaning = meaning_of(*container.exit_code, container.is_out_of_memory);
    }
    if (container.exit_code && event.message.empty()) {
        event.message =
            fmt::format("exit code {}{}", *container.exit_code,
                        container.exit_meaning.empty() ? "" : " (" + container.exit_meaning + ")");
    } else if (!container.health_output.empty()) {
        event.message = container.health_output.back();
    }
}

struct Word {
    std::string_view engine, action;
};
constexpr std::array image_words{
    Word{"pull", "pulled"},    Word{"push", "pushed"},     Word{"tag", "tagged"},
    Word{"untag", "untagged"}, Word{"delete", "deleted"},  Word{"remove", "deleted"},
    Word{"load", "loaded"},    Word{"import", "imported"}, Word{"loadfromarchive", "loaded"},
    Word{"build", "built"},
};

/// "octo/app:1.4" as repository and tag; a digest as one.
void read_reference(const std::string& reference, event::Image& image) {
    if (reference.starts_with("sha256:")) {
        constexpr std::size_t shown = 12;
        image.digest = reference;
        image.repository = reference.substr(reference.find(':') + 1, shown);
        return;
    }
    const Reference parts = parts_of(reference);
    image.repository = parts.repository;
    image.tag = parts.tag;
    image.digest = parts.digest;
}

bool is_bare_id(std::string_view text) {
    constexpr std::size_t length = 64;
    return text.size() == length && text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// It was pulled, or pushed already. Docker's containerd store names every image by its own digest, which is
/// its id then; any other is a registry's.
bool is_of_registry(const Node& image) {
    const std::string id = image["Id"].text(longest_name);
    const auto names = image["RepoDigests"].items();
    return std::any_of(names.begin(), names.end(), [&](const Node& name) {
        const std::string reference = name.text(longest_name);
        return parts_of(reference).digest != id;
    });
}

/// The engine says nothing of a build but that its image has a name, right after it was made; Podman says
/// that it was built.
bool is_fresh(const Node& payload, const std::string& action, const event::Event& event) {
    constexpr std::chrono::minutes exporting_takes(5);
    const auto made = payload["image"]["Created"].time();
    const bool is_named = action == "tag" && made && event.time - *made < exporting_takes &&
                          *made - event.time < exporting_takes && !payload["story"]["fetched"].is_true() &&
                          !is_of_registry(payload["image"]);
    return action == "build" || is_named;
}

void parse_built(const Node& payload, event::Event& event) {
    event::Build build;
    build.status = event::Build::Status::completed;
    build.by = "image";
    build.engine = payload["engine"]["name"].text(longest_name);
    build.image_id = payload["image"]["Id"].text(longest_name);
    if (build.image_id.empty()) {
        build.image_id = event.image->digest;
    }
    build.key = fmt::format("{} {}", build.engine, build.image_id);
    if (event.image->tag.empty()) {
        build.name = event.image->repository;
    } else {
        build.tags.push_back(plain_reference(event.title));
        build.name = parts_of(build.tags.front()).repository;
    }
    build.ended = event.time;
    build.size = event.image->size;
    build.layers = within(payload["image"]["Layers"], 1, most_bytes);
    event.title = build.name;
    event.also = "image." + event.action;
    event.build = std::move(build);
    name_as(event, "build", "completed");
}

void parse_image(const Node& payload, const std::string& action, event::Event& event) {
    const auto* const word = std::find_if(image_words.begin(), image_words.end(),
                                          [&](const Word& row) { return row.engine == action; });
    if (word == image_words.end()) {
        return;
    }
    const std::string id = payload["event"]["Actor"]["ID"].text(longest_name);
    const std::string name = attribute(payload, "name");
    // Of what is fetched the id is the reference; of what is loaded neither is, but the image knows its tags.
    const bool is_fetched = word->action == "pulled" || word->action == "pushed";
    std::string reference = is_fetched && !id.empty() ? id : name;
    if (is_bare_id(reference)) {  // Podman
        reference = "sha256:" + reference;
    }
    const auto tags = payload["image"]["RepoTags"].items(1);
    if ((reference.empty() || reference.starts_with("sha256:")) && !tags.empty()) {
        reference = tags.front().text(longest_name);
    }
    event::Image image;
    read_reference(reference.empty() ? id : reference, image);
    if (image.digest.empty() && (id.starts_with("sha256:") || is_bare_id(id))) {
        image.digest = is_bare_id(id) ? "sha256:" + id : id;
    }
    image.size = within(payload["image"]["Size"], 1, most_bytes);
    event.title = image.tag.empty() ? image.repository : image.repository + ":" + image.tag;
    event.image = std::move(image);
    name_as(event, "image", word->action);
    if (is_fresh(payload, action, event)) {
        parse_built(payload, event);
    }
}

void parse_engine_itself(const Node& payload, const std::string& action, event::Event& event) {
    if (action != "away" && action != "back") {
        return;
    }
    const std::string name = payload["engine"]["name"].text(longest_name);
    event::Notice notice;
    notice.source = "Docker";
    if (action == "away") {
        notice.severity = event::Notice::Severity::error;
        event.title = fmt::format("The engine “{}” cannot be reached", name);
        notice.text = payload["story"]["reason"].text();
    } else {
        notice.severity = event::Notice::Severity::success;
        event.title = fmt::format("The engine “{}” is back", name);
        const auto away = time_from_to(time_of_nanos(payload["story"]["away_since"]), event.time);
        notice.text = away ? fmt::format("It was away for {}. What it remembers of that time is told now.",
                                         spell_duration(*away))
                           : "";
    }
    event.message = notice.text;
    event.notice = std::move(notice);
    name_as(event, "engine", action);
}

}  // namespace

bool is_engine(const Node& payload) {
    return payload["engine"].is_object() && payload["event"].is_object() && payload["story"].is_object();
}

Envelope envelope_of_engine(const Node& payload) {
    constexpr std::size_t length = 40;
    const Node event = payload["event"];
    Envelope envelope;
    envelope.event_type = "engine";
    const std::string key =
        fmt::format("{}\n{} {} {} {}", payload["engine"]["name"].text(longest_name),
                    event["timeNano"].integer_or(0), event["Type"].text(longest_name),
                    event["Action"].text(longest_name), event["Actor"]["ID"].text(longest_name));
    envelope.delivery_id = to_hex(sha256(key)).substr(0, length);
    return envelope;
}

void parse_engine(const Node& payload, event::Event& event) {
    const Node told = payload["event"];
    const std::string type = told["Type"].text(longest_name);
    const std::string action = told["Action"].text(longest_name);
    event.provider_name = type;
    event.provider_action = action.substr(0, action.find(':'));
    event.is_late = payload["story"]["late"].is_true();
    event.time = time_of_nanos(told["timeNano"]).value_or(told["time"].time().value_or(event.time));
    if (type == "container") {
        parse_container(payload, action, event);
    } else if (type == "image") {
        parse_image(payload, action, event);
    } else if (type == "engine") {
        parse_engine_itself(payload, action, event);
    }
}

}  // namespace hookline::services::docker
