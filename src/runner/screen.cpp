#include "runner/screen.hpp"

#include <algorithm>
#include <charconv>

#include "base/terminal_text.hpp"
#include "base/text.hpp"

namespace hookline::runner {

namespace {

constexpr std::size_t longest_parameters = 32;

std::size_t number(std::string_view parameters) {
    std::size_t value = 1;
    std::from_chars(parameters.data(), parameters.data() + parameters.size(), value);
    return value;
}

/// Of a command that prints megabytes most is plain text: it is taken in one piece.
std::size_t plain_run(std::string_view bytes) {
    std::size_t length = 0;
    while (length < bytes.size() && static_cast<unsigned char>(bytes[length]) >= ' ' &&
           bytes[length] != '\x7f') {
        ++length;
    }
    return length;
}

}  // namespace

void Screen::feed(int stream, std::string_view bytes) {
    Line& line = lines_.at(stream == 2 ? 1 : 0);
    while (!bytes.empty()) {
        const std::size_t plain = line.state == Line::State::text && !line.is_at_start ? plain_run(bytes) : 0;
        if (plain == 0) {
            take(line, bytes.front());
            bytes.remove_prefix(1);
            continue;
        }
        line.text.append(
            bytes.substr(0, std::min(plain, longest_line - std::min(longest_line, line.text.size()))));
        bytes.remove_prefix(plain);
    }
}

void Screen::take(Line& line, char c) {
    if (c == '\n') {  // whatever was begun: no terminal has it go on for lines
        line.state = Line::State::text;
        return end(line);
    }
    switch (line.state) {
        case Line::State::escape:
            return take_escape(line, c);
        case Line::State::control:
            return take_control(line, c);
        case Line::State::string:
            return take_string(line, c);
        case Line::State::text:
            break;
    }
    if (c == '\r') {
        line.is_at_start = true;
        return;
    }
    if (c == terminal_escape) {
        line.state = Line::State::escape;
        return;
    }
    if (c == '\b' && !line.text.empty()) {
        line.text.pop_back();
        return;
    }
    if (line.is_at_start) {
        line.text.clear();
        line.is_at_start = false;
    }
    const bool is_shown = c == '\t' || static_cast<unsigned char>(c) >= ' ';
    if (is_shown && c != '\x7f' && line.text.size() < longest_line) {
        line.text += c;
    }
}

void Screen::take_escape(Line& line, char c) {
    line.parameters.clear();
    line.string_length = 0;
    if (c == '[') {
        line.state = Line::State::control;
    } else if (opens_terminal_string(c)) {
        line.state = Line::State::string;
    } else if (c != terminal_escape && !is_terminal_intermediate(c)) {
        line.state = Line::State::text;
    }
}

/// A title or a link: up to BEL or ESC backslash, where the backslash is a sequence like others.
void Screen::take_string(Line& line, char c) {
    if (c == terminal_escape) {
        line.state = Line::State::escape;
    } else if (c == '\a' || ++line.string_length == longest_terminal_string) {
        line.state = Line::State::text;
    }
}

/// ECMA-48, 5.4: parameters, then one letter.
void Screen::take_control(Line& line, char c) {
    if (c == terminal_escape) {  // the next one
        line.state = Line::State::escape;
        return;
    }
    if (c < '@' || c > '~') {
        if (line.parameters.size() < longest_parameters) {
            line.parameters += c;
        }
        return;
    }
    line.state = Line::State::text;
    if (c == 'A' || c == 'F') {  // up: what stands there is about to be written over
        const std::size_t up = std::min(number(line.parameters), count_);
        count_ -= up;
        next_ = (next_ + most_lines - up) % most_lines;
        line.is_at_start = true;
    } else if (c == 'K' && (line.is_at_start || line.parameters == "1" || line.parameters == "2")) {
        line.text.clear();
    } else if (c == 'G') {
        line.is_at_start = true;
    }
}

void Screen::end(Line& line) {
    if (on_line_) {
        on_line_(line.text);
    }
    shown_[next_].swap(line.text);
    next_ = (next_ + 1) % most_lines;
    count_ = std::min(count_ + 1, most_lines);
    line.text.clear();
    line.is_at_start = false;
}

const std::string& Screen::shown(std::size_t back) const {
    return shown_[(next_ + 2 * most_lines - 1 - back) % most_lines];
}

std::vector<std::string> Screen::last_lines(std::size_t most) const {
    std::vector<std::string> all;
    for (std::size_t back = count_; back > 0; --back) {
        all.push_back(shown(back - 1));
    }
    for (const Line& line : lines_) {
        all.push_back(line.text);
    }
    std::vector<std::string> lines;
    for (auto line = all.rbegin(); line != all.rend() && lines.size() < most; ++line) {
        std::string text = repair_utf8(*line);
        while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
            text.pop_back();
        }
        if (!trim(text).empty()) {
            lines.push_back(std::move(text));
        }
    }
    std::reverse(lines.begin(), lines.end());
    return lines;
}

}  // namespace hookline::runner
