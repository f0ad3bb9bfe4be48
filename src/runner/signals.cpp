#include "runner/signals.hpp"

#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace hookline::runner {

namespace {

constexpr std::array watched{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGCHLD, SIGCONT};

bool is_ignored(int signal) {
    struct sigaction action {};
    return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

Signals::Signals() {
    sigset_t set{};
    sigemptyset(&set);
    sigemptyset(&to_default_);
    // Ignored, it would take the command's end from us.
    if (is_ignored(SIGCHLD)) {
        std::signal(SIGCHLD, SIG_DFL);
    }
    // Who reads our output may leave; the command is then told by its own pipe.
    if (!is_ignored(SIGPIPE)) {
        sigaddset(&to_default_, SIGPIPE);
        std::signal(SIGPIPE, SIG_IGN);
    }
    for (const int signal : watched) {
        if (!is_ignored(signal)) {
            sigaddset(&set, signal);
        }
    }
    pthread_sigmask(SIG_BLOCK, &set, &before_);
    descriptor_ = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

Signals::~Signals() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    if (sigismember(&to_default_, SIGPIPE) == 1) {
        std::signal(SIGPIPE, SIG_DFL);
    }
}

std::optional<Signals::Caught> Signals::next() {
    signalfd_siginfo info{};
    if (::read(descriptor_, &info, sizeof(info)) != sizeof(info)) {
        return std::nullopt;
    }
    Caught caught;
    caught.number = static_cast<int>(info.ssi_signo);
    caught.is_of_terminal = info.ssi_code == SI_KERNEL;
    caught.sender = caught.is_of_terminal ? 0 : static_cast<int>(info.ssi_pid);
    return caught;
}

void end_by(int signal) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    std::signal(signal, SIG_DFL);
    sigset_t set{};
    sigemptyset(&set);
    sigaddset(&set, signal);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    ::kill(::getpid(), signal);
}

bool asks_to_end(int signal) {
    return signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT;
}

}  // namespace hookline::runner
