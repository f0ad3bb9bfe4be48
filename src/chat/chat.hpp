// The bot as members meet it: hears what is meant for it, runs the command with the member's rights, replies.
// Commands of one channel run one after another; each message counts once, however often Discord tells of it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/fwd.hpp>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/task_group.hpp"
#include "chat/hearing.hpp"
#include "chat/held_channels.hpp"
#include "chat/lookup.hpp"
#include "chat/pace.hpp"
#include "chat/reply_poster.hpp"
#include "chat/seen.hpp"

namespace hookline::chat {

/// What a chat works with; everything outlives it.
struct ChatParts {
    boost::asio::any_io_executor executor;
    store::Store& store;
    commands::Commands& commands;
    discord::GuildCache& cache;
    Direct& direct;
    DestinationPorts destinations;
    Clock& clock;
    Log& log;
    std::string prefix = "!hook";
};

class Chat {
public:
    explicit Chat(ChatParts parts);
    Chat(const Chat&) = delete;
    Chat& operator=(const Chat&) = delete;

    /// Every event of the gateway, in order. Returns at once; commands run as tasks of their own.
    void on_event(std::string_view event, const boost::json::object& data);

    /// Lets commands that run come to their end, then ends what waits.
    Task<void> stop(Milliseconds patience);
    /// Commands that run or wait.
    [[nodiscard]] std::size_t busy() const { return tasks_.running(); }

private:
    void on_message(const boost::json::object& data);
    void on_direct_message(Heard heard);
    void enqueue(Heard heard, bool is_too_fast);
    Task<void> work_off(Snowflake channel);
    Task<void> answer(Heard heard, bool is_too_fast);
    Task<void> send_hint(Heard heard);
    Task<void> look_around();
    [[nodiscard]] commands::Caller caller_of(const Heard& heard) const;

    struct Waiting {
        Heard heard;
        bool is_too_fast = false;
    };

    ChatParts parts_;
    Lookup lookup_;
    ReplyPoster poster_;
    HeldChannels held_;
    Seen seen_;
    Pace members_, channels_, direct_;
    std::unordered_map<Snowflake, std::deque<Waiting>> queues_;  // of channels whose commands run
    TaskGroup tasks_;
};

}  // namespace hookline::chat
