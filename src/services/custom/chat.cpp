// Services that can only speak to Slack (api.slack.com, "Incoming webhooks") or Discord ("Execute Webhook")
// may be pointed here: their message is shown as ours.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "services/custom/notice.hpp"
#include "services/custom/sender.hpp"
#include "services/custom/severity.hpp"

namespace hookline::services::custom {

namespace {

using event::Notice;
using Severity = event::Notice::Severity;

/// Slack escapes three characters and no more.
std::string unescaped(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, char>, 3> escapes{
        {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}}};
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const auto* const found = std::find_if(escapes.begin(), escapes.end(), [&](const auto& escape) {
            return text.substr(at).starts_with(escape.first);
        });
        result += found != escapes.end() ? found->second : text[at];
        at += found != escapes.end() ? found->first.size() : 1;
    }
    return result;
}

/// What stands between "<" and ">" in Slack's text: the label of a link, the name of a channel, never a ping.
std::string spoken(std::string_view inside) {
    const std::size_t bar = inside.find('|');
    if (bar != std::string_view::npos) {
        return std::string(trim(inside.substr(bar + 1)));
    }
    if (inside.starts_with('@')) {
        return "@someone";
    }
    return std::string(inside.starts_with('!') ? "@" : "") +
           std::string(inside.substr(inside.starts_with('!')));
}

struct SlackText {
    std::string text;
    std::string url;  // of the first link
};

/// Plain text of Slack's mrkdwn; bold and italic go, for the text will be shown as text.
SlackText from_slack(std::string_view mrkdwn) {
    SlackText result;
    const std::size_t last = mrkdwn.rfind('>');  // beyond it no "<" is closed
    for (std::size_t at = 0; at < mrkdwn.size();) {
        const bool opens = mrkdwn[at] == '<' && last != std::string_view::npos && at < last;
        const std::size_t end = opens ? mrkdwn.find('>', at) : std::string_view::npos;
        if (end == std::string_view::npos) {
            const bool is_mark = mrkdwn[at] == '*' || mrkdwn[at] == '`';
            result.text += is_mark ? "" : std::string(1, mrkdwn[at]);
            ++at;
            continue;
        }
        const std::string_view inside = mrkdwn.substr(at + 1, end - at - 1);
        const std::string_view target = inside.substr(0, inside.find('|'));
        if (result.url.empty() && (target.starts_with("https://") || target.starts_with("http://"))) {
            result.url = target;
        }
        result.text += spoken(inside);
        at = end + 1;
    }
    result.text = std::string(trim(unescaped(result.text)));
    return result;
}

Severity severity_of_rgb(std::int64_t rgb) {
    const auto red = (rgb >> 16) & 0xFF;
    const auto green = (rgb >> 8) & 0xFF;
    const auto blue = rgb & 0xFF;
    const auto most = std::max({red, green, blue});
    if (most < 0x60 || most - std::min({red, green, blue}) < 0x30) {
        return Severity::none;  // too dark or too grey to mean something
    }
    if (red == most && green > most * 45 / 100 && blue < most * 6 / 10) {
        return Severity::warning;
    }
    if (red == most && blue < most * 3 / 4) {
        return Severity::error;
    }
    return green == most ? Severity::success : Severity::info;
}

/// "good", "#d00000".
Severity severity_of_color(std::string_view color) {
    if (!color.starts_with('#')) {
        return severity_of(color).value_or(Severity::none);
    }
    std::int64_t rgb = 0;
    const auto [end, error] = std::from_chars(color.data() + 1, color.data() + color.size(), rgb, 16);
    const bool is_color = error == std::errc{} && end == color.data() + 7 && color.size() == 7;
    return is_color ? severity_of_rgb(rgb) : Severity::none;
}

/// Adds to the text on a line of its own, or becomes the title where there is none yet.
void say(event::Event& event, Notice& notice, const SlackText& more) {
    event.url = event.url.empty() ? more.url : event.url;
    if (event.title.empty() && code_points(first_line(more.text)) <= longest_title) {
        event.title = first_line(more.text);
        const auto rest = trim(std::string_view(more.text).substr(event.title.size()));
        notice.text += rest;
    } else if (more.text != event.title && !more.text.empty()) {
        notice.text += (notice.text.empty() ? "" : "\n") + more.text;
    }
}

void read_attachment(const Node& attachment, event::Event& event, Notice& notice) {
    if (notice.severity == Severity::none) {
        notice.severity = severity_of_color(attachment["color"].text(20));
    }
    say(event, notice, from_slack(attachment["pretext"].text()));
    SlackText title = from_slack(attachment["title"].text());
    title.url = first_text({attachment["title_link"]});
    say(event, notice, title);
    const std::string text = attachment["text"].text();
    say(event, notice, from_slack(text.empty() && title.text.empty() ? attachment["fallback"].text() : text));
    for (const Node& field : attachment["fields"].items(most_facts)) {
        add_fact(notice, from_slack(field["title"].text()).text, from_slack(field["value"].shown()).text);
    }
    if (notice.image_url.empty()) {
        notice.image_url = first_text({attachment["image_url"], attachment["thumb_url"]});
    }
    set_time(event, {attachment["ts"]});
}

/// "*Name:*\nvalue" of a section's fields.
void read_field(std::string_view field, Notice& notice) {
    const SlackText plain = from_slack(field);
    const std::string name(trim(first_line(plain.text)));
    const std::string_view value = trim(std::string_view(plain.text).substr(first_line(plain.text).size()));
    if (!value.empty()) {
        add_fact(notice, name.ends_with(':') ? name.substr(0, name.size() - 1) : name, std::string(value));
    } else {
        notice.text += (notice.text.empty() ? "" : "\n") + plain.text;
    }
}

void read_block(const Node& block, event::Event& event, Notice& notice) {
    const std::string type = block["type"].text();
    if (type == "image" && notice.image_url.empty()) {
        notice.image_url = block["image_url"].text();
    }
    if (type == "header" || type == "section") {
        say(event, notice, from_slack(block["text"]["text"].text()));
        for (const Node& field : block["fields"].items(most_facts)) {
            read_field(field["text"].text(), notice);
        }
    }
    for (const Node& element : block["elements"].items(10)) {
        if (type == "context") {
            say(event, notice, from_slack(element["text"].text()));
        }
        if (type == "actions" && event.url.empty()) {
            event.url = element["url"].text();
        }
    }
}

void read_embed(const Node& embed, event::Event& event, Notice& notice) {
    if (notice.severity == Severity::none && embed["color"].integer()) {
        notice.severity = severity_of_rgb(*embed["color"].integer());
    }
    say(event, notice, {embed["title"].text(), embed["url"].text()});
    say(event, notice, {std::string(trim(embed["description"].text())), ""});
    for (const Node& field : embed["fields"].items(most_facts)) {
        add_fact(notice, field["name"].text(), field["value"].text());
    }
    if (notice.image_url.empty()) {
        notice.image_url = first_text({embed["image"]["url"], embed["thumbnail"]["url"]});
    }
    set_time(event, {embed["timestamp"]});
}

/// The sender's own name is the source, unless it is what every sender is called.
std::string source_of(const Node& payload) {
    const std::string name = shorten(trim(payload["username"].text()), 80);
    return equals_ignoring_case(name, "incoming-webhook") ? std::string() : name;
}

}  // namespace

void parse_slack(const event::Delivery& /*delivery*/, const Node& payload, std::string_view /*kind*/,
                 event::Event& event) {
    constexpr std::size_t most_parts = 20;  // Slack, "Attachments": more are not shown there either
    Notice notice;
    notice.source = source_of(payload);
    const auto blocks = payload["blocks"].items(most_parts);
    if (blocks.empty()) {  // with blocks, the text is only their summary for notifications
        say(event, notice, from_slack(payload["text"].text()));
    }
    for (const Node& block : blocks) {
        read_block(block, event, notice);
    }
    for (const Node& attachment : payload["attachments"].items(most_parts)) {
        read_attachment(attachment, event, notice);
        for (const Node& block : attachment["blocks"].items(most_parts)) {
            read_block(block, event, notice);
        }
    }
    set_notice(event, std::move(notice));
}

void parse_discord(const event::Delivery& /*delivery*/, const Node& payload, std::string_view /*kind*/,
                   event::Event& event) {
    constexpr std::size_t most_embeds = 10;
    Notice notice;
    notice.source = source_of(payload);
    const auto embeds = payload["embeds"].items(most_embeds);
    const SlackText content{std::string(trim(payload["content"].text())), ""};
    if (embeds.empty()) {
        say(event, notice, content);
    }
    for (const Node& embed : embeds) {
        read_embed(embed, event, notice);
    }
    if (!embeds.empty()) {
        say(event, notice, content);
    }
    set_notice(event, std::move(notice));
}

}  // namespace hookline::services::custom
