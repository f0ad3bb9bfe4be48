#include "terminal/terminal_destination.hpp"

#include <fmt/format.h>

namespace hookline::terminal {

namespace {

/// A line above what is not simply a new message.
std::string heading(const dispatch::Entry& entry, const DrawOptions& options) {
    std::string_view words;
    switch (entry.operation) {
        case dispatch::Operation::edit:
            words = "(edited)";
            break;
        case dispatch::Operation::remove:
            words = "(a message was deleted)";
            break;
        case dispatch::Operation::direct_message:
            words = "(a direct message)";
            break;
        case dispatch::Operation::create:
        case dispatch::Operation::create_thread:
        case dispatch::Operation::close_thread:
            return {};
    }
    return options.colour ? fmt::format("\x1b[2m{}\x1b[0m\n", words) : fmt::format("{}\n", words);
}

}  // namespace

Task<dispatch::Answer> TerminalDestination::post(dispatch::DestinationInfo destination,
                                                 dispatch::Entry entry) {
    dispatch::Answer answer;
    if (entry.operation == dispatch::Operation::create_thread ||
        entry.operation == dispatch::Operation::close_thread) {
        answer.kind = dispatch::Answer::Kind::ok;  // there are no threads: all of it is one stream
        co_return answer;
    }
    const bool shows_body = entry.operation != dispatch::Operation::remove;
    const std::string text =
        "\n" + heading(entry, options_) + (shows_body ? draw(entry.body, options_) : std::string());
    if (!sink_(text)) {
        answer.detail = "the terminal takes no text";
        co_return answer;
    }
    answer.kind = dispatch::Answer::Kind::ok;
    answer.channel = destination.channel;
    answer.message = entry.discord_message ? entry.discord_message : next_id();
    co_return answer;
}

Task<dispatch::Sighting> TerminalDestination::find(dispatch::DestinationInfo, dispatch::Entry) {
    dispatch::Sighting sighting;
    sighting.found = dispatch::Found::no;  // what was shown before a crash nobody can look up
    co_return sighting;
}

Snowflake TerminalDestination::next_id() {
    const auto now = static_cast<std::uint64_t>(clock_.now().time_since_epoch().count()) << 12U;
    last_id_ = std::max(last_id_ + 1, now);
    return Snowflake(last_id_);
}

}  // namespace hookline::terminal
