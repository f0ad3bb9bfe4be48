// One command: its row of the table and what its handler gets.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "commands/arguments.hpp"
#include "commands/commands.hpp"
#include "commands/turn.hpp"

namespace hookline::commands {

struct Command;

/// What every command works with.
struct Bench {
    explicit Bench(Parts with_parts) : parts(std::move(with_parts)), turn(parts.executor) {}
    Parts parts;
    Turn turn;
};

/// One command as it was said.
struct Request {
    Request(Bench& with_bench, const Command& with_command, Caller with_caller)
        : bench(with_bench), command(with_command), caller(std::move(with_caller)) {}
    Bench& bench;
    const Command& command;
    Caller caller;
    std::string said;    // as it may be kept and shown: without secrets
    std::string target;  // the service or hook id before the command's word: "github"
    Arguments arguments;
    /// Set once the act is in the store: commit() does it with the changes, the runner for the rest.
    std::shared_ptr<bool> is_recorded = std::make_shared<bool>(false);
    std::shared_ptr<HookId> changed = std::make_shared<HookId>();  // by commit()

    [[nodiscard]] store::Store& store() const { return bench.parts.store; }
    [[nodiscard]] TimePoint now() const { return bench.parts.clock.now(); }
    [[nodiscard]] bool is_administrator() const { return caller.kind == Caller::Kind::administrator; }
    /// How the caller says commands: "!hook" in a channel, "hookline hook" on the command line.
    [[nodiscard]] std::string prefix() const {
        return is_administrator() && !caller.channel ? "hookline hook" : bench.parts.prefix;
    }
    /// The guild of the caller as hooks keep it; "" on the command line.
    [[nodiscard]] std::string guild() const { return caller.guild ? to_string(caller.guild) : std::string(); }
};

using Handler = Task<Reply> (*)(Request);

struct Command {
    enum class Form {
        plain,      // "list", "show <id>"
        of_service  // "github on", "hook_003 on"
    };
    std::string_view word;
    Form form = Form::plain;
    std::string_view usage;     // what follows the word: "<id>", "[--events a,b]"
    std::string_view sentence;  // what it does, for help
    std::string_view example;   // without the prefix: "github on --events push,pr"
    std::span<const Option> options;
    std::size_t least_words = 0, most_words = 0;  // after the command's own
    bool is_for_everyone = false;                 // needs no right
    Handler handler = nullptr;
};

[[nodiscard]] std::span<const Command> command_table();
[[nodiscard]] const Command* find_command(std::string_view word);
/// "<service> on [--events a,b]".
[[nodiscard]] std::string usage_of(const Command& command);

}  // namespace hookline::commands
