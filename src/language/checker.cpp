#include "language/checker.hpp"

#include <fmt/format.h>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "language/callables.hpp"
#include "language/loop.hpp"
#include "language/times.hpp"

namespace hookline::language {

namespace {

/// What is known of a node's value before there is one.
struct Known {
    Type type = Type::any;
    const Schema* of = nullptr;
    std::span<const std::string_view> words = {};
    const Value* constant = nullptr;
};

enum class Sort { any, number, text, list, thing, duration };

Sort sort_of(Type type) {
    switch (type) {
        case Type::any:
            return Sort::any;
        case Type::boolean:
        case Type::integer:
        case Type::number:
            return Sort::number;
        case Type::text:
            return Sort::text;
        case Type::list:
            return Sort::list;
        case Type::map:
        case Type::object:
            return Sort::thing;
        case Type::duration:
            return Sort::duration;
    }
    return Sort::any;
}

Type type_of(const Value& value) {
    if (value.as_boolean() != nullptr) {
        return Type::boolean;
    }
    if (value.as_integer() != nullptr) {
        return Type::integer;
    }
    if (value.as_real() != nullptr) {
        return Type::number;
    }
    if (value.as_text() != nullptr) {
        return Type::text;
    }
    return value.as_duration() != nullptr ? Type::duration : Type::any;
}

std::string word_list(std::span<const std::string_view> words) {
    return fmt::format("{}", fmt::join(words, ", "));
}

bool is_word(std::span<const std::string_view> words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

class Checker {
public:
    Checker(const Schema& schema, CheckOptions options) : schema_(schema), options_(options) {}

    Known check(Node& node) {
        if (result.problem) {
            return {};
        }
        switch (node.kind) {
            case NodeKind::constant:
                return constant(node);
            case NodeKind::name:
            case NodeKind::field:
            case NodeKind::local:
                return name(node);
            case NodeKind::attribute:
                return attribute(node);
            case NodeKind::item:
                return item(node);
            case NodeKind::slice:
                return slice(node);
            case NodeKind::list:
            case NodeKind::tuple:
                return with_kids(node, Type::list);
            case NodeKind::negate:
            case NodeKind::plus:
                return sign(node);
            case NodeKind::arithmetic:
                return arithmetic(node);
            case NodeKind::concatenate:
                return with_kids(node, Type::text);
            case NodeKind::compare:
                return compare(node);
            case NodeKind::both:
            case NodeKind::either:
                return logic(node);
            case NodeKind::negation:
                return with_kids(node, Type::boolean);
            case NodeKind::choice:
                return choice(node);
            case NodeKind::call:
                return call(node);
            case NodeKind::filter:
                return filter(node);
            case NodeKind::test:
                return test(node);
        }
        return {};
    }

    void check(Pieces& pieces) {
        for (Piece& piece : pieces) {
            if (piece.kind == Piece::Kind::loop) {
                loop(piece);
                continue;
            }
            if (piece.expression) {
                check(*piece.expression);
            }
            for (Piece::Arm& arm : piece.arms) {
                if (arm.condition) {
                    check(*arm.condition);
                }
                check(arm.body);
            }
        }
    }

    CheckResult result;

private:
    struct Local {
        std::string name;
        Known known;
    };

    void refuse(Place place, std::string sentence) {
        if (!result.problem) {
            result.problem = Diagnostic{std::move(sentence), place};
        }
    }

    Known with_kids(Node& node, Type type) {
        for (const NodePtr& kid : node.kids) {
            if (kid) {
                check(*kid);
            }
        }
        return {type};
    }

    Known constant(Node& node) {
        if (options_.has_markup && node.constant.as_text() != nullptr) {
            node.constant = Value::markup(to_text(node.constant));
        }
        Known known{type_of(node.constant)};
        known.constant = &node.constant;
        return known;
    }

    Known name(Node& node) {
        for (std::size_t i = locals_.size(); i > 0; --i) {
            if (locals_[i - 1].name == node.name) {
                node.kind = NodeKind::local;
                node.slot = i - 1;
                node.path = node.name;
                return locals_[i - 1].known;
            }
        }
        node.path = node.name;
        const Field* field = find_field(schema_, node.name);
        if (field == nullptr && schema_.read_other == nullptr) {
            std::vector<std::string_view> known;
            for (const Field& other : schema_.fields) {
                known.push_back(other.name);
            }
            for (const Local& local : locals_) {
                known.emplace_back(local.name);
            }
            unknown(node,
                    fmt::format("there is no field \"{}\"{}", node.name, did_you_mean(node.name, known)));
            return {};
        }
        node.kind = NodeKind::field;
        node.owner = &schema_;
        node.field = field;
        result.names.push_back(node.path);
        return field != nullptr ? Known{field->type, field->of, field->words} : Known{};
    }

    void unknown(const Node& node, std::string sentence) {
        if (options_.allows_unknown) {
            result.unknown.push_back(Diagnostic{std::move(sentence), node.word});
        } else {
            refuse(node.word, std::move(sentence));
        }
    }

    Known attribute(Node& node) {
        Node& thing = *node.kids.front();
        const Known known = check(thing);
        node.path = fmt::format("{}.{}", thing.path, node.name);
        if (!result.names.empty() && result.names.back() == thing.path) {
            result.names.back() = node.path;
        }
        if (known.type == Type::object && known.of != nullptr) {
            return member(node, *known.of, thing.path);
        }
        if (known.type == Type::list) {
            refuse(node.word,
                   fmt::format("{} is a list: take one item with [0], or go over it with for", shown(thing)));
        } else if (known.type != Type::any && known.type != Type::map) {
            refuse(node.word,
                   fmt::format("{} is {}: it has no \"{}\"", shown(thing), name_of(known.type), node.name));
        }
        return {};
    }

    static std::string shown(const Node& node) {
        return node.path.empty() ? "this" : fmt::format("\"{}\"", node.path);
    }

    Known member(Node& node, const Schema& schema, std::string_view path) {
        const Field* field = find_field(schema, node.name);
        if (field != nullptr) {
            node.owner = &schema;
            node.field = field;
            return Known{field->type, field->of, field->words};
        }
        if (schema.read_other != nullptr) {
            return {};
        }
        std::vector<std::string_view> known;
        for (const Field& other : schema.fields) {
            known.push_back(other.name);
        }
        const auto nearest = nearest_word(node.name, known);
        unknown(node, nearest ? fmt::format("there is no field \"{}\"; did you mean \"{}.{}\"?", node.path,
                                            path, *nearest)
                              : fmt::format("there is no field \"{}\"; {} has {}", node.path, path,
                                            word_list(known)));
        return {};
    }

    Known item(Node& node) {
        Known known = check(*node.kids[0]);
        check(*node.kids[1]);
        node.path = node.kids[0]->path + "[…]";
        if (known.type == Type::list) {
            return element(known);
        }
        return known.type == Type::text ? Known{Type::text} : Known{};
    }

    static Known element(const Known& list) {
        return list.of != nullptr ? Known{Type::object, list.of} : Known{Type::any, nullptr, list.words};
    }

    Known slice(Node& node) {
        const Known known = check(*node.kids[0]);
        for (std::size_t i = 1; i < node.kids.size(); ++i) {
            if (node.kids[i]) {
                check(*node.kids[i]);
            }
        }
        node.path = node.kids[0]->path + "[…]";
        return Known{known.type, known.of};
    }

    Known sign(Node& node) {
        const Known known = check(*node.kids[0]);
        const Sort sort = sort_of(known.type);
        if (options_.checks_types && sort != Sort::any && sort != Sort::number && sort != Sort::duration) {
            refuse(node.place, fmt::format("{} has no sign", name_of(known.type)));
        }
        return Known{known.type == Type::boolean ? Type::integer : known.type};
    }

    Known arithmetic(Node& node) {
        const Known left = check(*node.kids[0]);
        const Known right = check(*node.kids[1]);
        const Sort a = sort_of(left.type);
        const Sort b = sort_of(right.type);
        const auto is = [&](Sort one, Sort other) {
            return (a == one && b == other) || (a == other && b == one);
        };
        if (a == Sort::any || b == Sort::any) {
            return {};
        }
        switch (node.arithmetic) {
            case Arithmetic::add:
                if (a == b && a != Sort::thing) {
                    return Known{a == Sort::number ? Type::number : left.type};
                }
                break;
            case Arithmetic::multiply:
                if (is(Sort::number, Sort::number)) {
                    return Known{Type::number};
                }
                if (is(Sort::number, Sort::text) || is(Sort::number, Sort::list) ||
                    is(Sort::number, Sort::duration)) {
                    return Known{a == Sort::number ? right.type : left.type};
                }
                break;
            default:
                if (is(Sort::number, Sort::number)) {
                    return Known{Type::number};
                }
                if (a == Sort::duration && (b == Sort::duration || b == Sort::number)) {
                    return {};
                }
        }
        if (options_.checks_types) {
            const bool joins = node.arithmetic == Arithmetic::add && (a == Sort::text || b == Sort::text);
            refuse(node.word,
                   fmt::format("{} and {} cannot be {} so{}", name_of(left.type), name_of(right.type),
                               node.arithmetic == Arithmetic::add ? "added" : "calculated",
                               joins ? "; \"~\" joins anything as text" : ""));
        }
        return {};
    }

    Known compare(Node& node) {
        std::vector<Known> known;
        for (const NodePtr& kid : node.kids) {
            known.push_back(check(*kid));
        }
        for (std::size_t i = 0; options_.checks_types && i < node.comparisons.size(); ++i) {
            compare_two(node.comparisons[i], known[i], known[i + 1], *node.kids[i], *node.kids[i + 1]);
        }
        return Known{Type::boolean};
    }

    void compare_two(Comparison comparison, const Known& left, const Known& right, const Node& left_node,
                     const Node& right_node) {
        const Place place{left_node.place.begin, right_node.place.end};
        const Sort a = sort_of(left.type);
        const Sort b = sort_of(right.type);
        const bool is_equality = comparison == Comparison::equal || comparison == Comparison::unequal;
        if (is_equality) {
            check_word(left, right, left_node, right_node);
            check_word(right, left, right_node, left_node);
        }
        if (comparison == Comparison::in || comparison == Comparison::not_in) {
            return check_holding(left, right, left_node, right_node);
        }
        if (a == Sort::any || b == Sort::any ||
            (is_equality && left.constant != nullptr && right.constant != nullptr)) {
            return;
        }
        if (a == Sort::duration || b == Sort::duration) {
            return check_duration(left, right, left_node, right_node);
        }
        if (a != b) {
            refuse(place, fmt::format("{} is {} and {} is {}: {}", described(left_node), name_of(left.type),
                                      described(right_node), name_of(right.type),
                                      is_equality ? "they are never equal" : "they cannot be compared"));
        } else if (!is_equality && a == Sort::thing) {
            refuse(place, "two objects cannot be compared: compare one of their fields");
        }
    }

    static std::string described(const Node& node) {
        if (node.kind == NodeKind::constant) {
            return to_source(node.constant);
        }
        return node.path.empty() ? "this" : node.path;
    }

    void check_duration(const Known& left, const Known& right, const Node& left_node,
                        const Node& right_node) {
        const bool left_is = left.type == Type::duration;
        const Known& other = left_is ? right : left;
        const Node& node = left_is ? right_node : left_node;
        if (other.type == Type::duration || sort_of(other.type) == Sort::number) {
            return;
        }
        const auto* text = other.constant != nullptr ? other.constant->as_text() : nullptr;
        if (text == nullptr || !parse_duration(text->view)) {
            refuse(node.place, "a duration belongs here, such as 90s, 5m, 2h, 1d or 1h30m");
        }
    }

    void check_word(const Known& field, const Known& other, const Node& field_node, const Node& node) {
        const auto* text = other.constant != nullptr ? other.constant->as_text() : nullptr;
        if (field.words.empty() || field.type == Type::list || text == nullptr ||
            is_word(field.words, text->view)) {
            return;
        }
        refuse(node.place, fmt::format("{} is never \"{}\"{}", described(field_node), text->view,
                                       one_of(text->view, field.words)));
    }

    static std::string one_of(std::string_view word, std::span<const std::string_view> words) {
        const std::string meant = did_you_mean(word, words);
        return meant.empty() ? fmt::format("; it is one of {}", word_list(words)) : meant;
    }

    void check_holding(const Known& left, const Known& right, const Node& left_node, const Node& right_node) {
        const Sort b = sort_of(right.type);
        if (b == Sort::number || b == Sort::duration) {
            return refuse(right_node.place, fmt::format("{} is {}: nothing is in it", described(right_node),
                                                        name_of(right.type)));
        }
        const Sort a = sort_of(left.type);
        if (b == Sort::text && a != Sort::any && a != Sort::text) {
            return refuse(left_node.place, fmt::format("{} is {}: it is never in a text",
                                                       described(left_node), name_of(left.type)));
        }
        if (!left.words.empty() &&
            (right_node.kind == NodeKind::list || right_node.kind == NodeKind::tuple)) {
            for (const NodePtr& kid : right_node.kids) {
                Known known;
                known.constant = kid->kind == NodeKind::constant ? &kid->constant : nullptr;
                check_word(left, known, left_node, *kid);
            }
        }
        if (right.type == Type::list && !right.words.empty()) {
            const auto* text = left.constant != nullptr ? left.constant->as_text() : nullptr;
            if (text != nullptr && !is_word(right.words, text->view)) {
                refuse(left_node.place, fmt::format("\"{}\" is never in {}{}", text->view,
                                                    described(right_node), one_of(text->view, right.words)));
            }
        }
    }

    Known logic(Node& node) {
        bool all_boolean = true;
        for (const NodePtr& kid : node.kids) {
            all_boolean = check(*kid).type == Type::boolean && all_boolean;
        }
        return Known{all_boolean ? Type::boolean : Type::any};
    }

    Known choice(Node& node) {
        check(*node.kids[0]);
        const Known then = check(*node.kids[1]);
        const Known otherwise = node.kids[2] ? check(*node.kids[2]) : Known{};
        return then.type == otherwise.type ? Known{then.type} : Known{};
    }

    Known call(Node& node) {
        node.callable = node.is_method ? find_method(node.name) : find_function(node.name);
        std::vector<Known> known;
        for (const NodePtr& kid : node.kids) {
            known.push_back(check(*kid));
        }
        if (node.callable == nullptr) {
            const bool is_filter = find_filter(node.name) != nullptr;
            const std::vector<std::string_view> names = node.is_method ? method_names() : function_names();
            refuse(node.word, is_filter ? fmt::format("\"{}\" is a filter: write it behind a bar, \"… | {}\"",
                                                      node.name, node.name)
                                        : fmt::format("there is no function \"{}\"{}", node.name,
                                                      did_you_mean(node.name, names)));
            return {};
        }
        return bind(node, known);
    }

    Known filter(Node& node) {
        node.callable = find_filter(node.name);
        std::vector<Known> known;
        for (const NodePtr& kid : node.kids) {
            known.push_back(check(*kid));
        }
        if (node.callable == nullptr) {
            refuse(node.word, fmt::format("there is no filter \"{}\"{}", node.name,
                                          did_you_mean(node.name, filter_names())));
            return {};
        }
        const Known made = bind(node, known);
        if (node.name == "first" || node.name == "last") {
            return known[0].type == Type::list ? element(known[0]) : Known{};
        }
        const bool keeps =
            node.name == "sort" || node.name == "unique" || node.name == "reverse" || node.name == "list";
        return keeps && known[0].type == Type::list ? Known{Type::list, known[0].of} : made;
    }

    /// Which argument each parameter gets.
    Known bind(Node& node, std::span<const Known> known) {
        const Callable& callable = *node.callable;
        node.bound.assign(callable.parameters.size(), -1);
        const std::size_t plain = node.kids.size() - node.keywords.size();
        if (plain > callable.parameters.size()) {
            refuse(node.word, usage(callable));
            return {};
        }
        for (std::size_t i = 0; i < plain; ++i) {
            node.bound[i] = static_cast<int>(i);
        }
        for (std::size_t i = 0; i < node.keywords.size(); ++i) {
            std::vector<std::string_view> names;
            int at = -1;
            for (std::size_t p = 0; p < callable.parameters.size(); ++p) {
                names.push_back(callable.parameters[p].name);
                at = callable.parameters[p].name == node.keywords[i] ? static_cast<int>(p) : at;
            }
            if (at < 0 || node.bound[static_cast<std::size_t>(at)] >= 0) {
                refuse(node.word, at >= 0
                                      ? fmt::format("\"{}\" is given twice", node.keywords[i])
                                      : fmt::format("\"{}\" knows no argument \"{}\"{}", callable.name,
                                                    node.keywords[i], did_you_mean(node.keywords[i], names)));
                return {};
            }
            node.bound[static_cast<std::size_t>(at)] = static_cast<int>(plain + i);
        }
        for (std::size_t p = 0; p < callable.parameters.size(); ++p) {
            const int at = node.bound[p];
            if (at < 0 && callable.parameters[p].is_required) {
                refuse(node.word, usage(callable));
                return {};
            }
            if (at >= 0) {
                check_argument(callable, callable.parameters[p], known[static_cast<std::size_t>(at)],
                               *node.kids[static_cast<std::size_t>(at)]);
            }
        }
        check_special(node, known);
        return Known{callable.result};
    }

    static std::string usage(const Callable& callable) {
        return fmt::format("\"{}\" is written so: {}", callable.name, callable.example);
    }

    void check_argument(const Callable& callable, const Parameter& parameter, const Known& known,
                        const Node& node) {
        const Sort wanted = sort_of(parameter.type);
        const Sort had = sort_of(known.type);
        if (!options_.checks_types || wanted == Sort::any || had == Sort::any || wanted == had) {
            return;
        }
        refuse(node.place, fmt::format("{} is {}, but \"{}\" takes {}", described(node), name_of(known.type),
                                       callable.name, name_of(parameter.type)));
    }

    void check_special(Node& node, std::span<const Known> known) {
        if (node.callable->name == "matches") {
            const Node& argument = *node.kids[1];
            if (argument.kind == NodeKind::constant) {
                node.pattern = compile_pattern(to_text(argument.constant));
                if (!node.pattern->ok()) {
                    refuse(argument.place, fmt::format("this is no pattern: {}", node.pattern->error()));
                }
            }
        }
        if (node.callable->name == "age") {
            result.asks_age = true;
        }
        if (node.callable->name == "count" && node.kind == NodeKind::call && node.bound[1] >= 0) {
            result.counts_events = true;
            const Node& time = *node.kids[1];
            const auto* text = known[1].constant != nullptr ? known[1].constant->as_text() : nullptr;
            if (text != nullptr && !parse_duration(text->view)) {
                refuse(
                    time.place,
                    fmt::format("\"{}\" is no duration: write it like 90s, 5m, 2h, 1d or 1h30m", text->view));
            }
        }
        if (node.callable->name == "length" && options_.checks_types &&
            (sort_of(known[0].type) == Sort::number || sort_of(known[0].type) == Sort::duration)) {
            refuse(node.word, fmt::format("{} is {}: it has no length", described(*node.kids[0]),
                                          name_of(known[0].type)));
        }
    }

    Known test(Node& node) {
        node.test = find_test(node.name);
        with_kids(node, Type::boolean);
        if (node.test == nullptr) {
            refuse(node.word, fmt::format("there is no test \"{}\"{}", node.name,
                                          did_you_mean(node.name, test_names())));
        } else if (node.kids.size() != (node.test->has_argument ? 2U : 1U) || !node.keywords.empty()) {
            refuse(node.word, node.test->has_argument ? fmt::format("\"is {}\" takes one value", node.name)
                                                      : fmt::format("\"is {}\" takes no value", node.name));
        }
        return Known{Type::boolean};
    }

    void loop(Piece& piece) {
        const Known over = check(*piece.expression);
        if (options_.checks_types &&
            (sort_of(over.type) == Sort::number || sort_of(over.type) == Sort::duration)) {
            refuse(piece.expression->place, fmt::format("{} is {}: a loop goes over a list",
                                                        described(*piece.expression), name_of(over.type)));
        }
        piece.first_slot = locals_.size();
        const std::size_t outer = locals_.size();
        locals_.push_back(Local{"loop", Known{Type::object, &loop_schema()}});
        for (const std::string& target : piece.targets) {
            const bool is_whole = piece.targets.size() == 1 && over.type == Type::list;
            locals_.push_back(Local{target, is_whole ? element(over) : Known{}});
        }
        if (piece.condition) {
            check(*piece.condition);
        }
        check(piece.body);
        locals_.resize(outer);
        check(piece.otherwise);
    }

    const Schema& schema_;
    CheckOptions options_;
    std::vector<Local> locals_;
};

}  // namespace

CheckResult check(Node& root, const Schema& schema, CheckOptions options) {
    Checker checker(schema, options);
    checker.check(root);
    return std::move(checker.result);
}

CheckResult check(Pieces& pieces, const Schema& schema, CheckOptions options) {
    Checker checker(schema, options);
    checker.check(pieces);
    return std::move(checker.result);
}

}  // namespace hookline::language
