#include "discord/guild_cache.hpp"

#include <boost/json.hpp>

#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "discord/reading.hpp"

namespace hookline::discord {

namespace json = boost::json;

namespace {

// Far above what Discord allows a guild or a shard; only nonsense ever reaches them.
constexpr std::size_t most_guilds = 5'000;
constexpr std::size_t most_channels = 500'000;
constexpr std::size_t most_roles = 1'000;
constexpr std::size_t most_overwrites = 1'000;
constexpr std::size_t longest_name = 100;

std::string name_in(const json::object& object) {
    return std::string(cut_at_character(text_in(object, "name"), longest_name));
}

std::vector<Overwrite> read_overwrites(const json::object& channel) {
    std::vector<Overwrite> overwrites;
    const json::array* list = array_in(channel, "permission_overwrites");
    if (list == nullptr) {
        return overwrites;
    }
    for (const json::value& item : *list) {
        const json::object* one = item.if_object();
        if (one == nullptr || overwrites.size() == most_overwrites) {
            continue;
        }
        Overwrite overwrite;
        overwrite.id = id_in(*one, "id");
        // 1, or "1" as old objects have it: a member's.
        const bool is_member = number_in(*one, "type").value_or(0) == 1 || text_in(*one, "type") == "1";
        overwrite.kind = is_member ? Overwrite::Kind::member : Overwrite::Kind::role;
        overwrite.allow = parse_permissions(text_in(*one, "allow"));
        overwrite.deny = parse_permissions(text_in(*one, "deny"));
        overwrites.push_back(overwrite);
    }
    return overwrites;
}

void put_role(GuildRights& rights, const json::object& role) {
    const Snowflake id = id_in(role, "id");
    if (id && (rights.roles.size() < most_roles || rights.roles.contains(id))) {
        rights.roles[id] = Role{id, parse_permissions(text_in(role, "permissions"))};
    }
}

void read_guild(const json::object& data, Guild& guild) {
    if (const Snowflake owner = id_in(data, "owner_id")) {
        guild.rights.owner = owner;
    }
    if (data.contains("name")) {
        guild.name = name_in(data);
    }
    const json::array* roles = array_in(data, "roles");
    if (roles == nullptr) {
        return;
    }
    guild.rights.roles.clear();
    for (const json::value& role : *roles) {
        if (const json::object* one = role.if_object()) {
            put_role(guild.rights, *one);
        }
    }
}

}  // namespace

bool Channel::takes_messages() const {
    constexpr int category = 4, directory = 14;
    return type != category && type != directory;
}

Member read_member(const json::object& data, Snowflake id) {
    constexpr std::size_t most = 1'000;
    Member member;
    member.id = id;
    if (const json::object* user = object_in(data, "user")) {
        member.id = id_in(*user, "id");
    }
    if (const json::array* roles = array_in(data, "roles")) {
        for (const json::value& role : *roles) {
            const Snowflake role_id = id_of(role);
            if (role_id && member.roles.size() < most) {
                member.roles.push_back(role_id);
            }
        }
    }
    member.timed_out_until = parse_time(text_in(data, "communication_disabled_until"));
    return member;
}

std::vector<GuildNews> GuildCache::apply(std::string_view event, const json::object& data) {
    struct Handler {
        std::string_view event;
        void (GuildCache::*handle)(const json::object&, News&);
    };
    static constexpr std::array handlers{
        Handler{"READY", &GuildCache::on_ready},
        Handler{"GUILD_CREATE", &GuildCache::on_guild},
        Handler{"GUILD_DELETE", &GuildCache::on_guild_delete},
        Handler{"GUILD_UPDATE", &GuildCache::on_guild_update},
        Handler{"GUILD_ROLE_CREATE", &GuildCache::on_role},
        Handler{"GUILD_ROLE_UPDATE", &GuildCache::on_role},
        Handler{"GUILD_ROLE_DELETE", &GuildCache::on_role_delete},
        Handler{"CHANNEL_CREATE", &GuildCache::on_channel},
        Handler{"CHANNEL_UPDATE", &GuildCache::on_channel},
        Handler{"CHANNEL_DELETE", &GuildCache::on_channel_delete},
        Handler{"THREAD_CREATE", &GuildCache::on_thread},
        Handler{"THREAD_UPDATE", &GuildCache::on_thread},
        Handler{"THREAD_DELETE", &GuildCache::on_channel_delete},
        Handler{"THREAD_LIST_SYNC", &GuildCache::on_thread_list},
        Handler{"GUILD_MEMBER_UPDATE", &GuildCache::on_member},
    };
    News news;
    for (const Handler& handler : handlers) {
        if (handler.event == event) {
            (this->*handler.handle)(data, news);
            break;
        }
    }
    return news;
}

// ---- Guilds ----

void GuildCache::on_ready(const json::object& data, News& news) {
    if (const json::object* user = object_in(data, "user")) {
        self_ = id_in(*user, "id");
    }
    // A new session: every guild of it is told again. What is not on the list was left in between.
    std::unordered_set<Snowflake> listed;
    if (const json::array* guilds = array_in(data, "guilds")) {
        for (const json::value& item : *guilds) {
            if (const json::object* guild = item.if_object()) {
                listed.insert(id_in(*guild, "id"));
            }
        }
    }
    for (const auto& [id, guild] : guilds_) {
        if (!listed.contains(id)) {
            news.push_back(GuildNews{GuildNews::Kind::guild_gone, id, Snowflake()});
        }
    }
    guilds_.clear();
    channels_.clear();
    for (const Snowflake id : listed) {
        put_guild(id);
    }
}

void GuildCache::on_guild(const json::object& data, News& news) {
    const Snowflake id = id_in(data, "id");
    Guild* guild = put_guild(id);
    if (guild == nullptr) {
        return;
    }
    if (flag_in(data, "unavailable") || array_in(data, "roles") == nullptr) {
        guild->is_available = false;
        return;
    }
    read_guild(data, *guild);
    guild->is_available = true;
    remove_channels([id](const Channel& channel) { return channel.guild == id; });
    put_channels(array_in(data, "channels"), id);
    put_channels(array_in(data, "threads"), id);
    if (const json::array* members = array_in(data, "members")) {
        for (const json::value& item : *members) {
            const json::object* member = item.if_object();
            const json::object* user = member == nullptr ? nullptr : object_in(*member, "user");
            if (user != nullptr && self_ && id_in(*user, "id") == self_) {
                guild->self = read_member(*member, self_);
            }
        }
    }
    news.push_back(GuildNews{GuildNews::Kind::rights_changed, id, Snowflake()});
}

void GuildCache::on_guild_delete(const json::object& data, News& news) {
    const Snowflake id = id_in(data, "id");
    if (flag_in(data, "unavailable")) {  // an outage at Discord's: the bot is still a member
        if (const auto found = guilds_.find(id); found != guilds_.end()) {
            found->second.is_available = false;
        }
        return;
    }
    guilds_.erase(id);
    remove_channels([id](const Channel& channel) { return channel.guild == id; });
    if (id) {
        news.push_back(GuildNews{GuildNews::Kind::guild_gone, id, Snowflake()});
    }
}

void GuildCache::on_guild_update(const json::object& data, News& news) {
    const auto found = guilds_.find(id_in(data, "id"));
    if (found != guilds_.end()) {
        read_guild(data, found->second);
        news.push_back(GuildNews{GuildNews::Kind::rights_changed, found->first, Snowflake()});
    }
}

void GuildCache::on_role(const json::object& data, News& news) {
    const auto found = guilds_.find(id_in(data, "guild_id"));
    const json::object* role = object_in(data, "role");
    if (found != guilds_.end() && role != nullptr) {
        put_role(found->second.rights, *role);
        news.push_back(GuildNews{GuildNews::Kind::rights_changed, found->first, Snowflake()});
    }
}

void GuildCache::on_role_delete(const json::object& data, News& news) {
    const auto found = guilds_.find(id_in(data, "guild_id"));
    if (found != guilds_.end()) {
        found->second.rights.roles.erase(id_in(data, "role_id"));
        news.push_back(GuildNews{GuildNews::Kind::rights_changed, found->first, Snowflake()});
    }
}

void GuildCache::on_member(const json::object& data, News& news) {
    const auto found = guilds_.find(id_in(data, "guild_id"));
    if (found == guilds_.end()) {
        return;
    }
    const Member member = read_member(data, Snowflake());
    if (self_ && member.id == self_) {
        found->second.self = member;
        news.push_back(GuildNews{GuildNews::Kind::rights_changed, found->first, Snowflake()});
    }
}

// ---- Channels and threads ----

void GuildCache::on_channel(const json::object& data, News& news) {
    const Snowflake guild = id_in(data, "guild_id");
    if (guilds_.contains(guild)) {
        put_channel(data, guild);
        news.push_back(GuildNews{GuildNews::Kind::rights_changed, guild, id_in(data, "id")});
    }
}

void GuildCache::on_channel_delete(const json::object& data, News& news) {
    const Snowflake id = id_in(data, "id");
    const Snowflake guild = id_in(data, "guild_id");
    if (!id || !guild) {
        return;
    }
    news.push_back(GuildNews{GuildNews::Kind::channel_gone, guild, id});
    channels_.erase(id);
    // Threads go with their channel; what is in a category stays.
    for (const Snowflake thread : remove_channels(
             [id](const Channel& channel) { return channel.is_thread() && channel.parent == id; })) {
        news.push_back(GuildNews{GuildNews::Kind::channel_gone, guild, thread});
    }
}

void GuildCache::on_thread(const json::object& data, News& news) { on_channel(data, news); }

void GuildCache::on_thread_list(const json::object& data, News& news) {
    const Snowflake guild = id_in(data, "guild_id");
    if (!guilds_.contains(guild)) {
        return;
    }
    std::unordered_set<Snowflake> parents;
    const json::array* list = array_in(data, "channel_ids");
    if (list != nullptr) {
        for (const json::value& id : *list) {
            parents.insert(id_of(id));
        }
    }
    remove_channels([&](const Channel& channel) {
        return channel.guild == guild && channel.is_thread() &&
               (list == nullptr || parents.contains(channel.parent));
    });
    put_channels(array_in(data, "threads"), guild);
    news.push_back(GuildNews{GuildNews::Kind::rights_changed, guild, Snowflake()});
}

Guild* GuildCache::put_guild(Snowflake id) {
    if (!id || (guilds_.size() >= most_guilds && !guilds_.contains(id))) {
        return nullptr;
    }
    Guild& guild = guilds_[id];
    guild.rights.id = id;
    return &guild;
}

void GuildCache::put_channel(const json::object& data, Snowflake guild) {
    const Snowflake id = id_in(data, "id");
    if (!id || (channels_.size() >= most_channels && !channels_.contains(id))) {
        return;
    }
    Channel& channel = channels_[id];
    channel.id = id;
    channel.guild = guild;
    channel.parent = id_in(data, "parent_id");
    channel.type = static_cast<int>(number_in(data, "type").value_or(0) & 0xFF);
    channel.name = name_in(data);
    channel.overwrites = read_overwrites(data);
    channel.forum = read_forum(data);
    // An update of a thread does not repeat the membership.
    channel.has_joined = channel.has_joined || object_in(data, "member") != nullptr;
}

void GuildCache::put_channels(const json::array* list, Snowflake guild) {
    if (list == nullptr) {
        return;
    }
    for (const json::value& item : *list) {
        if (const json::object* channel = item.if_object()) {
            put_channel(*channel, guild);
        }
    }
}

template <class Predicate>
std::vector<Snowflake> GuildCache::remove_channels(Predicate goes) {
    std::vector<Snowflake> removed;
    for (auto place = channels_.begin(); place != channels_.end();) {
        if (goes(place->second)) {
            removed.push_back(place->first);
            place = channels_.erase(place);
        } else {
            ++place;
        }
    }
    return removed;
}

// ---- Learned from REST ----

void GuildCache::learn_guild(const json::object& data) {
    if (Guild* guild = put_guild(id_in(data, "id"))) {
        read_guild(data, *guild);
        guild->is_available = true;
    }
}

void GuildCache::learn_channel(const json::object& data) {
    const Snowflake guild = id_in(data, "guild_id");
    if (guilds_.contains(guild)) {
        put_channel(data, guild);
    }
}

void GuildCache::learn_self(Snowflake id, const json::object& member) {
    if (const auto found = guilds_.find(id); found != guilds_.end()) {
        found->second.self = read_member(member, self_);
    }
}

// ---- Questions ----

const Guild* GuildCache::guild(Snowflake id) const {
    const auto found = guilds_.find(id);
    return found == guilds_.end() ? nullptr : &found->second;
}

const Channel* GuildCache::channel(Snowflake id) const {
    const auto found = channels_.find(id);
    return found == channels_.end() ? nullptr : &found->second;
}

std::optional<Place> GuildCache::place_of(const Channel& one) const {
    const Channel* with_overwrites = one.is_thread() ? channel(one.parent) : &one;
    if (with_overwrites == nullptr) {
        return std::nullopt;
    }
    Place place;
    place.overwrites = with_overwrites->overwrites;
    place.is_thread = one.is_thread();
    place.is_private_thread = one.is_private_thread();
    place.is_forum = one.forum.has_value();
    return place;
}

std::optional<Permissions> GuildCache::permissions_of(const Member& member, Snowflake channel_id,
                                                      TimePoint now) const {
    const Channel* where = channel(channel_id);
    const Guild* in = where == nullptr ? nullptr : guild(where->guild);
    if (in == nullptr || in->rights.roles.empty()) {
        return std::nullopt;
    }
    const auto place = place_of(*where);
    return place ? std::optional(permissions_in(member, in->rights, *place, now)) : std::nullopt;
}

std::optional<ChannelFacts> GuildCache::facts(Snowflake channel_id, TimePoint now) const {
    const Channel* where = channel(channel_id);
    const Guild* in = where == nullptr ? nullptr : guild(where->guild);
    auto place = where == nullptr ? std::nullopt : place_of(*where);
    if (in == nullptr || !place) {
        return std::nullopt;
    }
    ChannelFacts facts;
    facts.id = where->id;
    facts.guild = where->guild;
    facts.name = where->name;
    facts.everyone_can_see = everyone_can_see(in->rights, *place);
    facts.is_forum = where->forum.has_value();
    if (in->self) {
        place->has_joined = where->has_joined;
        facts.missing = missing_to_post(*in->self, in->rights, *place, now);
        const Permissions held = permissions_in(*in->self, in->rights, *place, now);
        facts.may_embed = (held & permission::embed_links) != 0;
        facts.may_read_history = (held & permission::read_message_history) != 0;
    }
    if (!where->takes_messages()) {
        facts.missing = "Send Messages (a category takes none)";
        facts.may_embed = false;
    }
    return facts;
}

}  // namespace hookline::discord
