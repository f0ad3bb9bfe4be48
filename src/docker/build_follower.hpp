// Listens to the history of an engine's builds while the engine is there, and makes a delivery of each that
// begins and ends, wherever it was started. What was over before it first saw the engine is not told; what
// ends while the connection, the engine or Hookline is away is told once. An engine that has no such history
// (before Docker 24, Podman, a proxy that does not let it through) is not asked again before it is connected
// to anew.
#pragma once

#include <functional>
#include <set>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/signal.hpp"
#include "docker/build_history.hpp"
#include "docker/build_telling.hpp"
#include "docker/deliveries.hpp"
#include "docker/engine.hpp"
#include "docker/known_builds.hpp"

namespace hookline::docker {

struct BuildFollowerParts {
    boost::asio::any_io_executor executor;
    store::Store& store;
    Clock& clock;
    Random& random;
    Log& log;
    net::HttpClient& client;
    Engine::Open open;
    BuildHistory::Open history;
    std::string name;  // of the engine
    std::function<std::vector<EndpointId>()> endpoints;
};

class BuildFollower {
public:
    explicit BuildFollower(BuildFollowerParts parts);
    /// Until it is cancelled. Begins when the engine is there.
    Task<void> run();
    /// It is, or is again.
    void engine_is_there();
    /// Where it is kept what was told (Store::meta); forgotten where nobody follows any more.
    [[nodiscard]] static std::string place_key(const std::string& engine);

private:
    /// Listens until that breaks: why. unsupported: the engine has no history of builds.
    Task<Error> listen_once();
    Task<Error> listen_by(net::GrpcDoor door);
    /// What is remembered of builds that are over: nothing new where the engine is seen for the first time.
    Task<Result<void>> catch_up();
    struct Stored {
        KnownBuilds all;               // where the engine is seen for the first time
        std::vector<BuildEvent> news;  // else
    };
    Task<Result<void>> read_stored(net::GrpcStream& stream, Stored& stored);
    /// `is_late`: it is summed up.
    Task<void> take(BuildEvent event, bool is_late);
    Task<void> tell(const BuildEvent& event, const BuildFacts& facts, bool is_late);
    /// Before anybody listened; of what is remembered.
    [[nodiscard]] bool was_over_long_ago(const BuildEvent& event) const;
    Task<BuildFacts> facts_of(const BuildEvent& event);
    Task<void> keep();
    /// Nothing, and a line in the log, for one that cannot be read.
    std::optional<BuildEvent> read(const Result<std::optional<std::string>>& message);

    BuildFollowerParts parts_;
    Engine engine_;
    BuildHistory history_;
    Deliveries deliveries_;
    std::optional<KnownBuilds> known_;  // nothing: the engine was never seen
    std::set<std::string> begun_;       // refs of builds that are told to have begun, and not to have ended
    TimePoint opened_at_;               // by the engine's clock, if it tells that
    std::size_t times_there_ = 0;
    WakeSignal is_there_;
    bool was_open_ = false;                   // the history, since it was last tried
    std::optional<net::GrpcDoor> open_door_;  // that was open since the engine is there
};

}  // namespace hookline::docker
