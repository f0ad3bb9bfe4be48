#include "runner/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pty.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

extern char** environ;  // NOLINT: POSIX gives no other way to pass it on

namespace hookline::runner {

namespace {

constexpr std::size_t piece = 64UL * 1024;
/// What a pipe that can be written to takes without waiting (POSIX, PIPE_BUF; Linux: a page).
constexpr std::size_t written_at_once = 4096;
/// What a command printed before its end is there at its end; a terminal may take a moment to hand it over.
constexpr int last_words_ms = 100;
/// Who is left behind and prints on is not waited for.
constexpr std::chrono::milliseconds longest_farewell(1'000);

bool is_terminal_of(int descriptor, const struct stat& other) {
    struct stat own {};
    return ::isatty(descriptor) == 1 && ::fstat(descriptor, &own) == 0 && own.st_rdev == other.st_rdev;
}

void close_on_exec(int descriptor) { ::fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

/// A pseudo-terminal like the terminal `like`, through which bytes pass as they are.
bool open_terminal(int like, int& from, int& end) {
    termios settings{};
    winsize size{};
    const bool has_settings = ::tcgetattr(like, &settings) == 0;
    const bool has_size = ::ioctl(like, TIOCGWINSZ, &size) == 0;
    settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    if (::openpty(&from, &end, nullptr, has_settings ? &settings : nullptr, has_size ? &size : nullptr) !=
        0) {
        return false;
    }
    close_on_exec(from);
    close_on_exec(end);
    return true;
}

bool open_pipe(int& from, int& end) {
    std::array<int, 2> both{-1, -1};
    if (::pipe2(both.data(), O_CLOEXEC) != 0) {
        return false;
    }
    from = both[0];
    end = both[1];
    return true;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> result;
    for (std::string& word : words) {
        result.push_back(word.data());
    }
    result.push_back(nullptr);
    return result;
}

/// 0, or the error; the command's streams 1 and 2 are `ends`, where there are such.
int spawn(std::vector<std::string> words, const std::vector<int>& ends, const Signals& signals, int& pid) {
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (std::size_t at = 0; at < ends.size(); ++at) {
        if (ends[at] >= 0) {
            posix_spawn_file_actions_adddup2(&actions, ends[at], static_cast<int>(at) + 1);
        }
    }
    posix_spawnattr_setsigmask(&attributes, &signals.mask_before());
    posix_spawnattr_setsigdefault(&attributes, &signals.to_default());
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const auto arguments = pointers(words);
    const int error =
        ::posix_spawnp(&pid, words.front().c_str(), &actions, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

/// For the process that is left behind: nothing but this is safe there.
[[noreturn]] void pass_on(std::array<pollfd, 2> from, std::array<int, 2> to) {
    std::array<char, piece> bytes{};
    while (from[0].fd >= 0 || from[1].fd >= 0) {
        if (::poll(from.data(), from.size(), -1) < 0 && errno != EINTR) {
            break;
        }
        for (std::size_t at = 0; at < from.size(); ++at) {
            if (from[at].fd < 0 || from[at].revents == 0) {
                continue;
            }
            const ssize_t count = ::read(from[at].fd, bytes.data(), bytes.size());
            ssize_t written = 0;
            while (written < count) {
                const ssize_t more =
                    ::write(to[at], bytes.data() + written, static_cast<std::size_t>(count - written));
                if (more < 0 && errno != EINTR) {
                    break;
                }
                written += std::max<ssize_t>(more, 0);
            }
            const bool is_over = count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
            if (is_over || written < count) {
                ::close(from[at].fd);
                from[at].fd = -1;
            }
        }
    }
    ::_exit(0);
}

}  // namespace

Child::Child(Child&& other) noexcept
    : ways_(std::move(other.ways_)), pid_(std::exchange(other.pid_, -1)), ends_(std::move(other.ends_)) {
    other.ways_.clear();
    other.ends_.clear();
}

Child::~Child() {
    for (Way& way : ways_) {
        close(way);
    }
    for (const int end : ends_) {
        if (end >= 0) {
            ::close(end);
        }
    }
}

void Child::open_ways() {
    ends_.assign(2, -1);
    struct stat first {};
    const bool has_terminal = ::isatty(STDOUT_FILENO) == 1 && ::fstat(STDOUT_FILENO, &first) == 0;
    for (const int to : {STDOUT_FILENO, STDERR_FILENO}) {
        int& end = ends_[static_cast<std::size_t>(to - 1)];
        struct stat status {};
        if (::fstat(to, &status) != 0) {
            continue;  // closed, as it will be for the command
        }
        if (to == STDERR_FILENO && has_terminal && ends_[0] >= 0 && is_terminal_of(to, first)) {
            end = ::fcntl(ends_[0], F_DUPFD_CLOEXEC, 3);  // one terminal: the order of both stays
            continue;
        }
        Way way;
        way.to = to;
        way.stream = to;
        way.is_terminal = ::isatty(to) == 1;
        way.is_file = S_ISREG(status.st_mode);
        way.is_socket = S_ISSOCK(status.st_mode);
        const bool is_open = way.is_terminal ? open_terminal(to, way.from, end) : open_pipe(way.from, end);
        if (is_open && way.is_terminal) {
            way.keys = std::make_unique<Keys>(to, way.from);
        }
        if (is_open) {  // else the command writes there itself: it runs, and nobody reads along
            ways_.push_back(std::move(way));
        }
    }
}

Result<Child> Child::start(const std::vector<std::string>& command, const Signals& signals) {
    Child child;
    child.open_ways();
    int error = spawn(command, child.ends_, signals, child.pid_);
    if (error == ENOEXEC) {  // a script without a first line that names its shell: shells run it themselves
        std::vector<std::string> script{"/bin/sh"};
        script.insert(script.end(), command.begin(), command.end());
        error = spawn(std::move(script), child.ends_, signals, child.pid_);
    }
    for (int& end : child.ends_) {
        if (end >= 0) {
            ::close(std::exchange(end, -1));
        }
    }
    if (error == 0) {
        return child;
    }
    child.pid_ = -1;
    if (error == ENOENT) {
        const bool is_path = command.front().find('/') != std::string::npos;
        return fail(Errc::not_found,
                    fmt::format("{}: {}", command.front(),
                                is_path ? "No such file or directory" : "command not found"));
    }
    return fail(Errc::forbidden, fmt::format("{}: {}", command.front(), std::strerror(error)));
}

void Child::close(Way& way) {
    way.keys.reset();
    if (way.from >= 0) {
        ::close(std::exchange(way.from, -1));
    }
}

/// A shell that takes the terminal for itself hears of its new size, and we do not.
void Child::follow_size(Way& way) const {
    winsize ours{};
    winsize theirs{};
    const bool is_known =
        ::ioctl(way.to, TIOCGWINSZ, &ours) == 0 && ::ioctl(way.from, TIOCGWINSZ, &theirs) == 0;
    if (is_known && (ours.ws_col != theirs.ws_col || ours.ws_row != theirs.ws_row)) {
        ::ioctl(way.from, TIOCSWINSZ, &ours);
        // It may have looked before the size was there. Nobody but us is in the group of another terminal.
        ::kill(0, SIGWINCH);
    }
}

void Child::read_some(Way& way, const OnBytes& on_bytes) {
    if (way.is_terminal) {
        follow_size(way);
    }
    way.waiting.resize(piece);
    const ssize_t count = ::read(way.from, way.waiting.data(), way.waiting.size());
    way.waiting.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    way.written = 0;
    if (count > 0) {
        on_bytes(way.stream, way.waiting);
    } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {  // of a terminal: EIO
        close(way);
    }
}

void Child::write_some(Way& way) {
    const char* const bytes = way.waiting.data() + way.written;
    const std::size_t left = way.waiting.size() - way.written;
    const std::size_t most = way.is_file || way.is_socket ? left : std::min(left, written_at_once);
    const ssize_t count = way.is_socket ? ::send(way.to, bytes, most, MSG_DONTWAIT | MSG_NOSIGNAL)
                                        : ::write(way.to, bytes, most);
    if (count < 0 && errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
        way.waiting.clear();
        close(way);  // who writes to a pipe that nobody reads is told so
        return;
    }
    way.written += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    if (way.written == way.waiting.size()) {
        way.waiting.clear();
        way.written = 0;
    }
}

/// Of the command, and of others: process 1 of a container is the parent of all whose own has ended, and
/// nobody else takes them away.
void Child::take_ends(Ended& ended) {
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
        if (pid == pid_ && !has_ended_) {
            has_ended_ = true;
            ended.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
            ended.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
        }
    }
}

void Child::take_signals(Signals& signals, Ended& ended) {
    while (const auto caught = signals.next()) {
        if (caught->number == SIGCHLD) {
            take_ends(ended);
            continue;
        }
        if (caught->number == SIGCONT) {
            for (Way& way : ways_) {
                if (way.keys) {
                    way.keys->look_again();
                }
            }
            continue;
        }
        if (caught->number == SIGWINCH) {
            for (Way& way : ways_) {
                if (way.is_terminal && way.from >= 0) {
                    follow_size(way);
                }
            }
            continue;
        }
        const bool is_its_own = caught->sender == pid_;  // sent to all of its group
        // A terminal that is closed says so to the first process of its session alone: a shell passes it on.
        const bool is_for_leader = caught->number == SIGHUP && ::getsid(0) == ::getpid();
        const bool has_it = is_its_own || (caught->is_of_terminal && !is_for_leader);
        ended.was_asked_to_end = ended.was_asked_to_end || (asks_to_end(caught->number) && !is_its_own);
        if (!has_it && !has_ended_) {
            ::kill(pid_, caught->number);
        }
    }
}

/// False where nothing came for `patience_ms`.
bool Child::poll_once(Signals& signals, const OnBytes& on_bytes, int patience_ms) {
    constexpr int looks_ms = 200;  // that no more keys are asked for says nothing
    std::array<pollfd, 5> watched{};
    watched[0] = {signals.descriptor(), POLLIN, 0};
    for (std::size_t at = 0; at < ways_.size(); ++at) {
        const Way& way = ways_[at];
        const bool has_waiting = !way.waiting.empty();
        watched.at(2 * at + 1) = {has_waiting ? way.to : way.from,
                                  static_cast<short>(has_waiting ? POLLOUT : POLLIN), 0};
        watched.at(2 * at + 2) = way.keys ? way.keys->watched() : pollfd{-1, 0, 0};
        const bool must_look = way.keys && way.keys->are_asked_for();
        patience_ms = must_look && patience_ms < 0 ? looks_ms : patience_ms;
    }
    const int count = ::poll(watched.data(), 1 + 2 * ways_.size(), patience_ms);
    for (std::size_t at = 0; at < ways_.size(); ++at) {
        Way& way = ways_[at];
        const bool is_ready = count > 0 && watched.at(2 * at + 1).revents != 0;
        if (is_ready && way.waiting.empty()) {
            read_some(way, on_bytes);
        } else if (is_ready) {
            write_some(way);
        }
        if (way.keys && count > 0 && watched.at(2 * at + 2).revents != 0) {
            way.keys->pass();
        }
        if (way.keys && way.from >= 0) {
            way.keys->look();
        }
    }
    return count != 0;
}

Ended Child::wait(Signals& signals, const OnBytes& on_bytes) {
    Ended ended;
    for (;;) {
        take_signals(signals, ended);
        if (has_ended_) {
            break;
        }
        poll_once(signals, on_bytes, -1);
    }
    pass_on_rest(signals, on_bytes);
    return ended;
}

void Child::pass_on_rest(Signals& signals, const OnBytes& on_bytes) {
    const auto is_waiting = [](const Way& way) { return !way.waiting.empty(); };
    const auto is_open = [](const Way& way) { return way.from >= 0; };
    const auto farewell = std::chrono::steady_clock::now() + longest_farewell;
    Ended since;
    for (Way& way : ways_) {
        way.keys.reset();
    }
    for (bool has_more = true; has_more && !since.was_asked_to_end;) {
        const bool must_write = std::any_of(ways_.begin(), ways_.end(), is_waiting);
        const bool may_read =
            std::any_of(ways_.begin(), ways_.end(), is_open) && std::chrono::steady_clock::now() < farewell;
        if (!must_write && !may_read) {
            break;
        }
        has_more = poll_once(signals, on_bytes, must_write ? -1 : last_words_ms);
        take_signals(signals, since);
    }
    if (std::any_of(ways_.begin(), ways_.end(), is_open)) {
        leave_behind();
    }
}

void Child::leave_behind() {
    std::array<pollfd, 2> from{pollfd{-1, POLLIN, 0}, pollfd{-1, POLLIN, 0}};
    std::array<int, 2> to{-1, -1};
    for (std::size_t at = 0; at < ways_.size() && at < from.size(); ++at) {
        from.at(at).fd = ways_[at].from;
        to.at(at) = ways_[at].to;
    }
    const pid_t copy = ::fork();
    if (copy == 0) {
        sigset_t none{};
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        // Connections of ours are not to stay open with it.
        constexpr int most_descriptors = 1024;
        for (int descriptor = STDERR_FILENO + 1; descriptor < most_descriptors; ++descriptor) {
            if (descriptor != from[0].fd && descriptor != from[1].fd) {
                ::close(descriptor);
            }
        }
        pass_on(from, to);
    }
    if (copy > 0) {
        for (Way& way : ways_) {
            close(way);
        }
    }
}

}  // namespace hookline::runner
