// Keys, in a process that has a terminal of its own. With shells and pagers: tests/e2e/run.test.mjs.
#include "runner/keys.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <functional>

namespace hookline::runner {
namespace {

/// Both ends of a terminal.
struct Pair {
    Pair() { static_cast<void>(::openpty(&ours, &theirs, nullptr, nullptr, nullptr)); }
    int ours = -1, theirs = -1;
};

void set_lines(int terminal, bool are_on) {
    termios settings{};
    ::tcgetattr(terminal, &settings);
    if (are_on) {
        settings.c_lflag |= ICANON;
    } else {
        ::cfmakeraw(&settings);
    }
    ::tcsetattr(terminal, TCSANOW, &settings);
}

bool has_lines(int terminal) {
    termios settings{};
    ::tcgetattr(terminal, &settings);
    return (settings.c_lflag & ICANON) != 0;
}

bool is_ready(pollfd watched) { return ::poll(&watched, 1, 0) == 1; }

/// What `part` returns in a session of its own whose terminal `real` is; -1: it did not come to an end.
int in_session(const std::function<int(const Pair& real)>& part) {
    constexpr unsigned patience_s = 20;
    const pid_t leader = ::fork();
    if (leader == 0) {
        ::alarm(patience_s);
        ::setsid();
        const Pair real;
        ::ioctl(real.theirs, TIOCSCTTY, 0);
        ::_exit(part(real));
    }
    int status = 0;
    ::waitpid(leader, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Keys, AreAskedForWhileLinesAreOff) {
    EXPECT_EQ(in_session([](const Pair& real) {
                  const Pair pseudo;
                  Keys keys(real.theirs, pseudo.ours);
                  keys.look();
                  const bool is_on_at_first = keys.watched().fd >= 0;
                  set_lines(pseudo.theirs, false);
                  keys.look();
                  const bool is_like_it = keys.watched().fd >= 0 && !has_lines(real.theirs);
                  set_lines(pseudo.theirs, true);
                  keys.look();
                  const bool is_back = keys.watched().fd < 0 && has_lines(real.theirs);
                  return !is_on_at_first && is_like_it && is_back ? 0 : 1;
              }),
              0);
}

TEST(Keys, AShellThatHadTheTerminalMeanwhileIsNoticed) {
    EXPECT_EQ(in_session([](const Pair& real) {
                  const Pair pseudo;
                  Keys keys(real.theirs, pseudo.ours);
                  set_lines(pseudo.theirs, false);
                  keys.look();
                  set_lines(real.theirs, true);
                  keys.look_again();
                  const bool is_like_it = !has_lines(real.theirs);
                  keys.look_again();
                  keys.stop();
                  return is_like_it && has_lines(real.theirs) ? 0 : 1;
              }),
              0);
}

/// Begins in the foreground; after a byte on `go` nobody asks for keys any more.
[[noreturn]] void work(const Pair& real, int said, int go) {
    char byte = 0;
    const Pair pseudo;
    Keys keys(real.theirs, pseudo.ours);
    set_lines(pseudo.theirs, false);
    static_cast<void>(::read(go, &byte, 1));
    keys.look();
    byte = keys.watched().fd >= 0 ? 'y' : 'n';
    static_cast<void>(::write(said, &byte, 1));
    static_cast<void>(::read(go, &byte, 1));
    set_lines(pseudo.theirs, true);
    keys.look();
    ::_exit(keys.watched().fd < 0 ? 0 : 1);
}

TEST(Keys, InTheBackgroundTheTerminalIsLeftAlone) {
    EXPECT_EQ(in_session([](const Pair& real) {
                  std::array<int, 2> said{};
                  std::array<int, 2> go{};
                  if (::pipe(said.data()) != 0 || ::pipe(go.data()) != 0) {
                      return 2;
                  }
                  const pid_t worker = ::fork();
                  if (worker == 0) {
                      work(real, said[1], go[0]);
                  }
                  std::signal(SIGTTOU, SIG_IGN);  // as shells do, which hand the terminal over
                  char byte = 'g';
                  ::setpgid(worker, worker);
                  ::tcsetpgrp(real.theirs, worker);
                  static_cast<void>(::write(go[1], &byte, 1));
                  static_cast<void>(::read(said[0], &byte, 1));
                  ::tcsetpgrp(real.theirs, ::getpgrp());
                  static_cast<void>(::write(go[1], &byte, 1));
                  int status = 0;
                  ::waitpid(worker, &status, WUNTRACED);
                  ::kill(worker, SIGKILL);
                  const bool is_left_alone = byte == 'y' && !has_lines(real.theirs);
                  return is_left_alone && WIFEXITED(status) ? WEXITSTATUS(status) : 3;
              }),
              0);
}

TEST(Keys, WhoDoesNotReadThemHoldsNobodyUp) {
    EXPECT_EQ(in_session([](const Pair& real) {
                  constexpr std::size_t pasted = 200'000;
                  const Pair pseudo;
                  Keys keys(real.theirs, pseudo.ours);
                  set_lines(pseudo.theirs, false);
                  keys.look();
                  ::fcntl(real.ours, F_SETFL, O_NONBLOCK);
                  ::fcntl(pseudo.theirs, F_SETFL, O_NONBLOCK);
                  std::string text(pasted, 'x');
                  for (std::size_t at = 0; at < text.size(); ++at) {
                      text[at] = static_cast<char>('a' + at % 23);
                  }
                  std::size_t typed = 0;
                  std::string got;
                  std::array<char, 4096> piece{};
                  bool was_held_up = false;
                  while (got.size() < text.size()) {
                      const ssize_t more = ::write(real.ours, text.data() + typed, text.size() - typed);
                      typed += static_cast<std::size_t>(std::max<ssize_t>(more, 0));
                      if (is_ready(keys.watched())) {
                          keys.pass();
                          continue;
                      }
                      // Only when nothing can be passed on any more.
                      was_held_up = was_held_up || keys.watched().events == POLLOUT;
                      const ssize_t count = ::read(pseudo.theirs, piece.data(), piece.size());
                      got.append(piece.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
                  }
                  return was_held_up && got == text ? 0 : 1;
              }),
              0);
}

}  // namespace
}  // namespace hookline::runner
