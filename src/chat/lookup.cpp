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
        const auto self = co_await direct_.me();
        if (self) {
            cache_.set_self(*self);
        }
    }
    co_await ensure_guild(heard.guild);
    co_await ensure_channel(heard.channel);
    const discord::Channel* channel = cache_.channel(heard.channel);
    const auto held = cache_.permissions_of(heard.author, heard.channel, clock_.now());
    if (channel == nullptr || channel->guild != heard.guild || !held) {
        co_return false;
    }
    if ((*held & discord::permission::manage_webhooks) != 0) {
        for (const Snowflake named : channels_in(heard.words)) {
            co_await ensure_channel(named);
        }
    }
    co_return true;
}

Task<void> Lookup::ensure_place(Snowflake id) {
    if (!cache_.self()) {
        const auto self = co_await direct_.me();
        if (self) {
            cache_.set_self(*self);
        }
    }
    if (cache_.channel(id) == nullptr) {
        auto answer = direct_.channel(id);
        const auto channel = co_await ask("channel " + to_string(id), std::move(answer));
        if (!channel) {
            co_return;
        }
        co_await ensure_guild(discord::id_in(*channel, "guild_id"));
        cache_.learn_channel(*channel);
    }
    co_await ensure_channel(id);  // and of a thread its channel
}

Task<void> Lookup::ensure_guild(Snowflake id) {
    const discord::Guild* known = cache_.guild(id);
    if (known == nullptr || known->rights.roles.empty()) {
        auto answer = direct_.guild(id);
        const auto guild = co_await ask("guild " + to_string(id), std::move(answer));
        if (guild) {
            cache_.learn_guild(*guild);
        }
    }
    known = cache_.guild(id);
    if (known != nullptr && !known->self && cache_.self()) {
        auto answer = direct_.member(id, cache_.self());
        const auto member = co_await ask("own member of guild " + to_string(id), std::move(answer));
        if (member) {
            cache_.learn_self(id, *member);
        }
    }
}

Task<void> Lookup::ensure_channel(Snowflake id) {
    // Twice: a thread has the permissions of its channel.
    for (int step = 0; step < 2 && id; ++step) {
        if (cache_.channel(id) == nullptr) {
            auto answer = direct_.channel(id);
            const auto channel = co_await ask("channel " + to_string(id), std::move(answer));
            if (channel) {
                cache_.learn_channel(*channel);
            }
        }
        const discord::Channel* known = cache_.channel(id);
        id = known != nullptr && known->is_thread() ? known->parent : Snowflake();
    }
}

Task<std::shared_ptr<const json::object>> Lookup::ask(std::string what, Task<Result<json::object>> answer) {
    constexpr std::chrono::minutes believed(5);
    constexpr std::size_t most_refused = 1'000;
    const auto refused = refused_.find(what);
    if (refused != refused_.end() && refused->second > clock_.steady()) {
        co_return nullptr;  // `answer` was never begun
    }
    auto object = co_await std::move(answer);
    if (object) {
        co_return std::make_shared<const json::object>(std::move(*object));
    }
    log_.info("chat", "Discord did not tell what was asked",
              {{"what", what}, {"why", object.error().detail}});
    if (object.error().code == Errc::not_found || object.error().code == Errc::forbidden) {
        if (refused_.size() >= most_refused) {
            refused_.clear();
        }
        refused_[what] = clock_.steady() + believed;
    }
    co_return nullptr;
}

}  // namespace hookline::chat
