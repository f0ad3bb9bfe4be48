#include "pipeline/trial.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"

namespace hookline::pipeline {

namespace {

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string to_text(const Trial& trial) {
    return fmt::format("{} {} {}", trial.first.value, trial.last.value, trial.count);
}

std::optional<Trial> parse_trial(std::string_view text) {
    const auto parts = split(text, ' ');
    if (parts.size() != 3) {
        return std::nullopt;
    }
    const auto first = number_in(parts[0]);
    const auto last = number_in(parts[1]);
    const auto count = number_in(parts[2]);
    if (!first || !last || !count) {
        return std::nullopt;
    }
    return Trial{EventId(*first), EventId(*last), static_cast<int>(*count)};
}

TrialPlan plan_trial(std::span<const EventId> waiting, const std::optional<Trial>& before,
                     EventId newest_left_over) {
    TrialPlan plan;
    const EventId oldest = waiting.front();
    const bool is_suspect = before && before->first <= oldest && oldest <= before->last;
    if (is_suspect) {
        const bool was_alone = before->first == before->last;
        const int count = was_alone ? before->count : 0;
        plan.take = 1;
        plan.sets_aside = count >= most_trials;
        plan.mark_first = Trial{oldest, oldest, count + 1};
        return plan;
    }
    const auto fresh = std::upper_bound(waiting.begin(), waiting.end(), newest_left_over);
    const auto left_over = static_cast<std::size_t>(fresh - waiting.begin());
    if (left_over == 0) {
        plan.take = waiting.size();
        return plan;
    }
    plan.take = left_over;
    plan.mark_first = Trial{oldest, waiting[left_over - 1], 1};
    return plan;
}

}  // namespace hookline::pipeline
