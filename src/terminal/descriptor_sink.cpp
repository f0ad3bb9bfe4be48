#include "terminal/descriptor_sink.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

namespace hookline::terminal {

namespace {

bool write_all(int descriptor, std::string_view text) {
    constexpr int patience = 50;               // milliseconds
    constexpr std::size_t portion = PIPE_BUF;  // as much as a pipe that is ready surely takes at once
    while (!text.empty()) {
        pollfd waiting{descriptor, POLLOUT, 0};
        const int ready = ::poll(&waiting, 1, patience);
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        if (ready <= 0) {
            return false;
        }
        const auto count = ::write(descriptor, text.data(), std::min(portion, text.size()));
        if (count < 0 && errno != EINTR && errno != EAGAIN) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    return true;
}

}  // namespace

TerminalDestination::Sink descriptor_sink(int descriptor) {
    return [descriptor](const std::string& text) { return write_all(descriptor, text); };
}

}  // namespace hookline::terminal
