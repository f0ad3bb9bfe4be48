#include "format/parts.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "format/excerpt.hpp"
#include "message/limits.hpp"

namespace hookline::format {

using message::Embed;
using message::Markdown;

namespace {

constexpr std::size_t longest_name = 60;

}  // namespace

void add(Embed& embed, std::string_view name, const Markdown& value, Width width) {
    if (value.empty()) {
        return;
    }
    std::string text = value.cut_to(message::limits::field_value);
    if (trim(text).empty()) {
        return;
    }
    embed.fields.push_back({std::string(name), std::move(text), width == Width::third});
}

void add_text(Embed& embed, std::string_view name, std::string_view untrusted, Width width,
              std::size_t longest) {
    const std::string_view text = trim(untrusted);
    if (!text.empty()) {
        add(embed, name, Markdown().text(shorten(text, longest)), width);
    }
}

std::string handle(std::string_view login) {
    const std::string_view name = trim(login);
    constexpr std::string_view app = "[bot]";  // brackets have no place in a link's label
    const bool is_app = name.ends_with(app) && name.size() > app.size();
    return is_app ? "@" + shorten(name.substr(0, name.size() - app.size()), longest_name) + " (bot)"
                  : "@" + shorten(name, longest_name);
}

Markdown person(std::string_view login, std::string_view url) {
    Markdown result;
    if (trim(login).empty()) {
        return result;
    }
    const std::string shown = handle(login);
    return url.empty() ? result.text(shown) : result.link(shown, url);
}

Markdown person(const event::Event& event, std::string_view login, std::string_view url) {
    if (url.empty() && event.actor && event.actor->login == login) {
        return person(login, event.actor->url);
    }
    return person(login, url);
}

Markdown actor(const event::Event& event) {
    return event.actor ? person(event.actor->login, event.actor->url) : Markdown();
}

Markdown repository(const event::Event& event) {
    Markdown result;
    if (event.repo && !trim(event.repo->full_name).empty()) {
        result.link(shorten(event.repo->full_name, 2 * longest_name), event.repo->url);
    }
    return result;
}

Markdown commit_link(std::string_view id, std::string_view url) {
    Markdown result;
    const std::string_view whole = trim(id);
    if (!whole.empty()) {
        result.code_link(shorten(message::short_commit(whole), longest_name), url);
    }
    return result;
}

std::string line_counts(std::int64_t additions, std::int64_t deletions) {
    return fmt::format("+{}, -{}", grouped(std::max<std::int64_t>(0, additions)),
                       grouped(std::max<std::int64_t>(0, deletions)));
}

Markdown names(const std::vector<std::string>& list, std::string_view before, std::size_t most) {
    Markdown result;
    std::size_t shown = 0;
    for (const std::string& name : list) {
        if (shown == most) {
            break;
        }
        if (trim(name).empty()) {
            continue;
        }
        result.markup(shown == 0 ? "" : ", ");
        if (before.empty()) {
            result.code(shorten(name, longest_name));
        } else {
            result.text(std::string(before) + shorten(name, longest_name));
        }
        ++shown;
    }
    return list.size() > shown && shown > 0 ? result.and_more(list.size(), shown) : result;
}

Markdown last_lines(const std::vector<std::string>& lines, std::size_t most) {
    std::string text;
    for (std::size_t at = lines.size() - std::min(most, lines.size()); at < lines.size(); ++at) {
        constexpr std::size_t longest_line = 300;
        text += (text.empty() ? "" : "\n") + shorten(lines[at], longest_line);
    }
    Markdown block;
    if (!trim(text).empty()) {
        block.block(text);
    }
    return block;
}

void quote(Embed& embed, std::string_view text, const Measure& measure) {
    const std::string shown = excerpt(text, measure.quote);
    if (!shown.empty()) {
        embed.description = Markdown().quote(shown).cut_to(message::limits::description);
    }
}

void add_quote(Embed& embed, std::string_view name, std::string_view text, const Measure& measure) {
    if (measure.tells_all) {
        return quote(embed, text, measure);
    }
    const std::string shown = excerpt(text, measure.quote);
    if (!shown.empty()) {
        add(embed, name, Markdown().quote(shown), Width::full);
    }
}

std::string place_of(const event::Event& event) {
    const std::string name(event::display_name(event.service));
    if (event.service != event::Service::custom) {
        return name;
    }
    const bool has_repo = event.repo && !event.repo->url.empty();
    const std::string url = message::safe_url(has_repo ? event.repo->url : event.url);
    const std::size_t scheme = url.find("//");
    if (scheme == std::string::npos) {
        return name;
    }
    const std::string rest = url.substr(scheme + 2);
    return shorten(rest.substr(0, rest.find_first_of("/?#")), longest_name);
}

std::string footer(const event::Event& event) {
    if (event.notice && !trim(event.notice->source).empty()) {
        return message::plain(shorten(trim(event.notice->source), 2 * longest_name));
    }
    if (event.container && !trim(event.container->engine).empty() && event.container->engine != "docker") {
        const std::string engine = shorten(trim(event.container->engine), longest_name);
        return fmt::format("{} · {}", message::plain(engine), message::plain(place_of(event)));
    }
    std::string result = event.repo ? message::plain(shorten(event.repo->full_name, 2 * longest_name)) : "";
    const std::string service = message::plain(place_of(event));
    return result.empty() ? service : fmt::format("{} · {}", result, service);
}

}  // namespace hookline::format
