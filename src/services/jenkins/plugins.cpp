// The Outbound WebHook plugin (four events of a freestyle build) and the Generic Event plugin (one receiver
// for all that happens in a Jenkins).
#include <array>

#include "base/text.hpp"
#include "services/jenkins/build.hpp"
#include "services/jenkins/deployment.hpp"
#include "services/jenkins/parse.hpp"

namespace hookline::services::jenkins {

namespace {

/// "#16" → 16.
std::int64_t number_in(std::string_view name) {
    const std::size_t digits = name.find_last_not_of("0123456789");
    const std::string text(digits == std::string_view::npos ? name : name.substr(digits + 1));
    std::int64_t number = 0;
    for (const char digit : text.substr(0, 15)) {
        number = number * 10 + (digit - '0');
    }
    return number;
}

/// Whoever started it by hand; a build that a push or a timer started has nobody.
std::string starter_of(const Node& data) {
    for (const Node& action : data["actions"].items()) {
        for (const Node& cause : action["causes"].items()) {
            for (const char* key : {"userId", "userName"}) {
                std::string who = cause[key].text();
                if (!who.empty()) {
                    return who;
                }
            }
        }
    }
    return {};
}

struct Phase {
    std::string_view type, action;
};
// An end is told once, by run.finalized: its result is the last one.
constexpr std::array phases{Phase{"run.initialize", "initialized"}, Phase{"run.started", "started"},
                            Phase{"run.completed", "completed"}, Phase{"run.finalized", ""},
                            Phase{"run.deleted", "deleted"}};

void parse_run(const Node& payload, const Phase& phase, event::Event& event) {
    const Node data = payload["data"];
    JobPath path = job_path(payload["source"].text(), data["_projectName"].text(), "");
    if (data["_multiBranch"].is_true()) {
        const std::string branch = percent_decoded(data["_projectName"].text());
        path = job_path(payload["source"].text(), data["_parentFullName"].text(), branch);
        path.branch = branch;
    }
    event::Pipeline pipeline;
    event::Run& run = pipeline.run;
    pipeline.project = path.project;
    run.name = path.leaf;
    run.number = data["number"].integer_or(0);
    run.branch = path.branch;
    run.triggered_by = starter_of(data);
    run.status = data["result"].text();
    const RunEnding ending = ending_of_result(run.status);
    if (phase.action.empty() || phase.action == "completed") {
        run.conclusion = ending.conclusion;
        run.duration = duration_of_milliseconds(data["duration"].integer());
    }
    event.action = phase.action.empty() ? ending.action : phase.action;
    set_pipeline(event, std::move(pipeline));
    tell_deployment(event, path.leaf, Node());
}

constexpr std::array item_actions{Phase{"item.created", "created"}, Phase{"item.updated", "updated"},
                                  Phase{"item.deleted", "deleted"}, Phase{"item.locationChanged", "moved"}};

void parse_item(const Node& payload, const Phase& item, event::Event& event) {
    event::Subject subject;
    subject.kind = "job";
    subject.name = job_path(payload["source"].text(), payload["data"]["name"].text(), "").project;
    const Node moved = payload["metaData"];
    if (!moved["oldName"].text().empty() && !moved["newName"].text().empty()) {
        subject.detail = moved["oldName"].text() + " → " + moved["newName"].text();
    }
    event.name = "item";
    event.action = item.action;
    event.title = subject.name;
    event.message = subject.detail;
    event.subject = std::move(subject);
}

}  // namespace

void parse_outbound(const Node& payload, event::Event& event) {
    const std::string said = payload["event"].text();
    const JobPath path = job_path("", payload["projectName"].text(), "");
    event::Pipeline pipeline;
    event::Run& run = pipeline.run;
    pipeline.project = path.project;
    run.name = path.leaf;
    run.number = number_in(payload["buildName"].text());
    run.status = said;
    run.url = payload["buildUrl"].text();
    event.provider_action = said;
    if (said == "start") {
        event.action = "started";
    } else {
        const RunEnding ending = ending_of_result(said);
        run.conclusion = ending.conclusion;
        event.action = ending.action;
        pipeline.error = said == "unstable" ? "The build is unstable" : "";
    }
    set_pipeline(event, std::move(pipeline));
    tell_deployment(event, path.leaf, Node());
}

void parse_generic(const Node& payload, event::Event& event) {
    const std::string type = payload["type"].text();
    event.time = payload["time"].time().value_or(event.time);
    for (const Phase& phase : phases) {
        if (phase.type == type) {
            return parse_run(payload, phase, event);
        }
    }
    for (const Phase& item : item_actions) {
        if (item.type == type) {
            return parse_item(payload, item, event);
        }
    }
}

}  // namespace hookline::services::jenkins
