#include "chat/lookup.hpp"

#include <boost/json.hpp>

#include "discord/reading.hpp"

namespace hookline::chat {

namespace json = boost::json;

std::vector<Snowflake> channels_in(std::string_view words) {
    constexpr std::size_t most = 3;
    constexpr std::size_t shortest_id = 15, longest_id = 20;  // digits of a snowflake
    constexpr std::string_view digits = "0123456789";
    std::vector<Snowflake> channels;
    while (channels.size() < most) {
        const std::size_t start = words.find_first_of(digits);
        if (start == std::string_view::npos) {
            break;
        }
        const bool is_mention = start >= 2 && words.substr(start - 2, 2) == "<#";
        words.remove_prefix(start);
        const std::size_t length = std::min(words.find_first_not_of(digits), words.size());
        if (length <= longest_id && (is_mention || length >= shortest_id)) {
            if (const auto id = parse_snowflake(words.substr(0, length))) {
                channels.push_back(*id);
            }
        }
        words.remove_prefix(length);
    }
    return channels;
}

Task<bool> Lookup::ensure(Heard heard) {
    if (!cache_.self()) {
        const auto user = co_await ask("/users/@me");
        if (user) {
            cache_.set_self(discord::id_in(*user, "id"));
        }
    }
    co_await ensure_guild(heard.guild);
    co_await ensure_channel(heard.channel);
    for (const Snowflake channel : channels_in(heard.words)) {
        co_await ensure_channel(channel);
    }
    const discord::Channel* channel = cache_.channel(heard.channel);
    co_return channel != nullptr &&
        channel->guild ==
            heard.guild&& cache_.permissions_of(heard.author, heard.channel, TimePoint()).has_value();
}

Task<void> Lookup::ensure_guild(Snowflake id) {
    const discord::Guild* known = cache_.guild(id);
    if (known == nullptr || known->rights.roles.empty()) {
        const auto guild = co_await ask("/guilds/" + to_string(id));
        if (guild) {
            cache_.learn_guild(*guild);
        }
    }
    known = cache_.guild(id);
    if (known != nullptr && !known->self && cache_.self()) {
        const std::string path = "/guilds/" + to_string(id) + "/members/" + to_string(cache_.self());
        const auto member = co_await ask(path);
        if (member) {
            cache_.learn_self(id, *member);
        }
    }
}

Task<void> Lookup::ensure_channel(Snowflake id) {
    // Twice: a thread has the permissions of its channel.
    for (int step = 0; step < 2 && id; ++step) {
        if (cache_.channel(id) == nullptr) {
            const auto channel = co_await ask("/channels/" + to_string(id));
            if (channel) {
                cache_.learn_channel(*channel);
            }
        }
        const discord::Channel* known = cache_.channel(id);
        id = known != nullptr && known->is_thread() ? known->parent : Snowflake();
    }
}

Task<std::shared_ptr<const json::object>> Lookup::ask(std::string path) {
    constexpr std::chrono::minutes believed(5);
    constexpr std::size_t most_refused = 1'000;
    const auto refused = refused_.find(path);
    if (refused != refused_.end() && refused->second > clock_.steady()) {
        co_return nullptr;
    }
    const auto body = co_await direct_.look_up(path);
    if (!body) {
        log_.info("chat", "Discord did not tell what was asked",
                  {{"path", path}, {"why", body.error().detail}});
        if (body.error().code == Errc::not_found || body.error().code == Errc::forbidden) {
            if (refused_.size() >= most_refused) {
                refused_.clear();
            }
            refused_[path] = clock_.steady() + believed;
        }
        co_return nullptr;
    }
    boost::system::error_code error;
    json::value value = json::parse(*body, error);
    json::object* object = error ? nullptr : value.if_object();
    co_return object == nullptr ? nullptr : std::make_shared<const json::object>(std::move(*object));
}

}  // namespace hookline::chat
