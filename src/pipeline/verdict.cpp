#include "pipeline/verdict.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "pipeline/digest.hpp"
#include "services/announced.hpp"
#include "services/event_names.hpp"

namespace hookline::pipeline {

namespace {

using Decision = std::optional<Verdict>;

Verdict no(store::OutcomeKind kind, std::string reason) { return Verdict{kind, std::move(reason)}; }

Decision check_switched_on(const Question& question) {
    if (question.hook.is_enabled) {
        return std::nullopt;
    }
    return no(store::OutcomeKind::hook_off, "the hook is off");
}

Decision check_not_paused(const Question& question) {
    if (!question.hook.is_paused) {
        return std::nullopt;
    }
    return no(store::OutcomeKind::hook_off, "the hook is paused");
}

Decision check_known(const Question& question) {
    if (!question.event.name.empty()) {
        return std::nullopt;
    }
    return no(
        store::OutcomeKind::not_understood,
        fmt::format("Hookline does not know {}'s event {}", event::display_name(question.event.service),
                    question.event.provider_name.empty() ? "without a name" : question.event.provider_name));
}

Decision check_private(const Question& question) {
    if (!question.everyone_can_see || !services::is_for_private_channels(question.event)) {
        return std::nullopt;
    }
    return no(store::OutcomeKind::not_announced, "it is told only in channels that not everyone sees");
}

Decision check_repository(const Question& question) {
    if (!question.event.repo || repository_passes(question.hook.repos, question.event.repo->full_name)) {
        return std::nullopt;
    }
    return no(store::OutcomeKind::filtered,
              fmt::format("repository {} does not match --repo {}", question.event.repo->full_name,
                          fmt::join(question.hook.repos, ",")));
}

/// A hook that sums up counts the updates of pull requests too, where it hears of pull requests at all.
bool is_wanted_in_digest(const Question& question) {
    const auto& events = question.hook.events;
    const bool hears_of_them =
        events.empty() || std::find(events.begin(), events.end(), "pr") != events.end();
    return question.hook.window.count() > 0 && hears_of_them && counts_in_digest(question.event);
}

Decision check_wanted(const Question& question) {
    std::string why = services::why_unwanted(question.hook.events, question.event);
    if (why.empty() || is_wanted_in_digest(question)) {
        return std::nullopt;
    }
    const bool is_asked_otherwise = !question.hook.events.empty();
    return no(is_asked_otherwise ? store::OutcomeKind::filtered : store::OutcomeKind::not_announced,
              std::move(why));
}

using Check = Decision (*)(const Question&);
constexpr std::array<Check, 6> checks{check_switched_on, check_not_paused, check_known,
                                      check_private,     check_repository, check_wanted};

}  // namespace

Verdict ask_filters(const Question& question) {
    Verdict verdict;
    if (question.rules == nullptr || question.facts == nullptr) {
        return verdict;
    }
    for (const auto& filter : question.rules->filters) {
        const std::string name = fmt::format("filter {}", filter->place);
        if (!filter->condition) {
            verdict.troubles.push_back({name, filter->trouble});
            continue;
        }
        const rules::Condition::Answer answer = filter->condition->ask(*question.facts);
        if (!answer.trouble.empty()) {
            verdict.troubles.push_back({name, answer.trouble});
        } else if (answer.ruling == rules::Ruling::stops) {
            verdict.kind = store::OutcomeKind::filtered;
            verdict.reason = fmt::format("{} stops it: {}", name, filter->rule.source);
            verdict.rule = filter->rule.id;
            return verdict;
        }
    }
    return verdict;
}

Verdict decide(const Question& question) {
    for (const Check check : checks) {
        Decision decision = check(question);
        if (decision) {
            return std::move(*decision);
        }
    }
    return ask_filters(question);
}

bool concerns(const Question& question) {
    constexpr std::array<Check, 4> of_the_hook{check_switched_on, check_not_paused, check_private,
                                               check_repository};
    return std::none_of(of_the_hook.begin(), of_the_hook.end(),
                        [&](Check check) { return check(question).has_value(); });
}

bool repository_passes(const std::vector<std::string>& globs, std::string_view repository) {
    const std::string name = to_lower_ascii(repository);
    bool has_inclusion = false;
    bool is_included = false;
    for (const std::string& glob : globs) {
        const std::string pattern = to_lower_ascii(glob);
        if (pattern.starts_with('!')) {
            if (glob_matches(std::string_view(pattern).substr(1), name)) {
                return false;
            }
            continue;
        }
        has_inclusion = true;
        is_included = is_included || glob_matches(pattern, name);
    }
    return is_included || !has_inclusion;
}

}  // namespace hookline::pipeline
