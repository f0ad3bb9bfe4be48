#include "pipeline/alerts.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "format/alerts.hpp"
#include "message/limits.hpp"

namespace hookline::pipeline {

namespace {

using rules::Facts;

/// One thing that an alert is about, with what its condition reads.
struct Thing {
    std::string entity;  // "7/pr 45"; "": the event by itself, which is no thing that lasts
    std::string title, url;
    Facts facts;
    /// Not every event of it tells all: what it does not tell is no trouble, and does not hold.
    bool is_told_in_parts = false;
};

bool names(const ActiveRule& alert, std::string_view root) {
    const auto& all = alert.condition->expression().names();
    return std::any_of(all.begin(), all.end(),
                       [&](const std::string& name) { return name.substr(0, name.find('.')) == root; });
}

std::string request_word(const event::Event& event, std::int64_t number) {
    return event.has_merge_requests ? fmt::format("MR !{}", number) : fmt::format("PR #{}", number);
}

/// Whether it may become true by time alone.
bool grows(const ActiveRule& alert) {
    const auto& expression = alert.condition->expression();
    const auto& all = expression.names();
    return expression.asks_age() || std::find(all.begin(), all.end(), "pipeline.duration") != all.end();
}

class Things {
public:
    Things(const ActiveRule& alert, const Occasion& occasion, Memory& memory)
        : alert_(alert), occasion_(occasion), memory_(memory) {}

    std::vector<Thing> find() {
        const event::Event& event = occasion_.event;
        std::vector<Thing> things;
        if (names(alert_, "pr")) {
            for (const state::PullRequest& pull : occasion_.known.pulls) {
                Thing thing = make("pr", std::to_string(pull.facts.number));
                thing.facts.pull = &pull;
                thing.title = fmt::format("{}: {}", request_word(event, pull.facts.number), pull.facts.title);
                thing.url = pull.facts.url;
                things.push_back(std::move(thing));
            }
        } else if (event.container && names(alert_, "container")) {
            const event::Container& container = *event.container;
            things.push_back(make("container", fmt::format("{} {}", container.engine, container.name)));
            things.back().title = "Container " + container.name;
            things.back().is_told_in_parts = true;
        } else if (names(alert_, "build")) {
            if (const auto& build = occasion_.known.build) {
                Thing thing = make("build", fmt::format("{} {}", build->branch, build->name));
                thing.title = fmt::format("{} on {}", build->name, build->branch);
                thing.url = event.url;
                things.push_back(std::move(thing));
            } else if (event.build) {
                things.push_back(by_itself());  // each is another one: nothing of it lasts
                things.back().title = "Build " + event.build->name;
                things.back().is_told_in_parts = true;
            }
        } else if (const event::Run* run = run_of(event); run != nullptr && is_about_runs()) {
            Thing thing = make("run", std::to_string(run->id));
            thing.title = fmt::format("{} on {}", run->name, run->branch);
            thing.url = run->url;
            things.push_back(std::move(thing));
        } else if (event.issue &&
                   (names(alert_, "issue") || names(alert_, "labels") || names(alert_, "label"))) {
            Thing thing = make("issue", std::to_string(event.issue->number));
            thing.title = fmt::format("Issue #{}: {}", event.issue->number, event.issue->title);
            thing.url = event.issue->url;
            things.push_back(std::move(thing));
        } else if (!is_about_runs() && !names(alert_, "issue") && !names(alert_, "container") &&
                   (event.image || !names(alert_, "image"))) {
            things.push_back(by_itself());
        }
        return things;
    }

private:
    static const event::Run* run_of(const event::Event& event) {
        if (event.pipeline) {
            return &event.pipeline->run;
        }
        return event.workflow && event.name == "workflow" ? &*event.workflow : nullptr;
    }

    [[nodiscard]] bool is_about_runs() const {
        return names(alert_, "pipeline") || names(alert_, "workflow") || names(alert_, "baseline");
    }

    /// A condition on the event alone is true or not of that event, and done with it. What a custom source
    /// says, and what is counted, lasts: it is the hook's as a whole.
    Thing by_itself() {
        const auto& expression = alert_.condition->expression();
        const bool lasts = occasion_.event.service == event::Service::custom || expression.asks_age() ||
                           expression.counts_events();
        Thing thing = lasts ? make("hook", "") : make("", "");
        thing.title = occasion_.event.title;
        thing.url = occasion_.event.url;
        return thing;
    }

    Thing make(std::string_view kind, const std::string& name) {
        Facts facts =
            rules::facts_of(occasion_.event, occasion_.stored.payload, occasion_.now, occasion_.known);
        facts.count_events = [&memory = memory_, hook = alert_.rule.hook](std::string_view event,
                                                                          TimePoint since) {
            return memory.count_events(hook, std::string(event), since);
        };
        const std::int64_t repository = occasion_.event.repo ? occasion_.event.repo->id : 0;
        std::string entity = kind.empty()   ? std::string()
                             : name.empty() ? std::string(kind)
                                            : fmt::format("{}/{} {}", repository, kind, name);
        return Thing{std::move(entity), {}, {}, std::move(facts)};
    }

    const ActiveRule& alert_;
    const Occasion& occasion_;
    Memory& memory_;
};

/// When a condition that depends on time becomes true if nothing else happens: found by asking for later and
/// later times, then between the last two. Nothing: not within a year.
std::optional<TimePoint> becomes_true(const rules::Condition& condition, const Facts& facts, TimePoint now) {
    const auto holds_at = [&](TimePoint when) {
        Facts later = facts;
        later.set_now(when);
        const language::Outcome outcome = condition.evaluate(later);
        return !outcome.trouble && language::is_true(outcome.value);
    };
    constexpr Milliseconds furthest = std::chrono::hours(24 * 366);
    constexpr Milliseconds finest = std::chrono::seconds(1);
    Milliseconds not_yet(0);
    Milliseconds reach = std::chrono::seconds(1);
    while (!holds_at(now + reach)) {
        if (reach >= furthest) {
            return std::nullopt;
        }
        not_yet = reach;
        reach = std::min(reach * 2, furthest);
    }
    while (reach - not_yet > finest) {
        const Milliseconds middle = not_yet + (reach - not_yet) / 2;
        (holds_at(now + middle) ? reach : not_yet) = middle;
    }
    return now + reach;
}

std::vector<format::AlertFact> facts_for_people(const ActiveRule& alert, const Facts& facts) {
    std::vector<format::AlertFact> rows;
    for (const std::string& name : alert.condition->expression().names()) {
        const auto expression = language::Expression::compile(name, *facts.surroundings().root.schema);
        if (!expression) {
            continue;
        }
        const language::Outcome outcome = expression->evaluate(facts.surroundings());
        const bool is_known =
            std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.name == name; });
        if (!outcome.trouble && !outcome.value.is_undefined() && !is_known) {
            rows.push_back({name, language::to_text(outcome.value)});
        }
    }
    return rows;
}

bool is_ready(const state::PullRequest& pull) {
    const state::ChecksState checks = pull.head.state();
    return pull.status() == "approved" &&
           (checks == state::ChecksState::passed || checks == state::ChecksState::none);
}

message::Message built_in(const ActiveRule& alert, const Thing& thing, const event::Event& event,
                          bool is_over) {
    const state::PullRequest* pull = thing.facts.pull;
    if (!is_over && pull != nullptr && names(alert, "pr") && is_ready(*pull)) {
        format::ReadyToMerge ready;
        ready.number = request_word(event, pull->facts.number);
        ready.title = pull->facts.title;
        ready.url = pull->facts.url;
        ready.repository = pull->repository;
        ready.approvers = pull->approvers();
        ready.approvals = static_cast<std::int64_t>(ready.approvers.size());
        ready.required = pull->required;
        ready.checks = pull->head.state() == state::ChecksState::passed ? pull->head.counted().size() : 0;
        return format::ready_message(ready);
    }
    format::Alert told;
    told.thing = thing.title;
    told.url = thing.url;
    told.repository = event.repo ? event.repo->full_name : std::string();
    told.condition = alert.rule.source;
    told.facts = facts_for_people(alert, thing.facts);
    told.holds_no_more = is_over;
    return format::alert_message(told);
}

/// The alert's own form where it has one and it can be printed; `trouble` says why not.
message::Message message_of(const ActiveRule& alert, const Thing& thing, const event::Event& event,
                            bool is_over, std::string& trouble) {
    if (alert.form && !is_over) {
        rules::Form::Made made = alert.form->make(thing.facts);
        if (made.trouble.empty()) {
            return message::fit(std::move(made.message));
        }
        trouble = "its template failed: " + made.trouble;
    }
    return built_in(alert, thing, event, is_over);
}

std::string timer_name(const ActiveRule& alert, const std::string& entity) {
    return fmt::format("{} {}", alert.rule.id.value, entity);
}

void set_timer(const ActiveRule& alert, const Thing& thing, bool is_true, TimePoint now,
               store::Changes& changes) {
    if (!grows(alert) || thing.entity.empty()) {
        return;
    }
    const auto due = is_true ? std::nullopt : becomes_true(*alert.condition, thing.facts, now);
    if (due) {
        changes.emplace_back(
            store::PutTimer{store::Timer{std::string(alert_timer), timer_name(alert, thing.entity), *due}});
    } else {
        changes.emplace_back(store::DropTimer{std::string(alert_timer), timer_name(alert, thing.entity)});
    }
}

Weighed weigh_thing(const ActiveRule& alert, const Thing& thing, const Occasion& occasion, Memory& memory,
                    store::Changes& changes) {
    Weighed weighed;
    weighed.rule = alert.rule.id;
    weighed.place = alert.place;
    const language::Outcome outcome = thing.is_told_in_parts ? alert.condition->decide(thing.facts)
                                                             : alert.condition->evaluate(thing.facts);
    if (outcome.trouble) {
        weighed.trouble = outcome.trouble->sentence;
    }
    const bool is_true = !outcome.trouble && language::is_true(outcome.value);
    const std::string value = is_true && outcome.value.as_text() != nullptr
                                  ? shorten(language::to_text(outcome.value), 100)
                                  : std::string();
    const auto before = thing.entity.empty() ? std::nullopt : memory.alert_state(alert.rule.id, thing.entity);
    const bool was_true = before && before->is_true;
    weighed.fires = is_true && (!was_true || before->value != value);
    weighed.is_over = was_true && !is_true && alert.rule.options == "resolved";
    const bool is_news = weighed.fires || was_true != is_true;
    if (!thing.entity.empty() && (is_news || grows(alert))) {
        memory.put(
            store::AlertState{alert.rule.id, thing.entity, is_true, value, occasion.stored.id, occasion.now},
            changes);
    }
    set_timer(alert, thing, is_true, occasion.now, changes);
    if (weighed.fires || weighed.is_over) {
        weighed.message = message_of(alert, thing, occasion.event, weighed.is_over, weighed.trouble);
    }
    return weighed;
}

}  // namespace

bool is_about_pulls(const ActiveRule& alert) { return alert.condition && names(alert, "pr"); }

std::vector<Weighed> weigh(const ActiveRule& alert, const Occasion& occasion, Memory& memory,
                           store::Changes& changes) {
    std::vector<Weighed> all;
    if (!alert.condition) {
        return all;
    }
    for (const Thing& thing : Things(alert, occasion, memory).find()) {
        all.push_back(weigh_thing(alert, thing, occasion, memory, changes));
    }
    return all;
}

std::vector<Weighed> weigh_again(const ActiveRule& alert, const Occasion& occasion, const std::string& entity,
                                 Memory& memory, store::Changes& changes) {
    std::vector<Weighed> all;
    if (!alert.condition) {
        return all;
    }
    for (const Thing& thing : Things(alert, occasion, memory).find()) {
        if (thing.entity == entity) {
            all.push_back(weigh_thing(alert, thing, occasion, memory, changes));
        }
    }
    return all;
}

}  // namespace hookline::pipeline
