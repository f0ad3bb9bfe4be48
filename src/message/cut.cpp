// Where a Markdown text may be cut, and what is said about the rest.
#include <fmt/format.h>

#include "base/text.hpp"
#include "message/reading.hpp"

namespace hookline::message {

namespace {

using Kind = Token::Kind;

constexpr std::size_t note_room = 40;   // "\n…and 1,234,567 more characters" and the like
constexpr std::size_t smallest = 96;    // below this there is only room for "…"
constexpr std::size_t long_line = 300;  // a longer line is a paragraph: it is cut at a word

/// A beginning of the text that may stand alone: `bytes` of it, with `closers` behind.
struct Beginning {
    std::size_t bytes = 0;
    std::size_t points = 0;
    std::string closers;
};

std::string closers_of(const std::vector<std::string_view>& open) {
    std::string closers;
    for (auto marker = open.rbegin(); marker != open.rend(); ++marker) {
        closers += *marker;
    }
    return closers;
}

std::string_view without_end_blanks(std::string_view text) {
    const std::size_t last = text.find_last_not_of(" \n");
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// Walks over the tokens as long as they fit into `room` code points.
class Walk {
public:
    Walk(std::string_view markdown, std::size_t room) : markdown_(markdown), room_(room) {}

    /// The longest beginning that fits, and a text to put behind it (a part of a word or of a fence).
    void go() {
        for (const Token& token : read_markdown(markdown_)) {
            std::vector<std::string_view> open = open_;
            if (token.kind == Kind::open) {
                open.push_back(token.raw);
            } else if (token.kind == Kind::close && !open.empty()) {
                open.pop_back();
            }
            const std::size_t points = points_ + code_points(token.raw);
            std::string closers = closers_of(open);
            if (points + code_points(closers) > room_) {
                take_part(token);
                return;
            }
            bytes_ += token.raw.size();
            points_ = points;
            open_ = std::move(open);
            // Not behind an opening mark or a line's prefix: they would stand there for nothing.
            if (token.kind == Kind::newline) {
                line_ = Beginning{bytes_ - 1, points_ - 1, closers};
            } else if (token.kind != Kind::open && token.kind != Kind::prefix && token.kind != Kind::space) {
                best_ = Beginning{bytes_, points_, std::move(closers)};
            }
        }
    }

    [[nodiscard]] const Beginning& best() const { return best_; }
    [[nodiscard]] const Beginning& line() const { return line_; }
    [[nodiscard]] const std::string& part() const { return part_; }
    [[nodiscard]] std::size_t part_bytes() const { return part_bytes_; }

private:
    void take_part(const Token& token) {
        const std::size_t used = points_ + closers_of(open_).size();
        const std::size_t room = room_ > used ? room_ - used : 0;
        constexpr std::size_t longest_word = 40;
        if (token.kind == Kind::word && (code_points(token.raw) > longest_word || best_.bytes == 0)) {
            std::string_view kept = cut_at_character(token.raw, room);
            while (kept.ends_with('\\')) {
                kept.remove_suffix(1);  // it would protect what comes next: a closing mark
            }
            part_ = std::string(kept);
            part_bytes_ = part_.size();
        } else if (token.kind == Kind::fence) {
            take_lines(token, room);
        } else {
            return;
        }
        if (!part_.empty()) {
            best_ = Beginning{bytes_, points_, closers_of(open_)};
        }
    }

    void take_lines(const Token& fence, std::size_t room) {
        const std::string opening = fmt::format("```{}\n", fence.target);
        constexpr std::string_view closing = "\n```";
        const std::size_t frame = code_points(opening) + closing.size();
        if (room < frame + 20) {
            return;
        }
        std::string_view inside = cut_at_character(fence.text, room - frame);
        const std::size_t line = inside.rfind('\n');
        if (line != std::string_view::npos && line > 0) {
            inside = inside.substr(0, line);
        }
        inside = without_end_blanks(inside);
        part_ = opening + std::string(inside) + std::string(closing);
        part_bytes_ = static_cast<std::size_t>(inside.data() - fence.raw.data()) + inside.size();
    }

    std::string_view markdown_;
    std::size_t room_;
    std::size_t bytes_ = 0;
    std::size_t points_ = 0;
    std::vector<std::string_view> open_;
    Beginning best_, line_;
    std::string part_;
    std::size_t part_bytes_ = 0;
};

std::size_t lines_in(std::string_view text) {
    std::size_t lines = 0;
    for (const std::string_view line : split(text, '\n')) {
        lines += trim(line).empty() || line.starts_with("```") ? 0 : 1;
    }
    return lines;
}

std::string note_on(std::string_view rest, bool is_whole_lines, std::size_t more_items) {
    if (more_items > 0) {
        return fmt::format("\n…and {} more", grouped(static_cast<std::int64_t>(lines_in(rest) + more_items)));
    }
    const std::size_t lines = lines_in(rest);
    if (is_whole_lines && lines > 0) {
        return fmt::format("\n…and {}", counted(static_cast<std::int64_t>(lines), "more line"));
    }
    const auto points = static_cast<std::int64_t>(code_points(without_markup(rest)));
    return fmt::format("… ({})", counted(points, "more character"));
}

}  // namespace

std::string cut_markdown(std::string_view markdown, std::size_t limit, std::size_t more_items) {
    const std::string all_shown = more_items > 0 ? note_on({}, true, more_items) : std::string();
    if (code_points(markdown) + code_points(all_shown) <= limit) {
        return std::string(markdown) + all_shown;
    }
    const bool has_note = limit >= smallest;
    const std::size_t reserved = has_note ? note_room : 1;
    Walk walk(markdown, limit > reserved ? limit - reserved : 0);
    walk.go();
    const Beginning& line = walk.line();
    const Beginning& best = walk.best();
    const std::size_t shown = best.bytes + walk.part_bytes();
    const std::size_t rest_of_line = markdown.substr(0, shown).size() - std::min(shown, line.bytes);
    const bool at_line = has_note && line.bytes > 0 && rest_of_line < long_line &&
                         !walk.part().starts_with("```") && shown < markdown.size();
    const std::size_t end = at_line ? line.bytes : shown;
    std::string text(without_end_blanks(markdown.substr(0, at_line ? line.bytes : best.bytes)));
    if (!at_line && !walk.part().empty()) {
        text = std::string(markdown.substr(0, best.bytes)) + walk.part();
    }
    text += at_line ? line.closers : best.closers;
    if (!has_note) {
        return limit == 0 ? std::string() : text + "…";
    }
    const bool is_whole_lines = at_line || walk.part().starts_with("```");
    return text + note_on(markdown.substr(end), is_whole_lines, more_items);
}

}  // namespace hookline::message
