// The functions, filters and tests of the language: one row each, which the checker, the evaluator and the
// documentation read.
#pragma once

#include <span>
#include <string_view>

#include "language/evaluation.hpp"
#include "language/schema.hpp"

namespace hookline::language {

struct Parameter {
    std::string_view name;
    Type type = Type::any;
    bool is_required = true;
};

/// The arguments of one call, in the order of the parameters.
class Arguments {
public:
    Arguments(const Node& node, std::span<const Value> values) : node_(node), values_(values) {}
    [[nodiscard]] const Value& operator[](std::size_t index) const { return values_[index]; }
    [[nodiscard]] bool given(std::size_t index) const;
    [[nodiscard]] const Node& node() const { return node_; }
    /// Of that argument; of the call where it was not given.
    [[nodiscard]] Place place(std::size_t index) const;

private:
    const Node& node_;
    std::span<const Value> values_;
};

struct Callable {
    std::string_view name;
    std::span<const Parameter> parameters;  // of a filter: the first is its input
    Type result = Type::any;
    Value (*run)(Evaluation&, const Arguments&) = nullptr;
    std::string_view example;    // truncate(20)
    std::string_view sentence;   // "cuts a text at a word"
    bool takes_missing = false;  // what is not there is an argument like others: default
};

struct Test {
    std::string_view name;
    bool has_argument = false;
    bool (*run)(Evaluation&, const Arguments&) = nullptr;
    std::string_view sentence;
    bool takes_missing = false;
};

[[nodiscard]] std::span<const Callable> functions();
[[nodiscard]] std::span<const Callable> filters();
[[nodiscard]] std::span<const Test> tests();
[[nodiscard]] const Callable* find_function(std::string_view name);
[[nodiscard]] const Callable* find_filter(std::string_view name);
/// `text.startswith('x')`: Python's spelling of a function or filter whose first argument is the thing
/// itself.
[[nodiscard]] const Callable* find_method(std::string_view name);
[[nodiscard]] const Test* find_test(std::string_view name);
/// The same, for suggestions.
[[nodiscard]] std::vector<std::string_view> function_names();
[[nodiscard]] std::vector<std::string_view> filter_names();
[[nodiscard]] std::vector<std::string_view> method_names();
[[nodiscard]] std::vector<std::string_view> test_names();

}  // namespace hookline::language
