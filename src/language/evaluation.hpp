// One evaluation of an expression or a template: what it works with, what it may use up, and what went wrong.
// The first problem ends it; from then on every step returns at once.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "language/tree.hpp"
#include "language/value.hpp"

namespace hookline::language {

/// What an evaluation may use up, whatever a member has typed and a sender has sent.
struct Limits {
    std::size_t steps = 100'000;       // a step is about 20 ns: a few ms at most
    std::size_t text = 256UL * 1024;   // bytes of a text that it makes
    std::size_t items = 10'000;        // of a list that it makes
    std::size_t output = 64UL * 1024;  // bytes that a template prints
};

/// What an expression is evaluated against. Everything in it outlives the evaluation and its value.
struct Surroundings {
    Value::Object root;
    TimePoint now;
    /// How many events of that name the hook has had since then ("container.die"); null: it cannot be told.
    const std::function<std::int64_t(std::string_view, TimePoint)>* count_events = nullptr;
};

/// How values become text in a template.
enum class Escaping {
    none,     // as they are: conditions, URLs, names of authors
    markdown  // for Discord: everything but what the template itself says
};

/// What an evaluation found wrong: a division by zero, two things that cannot be compared.
struct Trouble {
    std::string sentence;
    Place place;
};

class Evaluation {
public:
    Evaluation(const Surroundings& surroundings, Limits limits, Escaping escaping)
        : surroundings_(surroundings), limits_(limits), escaping_(escaping) {}

    /// In a filter, what an event does not have decides nothing: comparisons with it are undefined, and so is
    /// what depends on them alone.
    void let_missing_decide_nothing() { missing_is_open_ = true; }

    [[nodiscard]] Value evaluate(const Node& node);
    void render(const Pieces& pieces, std::string& out);

    // For functions and filters.
    [[nodiscard]] const Surroundings& surroundings() const { return surroundings_; }
    [[nodiscard]] const Limits& limits() const { return limits_; }
    [[nodiscard]] Escaping escaping() const { return escaping_; }
    /// False, and trouble, once too much is used up.
    bool spend(std::size_t steps, Place place);
    /// Notes the first trouble; returns undefined.
    Value fail(Place place, std::string sentence);
    [[nodiscard]] bool has_failed() const { return trouble_.has_value(); }
    [[nodiscard]] const std::optional<Trouble>& trouble() const { return trouble_; }
    /// What `for` goes over; nothing, and trouble, where it is nothing of the kind or holds too much.
    [[nodiscard]] std::optional<std::vector<Value>> items(const Value& value, Place place);
    /// The text, if it is not too long.
    Value made(std::string text, Place place);
    Value made(std::vector<Value> items, Place place);
    /// What a template shows for a value.
    [[nodiscard]] std::string printed(const Value& value) const;

private:
    [[nodiscard]] Value run(const Node& node);
    [[nodiscard]] Value arithmetic(const Node& node);
    [[nodiscard]] Value concatenate(const Node& node);
    [[nodiscard]] Value compare(const Node& node);
    [[nodiscard]] std::optional<bool> compare_two(Comparison comparison, const Value& left,
                                                  const Value& right, const Node& node);
    [[nodiscard]] Value either(const Node& node);
    [[nodiscard]] Value both(const Node& node);
    [[nodiscard]] Value choice(const Node& node);
    [[nodiscard]] Value item(const Node& node);
    [[nodiscard]] Value slice(const Node& node);
    [[nodiscard]] Value call(const Node& node);
    [[nodiscard]] Value test(const Node& node);
    [[nodiscard]] Value sequence(const Node& node);
    void print(const Node& node, std::string& out);
    void loop(const Piece& piece, std::string& out);
    bool bind(const Piece& piece, const Value& item);
    void append(std::string& out, std::string_view text, Place place);

    const Surroundings& surroundings_;
    Limits limits_;
    Escaping escaping_;
    bool missing_is_open_ = false;
    std::size_t spent_ = 0;
    std::optional<Trouble> trouble_;
    std::vector<Value> locals_;
};

/// Whether `needle in haystack`, as Python has it; nothing where the right side holds nothing.
[[nodiscard]] std::optional<bool> holds(const Value& haystack, const Value& needle);

}  // namespace hookline::language
