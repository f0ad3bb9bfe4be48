// The signals of a process that runs a command: they wait in a queue instead of ending it, so that the
// command ends first and what becomes of it can be told. What was ignored stays ignored, for the command too
// (nohup).
#pragma once

#include <csignal>
#include <optional>

namespace hookline::runner {

class Signals {
public:
    /// Before any thread is started: they all inherit it.
    Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;
    ~Signals();

    struct Caught {
        int number = 0;
        /// The terminal sends its signals (Ctrl-C) to the command as well.
        bool is_of_terminal = false;
        int sender = 0;  // a process id; 0: the kernel
    };
    /// Does not wait; `descriptor` is readable while there is one.
    [[nodiscard]] std::optional<Caught> next();
    [[nodiscard]] int descriptor() const { return descriptor_; }

    /// As they were, for the command.
    [[nodiscard]] const sigset_t& mask_before() const { return before_; }
    [[nodiscard]] const sigset_t& to_default() const { return to_default_; }

private:
    sigset_t before_{}, to_default_{};
    int descriptor_ = -1;
};

/// Ends this process as `signal` ends processes, without a core of its own; returns where it cannot (process
/// 1 of a container).
void end_by(int signal);

/// SIGINT, SIGTERM, SIGHUP, SIGQUIT: somebody wants it to end.
[[nodiscard]] bool asks_to_end(int signal);

}  // namespace hookline::runner
