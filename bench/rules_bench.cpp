// Conditions and templates on one event: what a filter, a template of the request's size, and a thousand
// hooks with filters on one endpoint cost.
#include <benchmark/benchmark.h>

#include "pipeline/verdict.hpp"
#include "rules/condition.hpp"
#include "rules/form.hpp"
#include "services/service.hpp"

namespace {

using namespace hookline;  // NOLINT(google-build-using-namespace): this file is a program

/// A sample of GitHub, understood and by itself.
struct Told {
    explicit Told(std::string_view name) {
        for (const services::Sample& sample : services::find_adapter(event::Service::github)->samples()) {
            if (sample.name == name) {
                event::Delivery delivery;
                delivery.event_type = sample.event_type;
                payload = std::string(sample.payload);
                delivery.payload = payload;
                event = services::find_adapter(event::Service::github)->parse(delivery).value();
                break;
            }
        }
        state::NoEntities nothing;
        known = state::correlate(event, nothing);
        facts.emplace(rules::facts_of(event, payload, TimePoint(), known));
    }
    std::string payload;
    event::Event event;
    state::Known known;
    std::optional<rules::Facts> facts;
};

constexpr std::string_view five_comparisons =
    "pr.base == 'main' and pr.additions > 100 and author != 'nobody' and not is_bot and pr.status == "
    "'review_required'";

void filter(benchmark::State& state, std::string_view source) {
    const Told told("pr.opened");
    const auto condition = rules::Condition::compile(source, event::Service::github);
    for (auto _ : state) {
        benchmark::DoNotOptimize(condition->ask(*told.facts));
    }
}
BENCHMARK_CAPTURE(filter, five_comparisons, five_comparisons);
BENCHMARK_CAPTURE(filter, branch, "branch=main");
BENCHMARK_CAPTURE(filter, pattern, "matches(title, '(?i)oauth')");

void compile(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(rules::Condition::compile(five_comparisons, event::Service::github));
    }
}
BENCHMARK(compile);

void render(benchmark::State& state) {
    const Told told("push");
    const auto form = rules::Form::compile(
        "\n📤 **{{author}}** pushed to **{{branch}}**\nCommits: {{commit_count}}\nLatest: "
        "{{latest_commit_message}}\n",
        event::Service::github);
    for (auto _ : state) {
        benchmark::DoNotOptimize(form->make(*told.facts));
    }
}
BENCHMARK(render);

/// Every hook its own five comparisons; the event is one and the same.
void thousand_hooks(benchmark::State& state) {
    const Told told("pr.opened");
    std::vector<store::Hook> hooks(1000);
    std::vector<pipeline::HookRules> rules(hooks.size());
    for (std::size_t i = 0; i < hooks.size(); ++i) {
        auto rule = std::make_shared<pipeline::ActiveRule>();
        rule->condition = std::make_shared<const rules::Condition>(
            rules::Condition::compile(five_comparisons, event::Service::github).value());
        rules[i].filters.push_back(std::move(rule));
    }
    for (auto _ : state) {
        for (std::size_t i = 0; i < hooks.size(); ++i) {
            pipeline::Question question{told.event, hooks[i], TimePoint(), false};
            question.rules = &rules[i];
            question.facts = &*told.facts;
            benchmark::DoNotOptimize(pipeline::decide(question));
        }
    }
}
BENCHMARK(thousand_hooks)->Unit(benchmark::kMicrosecond);

}  // namespace
