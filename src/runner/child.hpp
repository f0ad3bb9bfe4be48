// A command run as a shell would run it, while its output is read along.
//
// It stays in our process group and keeps our terminal and standard input, so that Ctrl-C, Ctrl-Z and the
// shell's jobs work as without us. Where our output is a terminal the command writes to a pseudo-terminal: it
// sees one of the same size and shows its colours. The pseudo-terminal changes no byte (no "\n" to "\r\n");
// what comes out of it goes to the real one, which does. Else it writes to pipes, one for each stream.
//
// Not Boost.Process: it knows no pseudo-terminals, and none of this but fork and exec.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "runner/keys.hpp"
#include "runner/signals.hpp"

namespace hookline::runner {

struct Ended {
    int exit_code = 0;              // where no signal ended it
    int signal = 0;                 // that ended it; 0: none
    bool was_asked_to_end = false;  // a signal came that asks for it
};

class Child {
public:
    /// The next bytes of a stream: 1 its output (where both are one terminal: of both), 2 its errors.
    using OnBytes = std::function<void(int stream, std::string_view bytes)>;

    /// not_found, forbidden: it was not started, and a shell would end with 127 or 126.
    [[nodiscard]] static Result<Child> start(const std::vector<std::string>& command, const Signals& signals);
    Child(Child&&) noexcept;
    Child& operator=(Child&&) = delete;
    Child(const Child&) = delete;
    ~Child();

    /// Passes on what it prints and what signals come, until it has ended and all that it printed is passed
    /// on. What it left running keeps its output: a process of ours stays behind to pass that on.
    Ended wait(Signals& signals, const OnBytes& on_bytes);

private:
    /// From the command's end of a stream to ours.
    struct Way {
        int from = -1, to = -1;
        int stream = 1;
        bool is_terminal = false;
        bool is_file = false;
        bool is_socket = false;
        std::unique_ptr<Keys> keys;  // of a terminal
        std::string waiting;         // read, not written yet
        std::size_t written = 0;
    };
    Child() = default;
    void open_ways();
    void read_some(Way& way, const OnBytes& on_bytes);
    void write_some(Way& way);
    void close(Way& way);
    void follow_size(Way& way) const;
    void take_ends(Ended& ended);
    void take_signals(Signals& signals, Ended& ended);
    bool poll_once(Signals& signals, const OnBytes& on_bytes, int patience_ms);
    void pass_on_rest(Signals& signals, const OnBytes& on_bytes);
    void leave_behind();

    std::vector<Way> ways_;
    int pid_ = -1;
    bool has_ended_ = false;
    std::vector<int> ends_;  // the command's ends of the ways, until it has them; by stream
};

}  // namespace hookline::runner
