#include "runner/keys.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hookline::runner {

Keys::Keys(int terminal, int pseudo) : terminal_(terminal), pseudo_(pseudo) {
    ::fcntl(pseudo_, F_SETFL, ::fcntl(pseudo_, F_GETFL) | O_NONBLOCK);
}

Keys::~Keys() {
    stop();
    if (from_ >= 0) {
        ::close(from_);
    }
}

/// In the background a terminal is not ours to read or change: it would stop us (SIGTTIN, SIGTTOU).
bool Keys::is_ours() const { return ::tcgetpgrp(terminal_) == ::getpgrp(); }

void Keys::look() {
    termios theirs{};
    if (::tcgetattr(pseudo_, &theirs) != 0) {
        return;
    }
    are_asked_for_ = (theirs.c_lflag & ICANON) == 0;
    is_on_ = is_on_ && is_ours();
    if (are_asked_for_ && !is_on_) {
        begin(theirs);
    } else if (!are_asked_for_) {
        stop();
    }
}

void Keys::look_again() {
    termios now{};
    // Some shells give a job the terminal as it left it, others as they like it.
    const bool is_as_we_left_it = ::tcgetattr(terminal_, &now) == 0 && (now.c_lflag & ICANON) == 0;
    is_on_ = is_on_ && is_as_we_left_it;
    look();
}

void Keys::begin(const termios& theirs) {
    termios now{};
    if (!is_ours() || ::tcgetattr(terminal_, &now) != 0) {
        return;
    }
    if (from_ < 0) {
        from_ = ::open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);
    }
    // Lines that are off may be our own doing, before we were in the background.
    if (!has_before_ || (now.c_lflag & ICANON) != 0) {
        before_ = now;
        has_before_ = true;
    }
    termios settings = theirs;
    settings.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);  // the pseudo-terminal echoes, if it is to
    settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);          // … and ends lines
    settings.c_cflag = before_.c_cflag;
    is_on_ = from_ >= 0 && ::tcsetattr(terminal_, TCSADRAIN, &settings) == 0;
}

pollfd Keys::watched() const {
    if (!typed_.empty()) {
        return {pseudo_, POLLOUT, 0};
    }
    return {is_on_ ? from_ : -1, POLLIN, 0};
}

void Keys::pass() {
    if (typed_.empty()) {
        if (!is_ours()) {
            is_on_ = false;
            return;
        }
        constexpr std::size_t most = 1024;
        typed_.resize(most);
        const ssize_t count = ::read(from_, typed_.data(), typed_.size());
        typed_.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        if (count <= 0) {
            return stop();
        }
    }
    const ssize_t written = ::write(pseudo_, typed_.data(), typed_.size());
    if (written >= 0) {
        typed_.erase(0, static_cast<std::size_t>(written));
    } else if (errno != EAGAIN && errno != EINTR) {
        typed_.clear();  // nobody is there for it
    }
}

void Keys::stop() {
    if (is_on_ && is_ours()) {
        ::tcsetattr(terminal_, TCSADRAIN, &before_);
    }
    is_on_ = false;
}

}  // namespace hookline::runner
