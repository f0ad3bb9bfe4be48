// Follows one engine: reads its events, and makes a delivery of each that can be told, for every docker hook.
// Goes on where it left off, whoever was away meanwhile: the engine replays what it remembers (its last 256
// events), what was taken already is known again. An engine that is away is told once, and once when it is
// back.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/signal.hpp"
#include "docker/containers.hpp"
#include "docker/deliveries.hpp"
#include "docker/engine.hpp"
#include "docker/fetched.hpp"
#include "docker/lines.hpp"
#include "docker/presence.hpp"
#include "docker/roster.hpp"
#include "docker/telling.hpp"
#include "store/store.hpp"

namespace hookline::docker {

struct FollowerParts {
    boost::asio::any_io_executor executor;
    store::Store& store;
    Clock& clock;
    Random& random;
    Log& log;
    net::HttpClient& client;
    Engine::Open open;
    std::string name;  // of the engine: in messages, and of its place in the store
    /// Whether somebody said that it is there: then it is told when it cannot be reached. Of the usual socket
    /// that is told only once it has been reached.
    bool is_named = false;
    /// Where deliveries go: the endpoints of the docker hooks there are now, and were when it happened.
    std::function<std::vector<EndpointId>(TimePoint happened)> endpoints;
    /// The engine is there, or there again.
    std::function<void()> on_open = {};
};

class Follower {
public:
    explicit Follower(FollowerParts parts);
    /// Reads what the engine says, opening the stream again and again, until it is cancelled.
    Task<void> read();
    /// Tells what was read, one after the other, until it is cancelled.
    Task<void> tell();
    /// Where it is kept what is known of the engine (Store::meta); forgotten where nobody follows any more.
    [[nodiscard]] static std::vector<std::string> keys(const std::string& engine);

private:
    /// Opens the stream and reads it until it breaks: why.
    Task<Error> read_once();
    Task<Error> read_stream(net::BodyStream& stream);
    void take(const std::string& line);
    struct Telling {
        EngineEvent event;
        Story story;
        std::optional<Facts> facts;
    };
    /// What is told of the next events, in their order; the engine is not asked of them yet.
    [[nodiscard]] std::vector<Telling> next_batch();
    [[nodiscard]] std::optional<Telling> begin(EngineEvent event);
    Task<void> ask(Telling& telling);
    /// Asks for all at once and stores all at once: one after the other would not keep up with a busy engine.
    Task<void> tell_all(std::vector<Telling> batch);
    [[nodiscard]] bool is_late(const EngineEvent& event) const;
    /// Until there is more to tell, or a container that was made has had its time to start.
    Task<void> wait_for_more();
    Task<bool> more();
    [[nodiscard]] std::optional<SteadyPoint> next_due() const;
    /// What happened to containers while the stream was not open: the engine may have forgotten it.
    Task<void> look_for_missed();
    /// A container that does not start is made, and nothing else is said of it (Docker).
    Task<void> look_at_created();
    Task<void> deliver(TimePoint happened, std::string delivery_id, std::string payload);
    Task<void> set_clock(const EngineVersion& version);
    [[nodiscard]] std::int64_t engine_now() const;
    [[nodiscard]] TimePoint our_time(std::int64_t nanos) const;
    Task<void> keep_place();
    [[nodiscard]] std::string recalled(const std::string& key) const;

    FollowerParts parts_;
    Engine engine_;
    Deliveries deliveries_;
    Presence presence_;
    EngineVersion version_;
    bool was_open_ = false;  // the stream, since it was last tried
    Containers containers_;
    Fetched fetched_;
    Roster roster_;
    bool is_roster_known_ = false;           // who runs was asked, or an earlier process knew it
    std::optional<SteadyPoint> roster_due_;  // to be kept: it has changed
    std::int64_t told_before_ =
        0;                       // what is older was told by the process before, or is none of our business
    std::int64_t place_ = 0;     // the latest event that was told
    std::int64_t latest_ = 0;    // of all that was read
    std::int64_t ahead_by_ = 0;  // the engine's clock, of ours
    std::deque<EngineEvent> queue_;
    std::size_t queued_bytes_ = 0;
    struct Created {
        SteadyPoint due;
        EngineEvent event;
    };
    std::deque<Created> created_;
    std::optional<SteadyPoint> look_due_;  // for what was missed
    SteadyPoint replayed_until_;           // what the engine remembers it says before that
    std::int64_t opened_at_ = 0;           // when the stream was opened
    std::int64_t opened_from_ = 0;         // what had been told by then
    WakeSignal has_more_, has_room_;
    std::deque<std::string> taken_;  // keys, the oldest first, to know what comes again
    std::set<std::string> is_taken_;
};

}  // namespace hookline::docker
