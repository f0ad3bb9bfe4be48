// What the gateway told of guilds, channels, threads, roles and the bot's own membership (Discord, "Gateway
// Events"), kept so that rights can be computed without asking. It knows events and permissions, no network.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "discord/forum.hpp"
#include "discord/permissions.hpp"

namespace hookline::discord {

struct Channel {
    Snowflake id;
    Snowflake guild;
    Snowflake parent;  // a thread's channel, a channel's category
    int type = 0;
    std::string name;  // without "#"
    std::vector<Overwrite> overwrites;
    bool has_joined = false;     // of a thread: the bot was added to it
    std::optional<Forum> forum;  // where it takes posts only
    [[nodiscard]] bool is_thread() const { return type >= 10 && type <= 12; }
    [[nodiscard]] bool is_private_thread() const { return type == 12; }
    /// All but categories and directories. Forums and media channels take them as posts.
    [[nodiscard]] bool takes_messages() const;
};

struct Guild {
    GuildRights rights;  // with the id
    std::string name;
    bool is_available = false;  // false before its GUILD_CREATE and during an outage at Discord's
    std::optional<Member> self;
};

/// What others may have to act on after an event.
struct GuildNews {
    enum class Kind {
        rights_changed,  // something that was refused may be allowed now, in `channel` or (0) the whole guild
        channel_gone,
        guild_gone,  // the bot was removed
    };
    Kind kind = Kind::rights_changed;
    Snowflake guild;
    Snowflake channel;
    bool operator==(const GuildNews&) const = default;
};

/// What a person must know of a channel before something is posted there.
struct ChannelFacts {
    Snowflake id;
    Snowflake guild;
    std::string name;
    bool everyone_can_see = true;
    bool is_forum = false;
    std::string missing;  // what the bot lacks to post there; "": nothing
    bool may_embed = true;
    bool may_read_history = true;
};

class GuildCache {
public:
    /// Takes one event; what is unknown or malformed is ignored.
    std::vector<GuildNews> apply(std::string_view event, const boost::json::object& data);

    // The same objects as REST gives them, for what the gateway did not tell again after a resume.
    void learn_guild(const boost::json::object& guild);
    void learn_channel(const boost::json::object& channel);
    void learn_self(Snowflake guild, const boost::json::object& member);
    void set_self(Snowflake id) { self_ = id; }

    /// The bot's own user; 0 before READY.
    [[nodiscard]] Snowflake self() const { return self_; }
    /// Null where nothing is known. Valid until the next change.
    [[nodiscard]] const Guild* guild(Snowflake id) const;
    [[nodiscard]] const Channel* channel(Snowflake id) const;
    /// Nothing where guild, channel or a thread's parent is not known.
    [[nodiscard]] std::optional<Permissions> permissions_of(const Member& member, Snowflake channel,
                                                            TimePoint now) const;
    [[nodiscard]] std::optional<ChannelFacts> facts(Snowflake channel, TimePoint now) const;

private:
    using News = std::vector<GuildNews>;
    void on_ready(const boost::json::object& data, News& news);
    void on_guild(const boost::json::object& data, News& news);
    void on_guild_delete(const boost::json::object& data, News& news);
    void on_guild_update(const boost::json::object& data, News& news);
    void on_role(const boost::json::object& data, News& news);
    void on_role_delete(const boost::json::object& data, News& news);
    void on_channel(const boost::json::object& data, News& news);
    void on_channel_delete(const boost::json::object& data, News& news);
    void on_thread(const boost::json::object& data, News& news);
    void on_thread_list(const boost::json::object& data, News& news);
    void on_member(const boost::json::object& data, News& news);

    Guild* put_guild(Snowflake id);
    void put_channel(const boost::json::object& data, Snowflake guild);
    void put_channels(const boost::json::array* list, Snowflake guild);
    /// Removes the channels for which `goes` says yes; returns their ids.
    template <class Predicate>
    std::vector<Snowflake> remove_channels(Predicate goes);
    [[nodiscard]] std::optional<Place> place_of(const Channel& channel) const;

    Snowflake self_;
    std::unordered_map<Snowflake, Guild> guilds_;
    std::unordered_map<Snowflake, Channel> channels_;  // threads too
};

/// A guild member as events and REST give it; `id` where the object has no user.
[[nodiscard]] Member read_member(const boost::json::object& data, Snowflake id);

}  // namespace hookline::discord
