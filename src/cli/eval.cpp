#include <ostream>

#include "cli/payload.hpp"
#include "rules/condition.hpp"
#include "rules/fields.hpp"

namespace hookline::cli {

namespace {

/// The expression, or what stands for a filter's short form: both are what a member types.
language::Checked<language::Expression> compile(const std::string& source, event::Service service) {
    auto expanded = rules::expand_short_form(source, service);
    if (!expanded) {
        return tl::unexpected(std::move(expanded.error()));
    }
    return language::Expression::compile(expanded->value_or(source), rules::schema_of(service));
}

}  // namespace

int eval(const Process& process, const EvalOptions& options) {
    const auto payload = read_payload(process, options.payload);
    if (!payload) {
        return complain(process, usage_error, payload.error().detail);
    }
    const auto expression = compile(options.expression, payload->adapter->service());
    if (!expression) {
        return complain(process, usage_error, language::to_text(expression.error(), options.expression));
    }
    const rules::Facts facts =
        rules::facts_of(payload->event, payload->text, SystemClock().now(), payload->known);
    const language::Outcome outcome = expression->evaluate(facts.surroundings());
    if (outcome.trouble) {
        return complain(process, usage_error, language::to_text(*outcome.trouble, expression->source()));
    }
    process.out << language::to_text(outcome.value) << '\n';
    return language::is_true(outcome.value) ? fine : did_not_hold;
}

int fields(const Process& process, const FieldsOptions& options) {
    const auto adapter = adapter_of(options.service);
    if (!adapter) {
        return complain(process, usage_error, adapter.error().detail);
    }
    std::vector<std::string_view> known;
    bool is_known = options.event.empty();
    for (const services::EventName& event : (*adapter)->event_names()) {
        known.push_back(event.name);
        is_known = is_known || event.name == options.event;
    }
    if (!is_known) {
        return complain(
            process, usage_error,
            "there is no event \"" + options.event + "\"" + language::did_you_mean(options.event, known));
    }
    process.out << rules::describe_fields((*adapter)->service(), options.event);
    return fine;
}

}  // namespace hookline::cli
