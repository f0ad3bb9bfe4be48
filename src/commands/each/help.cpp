// help: made from the table of commands.
#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/answers.hpp"
#include "message/limits.hpp"
#include "services/event_names.hpp"
#include "services/service.hpp"

namespace hookline::commands {

namespace {

/// The list is an embed, which takes twice what a message does.
Reply overview(const Request& request) {
    message::Markdown list;
    for (const Command& command : command_table()) {
        const bool is_of_service = command.form == Command::Form::of_service;
        // The long forms are for `help <command>`.
        const std::string_view usage = command.usage.size() > 20 ? "…" : command.usage;
        list.markup(list.empty() ? "" : "\n");
        list.markup(fmt::format("`{}{}{}{}` {}", is_of_service ? "<service> " : "", command.word,
                                usage.empty() ? "" : " ", usage, command.sentence));
    }
    message::Markdown text;
    text.markup("🔗 **Hookline commands**").newline();
    text.markup(
        fmt::format("Begin with: {} · One in full: {}", say(request, "github on"), say(request, "help on")));
    Reply reply = fine(text);
    message::Embed embed;
    embed.description = list.str();
    reply.message.embeds.push_back(std::move(embed));
    reply.message.hides_previews = false;
    reply.message = message::fit(std::move(reply.message));
    return reply;
}

Reply in_full(const Request& request, const Command& command) {
    message::Markdown text;
    text.markup(say(request, usage_of(command))).newline();
    text.markup(command.sentence).newline();
    for (const Option& option : command.options) {
        text.markup(fmt::format("`{}{}{}` {}", option.name, option.value.empty() ? "" : " ", option.value,
                                option.sentence));
        text.newline();
    }
    text.markup(fmt::format("Example: {}", say(request, command.example)));
    return fine(text);
}

/// Events to show how a list of them is written: the first of these that the service has, of each line.
std::string example_events(const services::ServiceAdapter& adapter) {
    static constexpr std::array<std::string_view, 2> lists{"push,pr.merged,release",
                                                           "pipeline.failed,deployment"};
    for (const std::string_view list : lists) {
        if (services::parse_event_names(list, adapter)) {
            return std::string(list);
        }
    }
    const auto names = adapter.event_names();
    return names.empty() ? std::string() : std::string(names.front().name);
}

/// A part of an event, of the example where it names one.
std::string narrowed_event(const std::string& example) {
    for (const std::string_view name : split(example, ',')) {
        if (name.find('.') != std::string_view::npos) {
            return std::string(name);
        }
    }
    return example;
}

/// "help github": the command that sets it up, and what it can announce.
Reply of_service(const Request& request, const services::ServiceAdapter& adapter) {
    const std::string name(event::name_of(adapter.service()));
    message::Markdown text;
    text.markup(
        fmt::format("🔗 **{}**: {}", event::display_name(adapter.service()), say(request, name + " on")));
    const std::string example = example_events(adapter);
    text.newline()
        .markup(fmt::format("Events for `--events`, alone or narrowed (`{}`):", narrowed_event(example)))
        .newline();
    for (const services::EventName& event : adapter.event_names()) {
        if (event.name.find('.') == std::string_view::npos) {
            text.markup(fmt::format("`{}` {}", event.name, event.sentence)).newline();
        }
    }
    text.markup(fmt::format("Example: {}", say(request, name + " on --events " + example)));
    return fine(text);
}

}  // namespace

Task<Reply> help(Request request) {
    const auto& words = request.arguments.words();
    if (words.empty()) {
        co_return overview(request);
    }
    const std::string& word = words.back();  // "help github on" means "help on"
    if (const Command* command = find_command(word)) {
        co_return in_full(request, *command);
    }
    const auto service = event::parse_service(to_lower_ascii(word));
    if (const auto* adapter = service ? services::find_adapter(*service) : nullptr) {
        co_return of_service(request, *adapter);
    }
    std::vector<std::string_view> known;
    for (const Command& command : command_table()) {
        known.push_back(command.word);
    }
    const auto nearest = nearest_word(word, known);
    const std::string shown = message::Markdown().code(shorten(word, 40)).str();
    co_return refused(
        request,
        nearest ? fmt::format("There is no command {}. Did you mean `{}`?", shown, *nearest)
                : fmt::format("There is no command {}. {} lists all commands.", shown, say(request, "help")),
        fmt::format("help {}", nearest.value_or("on")));
}

}  // namespace hookline::commands
