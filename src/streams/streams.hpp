// Reads the streams of every hook that has one, as long as it is switched on: opens them again where they
// left off (Last-Event-ID) after a pause that grows, and says once when one cannot be read for long.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/signal.hpp"
#include "base/task_group.hpp"
#include "net/event_stream.hpp"
#include "store/store.hpp"

namespace hookline::streams {

using Opened = tl::expected<std::unique_ptr<net::EventStream>, net::NoStream>;
/// Opens a stream; the real one is net::open_event_stream.
using Open = std::function<Task<Opened>(net::StreamRequest)>;
/// A stream cannot be read for a while (`why`), or can again (`why` is empty). Called once for each.
using Trouble = std::function<void(HookId hook, std::string why)>;

struct Parts {
    boost::asio::any_io_executor executor;
    store::Store& store;
    Clock& clock;
    Random& random;
    Log& log;
    Open open;
    Trouble trouble;
    std::string user_agent;
};

class Streams {
public:
    /// Asks to be woken by Store::on_changed_hooks.
    explicit Streams(Parts parts);
    /// Follows what hooks there are, until it is cancelled.
    Task<void> run();
    /// After run() has ended.
    Task<void> stop(Milliseconds patience);

private:
    struct Reader {
        std::string url;
        std::unique_ptr<TaskGroup> task;
    };
    Task<void> end_those_not_in(std::map<HookId, store::Hook> wanted);
    void start(const store::Hook& hook);
    Task<void> follow(store::Hook hook);
    /// Until the stream breaks: why. Nothing of an event is acknowledged but by storing it.
    Task<Error> read(net::EventStream& stream, const store::Hook& hook);
    Task<void> take(net::ServerSentEvent event, const store::Hook& hook);
    Task<void> remember(std::string key, std::string value);
    Task<void> tell(HookId hook, std::string why);
    [[nodiscard]] std::string recalled(const std::string& key) const;

    Parts parts_;
    WakeSignal wake_;
    std::map<HookId, Reader> readers_;
};

}  // namespace hookline::streams
