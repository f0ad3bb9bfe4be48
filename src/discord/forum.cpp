#include "discord/forum.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/text.hpp"
#include "discord/reading.hpp"

namespace hookline::discord {

namespace json = boost::json;

namespace {

constexpr int forum_type = 15, media_type = 16;  // Discord, "Channel Types"
constexpr std::int64_t require_tag = 1 << 4;     // Discord, "Channel Flags"
constexpr std::size_t most_tags = 20;            // Discord, "Channel": available_tags
constexpr std::size_t most_applied = 5;          // … and applied_tags
constexpr std::size_t longest_name = 100;

/// Titles are inline Markdown: what a backslash stands before is meant as it is written.
std::string without_escapes(std::string_view markdown) {
    std::string text;
    for (std::size_t i = 0; i < markdown.size(); ++i) {
        const bool is_escape = markdown[i] == '\\' && i + 1 < markdown.size() &&
                               std::ispunct(static_cast<unsigned char>(markdown[i + 1])) != 0;
        i += is_escape ? 1 : 0;
        text += markdown[i];
    }
    return text;
}

const ForumTag* find_tag(const Forum& forum, const std::string& name) {
    const std::string wanted = to_lower_ascii(name);
    const auto found = std::find_if(forum.tags.begin(), forum.tags.end(), [&wanted](const ForumTag& tag) {
        return to_lower_ascii(tag.name) == wanted;
    });
    return found == forum.tags.end() ? nullptr : &*found;
}

}  // namespace

std::optional<Forum> read_forum(const json::object& channel) {
    const std::int64_t type = number_in(channel, "type").value_or(0);
    if (type != forum_type && type != media_type) {
        return std::nullopt;
    }
    Forum forum;
    forum.needs_tag = (number_in(channel, "flags").value_or(0) & require_tag) != 0;
    const json::array* tags = array_in(channel, "available_tags");
    for (std::size_t i = 0; tags != nullptr && i < std::min(tags->size(), most_tags); ++i) {
        const json::object* tag = tags->at(i).if_object();
        if (tag != nullptr && id_in(*tag, "id")) {
            forum.tags.push_back(ForumTag{id_in(*tag, "id"), std::string(text_in(*tag, "name"))});
        }
    }
    return forum;
}

std::vector<Snowflake> choose_tags(const Forum& forum, const std::vector<std::string>& names) {
    std::vector<Snowflake> chosen;
    for (const std::string& name : names) {
        const ForumTag* tag = find_tag(forum, name);
        if (tag != nullptr && chosen.size() < most_applied &&
            std::find(chosen.begin(), chosen.end(), tag->id) == chosen.end()) {
            chosen.push_back(tag->id);
        }
    }
    if (chosen.empty() && forum.needs_tag && !forum.tags.empty()) {
        chosen.push_back(forum.tags.front().id);
    }
    return chosen;
}

std::string post_name(const dispatch::Entry& entry) {
    std::string name(trim(entry.thread_name));
    if (name.empty() && !entry.body.embeds.empty()) {
        name = trim(without_escapes(entry.body.embeds.front().title));
    }
    return name.empty() ? "Hookline" : shorten(name, longest_name);
}

}  // namespace hookline::discord
