// Keys for who asks its output for them. A pager does: it opens the terminal that its errors go to, which is
// a pseudo-terminal of ours where nobody types. Whoever asks for keys switches that terminal's lines off
// first (termios, ICANON): as long as they are off, the real terminal has the same settings, and what is
// typed there is passed on.
#pragma once

#include <termios.h>

namespace hookline::runner {

class Keys {
public:
    /// `terminal`: the real one, which outlives this; `pseudo`: our end of the other.
    Keys(int terminal, int pseudo) : terminal_(terminal), pseudo_(pseudo) {}
    Keys(const Keys&) = delete;
    Keys& operator=(const Keys&) = delete;
    ~Keys();

    /// Whether they are asked for now; to be called when something may have changed.
    void look();
    /// To be watched for keys; -1: nobody asks.
    [[nodiscard]] int descriptor() const { return is_on_ ? from_ : -1; }
    /// Some were typed.
    void pass();
    /// The real terminal as it was.
    void stop();

private:
    void begin(const termios& theirs);

    int terminal_, pseudo_;
    int from_ = -1;
    bool is_on_ = false;
    termios before_{};
};

}  // namespace hookline::runner
