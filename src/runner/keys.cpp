#include "runner/keys.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

namespace hookline::runner {

Keys::~Keys() {
    stop();
    if (from_ >= 0) {
        ::close(from_);
    }
}

void Keys::look() {
    termios theirs{};
    if (::tcgetattr(pseudo_, &theirs) != 0) {
        return;
    }
    const bool are_asked_for = (theirs.c_lflag & ICANON) == 0;
    if (are_asked_for && !is_on_) {
        begin(theirs);
    } else if (!are_asked_for && is_on_) {
        stop();
    }
}

void Keys::begin(const termios& theirs) {
    // In the background a terminal is not ours to change: it would stop us.
    if (::tcgetpgrp(terminal_) != ::getpgrp() || ::tcgetattr(terminal_, &before_) != 0) {
        return;
    }
    if (from_ < 0) {
        from_ = ::open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);
    }
    termios settings = theirs;
    settings.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);  // the pseudo-terminal echoes, if it is to
    settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);          // … and ends lines
    settings.c_cflag = before_.c_cflag;
    is_on_ = from_ >= 0 && ::tcsetattr(terminal_, TCSADRAIN, &settings) == 0;
}

void Keys::pass() {
    std::array<char, 1024> typed{};
    const ssize_t count = ::read(from_, typed.data(), typed.size());
    if (count <= 0) {
        return stop();
    }
    for (ssize_t written = 0; written < count;) {
        const ssize_t more =
            ::write(pseudo_, typed.data() + written, static_cast<std::size_t>(count - written));
        if (more <= 0) {
            return;
        }
        written += more;
    }
}

void Keys::stop() {
    if (is_on_) {
        ::tcsetattr(terminal_, TCSADRAIN, &before_);
        is_on_ = false;
    }
}

}  // namespace hookline::runner
