#include "chat/chat.hpp"

#include <boost/asio/error.hpp>
#include <boost/json.hpp>
#include <boost/system/system_error.hpp>

#include "message/markdown.hpp"

namespace hookline::chat {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view seen_key = "chat.seen";
constexpr std::size_t kept_over_a_restart = 100;  // more than is said while a resume is possible
constexpr std::size_t most_waiting = 16;          // commands of one channel
constexpr std::size_t most_channels = 1'000;      // with commands that run

commands::Reply refusal(std::string text) {
    commands::Reply reply;
    reply.kind = commands::Reply::Kind::refused;
    reply.message.content = std::move(text);
    return reply;
}

}  // namespace

Chat::Chat(ChatParts parts)
    : parts_(std::move(parts)),
      lookup_(parts_.cache, parts_.direct, parts_.clock, parts_.log),
      poster_(parts_.store, parts_.direct, parts_.cache, parts_.clock, parts_.log),
      held_(parts_.store, parts_.cache, parts_.destinations, parts_.clock, parts_.log),
      members_(5, seconds(3)),
      channels_(10, milliseconds(1500)),
      direct_(1, minutes(10)),
      tasks_(parts_.executor, parts_.log) {
    const auto kept = parts_.store.meta(std::string(seen_key));
    if (kept && *kept) {
        seen_.load(**kept);
    }
}

void Chat::on_event(std::string_view event, const boost::json::object& data) {
    if (event == "MESSAGE_CREATE") {
        return on_message(data);
    }
    if (event == "RESUMED") {
        tasks_.spawn("look around", look_around());
    }
    held_.on_news(parts_.cache.apply(event, data));
}

/// Who sees a channel, and what kind it is, is asked of every event that goes there; the gateway tells it in
/// the session that began before this start.
Task<void> Chat::look_around() {
    const auto destinations = parts_.store.destinations();
    if (!destinations) {
        co_return;
    }
    for (const dispatch::DestinationInfo& destination : *destinations) {
        const bool is_channel = destination.kind == dispatch::DestinationKind::discord_channel;
        if (is_channel && parts_.cache.channel(destination.channel) == nullptr) {
            co_await lookup_.ensure_place(destination.channel);
        }
    }
}

Task<void> Chat::stop(Milliseconds patience) { return tasks_.stop(parts_.clock, patience); }

void Chat::on_message(const boost::json::object& data) {
    auto heard = hear(data, parts_.cache.self(), parts_.prefix);
    if (!heard || !seen_.add(heard->message)) {
        return;
    }
    if (heard->is_direct()) {
        return on_direct_message(std::move(*heard));
    }
    const SteadyPoint now = parts_.clock.steady();
    Pace::Verdict verdict = members_.take(heard->author.id, now);
    if (verdict == Pace::Verdict::go) {
        verdict = channels_.take(heard->channel, now);
    }
    if (verdict != Pace::Verdict::still_too_fast) {
        enqueue(std::move(*heard), verdict == Pace::Verdict::too_fast);
    }
}

void Chat::on_direct_message(Heard heard) {
    if (direct_.take(heard.author.id, parts_.clock.steady()) == Pace::Verdict::go) {
        tasks_.spawn("hint", send_hint(std::move(heard)));
    }
}

void Chat::enqueue(Heard heard, bool is_too_fast) {
    const Snowflake channel = heard.channel;
    const auto running = queues_.find(channel);
    if (running != queues_.end()) {
        if (running->second.size() < most_waiting) {
            running->second.push_back(Waiting{std::move(heard), is_too_fast});
        }
        return;
    }
    if (queues_.size() >= most_channels) {
        parts_.log.warn("chat", "a command was not run: too many run already");
        return;
    }
    queues_[channel].push_back(Waiting{std::move(heard), is_too_fast});
    tasks_.spawn("command", work_off(channel), [this, channel] { queues_.erase(channel); });
}

Task<void> Chat::work_off(Snowflake channel) {
    while (!queues_[channel].empty()) {
        Waiting next = std::move(queues_[channel].front());
        queues_[channel].pop_front();
        const Heard heard = next.heard;
        std::string crash;
        try {
            co_await answer(std::move(next.heard), next.is_too_fast);
        } catch (const boost::system::system_error& e) {
            if (e.code() == boost::asio::error::operation_aborted) {
                throw;
            }
            crash = e.what();
        } catch (const std::exception& e) {  // one command that fails must not take the others along
            crash = e.what();
        }
        if (!crash.empty()) {
            parts_.log.error("chat", "a command failed", {{"error", crash}});
            commands::Reply sorry =
                refusal("Something went wrong on my side. Whoever runs me finds it in the log.");
            co_await poster_.post(heard, std::move(sorry), store::Changes());
        }
    }
    queues_.erase(channel);
}

Task<void> Chat::answer(Heard heard, bool is_too_fast) {
    commands::Reply reply;
    const bool is_known = co_await lookup_.ensure(heard);
    if (is_too_fast) {
        reply = refusal("That was quick. Give me a few seconds, then say it again.");
    } else if (!is_known) {
        reply = refusal("Discord has not told me yet who may do what here. Please say it again in a minute.");
    } else {
        reply = co_await parts_.commands.run(heard.words, caller_of(heard));
    }
    store::Changes facts;
    facts.emplace_back(store::PutMeta{std::string(seen_key), seen_.newest(kept_over_a_restart)});
    co_await poster_.post(std::move(heard), std::move(reply), std::move(facts));
}

Task<void> Chat::send_hint(Heard heard) {
    message::Message hint;
    const std::string prefix = message::Markdown().code(parts_.prefix + " help").str();
    hint.content =
        fmt::format("I take commands in the channels of a server: say {} there, or mention me: <@{}> help.",
                    prefix, to_string(parts_.cache.self()));
    const auto sent = co_await parts_.direct.message_channel(heard.channel, hint, to_string(heard.message));
    if (!sent) {
        parts_.log.info("chat", "a hint could not be sent", {{"why", sent.error().detail}});
    }
}

commands::Caller Chat::caller_of(const Heard& heard) const {
    // Evaluated when a command asks, with what is known then.
    const auto may_manage = [&cache = parts_.cache, &clock = parts_.clock, author = heard.author,
                             guild = heard.guild](Snowflake id) {
        const discord::Channel* channel = cache.channel(id);
        const auto held = cache.permissions_of(author, id, clock.now());
        return channel != nullptr && channel->guild == guild && held &&
               (*held & discord::permission::manage_webhooks) != 0;
    };
    commands::Caller caller;
    caller.kind = commands::Caller::Kind::member;
    caller.user = heard.author.id;
    caller.guild = heard.guild;
    caller.channel = heard.channel;
    caller.may_manage = may_manage(heard.channel);
    caller.may_manage_channel = may_manage;
    return caller;
}

}  // namespace hookline::chat
