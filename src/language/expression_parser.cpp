#include "language/expression_parser.hpp"

#include <fmt/format.h>

#include "language/parser.hpp"

namespace hookline::language {

/// How deep the parser has called itself: bounded, because brackets come from outside.
class ExpressionParser::Deeper {
public:
    explicit Deeper(ExpressionParser& parser) : parser_(parser) { ++parser_.depth_; }
    ~Deeper() { --parser_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    [[nodiscard]] bool is_too_deep() const { return parser_.depth_ > deepest_tree; }

private:
    ExpressionParser& parser_;
};

namespace {

constexpr std::string_view too_deep = "this is nested too deeply: at most 100 levels";

struct ComparisonSign {
    std::string_view sign;
    Comparison comparison;
};
constexpr std::array<ComparisonSign, 6> comparison_signs{{{"==", Comparison::equal},
                                                          {"!=", Comparison::unequal},
                                                          {"<", Comparison::less},
                                                          {"<=", Comparison::less_equal},
                                                          {">", Comparison::greater},
                                                          {">=", Comparison::greater_equal}}};
struct ProductSign {
    std::string_view sign;
    Arithmetic arithmetic;
};
constexpr std::array<std::string_view, 7> words_of_the_language{
    {"and", "or", "not", "in", "is", "if", "else"}};

bool is_word_of_the_language(const Token& token) {
    return token.kind == TokenKind::name &&
           std::find(words_of_the_language.begin(), words_of_the_language.end(), token.raw) !=
               words_of_the_language.end();
}

constexpr std::array<ProductSign, 4> product_signs{{{"*", Arithmetic::multiply},
                                                    {"/", Arithmetic::divide},
                                                    {"//", Arithmetic::floor_divide},
                                                    {"%", Arithmetic::modulo}}};

}  // namespace

NodePtr ExpressionParser::make(NodeKind kind, Place place) {
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->place = place;
    node->word = place;
    return node;
}

void ExpressionParser::adopt(Node& parent, NodePtr kid) {
    if (kid) {
        parent.depth = std::max(parent.depth, kid->depth + 1);
        parent.place.begin = std::min(parent.place.begin, kid->place.begin);
        parent.place.end = std::max(parent.place.end, kid->place.end);
        if (parent.depth > deepest_tree) {
            fail(parent.place, std::string(too_deep));
        }
    }
    parent.kids.push_back(std::move(kid));
}

void ExpressionParser::fail(Place place, std::string sentence) {
    if (!problem_) {
        problem_ = Diagnostic{std::move(sentence), place};
    }
    at_ = tokens_.size() - 1;
}

void ExpressionParser::advance() {
    if (at_ + 1 < tokens_.size()) {
        ++at_;
    }
}

const Token& ExpressionParser::look(std::size_t ahead) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

bool ExpressionParser::is_symbol(std::string_view symbol) const {
    return current().kind == TokenKind::symbol && current().raw == symbol;
}

bool ExpressionParser::is_name(std::string_view name) const {
    return current().kind == TokenKind::name && current().raw == name;
}

bool ExpressionParser::skip_symbol(std::string_view symbol) {
    if (!is_symbol(symbol)) {
        return false;
    }
    advance();
    return true;
}

bool ExpressionParser::skip_name(std::string_view name) {
    if (!is_name(name)) {
        return false;
    }
    advance();
    return true;
}

void ExpressionParser::expect_symbol(std::string_view symbol) {
    if (!skip_symbol(symbol)) {
        fail(current().place, current().kind == TokenKind::end
                                  ? fmt::format("\"{}\" is missing", symbol)
                                  : fmt::format("\"{}\" is missing before {}", symbol, shown()));
    }
}

std::string_view ExpressionParser::shown() const {
    return current().kind == TokenKind::end ? std::string_view("the end") : current().raw;
}

void ExpressionParser::expect_end() {
    if (problem_ || current().kind == TokenKind::end) {
        return;
    }
    if (is_symbol("=")) {
        return fail(current().place, "one \"=\" compares nothing: write \"==\"");
    }
    if (current().kind == TokenKind::name || current().kind == TokenKind::text ||
        current().kind == TokenKind::integer) {
        return fail(current().place,
                    fmt::format("{} was not expected here: is \"and\", \"or\" or a sign missing before it?",
                                shown()));
    }
    fail(current().place, fmt::format("\"{}\" was not expected here", shown()));
}

NodePtr ExpressionParser::tuple() {
    NodePtr first = expression();
    if (!is_symbol(",") || problem_) {
        return first;
    }
    NodePtr node = make(NodeKind::tuple, first->place);
    adopt(*node, std::move(first));
    while (skip_symbol(",")) {
        if (current().kind == TokenKind::end || is_symbol(")")) {
            break;
        }
        adopt(*node, expression());
    }
    return node;
}

NodePtr ExpressionParser::expression() {
    const Deeper deeper(*this);
    if (deeper.is_too_deep()) {
        fail(current().place, std::string(too_deep));
        return make(NodeKind::constant, current().place);
    }
    NodePtr value = either();
    while (is_name("if")) {
        const Place word = current().place;
        advance();
        NodePtr condition = either();
        NodePtr otherwise = skip_name("else") ? expression() : nullptr;
        NodePtr choice = make(NodeKind::choice, value->place);
        choice->word = word;
        adopt(*choice, std::move(condition));
        adopt(*choice, std::move(value));
        adopt(*choice, std::move(otherwise));
        value = std::move(choice);
    }
    return value;
}

NodePtr ExpressionParser::either() {
    NodePtr left = both();
    if (!is_name("or")) {
        return left;
    }
    NodePtr node = make(NodeKind::either, left->place);
    adopt(*node, std::move(left));
    while (skip_name("or")) {
        adopt(*node, both());
    }
    return node;
}

NodePtr ExpressionParser::both() {
    NodePtr left = negation();
    if (!is_name("and")) {
        return left;
    }
    NodePtr node = make(NodeKind::both, left->place);
    adopt(*node, std::move(left));
    while (skip_name("and")) {
        adopt(*node, negation());
    }
    return node;
}

NodePtr ExpressionParser::negation() {
    if (!is_name("not")) {
        return compare();
    }
    const Deeper deeper(*this);
    NodePtr node = make(NodeKind::negation, current().place);
    advance();
    if (deeper.is_too_deep()) {
        fail(node->place, std::string(too_deep));
        return node;
    }
    adopt(*node, negation());
    return node;
}

NodePtr ExpressionParser::compare() {
    NodePtr left = sum();
    NodePtr node;
    for (;;) {
        std::optional<Comparison> comparison;
        const Place word = current().place;
        for (const ComparisonSign& sign : comparison_signs) {
            if (is_symbol(sign.sign)) {
                comparison = sign.comparison;
                advance();
                break;
            }
        }
        if (!comparison && skip_name("in")) {
            comparison = Comparison::in;
        }
        if (!comparison && is_name("not") && look(1).kind == TokenKind::name && look(1).raw == "in") {
            advance();
            advance();
            comparison = Comparison::not_in;
        }
        if (!comparison) {
            return node ? std::move(node) : std::move(left);
        }
        if (!node) {
            node = make(NodeKind::compare, left->place);
            node->word = word;
            adopt(*node, std::move(left));
        }
        node->comparisons.push_back(*comparison);
        adopt(*node, sum());
    }
}

NodePtr ExpressionParser::arithmetic(Arithmetic operation, Place word, NodePtr left, NodePtr right) {
    NodePtr node = make(NodeKind::arithmetic, word);
    node->arithmetic = operation;
    adopt(*node, std::move(left));
    adopt(*node, std::move(right));
    return node;
}

NodePtr ExpressionParser::sum() {
    NodePtr left = concatenate();
    while (is_symbol("+") || is_symbol("-")) {
        const Arithmetic operation = is_symbol("+") ? Arithmetic::add : Arithmetic::subtract;
        const Place word = current().place;
        advance();
        left = arithmetic(operation, word, std::move(left), concatenate());
    }
    return left;
}

NodePtr ExpressionParser::concatenate() {
    NodePtr left = product();
    if (!is_symbol("~")) {
        return left;
    }
    NodePtr node = make(NodeKind::concatenate, left->place);
    adopt(*node, std::move(left));
    while (skip_symbol("~")) {
        adopt(*node, product());
    }
    return node;
}

NodePtr ExpressionParser::product() {
    NodePtr left = power();
    for (;;) {
        const ProductSign* found = nullptr;
        for (const ProductSign& sign : product_signs) {
            found = is_symbol(sign.sign) ? &sign : found;
        }
        if (found == nullptr) {
            return left;
        }
        const Place word = current().place;
        advance();
        left = arithmetic(found->arithmetic, word, std::move(left), power());
    }
}

NodePtr ExpressionParser::power() {
    NodePtr left = unary(true);
    while (is_symbol("**")) {
        const Place word = current().place;
        advance();
        left = arithmetic(Arithmetic::power, word, std::move(left), unary(true));
    }
    return left;
}

NodePtr ExpressionParser::unary(bool with_filter) {
    const Deeper deeper(*this);
    NodePtr node;
    if (deeper.is_too_deep()) {
        fail(current().place, std::string(too_deep));
        node = make(NodeKind::constant, current().place);
    } else if (is_symbol("-") || is_symbol("+")) {
        node = make(is_symbol("-") ? NodeKind::negate : NodeKind::plus, current().place);
        advance();
        adopt(*node, unary(false));
    } else {
        node = primary();
    }
    node = postfix(std::move(node));
    return with_filter ? filters(std::move(node)) : std::move(node);
}

NodePtr ExpressionParser::primary() {
    const Token& token = current();
    switch (token.kind) {
        case TokenKind::name: {
            NodePtr node = make(NodeKind::name, token.place);
            if (token.raw == "true" || token.raw == "True") {
                node->kind = NodeKind::constant;
                node->constant = Value::boolean(true);
            } else if (token.raw == "false" || token.raw == "False") {
                node->kind = NodeKind::constant;
                node->constant = Value::boolean(false);
            } else if (token.raw == "none" || token.raw == "None") {
                node->kind = NodeKind::constant;
                node->constant = Value::none();
            } else if (is_reserved(token.raw)) {
                fail(token.place, "names with two low lines are not to be had");
            } else if (is_word_of_the_language(token)) {
                fail(token.place, token.raw == "not"
                                      ? "\"not\" needs brackets here: (not …)"
                                      : fmt::format("a value is missing before \"{}\"", token.raw));
            } else {
                node->name = std::string(token.raw);
            }
            advance();
            return node;
        }
        case TokenKind::text:
            return text();
        case TokenKind::integer:
        case TokenKind::real:
        case TokenKind::duration: {
            NodePtr node = make(NodeKind::constant, token.place);
            node->constant = token.kind == TokenKind::integer ? Value::integer(token.integer)
                             : token.kind == TokenKind::real  ? Value::real(token.real)
                                                              : Value::duration(token.duration);
            advance();
            return node;
        }
        case TokenKind::symbol:
            if (token.raw == "(") {
                return parenthesis();
            }
            if (token.raw == "[") {
                return bracketed(NodeKind::list, "]");
            }
            if (token.raw == "{") {
                fail(token.place, "an object cannot be written here");
                break;
            }
            fail(token.place, fmt::format("a value is missing before \"{}\"", token.raw));
            break;
        case TokenKind::end:
            fail(token.place, "a value is missing at the end");
            break;
    }
    return make(NodeKind::constant, token.place);
}

NodePtr ExpressionParser::text() {
    NodePtr node = make(NodeKind::constant, current().place);
    std::string whole;
    while (current().kind == TokenKind::text) {
        whole += current().text;
        node->place.end = current().place.end;
        advance();
    }
    node->constant = Value::text(std::move(whole));
    return node;
}

NodePtr ExpressionParser::bracketed(NodeKind kind, std::string_view close) {
    NodePtr node = make(kind, current().place);
    advance();
    while (!is_symbol(close) && !problem_) {
        if (!node->kids.empty()) {
            expect_symbol(",");
            if (is_symbol(close)) {
                break;
            }
        }
        adopt(*node, expression());
    }
    node->place.end = current().place.end;
    expect_symbol(close);
    return node;
}

NodePtr ExpressionParser::parenthesis() {
    const Place open = current().place;
    if (look(1).kind == TokenKind::symbol && look(1).raw == ")") {
        NodePtr empty = make(NodeKind::tuple, {open.begin, look(1).place.end});
        advance();
        advance();
        return empty;
    }
    advance();
    NodePtr inside = tuple();
    inside->place = {open.begin, current().place.end};
    if (!is_symbol(")") && !problem_) {
        fail(open, "this bracket is not closed");
    }
    expect_symbol(")");
    return inside;
}

NodePtr ExpressionParser::postfix(NodePtr node) {
    for (;;) {
        if (problem_) {
            return node;
        }
        if (is_symbol(".")) {
            node = attribute(std::move(node));
        } else if (is_symbol("[")) {
            node = subscript(std::move(node));
        } else if (is_symbol("(")) {
            node = call(std::move(node));
        } else {
            return node;
        }
    }
}

NodePtr ExpressionParser::attribute(NodePtr thing) {
    advance();
    const Token& token = current();
    NodePtr node = make(NodeKind::attribute, token.place);
    if (token.kind == TokenKind::integer) {
        node->kind = NodeKind::item;
        NodePtr index = make(NodeKind::constant, token.place);
        index->constant = Value::integer(token.integer);
        adopt(*node, std::move(thing));
        adopt(*node, std::move(index));
        advance();
        return node;
    }
    if (token.kind != TokenKind::name) {
        fail(token.place, "a name is missing after \".\"");
        return thing;
    }
    if (is_reserved(token.raw)) {
        fail(token.place, "names with two low lines are not to be had");
        return thing;
    }
    node->name = std::string(token.raw);
    adopt(*node, std::move(thing));
    advance();
    return node;
}

NodePtr ExpressionParser::subscript(NodePtr thing) {
    NodePtr node = make(NodeKind::item, current().place);
    const Place open = current().place;
    adopt(*node, std::move(thing));
    advance();
    NodePtr parts[3];
    std::size_t count = 0;
    bool is_slice = false;
    while (!is_symbol("]") && !problem_) {
        if (is_symbol(":")) {
            is_slice = true;
            advance();
            if (++count > 2) {
                fail(current().place, "a slice has three parts at most: [from:to:step]");
            }
            continue;
        }
        if (parts[count]) {
            fail(current().place, "\"]\" is missing");
            break;
        }
        parts[count] = expression();
    }
    node->place.end = current().place.end;
    if (current().kind == TokenKind::end && !problem_) {
        fail(open, "this bracket is not closed");
    }
    expect_symbol("]");
    if (is_slice) {
        node->kind = NodeKind::slice;
        for (NodePtr& part : parts) {
            adopt(*node, std::move(part));
        }
        return node;
    }
    if (!parts[0] && !problem_) {
        fail(node->place, "what is to be taken is missing between the brackets");
    }
    if (parts[0] && parts[0]->kind == NodeKind::constant && parts[0]->constant.as_text() != nullptr &&
        is_reserved(parts[0]->constant.as_text()->view)) {
        fail(parts[0]->place, "names with two low lines are not to be had");
    }
    adopt(*node, std::move(parts[0]));
    return node;
}

NodePtr ExpressionParser::call(NodePtr thing) {
    NodePtr node = make(NodeKind::call, thing->place);
    node->word = thing->word;
    if (thing->kind == NodeKind::name) {
        node->name = thing->name;
    } else if (thing->kind == NodeKind::attribute) {
        node->name = thing->name;
        node->is_method = true;
        adopt(*node, std::move(thing->kids.front()));
    } else {
        fail(current().place, "this cannot be called: \"(\" comes after a function's name");
        return thing;
    }
    arguments(*node);
    return node;
}

void ExpressionParser::arguments(Node& node) {
    const Place open = current().place;
    advance();
    bool is_first = true;
    while (!is_symbol(")") && !problem_) {
        if (current().kind == TokenKind::end) {
            return fail(open, "this bracket is not closed");
        }
        if (!is_first) {
            expect_symbol(",");
            if (is_symbol(")")) {
                break;
            }
        }
        is_first = false;
        const bool is_keyword =
            current().kind == TokenKind::name && look(1).kind == TokenKind::symbol && look(1).raw == "=";
        if (is_keyword) {
            node.keywords.emplace_back(current().raw);
            advance();
            advance();
        } else if (!node.keywords.empty()) {
            return fail(current().place, "an argument with a name comes after those without");
        }
        adopt(node, expression());
    }
    node.place.end = std::max(node.place.end, current().place.end);
    expect_symbol(")");
}

NodePtr ExpressionParser::filters(NodePtr node) {
    for (;;) {
        if (problem_) {
            return node;
        }
        if (is_symbol("|")) {
            node = filter(std::move(node));
        } else if (is_name("is")) {
            node = test(std::move(node));
        } else if (is_symbol("(")) {
            node = call(std::move(node));
        } else {
            return node;
        }
    }
}

NodePtr ExpressionParser::filter(NodePtr input) {
    advance();
    const Token& token = current();
    if (token.kind != TokenKind::name) {
        fail(token.place, "a filter's name is missing after \"|\"");
        return input;
    }
    NodePtr node = make(NodeKind::filter, token.place);
    node->name = std::string(token.raw);
    adopt(*node, std::move(input));
    advance();
    if (is_symbol("(")) {
        arguments(*node);
    }
    return node;
}

NodePtr ExpressionParser::test(NodePtr input) {
    advance();
    const bool is_negated = skip_name("not");
    const Token& token = current();
    if (token.kind != TokenKind::name) {
        fail(token.place, "a test's name is missing after \"is\"");
        return input;
    }
    NodePtr node = make(NodeKind::test, token.place);
    node->name = std::string(token.raw);
    adopt(*node, std::move(input));
    advance();
    const TokenKind next = current().kind;
    const bool begins_value = next == TokenKind::name || next == TokenKind::text ||
                              next == TokenKind::integer || next == TokenKind::real ||
                              next == TokenKind::duration || is_symbol("[");
    if (is_symbol("(")) {
        arguments(*node);
    } else if (begins_value && !is_word_of_the_language(current())) {
        adopt(*node, postfix(primary()));
    }
    if (is_name("is")) {
        fail(current().place, "tests cannot be chained: join them with \"and\"");
    }
    if (!is_negated) {
        return node;
    }
    NodePtr negated = make(NodeKind::negation, node->place);
    adopt(*negated, std::move(node));
    return negated;
}

}  // namespace hookline::language
