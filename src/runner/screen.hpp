// What a command's output leaves on a screen, as lines: the last ones, without colours, without what was
// written over. Knows as much of terminals as progress bars use; everything else of them is left out.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hookline::runner {

class Screen {
public:
    /// `on_line`, where given, hears of each line that is complete, once.
    explicit Screen(std::function<void(std::string_view)> on_line = {}) : on_line_(std::move(on_line)) {}

    /// The next bytes of a stream: 1 its output, 2 its errors. Streams share the screen, not their lines.
    void feed(int stream, std::string_view bytes);
    /// The last lines, the oldest first, with those that were not ended; empty ones left out.
    [[nodiscard]] std::vector<std::string> last_lines(std::size_t most) const;

private:
    /// Of one stream.
    struct Line {
        std::string text;
        bool is_at_start = false;  // after "\r": what comes next is written over it
        enum class State { text, escape, control, string } state = State::text;
        std::string parameters;         // of a control sequence
        std::size_t string_length = 0;  // of a title or a link, so far
    };
    void take(Line& line, char c);
    void take_escape(Line& line, char c);
    void take_string(Line& line, char c);
    void take_control(Line& line, char c);
    void end(Line& line);
    [[nodiscard]] const std::string& shown(std::size_t back) const;  // 0: the last line that was ended

    static constexpr std::size_t most_lines = 60;
    static constexpr std::size_t longest_line = 2000;
    std::function<void(std::string_view)> on_line_;
    std::array<Line, 2> lines_;
    std::vector<std::string> shown_ = std::vector<std::string>(most_lines);  // a ring
    std::size_t next_ = 0, count_ = 0;
};

}  // namespace hookline::runner
