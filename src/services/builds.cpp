#include "services/builds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "services/exit_codes.hpp"
#include "services/numbers.hpp"

namespace hookline::services {

namespace {

using event::Build;

constexpr std::size_t longest_key = 200;
constexpr std::size_t longest_name = 300;
constexpr std::size_t longest_command = 1000;
constexpr std::size_t longest_line = 400;
constexpr std::size_t most_lines = 30;
constexpr std::size_t most_tags = 20;
constexpr std::int64_t largest_size = std::int64_t{1} << 50;
constexpr std::int64_t most_steps = 100'000;
constexpr std::int64_t last_signal = 64;

struct Word {
    std::string_view word;
    Build::Status status;
};
constexpr std::array words{Word{"started", Build::Status::started},
                           Word{"completed", Build::Status::completed}, Word{"failed", Build::Status::failed},
                           Word{"cancelled", Build::Status::cancelled}};

const Word* word_of(const Node& build) {
    const std::string status = build["status"].text(longest_name);
    const auto* const found =
        std::find_if(words.begin(), words.end(), [&](const Word& row) { return row.word == status; });
    return found != words.end() ? found : nullptr;
}

std::vector<std::string> texts_of(const Node& list, std::size_t most, std::size_t longest) {
    std::vector<std::string> texts;
    for (const Node& item : list.items(most)) {
        if (std::string text = item.text(longest); !trim(text).empty()) {
            texts.push_back(std::move(text));
        }
    }
    return texts;
}

void read_end(const Node& node, Build& build) {
    constexpr std::int64_t of_signals = 128;
    build.exit_code = within(node["exit_code"], 0, 255);
    build.signal = within(node["signal"], 1, last_signal);
    if (build.signal) {
        build.exit_meaning = meaning_of(of_signals + *build.signal, false);
    } else if (build.exit_code) {
        build.exit_meaning = meaning_of(*build.exit_code, false);
    }
    const Node image = node["image"];
    build.image_id = image["id"].text(longest_name);
    build.image_digest = image["digest"].text(longest_name);
    build.size = within(image["size"], 1, largest_size);
    build.layers = within(image["layers"], 1, most_steps);
    const Node steps = node["steps"];
    build.steps = within(steps["total"], 1, most_steps);
    build.steps_done = within(steps["done"], 0, most_steps);
    build.steps_cached = within(steps["cached"], 0, most_steps);
    build.failed_step = steps["failed"].text(longest_line);
    build.error = node["error"].text(longest_line);
    build.logs = texts_of(node["logs"], most_lines, longest_line);
}

Build build_of(const Node& node) {
    Build build;
    build.key = node["key"].text(longest_key);
    build.status = word_of(node)->status;
    const auto text = [&](std::string_view name) { return node[name].text(longest_name); };
    build.by = text("by");
    build.name = text("name");
    build.stage = text("stage");
    build.host = text("host");
    build.engine = text("engine");
    build.command = node["command"].text(longest_command);
    build.context = text("context");
    build.file = text("file");
    build.target = text("target");
    build.revision = text("revision");
    build.repository = text("repository");
    for (const std::string& tag : texts_of(node["tags"], most_tags, longest_name)) {
        build.tags.push_back(whole_reference(short_reference(tag)));
    }
    build.started = time_of_nanos(node["started"]);
    build.ended = time_of_nanos(node["ended"]);
    if (build.status != Build::Status::started) {
        build.duration = time_from_to(build.started, build.ended);
        read_end(node, build);
    }
    return build;
}

/// "octo/app:1.4" as repository and tag.
event::Image image_of(const Build& build) {
    event::Image image;
    const std::string reference = build.tags.empty() ? build.name : build.tags.front();
    const Reference parts = parts_of(reference);
    image.repository = parts.repository;
    image.tag = parts.tag;
    image.digest = build.image_digest.empty() ? build.image_id : build.image_digest;
    image.size = build.size;
    return image;
}

/// What it says in a line.
std::string message_of(const Build& build) {
    if (!trim(build.error).empty()) {
        return build.error;
    }
    if (!trim(build.failed_step).empty()) {
        return build.failed_step;
    }
    return build.logs.empty() || build.status != Build::Status::failed ? std::string() : build.logs.back();
}

}  // namespace

Reference parts_of(std::string_view reference) {
    Reference parts;
    const std::size_t at = reference.find('@');
    parts.digest = at != reference.npos ? reference.substr(at + 1) : std::string_view();
    parts.repository = reference.substr(0, at);
    const std::size_t colon = parts.repository.rfind(':');
    if (colon != reference.npos && reference.find('/', colon) == reference.npos) {  // else it is a port
        parts.tag = parts.repository.substr(colon + 1);
        parts.repository = parts.repository.substr(0, colon);
    }
    return parts;
}

std::string_view short_reference(std::string_view reference) {
    for (const std::string_view registry : {"index.docker.io/", "docker.io/"}) {
        if (reference.starts_with(registry)) {
            reference.remove_prefix(registry.size());
            break;
        }
    }
    constexpr std::string_view official = "library/";
    return reference.starts_with(official) ? reference.substr(official.size()) : reference;
}

std::string plain_reference(std::string_view reference) {
    constexpr std::string_view podmans = "localhost/";
    const bool is_podmans = reference.starts_with(podmans);
    const std::string_view name = is_podmans ? reference.substr(podmans.size()) : short_reference(reference);
    return whole_reference(name);
}

std::string whole_reference(std::string_view reference) {
    const Reference parts = parts_of(reference);
    const bool is_whole = reference.empty() || !parts.tag.empty() || !parts.digest.empty();
    return std::string(reference) + (is_whole ? "" : ":latest");
}

bool is_build(const Node& payload) {
    const Node build = payload["build"];
    return build.is_object() && word_of(build) != nullptr && !build["key"].text(longest_key).empty() &&
           !trim(build["name"].text(longest_name)).empty();
}

Envelope envelope_of_build(const Node& payload) {
    constexpr std::size_t length = 40;
    const Node build = payload["build"];
    Envelope envelope;
    envelope.event_type = build_delivery;
    const std::string key =
        fmt::format("{}:{}", build["key"].text(longest_key), build["status"].text(longest_name));
    envelope.delivery_id = to_hex(sha256(key)).substr(0, length);
    return envelope;
}

void parse_build(const Node& payload, event::Event& event) {
    const Node node = payload["build"];
    Build build = build_of(node);
    event.name = "build";
    event.action = word_of(node)->word;
    event.title = build.name;
    event.message = message_of(build);
    event.commit = build.revision;
    const auto when = build.status == Build::Status::started ? build.started : build.ended;
    event.time = when.value_or(event.time);
    event.is_late = node["late"].is_true();
    if (build.status == Build::Status::completed && build.has_image()) {
        event.image = image_of(build);
    }
    event.build = std::move(build);
}

}  // namespace hookline::services
