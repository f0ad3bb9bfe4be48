// A forum or media channel takes posts, not messages: threads of their own, each with a name and tags
// (Discord, "Forum Channels"). What a post from the outbox is called and how it is tagged. Values only.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "dispatch/outbox.hpp"

namespace hookline::discord {

struct ForumTag {
    Snowflake id;
    std::string name;
};

struct Forum {
    std::vector<ForumTag> tags;
    bool needs_tag = false;
};

/// Of a channel object as events and REST give it; nothing where it is no forum.
[[nodiscard]] std::optional<Forum> read_forum(const boost::json::object& channel);

/// The tags of these names, whatever their case, in the order asked for; at most five. A forum that needs one
/// and has none of them gives its first.
[[nodiscard]] std::vector<Snowflake> choose_tags(const Forum& forum, const std::vector<std::string>& names);

/// The entry's thread_name, else the first embed's title without its Markdown, else "Hookline"; at most 100
/// characters.
[[nodiscard]] std::string post_name(const dispatch::Entry& entry);

}  // namespace hookline::discord
