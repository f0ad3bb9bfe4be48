#include "runner/report.hpp"

#include <boost/json/array.hpp>

#include "base/text.hpp"
#include "services/redact.hpp"

namespace hookline::runner {

namespace json = boost::json;

namespace {

constexpr std::size_t most_tags = 20;
constexpr std::size_t longest_line = 400;

std::int64_t nanos(TimePoint time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

void put(json::object& object, json::string_view name, const std::string& text) {
    constexpr std::size_t longest = 600;
    if (!text.empty()) {
        object[name] = services::without_secrets(shorten(repair_utf8(text), longest));
    }
}

std::string redacted(const std::string& line, const Secrets& secrets) {
    return services::without_secrets(shorten(secrets.without(line), longest_line));
}

std::string_view status_of(const Ended& ended) {
    const bool was_cancelled =
        ended.was_asked_to_end || ended.signal == SIGINT || ended.signal == SIGTERM || ended.signal == SIGHUP;
    if (was_cancelled) {
        return "cancelled";
    }
    return ended.exit_code == 0 && ended.signal == 0 ? "completed" : "failed";
}

json::object report_of(const Run& run, std::string_view status) {
    json::object build;
    build["key"] = run.key;
    build["status"] = status;
    build["by"] = "run";
    build["name"] = run.name;
    put(build, "stage", run.stage);
    put(build, "host", run.host);
    build["command"] = run.command;
    put(build, "context", run.words.context);
    put(build, "file", run.words.file);
    put(build, "target", run.words.target);
    json::array tags;
    for (const std::string& tag : run.words.tags) {
        if (tags.size() < most_tags) {
            tags.emplace_back(repair_utf8(tag));
        }
    }
    if (!tags.empty()) {
        build["tags"] = std::move(tags);
    }
    build["started"] = nanos(run.started);
    return build;
}

json::object steps_of(const BuildSteps& steps, bool is_complete, const Run& run) {
    json::object result;
    if (const auto total = steps.total()) {
        result["total"] = *total;
    }
    if (const auto done = steps.done(!is_complete)) {
        result["done"] = *done;
    }
    if (steps.cached() > 0) {
        result["cached"] = steps.cached();
    }
    const std::string failed = is_complete ? std::string() : steps.failed();
    if (!failed.empty()) {
        result["failed"] = redacted(failed, run.secrets);
    }
    return result;
}

}  // namespace

json::object started_report(const Run& run) {
    json::object report;
    report["build"] = report_of(run, "started");
    return report;
}

json::object ended_report(const Run& run, const Ended& ended, TimePoint at, const BuildSteps& steps,
                          const std::vector<std::string>& lines) {
    const std::string_view status = status_of(ended);
    json::object build = report_of(run, status);
    build["ended"] = nanos(at);
    if (ended.signal != 0) {
        build["signal"] = ended.signal;
    } else {
        build["exit_code"] = ended.exit_code;
    }
    if (json::object all = steps_of(steps, status == "completed", run); !all.empty()) {
        build["steps"] = std::move(all);
    }
    if (status == "failed" && !steps.error().empty()) {
        build["error"] = redacted(steps.error(), run.secrets);
    }
    if (status == "completed" && run.words.makes_one_image() && !steps.image_id().empty()) {
        add_image(build, MadeImage{steps.image_id(), 0, 0});
    }
    json::array logs;
    for (const std::string& line : lines) {
        if (!BuildSteps::is_progress(line)) {
            logs.emplace_back(redacted(line, run.secrets));
        }
    }
    if (!logs.empty()) {
        build["logs"] = std::move(logs);
    }
    json::object report;
    report["build"] = std::move(build);
    return report;
}

void add_image(json::object& build, const MadeImage& image) {
    json::object told;
    told["id"] = image.id;
    if (image.size > 0) {
        told["size"] = image.size;
    }
    if (image.layers > 0) {
        told["layers"] = image.layers;
    }
    build["image"] = std::move(told);
}

}  // namespace hookline::runner
