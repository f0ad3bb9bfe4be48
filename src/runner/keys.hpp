// Keys for who asks its output for them. A pager does: it opens the terminal that its errors go to, which is
// a pseudo-terminal of ours where nobody types. Whoever asks for keys switches that terminal's lines off
// first (termios, ICANON): as long as they are off, the real terminal has the same settings, and what is
// typed there is passed on. In the background the real terminal is somebody else's and is left alone.
#pragma once

#include <poll.h>
#include <termios.h>

#include <string>

namespace hookline::runner {

class Keys {
public:
    /// `terminal`: the real one, which outlives this; `pseudo`: our end of the other, which does not wait
    /// from now on (O_NONBLOCK).
    Keys(int terminal, int pseudo);
    Keys(const Keys&) = delete;
    Keys& operator=(const Keys&) = delete;
    ~Keys();

    /// Whether they are asked for now; to be called when something may have changed.
    void look();
    /// The same after the process was stopped: a shell had the terminal, and changed it.
    void look_again();
    /// Nothing tells when this ends, or that the terminal is ours again: then look from time to time.
    [[nodiscard]] bool are_asked_for() const { return are_asked_for_; }
    /// What to wait for before `pass`: a key, or room for one. Without descriptor: nobody asks.
    [[nodiscard]] pollfd watched() const;
    /// Passes on what was typed, as much as can be without waiting: who does not read its keys may be waiting
    /// for us to read its output.
    void pass();
    /// The real terminal as it was.
    void stop();

private:
    void begin(const termios& theirs);
    [[nodiscard]] bool is_ours() const;

    int terminal_, pseudo_;
    int from_ = -1;
    bool is_on_ = false, are_asked_for_ = false;
    bool has_before_ = false;
    termios before_{};
    std::string typed_;  // not passed on yet
};

}  // namespace hookline::runner
