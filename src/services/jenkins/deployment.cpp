#include "services/jenkins/deployment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace hookline::services::jenkins {

namespace {

constexpr std::size_t longest_name = 200;
constexpr std::size_t most_parameters = 100;

constexpr std::array<std::string_view, 4> deploy_words{"deploy", "deploys", "deployment", "rollout"};
constexpr std::array<std::string_view, 16> environments{
    "production", "prod",    "live", "staging", "stage", "preprod",     "preview", "canary",
    "demo",       "sandbox", "test", "testing", "qa",    "integration", "uat",     "dev"};
constexpr std::array<std::string_view, 6> parameter_names{
    "environment", "env", "deploy_env", "deploy_environment", "target_env", "target_environment"};

template <std::size_t N>
bool is_any_of(std::string_view word, const std::array<std::string_view, N>& words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view known) { return equals_ignoring_case(known, word); });
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) {
    return is_upper(c) || is_lower(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80U;
}

/// "deploy-to_EUWest" → deploy, to, EU­West is one word: only a small letter before a capital divides.
std::vector<std::string> words_of(std::string_view name) {
    std::vector<std::string> words;
    std::string word;
    char before = '\0';
    for (const char c : name.substr(0, longest_name)) {
        const bool divides = !is_letter(c) || (is_upper(c) && is_lower(before));
        if (divides && !word.empty()) {
            words.push_back(std::exchange(word, {}));
        }
        if (is_letter(c)) {
            word += c;
        }
        before = c;
    }
    if (!word.empty()) {
        words.push_back(std::move(word));
    }
    return words;
}

auto deploy_word(const std::vector<std::string>& words) {
    return std::find_if(words.begin(), words.end(),
                        [](const std::string& word) { return is_any_of(word, deploy_words); });
}

std::string environment_in(const Node& parameters) {
    for (const std::string& key : parameters.keys(most_parameters)) {
        if (is_any_of(key, parameter_names)) {
            std::string value(trim(parameters[key].text()));
            if (!value.empty()) {
                return value;
            }
        }
    }
    return {};
}

struct Step {
    std::string_view pipeline, deployment;  // actions
};
constexpr std::array steps{Step{"started", "in_progress"}, Step{"passed", "success"},
                           Step{"failed", "failure"}};

}  // namespace

bool is_deployment(std::string_view job_name) {
    const auto words = words_of(job_name);
    return deploy_word(words) != words.end();
}

std::string environment_of(std::string_view job_name, const Node& parameters) {
    std::string environment = environment_in(parameters);
    if (!environment.empty()) {
        return environment;
    }
    const auto words = words_of(job_name);
    for (const std::string& word : words) {
        if (is_any_of(word, environments)) {
            return to_lower_ascii(word);
        }
    }
    const auto deploy = deploy_word(words);
    for (auto word = deploy; word != words.end(); ++word) {
        const bool is_filler = word == deploy || equals_ignoring_case(*word, "to");
        environment += is_filler ? "" : (environment.empty() ? "" : "-") + *word;
    }
    return environment;
}

void tell_deployment(event::Event& event, std::string_view job_name, const Node& parameters) {
    const auto* const step = std::find_if(steps.begin(), steps.end(),
                                          [&](const Step& known) { return known.pipeline == event.action; });
    if (!event.pipeline || step == steps.end() || !is_deployment(job_name)) {
        return;
    }
    const event::Pipeline pipeline = std::move(*event.pipeline);
    const event::Run& run = pipeline.run;
    event.pipeline.reset();
    event::Deployment deployment;
    deployment.id = run.id;
    deployment.environment = environment_of(job_name, parameters);
    deployment.status = run.status;
    deployment.url = run.url;
    deployment.log_url = run.url;
    deployment.ref = run.branch;
    deployment.commit = run.commit;
    deployment.commit_url = run.commit_url;
    deployment.conclusion = run.conclusion;
    deployment.description =
        run.number > 0 ? fmt::format("{} #{}", pipeline.project, run.number) : pipeline.project;
    if (!pipeline.error.empty()) {  // of a log's end, the last word
        deployment.description += ": " + std::string(split(pipeline.error, '\n').back());
    }
    event.name = "deployment";
    event.action = step->deployment;
    event.title = deployment.environment;
    event.message = deployment.description;
    event.deployment = std::move(deployment);
}

}  // namespace hookline::services::jenkins
