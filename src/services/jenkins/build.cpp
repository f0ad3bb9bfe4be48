#include "services/jenkins/build.hpp"

#include <array>

#include "base/text.hpp"

namespace hookline::services::jenkins {

namespace {

using event::Conclusion;

constexpr std::size_t most_folders = 20;

// UNSTABLE is Jenkins' word for tests that failed: to a reader that is a failure.
constexpr std::array endings{
    RunEnding{"SUCCESS", Conclusion::success, "passed"},
    RunEnding{"FAILURE", Conclusion::failure, "failed"},
    RunEnding{"UNSTABLE", Conclusion::failure, "failed"},
    RunEnding{"ABORTED", Conclusion::cancelled, "cancelled"},
    RunEnding{"NOT_BUILT", Conclusion::skipped, "skipped"},
};

std::optional<unsigned char> hex_value(char digit) {
    if (digit >= '0' && digit <= '9') {
        return static_cast<unsigned char>(digit - '0');
    }
    const char lower = static_cast<char>(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? std::optional(static_cast<unsigned char>(lower - 'a' + 10))
                                        : std::nullopt;
}

/// "job/a/job/b/" → "a", "b". A folder may itself be called "job": only every second part is the word.
std::vector<std::string> parts_of(std::string_view url) {
    std::vector<std::string> parts;
    bool is_marker_next = true;
    for (const std::string_view part : split(url, '/')) {
        if (part.empty() || parts.size() == most_folders) {
            continue;
        }
        if (is_marker_next && part == "job") {
            is_marker_next = false;
            continue;
        }
        if (is_marker_next) {
            break;  // the build's number, a view: no job any more
        }
        parts.push_back(percent_decoded(part));
        is_marker_next = true;
    }
    return parts;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto high = text[at] == '%' && at + 2 < text.size() ? hex_value(text[at + 1]) : std::nullopt;
        const auto low = high ? hex_value(text[at + 2]) : std::nullopt;
        if (!low) {
            result += text[at];
            continue;
        }
        result += static_cast<char>(*high * 16 + *low);
        at += 2;
    }
    return repair_utf8(result);
}

JobPath job_path(std::string_view url, std::string_view name, std::string_view built_branch) {
    std::vector<std::string> parts = parts_of(url);
    if (parts.empty() && !trim(name).empty()) {
        parts.push_back(percent_decoded(name));
    }
    JobPath path;
    // A branch's name is encoded once more than a job's: "feature%252Flogin".
    if (parts.size() > 1 && !built_branch.empty() && percent_decoded(parts.back()) == built_branch) {
        path.branch = built_branch;
        parts.pop_back();
    }
    for (const std::string& part : parts) {
        path.project += (path.project.empty() ? "" : "/") + part;
        path.leaf = part;
    }
    return path;
}

RunEnding ending_of_result(std::string_view result) { return ending_of(endings, result); }

void set_pipeline(event::Event& event, event::Pipeline pipeline) {
    event::Run& run = pipeline.run;
    if (event.repo && run.commit_url.empty()) {
        run.commit_url = commit_page(*event.repo, run.commit);
    }
    event.name = "pipeline";
    event.branch = run.branch;
    event.commit = run.commit;
    event.title = pipeline.project;
    event.message = pipeline.error;
    event.url = run.url;
    event.pipeline = std::move(pipeline);
}

}  // namespace hookline::services::jenkins
