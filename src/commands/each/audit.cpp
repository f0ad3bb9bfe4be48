// audit: who said which command on this server.
#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/answers.hpp"

namespace hookline::commands {

namespace {

/// "member 123" as Discord shows a member; nobody is pinged: allowed_mentions is empty.
std::string name_of(const std::string& who) {
    constexpr std::string_view member = "member ";
    return who.starts_with(member) ? fmt::format("<@{}>", who.substr(member.size())) : who;
}

}  // namespace

Task<Reply> audit(Request request) {
    constexpr std::size_t most_acts = 20;
    constexpr std::size_t longest_act = 120;
    const auto acts = request.store().acts(request.guild(), most_acts);
    if (!acts) {
        co_return store_trouble(request, acts.error());
    }
    if (acts->empty()) {
        co_return fine(message::Markdown().markup("📒 No command was said here yet."));
    }
    message::Markdown text;
    text.markup("📒 **Last commands**, newest first");
    for (const store::Act& act : *acts) {
        text.newline().time(act.at).markup(fmt::format(" {}: ", name_of(act.who)));
        text.code(shorten(first_line(act.what), longest_act));
    }
    co_return fine(text);
}

}  // namespace hookline::commands
