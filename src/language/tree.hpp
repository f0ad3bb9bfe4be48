// A text of the language as a tree: what the parser makes, the checker completes (fields, functions, types)
// and the evaluator walks. Its depth and size are bounded by the parser, so walking it may recurse.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>
#include <vector>

#include "language/diagnostic.hpp"
#include "language/schema.hpp"
#include "language/value.hpp"

namespace hookline::language {

struct Callable;
struct Test;

enum class NodeKind {
    constant,
    name,       // a field of the event, until the checker has made it `field` or `local`
    field,      // kids: none
    local,      // a loop's variable
    attribute,  // kids: thing
    item,       // kids: thing, index
    slice,      // kids: thing, from, to, step; each may be null
    list,
    tuple,
    negate,
    plus,
    arithmetic,
    concatenate,  // kids: two or more
    compare,      // kids: one more than `comparisons`
    both,         // and
    either,       // or
    negation,     // not
    choice,       // kids: condition, then, else (may be null)
    call,         // kids: arguments; a method call's thing is the first
    filter,       // kids: input, arguments
    test          // kids: input, arguments
};

enum class Arithmetic { add, subtract, multiply, divide, floor_divide, modulo, power };
enum class Comparison { equal, unequal, less, less_equal, greater, greater_equal, in, not_in };

struct Node;
using NodePtr = std::unique_ptr<Node>;

struct Node {
    NodeKind kind = NodeKind::constant;
    Place place;  // of the whole
    Place word;   // of the name, operator or sign that stands for it
    std::vector<NodePtr> kids;
    int depth = 1;

    std::string name;
    Value constant;
    Arithmetic arithmetic = Arithmetic::add;
    std::vector<Comparison> comparisons;
    std::vector<std::string> keywords;  // of a call: names of the last arguments
    bool is_method = false;

    // The checker's.
    const Schema* owner = nullptr;  // of `field`
    const Field* field = nullptr;
    std::size_t slot = 0;  // of a local
    const Callable* callable = nullptr;
    const Test* test = nullptr;
    std::vector<int> bound;  // for each parameter, its argument's index among the kids; -1: not given
    std::shared_ptr<const RE2> pattern;
    std::string path;  // "pr.status", for errors
};

struct Piece;
using Pieces = std::vector<Piece>;

/// A piece of a template.
struct Piece {
    enum class Kind { text, print, branch, loop };
    Kind kind = Kind::text;
    std::string text;
    NodePtr expression;  // printed; or gone over by a loop
    struct Arm {
        NodePtr condition;  // null: else
        Pieces body;
    };
    std::vector<Arm> arms;
    std::vector<std::string> targets;  // a loop's variables
    NodePtr condition;                 // of a loop: `for x in y if x`; may be null
    Pieces body, otherwise;
    std::size_t first_slot = 0;  // of a loop: `loop`, then its targets
};

}  // namespace hookline::language
