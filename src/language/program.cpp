#include "language/program.hpp"

#include "language/checker.hpp"
#include "language/parser.hpp"

namespace hookline::language {

Checked<Expression> Expression::compile(std::string_view source, const Schema& schema,
                                        CompileOptions options) {
    Expression expression;
    expression.source_ = std::make_unique<const std::string>(source);
    auto root = parse_expression(*expression.source_);
    if (!root) {
        return tl::unexpected(std::move(root.error()));
    }
    expression.root_ = std::move(*root);
    CheckOptions checks;
    checks.checks_types = options.checks_types;
    CheckResult result = check(*expression.root_, schema, checks);
    if (result.problem) {
        return tl::unexpected(std::move(*result.problem));
    }
    expression.names_ = std::move(result.names);
    expression.asks_age_ = result.asks_age;
    expression.counts_events_ = result.counts_events;
    return expression;
}

Outcome Expression::evaluate(const Surroundings& surroundings, Limits limits) const {
    Evaluation evaluation(surroundings, limits, Escaping::none);
    Outcome outcome;
    outcome.value = evaluation.evaluate(*root_);
    outcome.trouble = evaluation.trouble();
    return outcome;
}

Outcome Expression::decide(const Surroundings& surroundings, Limits limits) const {
    Evaluation evaluation(surroundings, limits, Escaping::none);
    evaluation.let_missing_decide_nothing();
    Outcome outcome;
    outcome.value = evaluation.evaluate(*root_);
    outcome.trouble = evaluation.trouble();
    return outcome;
}

Checked<Template> Template::compile(std::string_view source, const Schema& schema, Escaping escaping,
                                    CompileOptions options) {
    Template form;
    std::string text(source);
    std::erase(text, '\r');
    form.source_ = std::make_unique<const std::string>(std::move(text));
    form.escaping_ = escaping;
    auto pieces = parse_template(*form.source_);
    if (!pieces) {
        return tl::unexpected(std::move(pieces.error()));
    }
    form.pieces_ = std::move(*pieces);
    CheckOptions checks;
    checks.checks_types = options.checks_types;
    checks.allows_unknown = true;
    checks.has_markup = escaping == Escaping::markdown;
    CheckResult result = check(form.pieces_, schema, checks);
    if (result.problem) {
        return tl::unexpected(std::move(*result.problem));
    }
    form.unknown_ = std::move(result.unknown);
    return form;
}

Rendering Template::render(const Surroundings& surroundings, Limits limits) const {
    Evaluation evaluation(surroundings, limits, escaping_);
    Rendering rendering;
    evaluation.render(pieces_, rendering.text);
    rendering.trouble = evaluation.trouble();
    return rendering;
}

std::string to_text(const Trouble& trouble, std::string_view source) {
    return trouble.sentence + "\n" + caret_under(source, trouble.place);
}

}  // namespace hookline::language
