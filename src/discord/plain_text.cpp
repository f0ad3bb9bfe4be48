#include "discord/plain_text.hpp"

#include "base/text.hpp"
#include "message/limits.hpp"
#include "message/reading.hpp"

namespace hookline::discord {

namespace {

constexpr std::size_t most_of_a_text = 500;  // code points: what was refused is not said at length again
constexpr std::size_t longest_link = 1000;

/// Whole lines only, up to the first fence, so that the cut leaves no markup open.
std::string beginning_of(std::string_view text) {
    std::string beginning;
    std::size_t used = 0;
    for (const std::string_view line : split(text, '\n')) {
        used += code_points(line) + 1;
        if (used > most_of_a_text || line.find("```") != line.npos) {
            beginning += "…";
            break;
        }
        beginning.append(line).append("\n");
    }
    return std::string(trim(beginning));
}

void add_part(std::string& content, std::string_view part, std::size_t end = message::limits::content) {
    const bool fits = code_points(content) + 1 + code_points(part) <= end;
    if (!part.empty() && fits) {
        content.append(content.empty() ? "" : "\n").append(part);
    }
}

/// Up to `end`: where messages share a send, each of them is said, none at the others' cost.
void add_embed(std::string& content, const message::Embed& embed, std::size_t end) {
    const auto room = [&] { return end - std::min(end, code_points(content) + 1); };
    add_part(content, message::cut_markdown(embed.title, room()), end);
    if (!embed.url.empty() && embed.url.size() <= longest_link) {
        add_part(content, "<" + embed.url + ">", end);
    }
    const std::string beginning = beginning_of(embed.description);
    add_part(content, embed.title.empty() ? message::cut_markdown(beginning, room()) : beginning, end);
}

}  // namespace

message::Message as_plain_text(const message::Message& message) {
    message::Message plain;
    plain.allowed_mentions = message.allowed_mentions;
    plain.is_silent = message.is_silent;
    plain.reply_to = message.reply_to;
    plain.hides_previews = true;
    add_part(plain.content, message.content);
    for (std::size_t i = 0; i < message.embeds.size(); ++i) {
        const std::size_t used = code_points(plain.content);
        const std::size_t share = (message::limits::content - used) / (message.embeds.size() - i);
        add_embed(plain.content, message.embeds[i], used + share);
    }
    for (const message::LinkButton& button : message.buttons) {
        if (button.url.size() <= longest_link) {
            add_part(plain.content, "<" + button.url + ">");
        }
    }
    if (plain.content.empty()) {
        plain.content = "A message that Discord did not take.";
    }
    return plain;
}

}  // namespace hookline::discord
