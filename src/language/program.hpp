// The language as the rest of Hookline uses it: conditions and templates, compiled once when a person gives
// them, evaluated as often as events come. Neither knows what an event is: a schema says what names there
// are, and a thing of that schema gives their values.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "language/diagnostic.hpp"
#include "language/evaluation.hpp"
#include "language/schema.hpp"

namespace hookline::language {

/// What evaluating gave. Where there is trouble, `value` is undefined; `value` may refer to the event.
struct Outcome {
    Value value;
    std::optional<Trouble> trouble;
};

struct CompileOptions {
    /// Refuses what can never hold: a number compared with a text, a word that a field never has.
    bool checks_types = true;
};

class Expression {
public:
    /// The first thing wrong with it, where it stands, and what was probably meant.
    [[nodiscard]] static Checked<Expression> compile(std::string_view source, const Schema& schema,
                                                     CompileOptions options = {});
    /// By Jinja2's rules: what is not there is false, empty, and an error where it is counted with.
    [[nodiscard]] Outcome evaluate(const Surroundings& surroundings, Limits limits = {}) const;
    /// As a filter: what is not there decides nothing. Undefined: nothing was decided.
    [[nodiscard]] Outcome decide(const Surroundings& surroundings, Limits limits = {}) const;

    [[nodiscard]] const std::string& source() const { return *source_; }
    /// The fields of the event that it names, as written: "pr.status".
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
    /// Whether it asks how old something is: what it says changes as time passes.
    [[nodiscard]] bool asks_age() const { return asks_age_; }
    /// Whether it counts events in a time: count('workflow.failed', '10m').
    [[nodiscard]] bool counts_events() const { return counts_events_; }

private:
    std::unique_ptr<const std::string> source_;
    NodePtr root_;
    std::vector<std::string> names_;
    bool asks_age_ = false, counts_events_ = false;
};

struct Rendering {
    std::string text;
    std::optional<Trouble> trouble;  // `text` is what was printed up to there
};

class Template {
public:
    [[nodiscard]] static Checked<Template> compile(std::string_view source, const Schema& schema,
                                                   Escaping escaping, CompileOptions options = {});
    [[nodiscard]] Rendering render(const Surroundings& surroundings, Limits limits = {}) const;
    [[nodiscard]] const std::string& source() const { return *source_; }
    /// Names that are no field of the schema: they print nothing.
    [[nodiscard]] const std::vector<Diagnostic>& unknown() const { return unknown_; }

private:
    std::unique_ptr<const std::string> source_;
    Pieces pieces_;
    Escaping escaping_ = Escaping::none;
    std::vector<Diagnostic> unknown_;
};

/// `trouble` with the line it is about.
[[nodiscard]] std::string to_text(const Trouble& trouble, std::string_view source);

}  // namespace hookline::language
