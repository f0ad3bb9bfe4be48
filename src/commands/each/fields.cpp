// fields: what conditions and templates can name.
#include "rules/fields.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/find_hook.hpp"
#include "commands/options.hpp"
#include "message/limits.hpp"

namespace hookline::commands {

namespace {

constexpr std::size_t longest_list = 3800;  // of an embed's 4096

/// As many lines as fit, and how many there are more.
std::string fitting(std::string_view lines) {
    std::string shown;
    std::size_t left = 0;
    for (const std::string_view line : split(lines, '\n')) {
        if (line.empty()) {
            continue;
        }
        if (left > 0 || shown.size() + line.size() > longest_list) {
            ++left;
            continue;
        }
        shown += line;
        shown += '\n';
    }
    return left == 0 ? shown : fmt::format("{}… and {} more", shown, left);
}

std::string summary(event::Service service) {
    std::string lines;
    for (const rules::RootField* row : rules::fields_of(service, "")) {
        lines += fmt::format(
            "{:<22} {}\n",
            row->field.of != nullptr ? fmt::format("{}.…", row->field.name) : std::string(row->field.name),
            row->field.sentence);
    }
    return lines;
}

}  // namespace

Task<Reply> fields(Request request) {
    const auto& words = request.arguments.words();
    std::string service = words.front();
    if (!event::parse_service(to_lower_ascii(service))) {
        const auto hook = find_hook(request, service);
        if (!hook) {
            co_return hook.error();
        }
        service = std::string(event::name_of(hook->service));
    }
    const auto adapter = offered_service(request, service);
    if (!adapter) {
        co_return adapter.error();
    }
    std::string event;
    if (words.size() > 1) {
        const auto named = read_events(request, words[1], **adapter);
        if (!named) {
            co_return named.error();
        }
        event = named->empty() ? std::string() : named->front();
    }
    const event::Service which = (*adapter)->service();
    message::Markdown text;
    text.markup(
        fmt::format("🔎 **Fields of {}{}{}**", event::display_name(which), event.empty() ? "" : " ", event));
    text.newline()
        .markup("For filters, alerts and templates: ")
        .markup(say(request, fmt::format("{} filter \"…\"", service)));
    if (event.empty()) {
        text.markup(fmt::format(". Of one event, with examples: {}",
                                say(request, fmt::format("fields {} pr", service))));
    }
    Reply reply = fine(text);
    message::Embed embed;
    embed.description =
        message::Markdown()
            .block(fitting(event.empty() ? summary(which) : rules::describe_fields(which, event)))
            .str();
    reply.message.embeds.push_back(std::move(embed));
    reply.message.hides_previews = false;
    reply.message = message::fit(std::move(reply.message));
    co_return reply;
}

}  // namespace hookline::commands
