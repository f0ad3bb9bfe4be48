#include "format/excerpt.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace hookline::format {

namespace {

constexpr std::size_t most_read = 16UL * 1024;

/// Everything from `open` to `close` gone, to the end where it is not closed (as GitHub shows it).
std::string without(std::string_view text, std::string_view open, std::string_view close) {
    std::string result;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t begin = text.find(open, at);
        result += text.substr(at, begin == std::string_view::npos ? begin : begin - at);
        if (begin == std::string_view::npos) {
            break;
        }
        const std::size_t end = text.find(close, begin + open.size());
        at = end == std::string_view::npos ? text.size() : end + close.size();
    }
    return result;
}

/// <details><summary>Log</summary>…</details> as "▸ Log" on a line of its own; nested ones go with the outer.
std::string with_details_closed(const std::string& text) {
    const std::string lower = to_lower_ascii(text);
    std::string result;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t begin = lower.find("<details", at);
        result += text.substr(at, begin == std::string::npos ? begin : begin - at);
        if (begin == std::string::npos) {
            break;
        }
        std::size_t end = lower.find("</details>", begin);
        end = end == std::string::npos ? text.size() : end;
        const std::size_t summary = lower.find("<summary>", begin);
        const std::size_t summary_end = lower.find("</summary>", begin);
        if (summary < summary_end && summary_end < end) {
            const std::size_t from = summary + std::string_view("<summary>").size();
            result +=
                "\n▸ " + std::string(trim(std::string_view(text).substr(from, summary_end - from))) + "\n";
        }
        at = std::min(text.size(), end + std::string_view("</details>").size());
    }
    return result;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Tags, not every "<": `a < b` and the autolink <https://…> stay.
std::string without_tags(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const bool opens =
            text[at] == '<' && at + 1 < text.size() && (is_letter(text[at + 1]) || text[at + 1] == '/');
        const std::size_t end = opens ? text.find_first_of("<>\n", at + 1) : std::string_view::npos;
        if (end != std::string_view::npos && text[end] == '>') {
            const std::string_view inside = text.substr(at + 1, end - at - 1);
            const bool is_autolink =
                inside.find(' ') == std::string_view::npos && inside.find("://") != std::string_view::npos;
            if (!is_autolink) {
                at = end + 1;
                continue;
            }
        }
        result += text[at++];
    }
    return result;
}

/// [label](target) and ![label](target) as the label: a link under a name that a stranger chose is none.
std::string without_links(std::string_view text) {
    std::string result;
    std::size_t line_end = 0;     // of the line that `at` is in
    std::size_t last_closed = 0;  // the last ")" of that line: looking further would make this quadratic
    for (std::size_t at = 0; at < text.size();) {
        if (at >= line_end) {
            line_end = std::min(text.find('\n', at), text.size() - 1) + 1;
            last_closed = text.substr(0, line_end).rfind(')');
        }
        const std::size_t open = text[at] == '!' && at + 1 < text.size() && text[at + 1] == '[' ? at + 1 : at;
        const std::size_t close =
            text[open] == '[' ? text.find_first_of("[]\n", open + 1) : std::string_view::npos;
        const bool is_link = close != std::string_view::npos && text.substr(close, 2) == "](" &&
                             last_closed != std::string_view::npos && last_closed > close;
        if (is_link) {
            result += text.substr(open + 1, close - open - 1);
            at = text.find(')', close) + 1;
        } else {
            result += text[at++];
        }
    }
    return result;
}

/// Without pairs of `mark` around words: `code`, **bold**, *stressed*. A mark on its own stays.
std::string without_pairs(std::string_view line, std::string_view mark) {
    std::string result;
    for (std::size_t at = 0; at < line.size();) {
        const std::size_t from = at + mark.size();
        const bool opens = line.substr(at, mark.size()) == mark && from < line.size() && line[from] != ' ';
        const std::size_t end = opens ? line.find(mark, from) : std::string_view::npos;
        if (!opens || end == std::string_view::npos) {
            // Where the first finds no end, none after it does.
            const std::size_t next = opens ? line.size() : at + 1;
            result += line.substr(at, next - at);
            at = next;
        } else if (end == from || line[end - 1] == ' ') {
            result += line.substr(at, end - at);
            at = end;
        } else {
            result += line.substr(from, end - from);
            at = end + mark.size();
        }
    }
    return result;
}

/// An address that stands by itself, without its scheme: text is not to become a link that a stranger chose.
std::string without_schemes(std::string_view line) {
    std::string result;
    for (std::size_t at = 0; at < line.size();) {
        const std::size_t length = line.substr(at, 8) == "https://"  ? 8
                                   : line.substr(at, 7) == "http://" ? 7
                                                                     : 0;
        if (length > 0) {
            at += length;
            continue;
        }
        result += line[at++];
    }
    return result;
}

bool is_rule(std::string_view line) {
    return line.size() >= 3 && line.find_first_not_of("-=*_ |:") == std::string_view::npos;
}

std::string tidy_line(std::string_view line) {
    line = trim(line);
    if (line.starts_with("```") || line.starts_with("~~~") || is_rule(line)) {
        return {};
    }
    const std::size_t marks = line.find_first_not_of('#');
    if (marks != 0 && marks != std::string_view::npos && marks <= 6 && line[marks] == ' ') {
        line = trim(line.substr(marks));
    }
    std::string bullet;
    if (line.size() > 1 && (line[0] == '*' || line[0] == '-' || line[0] == '+') && line[1] == ' ') {
        line = trim(line.substr(2));
        for (const auto& [box, shown] :
             {std::pair{"[ ] ", "☐ "}, std::pair{"[x] ", "☑ "}, std::pair{"[X] ", "☑ "}}) {
            if (line.starts_with(box)) {
                line.remove_prefix(4);
                bullet = shown;
            }
        }
        bullet = bullet.empty() ? "• " : bullet;
    }
    // Underscores stay: a name such as __init__ is not bold.
    std::string text(line);
    for (const std::string_view mark : {"`", "**", "*"}) {
        text = without_pairs(text, mark);
    }
    text = without_schemes(text);
    return text.empty() ? text : bullet + text;
}

}  // namespace

std::string excerpt(std::string_view body, ExcerptSize size) {
    bool is_cut = body.size() > most_read;
    const std::string head = repair_utf8(body.substr(0, most_read));
    const std::string text = without_links(without_tags(with_details_closed(without(head, "<!--", "-->"))));
    std::string result;
    std::size_t lines = 0;
    for (const std::string_view raw : split(text, '\n')) {
        const std::string line = tidy_line(raw);
        if (line.empty()) {
            continue;
        }
        if (lines == size.lines) {
            is_cut = true;
            break;
        }
        result += (lines == 0 ? "" : "\n") + line;
        ++lines;
    }
    std::string shown = shorten(result, size.code_points);
    if (is_cut && shown == result && !shown.empty()) {
        shown += "\n…";
    }
    return shown;
}

}  // namespace hookline::format
