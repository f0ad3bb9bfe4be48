#include "message/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "message/clean_text.hpp"
#include "message/reading.hpp"

namespace hookline::message {

namespace {

constexpr std::string_view grave = "\u02CB";  // looks like a backtick and is none

// Spans and labels go whole or not at all: longer ones would not be shown anywhere.
constexpr std::size_t longest_code = 900;
constexpr std::size_t longest_label = 500;

std::string one_line(std::string_view text) { return std::string(trim(clean(text, Lines::one))); }

std::string replaced(std::string_view text, char from, std::string_view to) {
    std::string result;
    for (const char c : text) {
        if (c == from) {
            result += to;
        } else {
            result.push_back(c);
        }
    }
    return result;
}

/// Every run of two and more: one alone closes no fence.
std::string without_fences(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_run =
            text[i] == '`' && ((i > 0 && text[i - 1] == '`') || (i + 1 < text.size() && text[i + 1] == '`'));
        if (is_run) {
            result += grave;
        } else {
            result.push_back(text[i]);
        }
    }
    return result;
}

std::string language_of(std::string_view language) {
    const bool is_name =
        language.size() <= 20 && std::all_of(language.begin(), language.end(), [](char c) {
            return is_ascii_alnum(static_cast<unsigned char>(c)) || c == '+' || c == '-' || c == '#';
        });
    return is_name ? std::string(language) : std::string();
}

}  // namespace

std::string plain(std::string_view text) { return one_line(text); }

Markdown& Markdown::add(std::string markdown, bool has_own_lines) {
    if (markdown.empty()) {
        return *this;
    }
    // Two spans side by side would join their marks: `a``b`, **a****b**.
    const bool touches = !pieces_.empty() && !has_own_lines && !pieces_.back().has_own_lines &&
                         (markdown.front() == '`' || markdown.front() == '*') &&
                         pieces_.back().markdown.back() == markdown.front();
    if (touches) {
        pieces_.push_back({" ", false});
    }
    pieces_.push_back({std::move(markdown), has_own_lines});
    return *this;
}

Markdown& Markdown::text(std::string_view untrusted) { return add(escape(untrusted)); }

Markdown& Markdown::lines(std::string_view untrusted) { return add(escape(untrusted, true)); }

Markdown& Markdown::bold(std::string_view untrusted) {
    const std::string inner = escape(one_line(untrusted));
    return inner.empty() ? *this : add("**" + inner + "**");
}

Markdown& Markdown::italic(std::string_view untrusted) {
    const std::string inner = escape(one_line(untrusted));
    return inner.empty() ? *this : add("*" + inner + "*");
}

Markdown& Markdown::code(std::string_view untrusted) {
    const std::string inner = replaced(shorten(one_line(untrusted), longest_code), '`', grave);
    return inner.empty() ? *this : add("`" + inner + "`");
}

Markdown& Markdown::block(std::string_view untrusted, std::string_view language) {
    const std::string text = clean(untrusted, Lines::many);
    if (is_blank(text)) {
        return *this;
    }
    const std::size_t first = text.find_first_not_of('\n');
    const std::size_t last = text.find_last_not_of('\n');
    const std::string inside = without_fences(std::string_view(text).substr(first, last - first + 1));
    return add(fmt::format("```{}\n{}\n```", language_of(language), inside), true);
}

Markdown& Markdown::quote(std::string_view untrusted) {
    const std::string text(trim(escape(untrusted, true)));
    if (is_blank(text)) {
        return *this;
    }
    std::string quoted;
    for (const std::string_view line : split(text, '\n')) {
        quoted += quoted.empty() ? "> " : "\n> ";
        quoted += line;
    }
    return add(std::move(quoted), true);
}

Markdown& Markdown::link(std::string_view untrusted_label, std::string_view url) {
    const std::string safe = safe_url(url);
    if (safe.empty()) {
        return text(one_line(untrusted_label));
    }
    const std::string label = shorten(link_label(untrusted_label), longest_label);
    return add(label.empty() ? "<" + safe + ">" : fmt::format("[{}]({})", label, safe));
}

Markdown& Markdown::code_link(std::string_view untrusted_label, std::string_view url) {
    const std::string safe = safe_url(url);
    if (safe.empty()) {
        return code(untrusted_label);
    }
    std::string label = shorten(link_label(untrusted_label), longest_label);
    return add(label.empty() ? "<" + safe + ">" : fmt::format("[`{}`]({})", label, safe));
}

Markdown& Markdown::time(TimePoint when, char style) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(when.time_since_epoch()).count();
    return add(fmt::format("<t:{}:{}>", seconds, style));
}

Markdown& Markdown::markup(std::string_view trusted) { return add(std::string(trusted)); }

Markdown& Markdown::newline() { return add("\n"); }

Markdown& Markdown::and_more(std::size_t total, std::size_t shown) {
    more_ += total > shown ? total - shown : 0;
    return *this;
}

std::string Markdown::joined() const {
    std::string text;
    bool needs_line = false;
    for (const Piece& piece : pieces_) {
        const bool is_at_start = text.empty() || text.back() == '\n' || piece.markdown.front() == '\n';
        if (!is_at_start && (needs_line || piece.has_own_lines)) {
            text.push_back('\n');
        }
        text += piece.markdown;
        needs_line = piece.has_own_lines;
    }
    return text;
}

std::string Markdown::cut_to(std::size_t limit) const {
    const std::string text = joined();
    return cut_markdown(more_ > 0 ? std::string_view(text).substr(0, text.find_last_not_of('\n') + 1) : text,
                        limit, more_);
}

std::string Markdown::str() const { return cut_to(std::string::npos); }

}  // namespace hookline::message
