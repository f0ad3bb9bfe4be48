#include "runner/runner.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "base/random.hpp"
#include "base/text.hpp"
#include "docker/address.hpp"
#include "runner/child.hpp"
#include "runner/reporter.hpp"
#include "runner/screen.hpp"
#include "runner/shown_command.hpp"
#include "services/redact.hpp"

namespace hookline::runner {

namespace {

constexpr std::size_t most_lines = 30;
/// How long the end of the command may be held up for what is told of it.
constexpr std::chrono::milliseconds longest_goodbye(5'000);
constexpr int not_found = 127;
constexpr int not_executable = 126;
constexpr int of_signals = 128;

std::string this_host() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

std::string this_folder() {
    std::error_code error;
    return std::filesystem::current_path(error).string();
}

Result<Target> target_of(const cli::Process& process, const RunOptions& options) {
    if (!options.to.empty()) {
        return endpoint_target(options.to);
    }
    const auto given = process.environment("HOOKLINE_TO");
    return given && !given->empty() ? endpoint_target(*given) : daemon_target(process);
}

/// What proves to Hookline who we are. The command has it too, in its environment, and may print that.
Secrets own_secrets(const cli::Process& process, const Result<Target>& target) {
    Secrets secrets;
    const auto add = [&](const std::string& text) {
        for (const std::string& secret : services::redact(text).hidden) {
            secrets.add(secret);
        }
    };
    if (target) {
        add(target->path);
        add("Authorization: " + target->authorization);
    }
    add(process.environment("HOOKLINE_TO").value_or(""));
    secrets.add(process.environment("HOOKLINE_ADMIN_TOKEN").value_or(""));
    return secrets;
}

Run run_of(const cli::Process& process, const RunOptions& options, const Result<Target>& target,
           TimePoint now) {
    constexpr std::size_t key_length = 24;  // of 5 bits each
    constexpr std::size_t longest_name = 200;
    SystemRandom random;
    Run run;
    run.key = "r-" + random.token(key_length);
    run.words = read_words(options.command);
    run.stage = options.stage;
    run.host = target && target->is_elsewhere ? this_host() : std::string();
    ShownCommand command = show_command(options.command, process.environment, own_secrets(process, target));
    run.command = std::move(command.shown);
    run.secrets = std::move(command.secrets);
    const std::string home = process.environment("HOME").value_or("");
    run.name =
        options.name.empty() ? usual_name(run.words, options.command, this_folder(), home) : options.name;
    run.name = shorten(trim(first_line(trim(repair_utf8(run.name)))), longest_name);
    run.name = run.name.empty() ? "command" : run.name;
    run.started = now;
    return run;
}

/// Only of a build that this machine's words or lines say was one.
std::optional<ImageQuestion> question_of(const cli::Process& process, const Run& run,
                                         const BuildSteps& steps) {
    const bool has_tag = run.words.is_image && !run.words.tags.empty();
    if (!run.words.makes_one_image() || (!has_tag && steps.image_id().empty())) {
        return std::nullopt;
    }
    auto engine = docker::engine_of(process.environment);
    if (!engine) {
        return std::nullopt;
    }
    constexpr std::chrono::seconds slack(2);  // an engine's clock may differ from ours
    ImageQuestion question;
    question.engine = std::move(*engine);
    question.id = steps.image_id();
    question.tag = has_tag ? run.words.tags.front() : std::string();
    question.not_before = run.started - slack;
    return question;
}

/// True once all was told. Who asks again that it ends is not held up.
bool wait_for(const Reporter& reporter, Signals& signals) {
    const auto deadline = std::chrono::steady_clock::now() + longest_goodbye;
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            return false;
        }
        std::array<pollfd, 2> watched{pollfd{reporter.is_done(), POLLIN, 0},
                                      pollfd{signals.descriptor(), POLLIN, 0}};
        ::poll(watched.data(), watched.size(), static_cast<int>(left.count()));
        if (watched[0].revents != 0) {
            return true;
        }
        while (const auto caught = signals.next()) {
            if (asks_to_end(caught->number)) {
                return false;
            }
        }
    }
}

/// Says what could not be told. False: the reporter's thread goes on, and the process must end without it.
bool say_goodbye(const cli::Process& process, std::unique_ptr<Reporter> reporter, Signals& signals) {
    if (wait_for(*reporter, signals)) {
        if (const std::string trouble = reporter->finish(); !trouble.empty()) {
            cli::complain(process, 0, trouble);
        }
        return true;
    }
    cli::complain(process, 0, "what became of this run may not be told: no answer in time");
    // A name that does not resolve cannot be called back: the thread ends with the process.
    reporter->abandon();
    static_cast<void>(reporter.release());
    return false;
}

}  // namespace

int run(const cli::Process& process, const RunOptions& options) {
    auto target = target_of(process, options);
    if (!target && !options.to.empty()) {
        return cli::complain(process, cli::usage_error, target.error().detail);
    }
    const SystemClock clock;
    const Run about = run_of(process, options, target, clock.now());
    Signals signals;
    auto child = Child::start(options.command, signals);
    std::unique_ptr<Reporter> reporter;
    if (target) {
        reporter = std::make_unique<Reporter>(std::move(*target));
        reporter->tell_start(started_report(about));
    }
    BuildSteps steps;
    Screen screen([&](std::string_view line) { steps.on_line(line); });
    Ended ended;
    if (child) {
        ended = child->wait(signals, [&](int stream, std::string_view bytes) { screen.feed(stream, bytes); });
    } else {
        cli::complain(process, 0, child.error().detail);
        ended.exit_code = child.error().code == Errc::not_found ? not_found : not_executable;
    }
    bool may_return = true;
    if (reporter) {
        const bool is_complete = ended.exit_code == 0 && ended.signal == 0 && !ended.was_asked_to_end;
        reporter->tell_end(ended_report(about, ended, clock.now(), steps, screen.last_lines(most_lines)),
                           is_complete ? question_of(process, about, steps) : std::nullopt);
        may_return = say_goodbye(process, std::move(reporter), signals);
    } else {
        cli::complain(process, 0, "nothing is told of this run: " + target.error().detail);
    }
    if (ended.signal != 0) {
        end_by(ended.signal);
    }
    const int code = ended.signal != 0 ? of_signals + ended.signal : ended.exit_code;
    if (!may_return) {
        ::_exit(code);
    }
    return code;
}

}  // namespace hookline::runner
