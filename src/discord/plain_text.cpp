#include "discord/plain_text.hpp"

#include "base/text.hpp"
#include "message/limits.hpp"

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

void add_part(std::string& content, std::string_view part) {
    const bool fits = code_points(content) + 1 + code_points(part) <= message::limits::content;
    if (!part.empty() && fits) {
        content.append(content.empty() ? "" : "\n").append(part);
    }
}

}  // namespace

message::Message as_plain_text(const message::Message& message) {
    message::Message plain;
    plain.allowed_mentions = message.allowed_mentions;
    plain.is_silent = message.is_silent;
    plain.reply_to = message.reply_to;
    plain.hides_previews = true;
    add_part(plain.content, message.content);
    for (const message::Embed& embed : message.embeds) {
        add_part(plain.content, embed.title);
        if (!embed.url.empty() && embed.url.size() <= longest_link) {
            add_part(plain.content, "<" + embed.url + ">");
        }
        add_part(plain.content, beginning_of(embed.description));
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
