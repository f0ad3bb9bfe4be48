// The engines that are followed while there are docker hooks.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "base/task_group.hpp"
#include "docker/address.hpp"
#include "docker/build_follower.hpp"
#include "docker/follower.hpp"

namespace hookline::docker {

struct MonitorParts {
    boost::asio::any_io_executor executor;
    store::Store& store;
    Clock& clock;
    Random& random;
    Log& log;
    /// How an engine is spoken to; the real ones are net::make_http_client and net::open_body_stream.
    std::function<std::unique_ptr<net::HttpClient>(const net::Origin&)> client;
    std::function<Engine::Open(const net::Origin&)> open;
    /// How its builds are asked for; the real one is net::open_grpc. Without it nobody asks.
    std::function<BuildHistory::Open(const net::Origin&)> builds = {};
    /// A follower has ended by a bug.
    std::function<void()> on_crash = {};
};

class Monitor {
public:
    /// Asks to be woken by Store::on_changed_hooks.
    Monitor(MonitorParts parts, std::vector<EngineSetting> engines);
    /// Follows what hooks there are, until it is cancelled.
    Task<void> run();
    /// How the engines are now, a line each, for people: "Engine: ✅ Docker/20.10.24, 9 containers run". Asks
    /// them, for two seconds at most.
    Task<std::string> look();
    /// After run() has ended.
    Task<void> stop(Milliseconds patience);

private:
    struct Followed {
        std::unique_ptr<net::HttpClient> client;
        std::unique_ptr<Follower> follower;
        std::unique_ptr<BuildFollower> builds;
    };
    void start();
    Task<void> look_at(const EngineSetting& setting, std::string& line);
    void start_builds(const EngineSetting& engine, Followed& followed);
    Task<void> end();
    void read_hooks();
    /// Those that were there when it happened; all, where that is not said.
    [[nodiscard]] std::vector<EndpointId> endpoints(std::optional<TimePoint> happened) const;

    MonitorParts parts_;
    std::vector<EngineSetting> engines_;
    WakeSignal wake_;
    std::map<EndpointId, TimePoint> endpoints_;  // of docker hooks, and since when there is one
    std::vector<Followed> followed_;
    std::unique_ptr<TaskGroup> tasks_;  // dies before what its tasks use
};

}  // namespace hookline::docker
