#include <gtest/gtest.h>

#include "rules/condition.hpp"
#include "rules/facts.hpp"
#include "rules/fields.hpp"
#include "services/service.hpp"
#include "state/correlate.hpp"

namespace hookline::rules {

namespace {

using event::Service;

/// A sample of a service, understood and by itself.
struct Told {
    explicit Told(Service service, std::string_view event_type, std::string_view payload_text)
        : payload(payload_text) {
        event::Delivery delivery;
        delivery.service = service;
        delivery.event_type = event_type;
        delivery.payload = payload;
        auto parsed = services::find_adapter(service)->parse(delivery);
        if (parsed) {
            event = std::move(*parsed);
        }
        state::NoEntities nothing;
        known = state::correlate(event, nothing);
        facts.emplace(facts_of(event, payload, TimePoint(std::chrono::hours(24 * 365 * 57)), known));
    }
    std::string payload;
    event::Event event;
    state::Known known;
    std::optional<Facts> facts;
};

const services::Sample& sample(Service service, std::string_view name) {
    for (const services::Sample& each : services::find_adapter(service)->samples()) {
        if (each.name == name) {
            return each;
        }
    }
    throw std::runtime_error("there is no sample " + std::string(name));
}

Told told(Service service, std::string_view name) {
    const services::Sample& found = sample(service, name);
    return Told(service, found.event_type, found.payload);
}

std::string ruling(std::string_view filter, const Told& told) {
    const auto compiled = Condition::compile(filter, told.event.service);
    if (!compiled) {
        return language::to_text(compiled.error(), filter);
    }
    const Condition::Answer answer = compiled->ask(*told.facts);
    if (!answer.trouble.empty()) {
        return "trouble: " + answer.trouble;
    }
    return answer.ruling == Ruling::passes  ? "passes"
           : answer.ruling == Ruling::stops ? "stops"
                                            : "undecided";
}

std::string expanded(std::string_view source, Service service = Service::github) {
    const auto text = expand_short_form(source, service);
    return !text ? text.error().sentence : text->value_or("an expression");
}

std::string value(std::string_view expression, const Told& told) {
    const auto compiled = language::Expression::compile(expression, schema_of(told.event.service));
    if (!compiled) {
        return language::to_text(compiled.error(), expression);
    }
    const auto outcome = compiled->evaluate(told.facts->surroundings());
    return outcome.trouble ? outcome.trouble->sentence : language::to_source(outcome.value);
}

void read_all(const language::Field& field, const void* thing, int depth) {
    const language::Value read = field.read(thing);
    EXPECT_LT(language::to_text(read).size(), 1'000'000U);
    if (const auto* object = read.as_object(); object != nullptr && depth < 4) {
        for (const language::Field& member : object->schema->fields) {
            read_all(member, object->thing, depth + 1);
        }
    }
}

}  // namespace

TEST(Fields, EachHasANameATypeASentenceAndIsReadFromEverySample) {
    for (const RootField& row : root_fields()) {
        ASSERT_FALSE(row.field.name.empty());
        EXPECT_FALSE(row.field.sentence.empty()) << row.field.name;
        ASSERT_NE(row.field.read, nullptr) << row.field.name;
        EXPECT_EQ(row.field.type == language::Type::object, row.field.of != nullptr) << row.field.name;
    }
    for (const services::ServiceAdapter* adapter : services::all_adapters()) {
        for (const services::Sample& each : adapter->samples()) {
            const Told one(adapter->service(), each.event_type, each.payload);
            for (const RootField& row : root_fields()) {
                read_all(row.field, &*one.facts, 0);
            }
        }
    }
}

/// A field that an event can hold must be offered for it: a condition on it would be refused otherwise.
TEST(Fields, WhatASampleHoldsIsOfferedForItsEvent) {
    for (const services::ServiceAdapter* adapter : services::all_adapters()) {
        if (adapter->service() == Service::custom) {
            continue;
        }
        for (const services::Sample& each : adapter->samples()) {
            const Told one(adapter->service(), each.event_type, each.payload);
            const auto offered = fields_of(adapter->service(), one.event.name);
            for (const RootField& row : root_fields()) {
                const bool is_offered = std::any_of(offered.begin(), offered.end(),
                                                    [&](const RootField* other) { return other == &row; });
                if (!is_offered && !one.event.name.empty()) {
                    EXPECT_TRUE(row.field.read(&*one.facts).is_undefined())
                        << event::name_of(adapter->service()) << " " << one.event.full_name() << " has "
                        << row.field.name;
                }
            }
        }
    }
}

TEST(Fields, OfAPush) {
    const Told push = told(Service::github, "push");
    EXPECT_EQ(value("event", push), "'push'");
    EXPECT_EQ(value("commit_count == (push.commits | length)", push), "True");
    EXPECT_EQ(value("pr is defined", push), "False");
    EXPECT_EQ(value("payload.ref == 'refs/heads/' ~ branch", push), "True");
    EXPECT_EQ(
        value("pr.stauts == 'approved'", push),
        "there is no field \"pr.stauts\"; did you mean \"pr.status\"?\npr.stauts == 'approved'\n   ^^^^^^");
    EXPECT_EQ(value("pr.status == 'aproved'", push),
              "pr.status is never \"aproved\"; did you mean \"approved\"?\npr.status == 'aproved'\n          "
              "   ^^^^^^^^^");
}

TEST(Filter, HasAShortForm) {
    EXPECT_EQ(expanded("branch=main"), "glob(branch, 'main')");
    EXPECT_EQ(expanded("branch = main, release/*"), "glob(branch, ['main', 'release/*'])");
    EXPECT_EQ(expanded("branch!=main"), "not (glob(branch, 'main'))");
    EXPECT_EQ(expanded("author!=dependabot[bot],renovate*"),
              "not (glob(author, ['dependabot[bot]', 'renovate*'], true))");
    EXPECT_EQ(expanded("label=bug"), "glob(label, 'bug', true)");
    EXPECT_EQ(expanded("files=src/*"), "glob(path, 'src/*')");
    EXPECT_EQ(expanded("is_bot=no"), "not is_bot");
    EXPECT_EQ(expanded("bot!=true"), "not (is_bot)");
    EXPECT_EQ(expanded("pr.base=main"), "glob(pr.base, 'main')");
    EXPECT_EQ(expanded("number=45,46"), "number in [45, 46]");
    EXPECT_EQ(expanded("author=o'neil"), "glob(author, 'o\\'neil', true)");
    EXPECT_EQ(expanded("branch == 'main'"), "an expression");
    EXPECT_EQ(expanded("branch != 'main'"), "an expression");
    EXPECT_EQ(expanded("brnch=main"), "there is no field \"brnch\"; did you mean \"branch\"?");
    EXPECT_EQ(expanded("branch="), "a value is missing after \"branch=\"");
    EXPECT_EQ(expanded("is_bot=maybe"), "\"is_bot\" is true or false");
    EXPECT_EQ(expanded("pr=45"), "\"pr\" is an object: name one of its fields, as in pr.number=…");
    EXPECT_EQ(expanded("pr.status=aproved"),
              "pr.status is never \"aproved\"; it is one of draft, review_required, changes_requested, "
              "approved, merged, closed");
    EXPECT_EQ(expanded("level=error", Service::custom), "glob(level, 'error')");
}

TEST(Filter, LetsEventsPassThatHaveNoSuchKey) {
    const Told push = told(Service::github, "push");
    const Told issue = told(Service::github, "issue.opened");
    const std::string branch = "branch=" + push.event.branch;
    EXPECT_EQ(ruling(branch, push), "passes");
    EXPECT_EQ(ruling("branch=nowhere", push), "stops");
    EXPECT_EQ(ruling("branch=nowhere", issue), "undecided");
    EXPECT_EQ(ruling("branch == 'nowhere' and is_bot", issue), "stops");
    EXPECT_EQ(ruling("branch is defined", issue), "stops");
    EXPECT_EQ(ruling("pr.additions > 3", push), "undecided");
    EXPECT_EQ(ruling("1 / (commit_count - commit_count) > 1", push), "trouble: this divides by zero");
    const auto compiled = Condition::compile("branch=main", Service::github);
    ASSERT_TRUE(compiled);
    EXPECT_NE(events_without(*compiled, Service::github).find("issue"), std::string::npos);
}

TEST(Rules, Containers) {
    const Told oom = told(Service::docker, "error.oom");
    for (const char* filter :
         {"container.name=phigen-*", "container=phigen-*,web", "container!=web", "label=team=core",
          "label.team=core", "label.team=web,core", "container.label.team=c*", "label.team!=web",
          "container.label=team=*", "is_failure", "container.oom and container.exit_code == 137",
          "container.exit_meaning == 'OOM'", "container.uptime > 2h", "container.image_age > 2d",
          "container.memory_limit >= 268435456", "container.restarts == 0",
          "'MemoryError' in container.logs | join(' ')", "event=error"}) {
        EXPECT_EQ(ruling(filter, oom), "passes") << filter;
    }
    const Told stop = told(Service::docker, "stop.stopped");
    for (const char* filter : {"container.project=shop", "container.service=web,api", "container.asked_for",
                               "not is_failure", "container.image=shop-web:*"}) {
        EXPECT_EQ(ruling(filter, stop), "passes") << filter;
    }
    EXPECT_EQ(ruling("container.name=phigen-*", stop), "stops");
    EXPECT_EQ(ruling("image.size > 1000000", told(Service::docker, "image.loaded")), "passes");
}

TEST(Filter, ReadsTheKeysOfACustomPayload) {
    const Told cpu(
        Service::custom, "alert",
        R"({"event": "Server Alert", "message": "CPU usage at 95%", "cpu": 95, "tags": ["prod"]})");
    EXPECT_EQ(value("event", cpu), "'Server Alert'");
    EXPECT_EQ(value("cpu > 90 and 'prod' in tags", cpu), "True");
    EXPECT_EQ(ruling("cpu > 99", cpu), "stops");
    EXPECT_EQ(ruling("tags=prod", cpu), "passes");
    EXPECT_EQ(ruling("memory > 3", cpu), "undecided");
}

TEST(Rules, ABuildThatIsToldByItselfAndABranchsShareOneName) {
    const Told failed = told(Service::docker, "build.failed");
    EXPECT_EQ(ruling("build.duration > 10", failed), "passes");
    EXPECT_EQ(ruling("build.duration > 600", failed), "stops");
    EXPECT_EQ(ruling("duration > 10s", failed), "passes");
    EXPECT_EQ(ruling("build.status == 'failed' and build.exit_code == 2", failed), "passes");
    EXPECT_EQ(ruling("build.step == 'RUN make' and build.stage == 'test' and stage == 'test'", failed),
              "passes");
    EXPECT_EQ(ruling("build.host=build-1", failed), "passes");
    EXPECT_EQ(ruling("build.changed", failed), "stops");
    EXPECT_EQ(ruling("is_failure", failed), "passes");
    const Told completed = told(Service::docker, "build.completed");
    EXPECT_EQ(ruling("image.size > 400_000_000 and build.size == image.size", completed), "passes");
    EXPECT_EQ(ruling("build.image=phigen-bot:*", completed), "passes");
    EXPECT_EQ(ruling("build.command=docker*", completed), "passes");
    EXPECT_EQ(ruling("is_failure", completed), "stops");
    EXPECT_EQ(ruling("build.status == 'passed'", told(Service::jenkins, "pipeline.passed")), "passes");
}

}  // namespace hookline::rules
