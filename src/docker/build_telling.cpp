#include "docker/build_telling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "docker/engine_json.hpp"
#include "docker/log_frames.hpp"
#include "services/builds.hpp"
#include "services/redact.hpp"

namespace hookline::docker {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_text = 300;  // code points
constexpr std::size_t longest_error = 500;
constexpr std::size_t most_tags = 20;
constexpr std::size_t most_arguments = 200;
/// A shorter value of a build argument ("1", "true", "prod") stands everywhere, and hides nothing.
constexpr std::size_t shortest_hidden = 6;
constexpr LogLimits log_limits{30, 400, 12'000};
constexpr std::string_view argument = "build-arg:";

std::string_view value_of(const std::map<std::string, std::string>& attributes, const std::string& name) {
    const auto found = attributes.find(name);
    return found != attributes.end() ? std::string_view(found->second) : std::string_view();
}

/// What build arguments were given, the longest first, so that one within another leaves nothing of it.
/// BUILDKIT_… are BuildKit's own switches.
std::vector<std::string_view> hidden_values(const BuildRecord& record) {
    std::vector<std::string_view> values;
    for (const auto& [name, value] : record.attributes) {
        const bool is_argument = name.starts_with(argument) && !name.starts_with("build-arg:BUILDKIT_");
        if (is_argument && value.size() >= shortest_hidden && values.size() < most_arguments) {
            values.push_back(value);
        }
    }
    std::sort(values.begin(), values.end(),
              [](std::string_view left, std::string_view right) { return left.size() > right.size(); });
    return values;
}

std::string without_arguments(std::string text, const std::vector<std::string_view>& hidden) {
    constexpr std::string_view instead = "…";
    for (const std::string_view value : hidden) {
        for (std::size_t at = text.find(value); at != std::string::npos; at = text.find(value, at)) {
            text.replace(at, value.size(), instead);
            at += instead.size();
        }
    }
    return text;
}

// Cut before the rest is done to it: a member cannot make a text that takes long.
constexpr std::size_t longest_looked_at = 8'000;

/// What names the build, its image or its source. A build argument that repeats such a thing is no secret.
std::string fact(std::string_view text) {
    return shorten(services::without_secrets(repair_utf8(text.substr(0, longest_looked_at))), longest_text);
}

/// A text that may repeat a build argument, as it may be told.
class Clean {
public:
    explicit Clean(const BuildRecord& record) : hidden_(hidden_values(record)) {}

    [[nodiscard]] std::string operator()(std::string_view text, std::size_t limit = longest_text) const {
        const std::string_view begin = text.substr(0, longest_looked_at);
        return shorten(services::without_secrets(without_arguments(repair_utf8(begin), hidden_)), limit);
    }
    [[nodiscard]] json::array lines(const std::string& log) const {
        json::array lines;
        for (std::string& line : last_lines(without_arguments(log, hidden_), log_limits)) {
            lines.emplace_back(std::move(line));
        }
        return lines;
    }

private:
    std::vector<std::string_view> hidden_;
};

std::vector<std::string_view> references_of(const BuildRecord& record) {
    std::vector<std::string_view> references;
    const auto add = [&](std::string_view names) {
        for (const std::string_view each : split(names, ',')) {
            const std::string_view name = trim(each);
            const bool is_known = std::find(references.begin(), references.end(), name) != references.end();
            if (!name.empty() && !is_known && references.size() < most_tags) {
                references.push_back(name);
            }
        }
    };
    for (const auto& exporter : record.exporters) {
        add(value_of(exporter, "name"));
    }
    if (references.empty()) {
        add(value_of(record.response, "image.name"));
    }
    return references;
}

/// Empty where the context is a folder of whoever builds. The daemon sees one that came through the client as
/// an address of its own session.
std::string_view remote_context_of(const BuildRecord& record) {
    const std::string_view context = value_of(record.attributes, "context");
    return context.starts_with("http://buildkit-session/") ? std::string_view() : context;
}

std::string_view context_of(const BuildRecord& record) {
    for (const std::string_view each :
         {remote_context_of(record), value_of(record.attributes, "vcs:localdir:context")}) {
        if (!each.empty()) {
            return each;
        }
    }
    return ".";
}

std::string name_of_build(const BuildRecord& record, const Clean& clean) {
    const std::string_view given = value_of(record.attributes, "build-arg:BUILDKIT_BUILD_NAME");
    if (!given.empty()) {
        return fact(given);
    }
    if (const auto references = references_of(record); !references.empty()) {
        // The tags are told beside it.
        return fact(services::parts_of(services::short_reference(references.front())).repository);
    }
    for (const std::string_view each :
         {remote_context_of(record), value_of(record.attributes, "vcs:source")}) {
        if (!each.empty()) {
            return clean(each);
        }
    }
    return fact(record.ref);
}

/// "RUN make" of "[builder 2/3] RUN make": where it stands among the others is not what it does.
std::string_view step_alone(std::string_view name) {
    const std::size_t end = name.find("] ");
    const bool has_place = name.starts_with('[') && end != std::string_view::npos &&
                           name.substr(0, end).find('/') != std::string_view::npos;
    return has_place ? trim(name.substr(end + 2)) : name;
}

json::object steps_of(const BuildRecord& record, const BuildFacts& facts, const Clean& clean) {
    json::object steps;
    if (record.total > 0) {
        steps["total"] = record.total;
        steps["done"] = record.done;
        steps["cached"] = record.cached;
    }
    if (!facts.failed_step.empty()) {
        steps["failed"] = clean(step_alone(facts.failed_step));
    }
    return steps;
}

json::object image_of(const BuildRecord& record, const std::string& inspected) {
    json::object image;
    if (const std::string_view digest = value_of(record.response, "containerimage.digest"); !digest.empty()) {
        image["digest"] = fact(digest);
    }
    const json::value value = parse_answer(inspected);
    if (!value.is_object()) {
        return image;
    }
    const json::object& object = value.get_object();
    if (const std::string id = text_in(object, "Id"); !id.empty()) {
        image["id"] = fact(id);
    }
    if (const auto* const size = object.if_contains("Size"); size != nullptr && size->is_int64()) {
        image["size"] = size->get_int64();
    }
    const auto* const layers = object_in(object, "RootFS").if_contains("Layers");
    if (layers != nullptr && layers->is_array()) {
        image["layers"] = layers->get_array().size();
    }
    return image;
}

}  // namespace

std::string_view status_of(const BuildEvent& event) {
    if (event.kind == BuildEvent::Kind::started) {
        return "started";
    }
    if (!event.record.has_failed) {
        return "completed";
    }
    constexpr std::int64_t cancelled = 1;  // google.rpc.Code
    return event.record.error_code == cancelled ? "cancelled" : "failed";
}

std::string key_of_build(const std::string& engine, const BuildRecord& record) {
    return engine + " " + shorten(repair_utf8(record.ref), longest_text);
}

std::vector<std::string> images_of(const BuildRecord& record) {
    std::vector<std::string> images;
    for (const std::string_view name : {"containerimage.digest", "containerimage.config.digest"}) {
        if (const std::string_view digest = value_of(record.response, std::string(name)); !digest.empty()) {
            images.emplace_back(digest.substr(0, longest_text));
        }
    }
    const auto references = references_of(record);
    if (!references.empty()) {
        images.emplace_back(services::short_reference(references.front()).substr(0, longest_text));
    }
    return images;
}

std::string payload_of_build(const std::string& engine, const BuildEvent& event, const BuildFacts& facts,
                             bool is_late) {
    const BuildRecord& record = event.record;
    const Clean clean(record);
    json::object build{{"key", key_of_build(engine, record)},
                       {"status", status_of(event)},
                       {"by", "buildkit"},
                       {"engine", engine},
                       {"name", name_of_build(record, clean)},
                       {"context", clean(context_of(record))}};
    const auto add = [&](json::string_view name, std::string text) {
        if (!text.empty()) {
            build[name] = std::move(text);
        }
    };
    add("file", fact(value_of(record.attributes, "filename")));
    add("target", fact(value_of(record.attributes, "target")));
    add("revision", fact(value_of(record.attributes, "vcs:revision")));
    add("repository", clean(value_of(record.attributes, "vcs:source")));
    json::array tags;
    for (const std::string_view reference : references_of(record)) {
        tags.emplace_back(fact(services::short_reference(reference)));
    }
    if (!tags.empty()) {
        build["tags"] = std::move(tags);
    }
    if (record.created > 0) {
        build["started"] = record.created;
    }
    if (record.completed > 0) {
        build["ended"] = record.completed;
    }
    if (is_late) {
        build["late"] = true;
    }
    if (json::object steps = steps_of(record, facts, clean); !steps.empty()) {
        build["steps"] = std::move(steps);
    }
    if (json::object image = image_of(record, facts.image); !image.empty()) {
        build["image"] = std::move(image);
    }
    add("error", clean(first_line(record.error), longest_error));
    if (json::array lines = clean.lines(facts.log); !lines.empty()) {
        build["logs"] = std::move(lines);
    }
    return json::serialize(json::object{{"build", std::move(build)}});
}

}  // namespace hookline::docker
