#include "format/alerts.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "format/look.hpp"
#include "message/limits.hpp"
#include "message/markdown.hpp"

namespace hookline::format {

using message::Embed;
using message::Markdown;
using message::Message;

namespace {

constexpr std::size_t longest_title = 150;
constexpr std::size_t longest_value = 200;
constexpr std::size_t most_facts = 10;
constexpr std::size_t most_approvers = 5;

Message only(Embed embed) {
    Message message;
    message.embeds.push_back(std::move(embed));
    return message::fit(std::move(message));
}

}  // namespace

Message alert_message(const Alert& alert) {
    Embed embed;
    const std::string thing = message::escape(shorten(trim(first_line(alert.thing)), longest_title));
    if (alert.holds_no_more) {
        embed.title = fmt::format("🔕 No longer: {}", thing.empty() ? "the condition holds no more" : thing);
        embed.color = color::quiet;
    } else {
        embed.title = fmt::format("🔔 {}", thing.empty() ? "Alert" : thing);
        embed.color = color::care;
    }
    embed.url = message::safe_url(alert.url);
    Markdown text;
    text.markup("Condition: ").code(shorten(alert.condition, longest_value));
    std::size_t shown = 0;
    for (const AlertFact& fact : alert.facts) {
        if (shown++ == most_facts) {
            break;
        }
        text.newline().code(fact.name).markup(": ").text(shorten(trim(fact.value), longest_value));
    }
    embed.description = text.cut_to(message::limits::description);
    embed.footer = message::plain(alert.repository);
    return only(std::move(embed));
}

Message ready_message(const ReadyToMerge& ready) {
    Embed embed;
    embed.title = fmt::format("⚡ {} Ready to Merge", message::escape(ready.number));
    embed.url = message::safe_url(ready.url);
    embed.color = color::good;
    Markdown text;
    const std::string title = shorten(trim(first_line(ready.title)), longest_title);
    if (!title.empty()) {
        text.text(title).newline();
    }
    text.markup(ready.required ? fmt::format("Approvals: {}/{} ✓", ready.approvals, *ready.required)
                               : fmt::format("Approvals: {} ✓", ready.approvals));
    for (std::size_t i = 0; i < std::min(ready.approvers.size(), most_approvers); ++i) {
        text.markup(i == 0 ? " (" : ", ").text(ready.approvers[i]);
    }
    text.markup(ready.approvers.empty() ? "" : ")");
    if (ready.checks > 0) {
        text.newline().markup("Checks: All passed ✓");
    }
    embed.description = text.cut_to(message::limits::description);
    embed.footer = message::plain(ready.repository);
    return only(std::move(embed));
}

}  // namespace hookline::format
