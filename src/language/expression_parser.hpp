// The part of the parser that reads one expression out of tokens; the template's parser uses it for what
// stands inside its marks.
#pragma once

#include <optional>
#include <span>

#include "language/lexer.hpp"
#include "language/tree.hpp"

namespace hookline::language {

class ExpressionParser {
public:
    /// `tokens` outlive this.
    explicit ExpressionParser(std::span<const Token> tokens) : tokens_(tokens) {}

    NodePtr expression();  // with "x if c else y"
    NodePtr tuple();       // "a, b" too
    NodePtr either();      // without "if": what a loop goes over

    [[nodiscard]] const Token& current() const { return tokens_[at_]; }
    bool skip_symbol(std::string_view symbol);
    bool skip_name(std::string_view name);
    [[nodiscard]] bool is_symbol(std::string_view symbol) const;
    [[nodiscard]] bool is_name(std::string_view name) const;
    void advance();
    /// The first problem wins; the rest of the tokens count as read.
    void fail(Place place, std::string sentence);
    void expect_end();
    [[nodiscard]] const std::optional<Diagnostic>& problem() const { return problem_; }
    [[nodiscard]] std::optional<Diagnostic> take_problem() { return std::move(problem_); }

private:
    class Deeper;
    NodePtr make(NodeKind kind, Place place);
    void adopt(Node& parent, NodePtr kid);
    void expect_symbol(std::string_view symbol);
    [[nodiscard]] const Token& look(std::size_t ahead) const;
    [[nodiscard]] std::string_view shown() const;

    NodePtr both();
    NodePtr negation();
    NodePtr compare();
    NodePtr sum();
    NodePtr concatenate();
    NodePtr product();
    NodePtr power();
    NodePtr unary(bool with_filter);
    NodePtr primary();
    NodePtr text();
    NodePtr bracketed(NodeKind kind, std::string_view close);
    NodePtr parenthesis();
    NodePtr postfix(NodePtr node);
    NodePtr subscript(NodePtr node);
    NodePtr attribute(NodePtr node);
    NodePtr call(NodePtr node);
    NodePtr filters(NodePtr node);
    NodePtr filter(NodePtr node);
    NodePtr test(NodePtr node);
    void arguments(Node& node);
    NodePtr arithmetic(Arithmetic operation, Place word, NodePtr left, NodePtr right);

    std::span<const Token> tokens_;
    std::size_t at_ = 0;
    int depth_ = 0;
    std::optional<Diagnostic> problem_;
};

}  // namespace hookline::language
