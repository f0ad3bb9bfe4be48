#include "language/parser.hpp"

#include <fmt/format.h>

#include "language/characters.hpp"
#include "language/expression_parser.hpp"
#include "language/lexer.hpp"

namespace hookline::language {

namespace {

constexpr int deepest_blocks = 20;

std::optional<Diagnostic> too_long(std::string_view source) {
    if (source.size() <= longest_source) {
        return std::nullopt;
    }
    return Diagnostic{"this is too long: at most 16 KiB", {longest_source, longest_source}};
}

/// What follows the opening mark: "raw" in "{%- raw -%}"; for marks that are looked for in plain text.
struct BlockMark {
    std::size_t begin = 0, end = 0;
    bool trims_before = false, trims_after = false;
};

/// Where `{% word %}` stands next, with its hyphens.
std::optional<BlockMark> find_block(std::string_view source, std::size_t from, std::string_view word) {
    for (std::size_t at = source.find("{%", from); at != source.npos; at = source.find("{%", at + 2)) {
        const std::size_t close = source.find("%}", at + 2);
        if (close == source.npos) {
            return std::nullopt;
        }
        std::string_view inside = source.substr(at + 2, close - at - 2);
        BlockMark mark;
        mark.begin = at;
        mark.end = close + 2;
        if (inside.starts_with('-') || inside.starts_with('+')) {
            mark.trims_before = inside.front() == '-';
            inside.remove_prefix(1);
        }
        if (inside.ends_with('-') || inside.ends_with('+')) {
            mark.trims_after = inside.back() == '-';
            inside.remove_suffix(1);
        }
        if (stripped(inside) == word) {
            return mark;
        }
    }
    return std::nullopt;
}

class TemplateParser {
public:
    explicit TemplateParser(std::string_view source) : source_(source) {}

    Checked<Pieces> run() {
        Pieces pieces = body({});
        if (!problem_ && !block_.empty()) {
            problem_ = Diagnostic{fmt::format("\"{{% {} %}}\" has no beginning", block_), block_place_};
        }
        if (problem_) {
            return tl::unexpected(std::move(*problem_));
        }
        return pieces;
    }

private:
    void fail(Place place, std::string sentence) {
        if (!problem_) {
            problem_ = Diagnostic{std::move(sentence), place};
        }
        at_ = source_.size();
    }

    /// Pieces up to a block whose word is none that begins one: that word is left in `block_`, its tokens in
    /// `tokens_`.
    Pieces body(std::string_view inside_of) {
        Pieces pieces;
        block_.clear();
        while (at_ < source_.size() && !problem_) {
            const std::size_t mark = next_mark();
            add_text(pieces, mark);
            if (mark == source_.npos || problem_) {
                break;
            }
            const char kind = source_[mark + 1];
            if (kind == '#') {
                skip_comment(mark);
            } else if (kind == '{') {
                print(pieces, mark);
            } else if (block(pieces, mark)) {
                return pieces;
            }
        }
        block_.clear();
        if (!problem_ && !inside_of.empty()) {
            fail(opened_, fmt::format("\"{{% {} %}}\" is not closed: \"{{% end{} %}}\" is missing", inside_of,
                                      inside_of));
        }
        return pieces;
    }

    [[nodiscard]] std::size_t next_mark() const {
        for (std::size_t at = source_.find('{', at_); at != source_.npos; at = source_.find('{', at + 1)) {
            if (at + 1 < source_.size() &&
                std::string_view("{%#").find(source_[at + 1]) != std::string_view::npos) {
                return at;
            }
        }
        return source_.npos;
    }

    void add_text(Pieces& pieces, std::size_t mark) {
        std::string_view text = source_.substr(at_, mark == source_.npos ? mark : mark - at_);
        if (trims_next_) {
            text = front_trimmed(text);
        }
        trims_next_ = false;
        if (mark != source_.npos && mark + 2 < source_.size() && source_[mark + 2] == '-') {
            text = back_trimmed(text);
        }
        at_ = mark == source_.npos ? source_.size() : mark;
        push_text(pieces, text);
    }

    static void push_text(Pieces& pieces, std::string_view text) {
        if (text.empty()) {
            return;
        }
        Piece piece;
        piece.text = std::string(text);
        pieces.push_back(std::move(piece));
    }

    static std::string_view front_trimmed(std::string_view text) {
        const std::string_view kept = stripped(text);
        return kept.empty() ? kept : text.substr(static_cast<std::size_t>(kept.data() - text.data()));
    }
    static std::string_view back_trimmed(std::string_view text) {
        const std::string_view kept = stripped(text);
        return kept.empty()
                   ? kept
                   : text.substr(0, static_cast<std::size_t>(kept.data() + kept.size() - text.data()));
    }

    void skip_comment(std::size_t mark) {
        const std::size_t close = source_.find("#}", mark + 2);
        if (close == source_.npos) {
            return fail({mark, mark + 2}, "this comment is not closed: \"#}\" is missing");
        }
        trims_next_ = source_[close - 1] == '-';
        at_ = close + 2;
    }

    /// The tokens between the mark and its end.
    bool lex_inside(std::size_t mark, std::string_view closing) {
        std::size_t from = mark + 2;
        if (from < source_.size() && (source_[from] == '-' || (closing == "%}" && source_[from] == '+'))) {
            ++from;
        }
        auto tokens = lex(source_, from, closing);
        if (!tokens) {
            if (tokens.error().place.begin >= source_.size()) {
                tokens.error().place = {mark, mark + 2};
            }
            fail(tokens.error().place, std::move(tokens.error().sentence));
            return false;
        }
        tokens_ = std::move(*tokens);
        at_ = tokens_.next;
        trims_next_ = tokens_.trims_after;
        return true;
    }

    void adopt_problem(ExpressionParser& parser) {
        if (auto problem = parser.take_problem()) {
            fail(problem->place, std::move(problem->sentence));
        }
    }

    void print(Pieces& pieces, std::size_t mark) {
        if (!lex_inside(mark, "}}")) {
            return;
        }
        ExpressionParser parser(tokens_.list);
        Piece piece;
        piece.kind = Piece::Kind::print;
        if (parser.current().kind == TokenKind::end) {
            return fail({mark, tokens_.next}, "an expression is missing between \"{{\" and \"}}\"");
        }
        piece.expression = parser.tuple();
        parser.expect_end();
        adopt_problem(parser);
        pieces.push_back(std::move(piece));
    }

    /// True where the block ends the body it stands in.
    bool block(Pieces& pieces, std::size_t mark) {
        if (const auto raw = find_block(source_, mark, "raw"); raw && raw->begin == mark) {
            take_raw(pieces, *raw);
            return false;
        }
        if (!lex_inside(mark, "%}")) {
            return false;
        }
        const Token& word = tokens_.list.front();
        if (word.kind != TokenKind::name) {
            fail({mark, tokens_.next}, "a block begins with a word: if, for, raw");
            return false;
        }
        if (word.raw == "if" || word.raw == "for") {
            if (++depth_ > deepest_blocks) {
                fail(word.place, "blocks are nested too deeply: at most 20 levels");
                return false;
            }
            const Place outer = opened_;
            opened_ = word.place;
            word.raw == "if" ? branch(pieces) : loop(pieces);
            opened_ = outer;
            --depth_;
            return false;
        }
        for (const std::string_view end : {"elif", "else", "endif", "endfor", "endraw"}) {
            if (word.raw == end) {
                block_ = std::string(word.raw);
                block_place_ = word.place;
                return true;
            }
        }
        static constexpr std::array<std::string_view, 6> known{"if", "for", "raw", "elif", "else", "endif"};
        const bool is_jinja = word.raw == "set" || word.raw == "macro" || word.raw == "include" ||
                              word.raw == "block" || word.raw == "extends" || word.raw == "import" ||
                              word.raw == "call";
        fail(word.place,
             is_jinja ? fmt::format("\"{}\" is not offered: a template has if, for and raw", word.raw)
                      : fmt::format("there is no block \"{}\"{}", word.raw, did_you_mean(word.raw, known)));
        return false;
    }

    void take_raw(Pieces& pieces, const BlockMark& open) {
        const auto close = find_block(source_, open.end, "endraw");
        if (!close) {
            return fail({open.begin, open.end}, "\"{% raw %}\" is not closed: \"{% endraw %}\" is missing");
        }
        std::string_view text = source_.substr(open.end, close->begin - open.end);
        text = open.trims_after ? front_trimmed(text) : text;
        text = close->trims_before ? back_trimmed(text) : text;
        push_text(pieces, text);
        at_ = close->end;
        trims_next_ = close->trims_after;
    }

    /// An expression after the block's word, which is the whole rest of the block.
    NodePtr block_expression() {
        ExpressionParser parser(std::span<const Token>(tokens_.list).subspan(1));
        NodePtr node = parser.tuple();
        parser.expect_end();
        adopt_problem(parser);
        return node;
    }

    void branch(Pieces& pieces) {
        Piece piece;
        piece.kind = Piece::Kind::branch;
        NodePtr condition = block_expression();
        for (;;) {
            Piece::Arm arm;
            const bool is_else = condition == nullptr;
            arm.condition = std::move(condition);
            arm.body = body("if");
            piece.arms.push_back(std::move(arm));
            if (problem_) {
                return;
            }
            if (block_ == "endif") {
                break;
            }
            if (is_else || (block_ != "elif" && block_ != "else")) {
                return fail(block_place_,
                            fmt::format("\"{{% endif %}}\" is missing before \"{{% {} %}}\"", block_));
            }
            condition = block_ == "elif" ? block_expression() : nullptr;
        }
        block_.clear();
        pieces.push_back(std::move(piece));
    }

    void loop(Pieces& pieces) {
        Piece piece;
        piece.kind = Piece::Kind::loop;
        ExpressionParser parser(std::span<const Token>(tokens_.list).subspan(1));
        do {
            if (parser.current().kind != TokenKind::name) {
                parser.fail(parser.current().place, "a loop is written {% for commit in push.commits %}");
                break;
            }
            if (is_reserved(parser.current().raw) || parser.current().raw == "loop") {
                parser.fail(parser.current().place, "this name is not to be had for a loop's variable");
            }
            piece.targets.emplace_back(parser.current().raw);
            parser.advance();
        } while (parser.skip_symbol(","));
        if (!parser.problem() && !parser.skip_name("in")) {
            parser.fail(parser.current().place,
                        "\"in\" is missing: a loop is written {% for commit in push.commits %}");
        }
        piece.expression = parser.either();
        if (parser.skip_name("if")) {
            piece.condition = parser.expression();
        }
        parser.expect_end();
        adopt_problem(parser);
        piece.body = body("for");
        if (!problem_ && block_ == "else") {
            piece.otherwise = body("for");
        }
        if (!problem_ && block_ != "endfor") {
            return fail(block_place_,
                        fmt::format("\"{{% endfor %}}\" is missing before \"{{% {} %}}\"", block_));
        }
        block_.clear();
        pieces.push_back(std::move(piece));
    }

    std::string_view source_;
    std::size_t at_ = 0;
    bool trims_next_ = false;
    int depth_ = 0;
    Tokens tokens_;
    std::string block_;
    Place block_place_, opened_;
    std::optional<Diagnostic> problem_;
};

}  // namespace

Checked<NodePtr> parse_expression(std::string_view source) {
    if (auto problem = too_long(source)) {
        return tl::unexpected(std::move(*problem));
    }
    auto tokens = lex(source, 0, {});
    if (!tokens) {
        return tl::unexpected(std::move(tokens.error()));
    }
    if (tokens->list.size() == 1) {
        return tl::unexpected(Diagnostic{"the expression is empty", {0, 0}});
    }
    ExpressionParser parser(tokens->list);
    NodePtr node = parser.expression();
    parser.expect_end();
    if (auto problem = parser.take_problem()) {
        return tl::unexpected(std::move(*problem));
    }
    return node;
}

Checked<Pieces> parse_template(std::string_view source) {
    if (auto problem = too_long(source)) {
        return tl::unexpected(std::move(*problem));
    }
    // As Jinja2 does (keep_trailing_newline is off).
    std::string_view kept = source;
    if (kept.ends_with('\n')) {
        kept.remove_suffix(1);
    }
    return TemplateParser(kept).run();
}

}  // namespace hookline::language
