// Conditions of filters, alerts and mentions as members write them: a full expression, or the short form
// `branch=main,release/*`.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "event/service.hpp"
#include "language/program.hpp"
#include "rules/facts.hpp"

namespace hookline::rules {

/// What a condition says about an event as a filter.
enum class Ruling { passes, stops, undecided };

class Condition {
public:
    /// `source` in either form. The diagnostic's place is in `source`.
    [[nodiscard]] static language::Checked<Condition> compile(std::string_view source,
                                                              event::Service service);

    struct Answer {
        Ruling ruling = Ruling::passes;
        std::string trouble;  // it could not be worked out: the event passes, and this is told
    };
    /// What an event does not have decides nothing: it passes (docs/contract.md, section 4).
    [[nodiscard]] Answer ask(const Facts& facts) const;

    /// As an alert or a mention: by Jinja2's rules, what is not there is false.
    [[nodiscard]] language::Outcome evaluate(const Facts& facts) const {
        return expression_.evaluate(facts.surroundings());
    }
    /// The same, but what is not there decides nothing: undefined, without trouble.
    [[nodiscard]] language::Outcome decide(const Facts& facts) const {
        return expression_.decide(facts.surroundings());
    }

    [[nodiscard]] const std::string& source() const { return source_; }
    [[nodiscard]] const language::Expression& expression() const { return expression_; }

private:
    Condition(std::string source, language::Expression expression)
        : source_(std::move(source)), expression_(std::move(expression)) {}
    std::string source_;
    language::Expression expression_;
};

/// `branch=main,release/*` as an expression: glob(branch, ['main', 'release/*']); nothing where `source` is
/// not of that form. Names of people, repositories and labels are compared without regard to case.
[[nodiscard]] language::Checked<std::optional<std::string>> expand_short_form(std::string_view source,
                                                                              event::Service service);

/// Which events of the service never have what the condition asks for, for the reply: "issue, release, star";
/// "".
[[nodiscard]] std::string events_without(const Condition& condition, event::Service service);

}  // namespace hookline::rules
