#include "commands/commands.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/answers.hpp"
#include "commands/channel_argument.hpp"
#include "commands/find_hook.hpp"
#include "commands/words.hpp"

namespace hookline::commands {

namespace {

/// Services and hook ids may stand before a command's word; both orders are understood.
bool names_target(std::string_view word) {
    const std::string lower = to_lower_ascii(word);
    return event::parse_service(lower).has_value() ||
           (lower.starts_with("hook_") && parse_hook_id(lower).has_value());
}

std::vector<std::string> all_words() {
    std::vector<std::string> words;
    for (const services::ServiceAdapter* adapter : services::all_adapters()) {
        words.emplace_back(event::name_of(adapter->service()));
    }
    for (const Command& command : command_table()) {
        words.emplace_back(command.word);
    }
    return words;
}

std::string in_code(std::string_view word) {
    constexpr std::size_t longest_shown = 40;
    return message::Markdown().code(shorten(word, longest_shown)).str();
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
    const std::vector<std::string_view> views(known.begin(), known.end());
    return nearest_word(word, views);
}

class TheCommands final : public Commands {
public:
    explicit TheCommands(Parts parts) : bench_(std::move(parts)) {}

    [[nodiscard]] std::vector<std::string> words() const override { return all_words(); }

    Task<Reply> run(std::string words, Caller caller) override {
        auto reply = co_await answer(std::move(words), std::move(caller));
        const bool is_fine = reply.kind == Reply::Kind::fine;
        bench_.parts.metrics.count("hookline_commands_total", {{"kind", is_fine ? "fine" : "refused"}});
        co_return reply;
    }

private:
    Task<Reply> answer(std::string words, Caller caller) {
        Found<Request> request = understand(words, std::move(caller));
        if (!request) {
            co_return std::move(request.error());
        }
        if (const auto no = missing_right(*request)) {
            co_return *no;
        }
        Request asked = *request;
        asked.said = without_secrets(words);
        const Handler handler = asked.command.handler;
        auto reply = co_await handler(asked);
        reply.hook = *asked.changed;
        const bool is_to_record = reply.kind == Reply::Kind::fine && !asked.command.is_for_everyone;
        if (is_to_record && !*asked.is_recorded) {
            const auto written = co_await commit(asked, store::Changes(), HookId());
            if (!written) {
                bench_.parts.log.warn("commands", "a command was not recorded",
                                      {{"why", written.error().detail}});
            }
        }
        co_return reply;
    }

    Found<Request> understand(const std::string& text, Caller caller) {
        Request anyone(bench_, *find_command("help"), caller);
        auto words = split_words(text);
        if (!words) {
            return tl::unexpected(refused(anyone, message::escape(words.error().detail), "help"));
        }
        if (words->empty()) {
            return anyone;
        }
        std::string target;
        if (words->size() > 1 && names_target((*words)[0])) {
            target = words->front();
            words->erase(words->begin());
        } else if (words->size() > 1 && names_target((*words)[1]) && is_of_service((*words)[0])) {
            target = (*words)[1];  // "on github"
            words->erase(words->begin() + 1);
        }
        const Command* command = find_command(words->front());
        if (command == nullptr && find_command(target) != nullptr) {
            // "custom https://…": the service's name is a command too.
            command = find_command(target);
            words->insert(words->begin(), std::move(target));
            target.clear();
        }
        if (command == nullptr) {
            return tl::unexpected(unknown_command(anyone, target, words->front()));
        }
        Request request(bench_, *command, std::move(caller));
        request.target = std::move(target);
        return with_arguments(std::move(request), std::move(*words));
    }

    static bool is_of_service(std::string_view word) {
        const Command* command = find_command(word);
        return command != nullptr && command->form == Command::Form::of_service;
    }

    static Reply unknown_command(const Request& request, const std::string& target, const std::string& word) {
        if (target.empty() && names_target(word)) {
            return refused(
                request, fmt::format("Say what to do with {}.", in_code(word)),
                fmt::format("{} {}", word, event::parse_service(to_lower_ascii(word)) ? "on" : "events"));
        }
        const auto meant = nearest(word, all_words());
        const std::string all = fmt::format("{} lists all commands.", say(request, "help"));
        if (!meant) {
            return refused(fmt::format("There is no command {}. {}", in_code(word), all));
        }
        const Command* command = find_command(*meant);
        const std::string example =
            command != nullptr ? std::string(command->example) : fmt::format("{} on", *meant);
        return refused(
            request, fmt::format("There is no command {}. Did you mean `{}`? {}", in_code(word), *meant, all),
            example);
    }

    static Found<Request> with_arguments(Request request, std::vector<std::string> words) {
        const Command& command = request.command;
        words.erase(words.begin());
        if (command.form == Command::Form::plain && !request.target.empty()) {
            // "hook_001 pause" is "pause hook_001", "github help" is "help".
            if (command.most_words > 0 && !command.is_for_everyone) {
                words.insert(words.begin(), request.target);
            }
            request.target.clear();
        }
        auto arguments = parse_arguments(command.options, words);
        if (!arguments) {
            return tl::unexpected(
                refused(request, message::escape(arguments.error().detail), command.example));
        }
        request.arguments = std::move(*arguments);
        if (command.form == Command::Form::of_service && request.target.empty()) {
            return tl::unexpected(refused(
                request, fmt::format("Say of which service, or of which hook: `{}`.", usage_of(command)),
                command.example));
        }
        const std::size_t count = request.arguments.words().size();
        if (count < command.least_words) {
            return tl::unexpected(refused(
                request, fmt::format("Something is missing: `{}`.", usage_of(command)), command.example));
        }
        if (count > command.most_words) {
            const std::string& extra = request.arguments.words()[command.most_words];
            return tl::unexpected(refused(
                request, fmt::format("{} is one word too many: `{}`.", in_code(extra), usage_of(command)),
                command.example));
        }
        return request;
    }

    static std::optional<Reply> missing_right(const Request& request) {
        const Caller& caller = request.caller;
        if (request.is_administrator() || request.command.is_for_everyone) {
            return std::nullopt;
        }
        if (!caller.guild || !caller.channel) {
            return refused("Say that in the channel of a server that it concerns.");
        }
        if (!caller.may_manage) {
            return refused("You need the permission **Manage Webhooks** in this channel for that.");
        }
        return std::nullopt;
    }

    Bench bench_;
};

}  // namespace

std::unique_ptr<Commands> make_commands(Parts parts) {
    return std::make_unique<TheCommands>(std::move(parts));
}

}  // namespace hookline::commands
