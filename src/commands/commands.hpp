// The command language: `!hook github on …` in Discord, `hookline hook github on …` on a command line and
// POST /api/v1/commands are the same words and get the same reply.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "commands/surroundings.hpp"
#include "message/message.hpp"
#include "store/store.hpp"

namespace hookline::commands {

/// Who says it, and where.
struct Caller {
    enum class Kind { member, administrator };  // administrator: holds the admin token
    Kind kind = Kind::administrator;
    Snowflake user;
    Snowflake guild;
    Snowflake channel;        // 0 on the command line
    bool may_manage = false;  // Manage Webhooks in `channel`, or an allowed role
    /// May the member manage that other channel (same guild)? For --channel and copy. Not set on the CLI.
    std::function<bool(Snowflake channel)> may_manage_channel;
};

struct Reply {
    enum class Kind { fine, refused };  // refused: the words or the right to say them were wrong
    Kind kind = Kind::fine;
    message::Message message;  // for everyone in the channel; holds no secret
    /// For the caller's eyes only: by direct message, ephemeral, or on the administrator's terminal.
    std::optional<message::Message> only_you;
    /// What the public message becomes where the private one could not be delivered.
    std::optional<message::Message> if_undeliverable;
    HookId hook;      // that was made or changed; 0: none
    HookId setup_of;  // the reply is this hook's setup reply: it will be edited to say "connected"
};

/// What was said, without the prefix: "github on --events push,pr". At most 8,000 code points.
class Commands {
public:
    virtual ~Commands() = default;
    virtual Task<Reply> run(std::string words, Caller caller) = 0;
    /// Every word that may come next, for autocompletion and "did you mean".
    [[nodiscard]] virtual std::vector<std::string> words() const = 0;
};

/// What commands work with; everything outlives the commands.
struct Parts {
    boost::asio::any_io_executor executor;
    store::Store& store;
    Clock& clock;
    Random& random;
    Log& log;
    Metrics& metrics;
    Surroundings& surroundings;
    std::string public_url;                      // "https://hooks.example.org", no slash at its end
    std::string prefix = "!hook";                // how members address the bot
    std::function<void(DestinationId)> release;  // lets a held destination go again
    /// How the source of a service's events is now, for people; "" where it is nobody's business here: only
    /// docker has one that Hookline itself must reach.
    std::function<Task<std::string>(event::Service)> source{};
};

[[nodiscard]] std::unique_ptr<Commands> make_commands(Parts parts);

}  // namespace hookline::commands
