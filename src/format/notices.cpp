// What a service says that is no event of code: an alert, a report, any JSON.
#include <fmt/format.h>

#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "format/layouts.hpp"
#include "format/look.hpp"
#include "format/parts.hpp"
#include "message/limits.hpp"

namespace hookline::format {

using event::Notice;
using message::Embed;
using message::Markdown;

namespace {

constexpr std::size_t longest_short_value = 40;  // beside two others

/// The first lines; how many were left out is said.
Markdown lines_of(std::string_view untrusted, const Measure& measure) {
    Markdown text;
    const std::string shortened = shorten(trim(untrusted), measure.notice_text);
    const auto lines = split(shortened, '\n');
    const std::size_t shown = std::min(lines.size(), measure.notice_lines);
    for (std::size_t at = 0; at < shown; ++at) {
        if (at > 0) {
            text.newline();
        }
        text.text(lines[at]);
    }
    return text.and_more(lines.size(), shown);
}

bool is_address(std::string_view value) {
    return (value.starts_with("https://") || value.starts_with("http://")) &&
           value.find_first_of(" \n\t") == std::string_view::npos && !message::safe_url(value).empty();
}

/// A time as the reader's own, an address as a link, anything else as it is.
Markdown value_of(std::string_view value) {
    Markdown result;
    if (is_address(value)) {
        const std::size_t host = value.find("//") + 2;
        return result.link(shorten(value.substr(host), 60), value);
    }
    const bool looks_like_time =
        value.size() >= 19 && value[4] == '-' && value[7] == '-' && value[13] == ':' && value[16] == ':';
    if (const auto time = looks_like_time ? parse_time(value) : std::nullopt) {
        return result.time(*time, 'f');
    }
    return result.lines(value);
}

void add_items(const Notice& notice, std::size_t most_items, Embed& embed) {
    Markdown list;
    std::size_t shown = 0;
    for (const Notice::Item& item : notice.items) {
        if (shown == most_items) {
            break;
        }
        const std::string title = shorten(trim(first_line(trim(item.title))), 100);
        const std::string text = shorten(trim(first_line(trim(item.text))), 150);
        if (title.empty() && text.empty()) {
            continue;
        }
        if (shown++ > 0) {
            list.newline();
        }
        list.markup(look_of(item.severity).emoji).markup(" ");
        list.link(title.empty() ? text : title, item.url);
        if (!title.empty() && !text.empty() && text != trim(first_line(trim(notice.text)))) {
            list.markup(": ").text(text);
        }
    }
    const auto count = static_cast<std::size_t>(std::max<std::int64_t>(notice.item_count, 0));
    if (shown > 0) {
        list.and_more(std::max(count, notice.items.size()), shown);
    }
    add(embed, "Alerts", list, Width::full);
}

}  // namespace

void lay_out_notice(const event::Event& event, const Measure& measure, Embed& embed) {
    const Notice& notice = *event.notice;
    embed.description = lines_of(notice.text, measure).cut_to(message::limits::description);
    add(embed, "By", actor(event));
    for (const Notice::Fact& fact : notice.facts) {
        const std::string_view value = trim(fact.value);
        if (trim(fact.name).empty()) {
            continue;
        }
        const bool is_short =
            code_points(value) <= longest_short_value && value.find('\n') == std::string_view::npos;
        add(embed, message::escape(shorten(trim(fact.name), 60)), value_of(value),
            is_short || is_address(value) ? Width::third : Width::full);
    }
    add_items(notice, measure.items, embed);
    embed.image = message::safe_url(notice.image_url);
}

}  // namespace hookline::format
