// The Notification plugin (jenkinsci/notification-plugin, JobState): one delivery for each phase of a build.
#include <fmt/format.h>

#include "base/text.hpp"
#include "services/jenkins/build.hpp"
#include "services/jenkins/deployment.hpp"
#include "services/jenkins/log_tail.hpp"
#include "services/jenkins/parse.hpp"

namespace hookline::services::jenkins {

namespace {

constexpr std::size_t whole_log = 26UL * 1024 * 1024;  // of which the end is read; no body is larger

/// "3 tests failed: LoginTest.expired, …"; "" where the build tells no tests or none failed.
std::string failed_tests(const Node& summary) {
    constexpr std::size_t most_named = 5;
    const std::int64_t failed = summary["failed"].integer_or(0);
    if (failed <= 0) {
        return {};
    }
    std::string text = counted(failed, "test") + " failed";
    std::size_t named = 0;
    for (const Node& test : summary["failed_tests"].items(most_named)) {
        const std::string name = shorten(trim(first_line(test.text())), 100);
        if (!name.empty()) {
            text += (named++ == 0 ? ": " : ", ") + name;
        }
    }
    return text + (named > 0 && std::cmp_less(named, failed) ? ", …" : "");
}

std::string error_of(const Node& build, std::string_view status) {
    for (std::string error : {failed_tests(build["test_summary"]), log_tail(build["log"].text(whole_log))}) {
        if (!error.empty()) {
            return error;
        }
    }
    return equals_ignoring_case(status, "UNSTABLE") ? "The build is unstable" : "";
}

/// Where the build stands, in Hookline's words.
std::string action_of(std::string_view phase, const RunEnding& ending) {
    return phase == "FINALIZED" ? std::string(ending.action) : to_lower_ascii(phase);
}

}  // namespace

void parse_notification(const Node& payload, event::Event& event) {
    const Node build = payload["build"];
    const Node scm = build["scm"];
    const std::string phase = build["phase"].text();
    const std::string status = build["status"].text();
    const std::string branch = branch_of_ref(scm["branch"].text());
    const JobPath path = job_path(payload["url"].text(), payload["name"].text(), branch);
    event.repo = repository_of_remote(scm["url"].text());

    event::Pipeline pipeline;
    event::Run& run = pipeline.run;
    pipeline.project = path.project;
    run.name = path.branch.empty() ? payload["display_name"].text() : path.leaf;
    run.number = build["number"].integer_or(0);
    run.status = status.empty() ? phase : status;
    run.branch = branch;
    run.commit = scm["commit"].text();
    run.url = build["full_url"].text();
    const bool is_over = phase == "COMPLETED" || phase == "FINALIZED";
    const RunEnding ending = ending_of_result(status);
    if (is_over) {
        run.conclusion = ending.conclusion;
        run.duration = duration_of_milliseconds(build["duration"].integer());
    }
    if (run.conclusion == event::Conclusion::failure) {
        pipeline.error = error_of(build, status);
    }
    event.provider_action = phase;
    event.action = action_of(phase, ending);
    event.time = build["timestamp"].time().value_or(event.time);
    set_pipeline(event, std::move(pipeline));
    tell_deployment(event, path.leaf, build["parameters"]);
}

}  // namespace hookline::services::jenkins
