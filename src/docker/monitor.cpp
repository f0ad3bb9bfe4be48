#include "docker/monitor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/waiting.hpp"
#include "docker/roster.hpp"
#include "net/deadline.hpp"

namespace hookline::docker {

namespace {

constexpr Milliseconds stop_patience(500);
constexpr Milliseconds look_patience(2'000);

Task<Result<std::string>> state_of(Engine& engine) {
    const auto version = co_await engine.greet();
    if (!version) {
        co_return tl::unexpected(version.error());
    }
    std::string state = version->server.substr(0, version->server.find(' '));
    const auto list = co_await engine.containers();
    if (list) {
        const auto containers = read_list(*list);
        const auto running = std::count_if(containers.begin(), containers.end(),
                                           [](const Listed& container) { return container.is_running; });
        state += fmt::format("{}{} container{}", state.empty() ? "" : ", ", running,
                             running == 1 ? " runs" : "s run");
    }
    co_return state;
}

}  // namespace

Monitor::Monitor(MonitorParts parts, std::vector<EngineSetting> engines)
    : parts_(std::move(parts)), engines_(std::move(engines)), wake_(parts_.executor) {
    parts_.store.on_changed_hooks([this] { wake_.wake(); });
}

void Monitor::read_hooks() {
    const auto hooks = parts_.store.hooks();
    if (!hooks) {
        parts_.log.error("docker", "hooks could not be read", {{"error", hooks.error().detail}});
        return;
    }
    endpoints_.clear();
    for (const store::Hook& hook : *hooks) {
        if (hook.service == event::Service::docker) {
            const auto known = endpoints_.emplace(hook.endpoint, hook.created_at).first;
            known->second = std::min(known->second, hook.created_at);
        }
    }
}

std::vector<EndpointId> Monitor::endpoints(std::optional<TimePoint> happened) const {
    constexpr Milliseconds tolerance(2'000);  // an engine's clock is known to the second
    std::vector<EndpointId> all;
    for (const auto& [endpoint, since] : endpoints_) {
        if (!happened || since <= *happened + tolerance) {
            all.push_back(endpoint);
        }
    }
    return all;
}

Task<void> Monitor::run() {
    for (;;) {
        read_hooks();
        if (!endpoints_.empty() && !tasks_) {
            start();
        } else if (endpoints_.empty() && tasks_) {
            co_await end();
        }
        co_await wake_.wait();
    }
}

void Monitor::start() {
    tasks_ = std::make_unique<TaskGroup>(parts_.executor, parts_.log);
    for (const EngineSetting& engine : engines_) {
        Followed followed;
        followed.client = parts_.client(engine.origin);
        start_builds(engine, followed);
        BuildFollower* const builds = followed.builds.get();
        followed.follower = std::make_unique<Follower>(
            FollowerParts{parts_.executor, parts_.store, parts_.clock, parts_.random, parts_.log,
                          *followed.client, parts_.open(engine.origin), engine.name, engine.is_named,
                          [this](TimePoint happened) { return endpoints(happened); },
                          [builds] {
                              if (builds != nullptr) {
                                  builds->engine_is_there();
                              }
                          }});
        tasks_->spawn("events of engine " + engine.name, followed.follower->read(), parts_.on_crash);
        tasks_->spawn("news of engine " + engine.name, followed.follower->tell(), parts_.on_crash);
        followed_.push_back(std::move(followed));
    }
}

Task<std::string> Monitor::look() {
    std::vector<std::string> lines(engines_.size());
    std::vector<Task<void>> looking;
    for (std::size_t at = 0; at < engines_.size(); ++at) {
        looking.push_back(look_at(engines_[at], lines[at]));
    }
    co_await wait_for_all(std::move(looking));
    co_return engines_.empty() ? std::string("Engine: none is followed, DOCKER_HOST names one")
                               : fmt::format("{}", fmt::join(lines, "\n"));
}

Task<void> Monitor::look_at(const EngineSetting& setting, std::string& line) {
    const auto client = parts_.client(setting.origin);
    Engine engine(*client, {});
    const SteadyPoint deadline = parts_.clock.steady() + look_patience;
    const auto state = co_await net::with_deadline(state_of(engine), parts_.clock, deadline);
    // The engine of DOCKER_HOST has no name that anybody gave it.
    const std::string who = setting.name == "docker" ? "Engine" : fmt::format("Engine “{}”", setting.name);
    if (state && *state) {
        line = fmt::format("{}: ✅ {}", who, **state);
    } else {
        line = fmt::format("{}: ⚠️ it does not answer: {}. Its containers are told once it does.", who,
                           state ? state->error().detail : std::string("no answer in time"));
    }
}

void Monitor::start_builds(const EngineSetting& engine, Followed& followed) {
    if (!parts_.builds) {
        return;
    }
    followed.builds = std::make_unique<BuildFollower>(
        BuildFollowerParts{parts_.executor, parts_.store, parts_.clock, parts_.random, parts_.log,
                           *followed.client, parts_.open(engine.origin), parts_.builds(engine.origin),
                           engine.name, [this] { return endpoints({}); }});
    tasks_->spawn("builds of engine " + engine.name, followed.builds->run(), parts_.on_crash);
}

/// Whoever makes a hook later wants to hear what happens then, not what happened before.
Task<void> Monitor::end() {
    co_await stop(stop_patience);
    store::Changes changes;
    for (const EngineSetting& engine : engines_) {
        for (std::string& key : Follower::keys(engine.name)) {
            changes.emplace_back(store::PutMeta{std::move(key), ""});
        }
        changes.emplace_back(store::PutMeta{BuildFollower::place_key(engine.name), ""});
    }
    const auto written = co_await parts_.store.write(std::move(changes));
    if (!written) {
        parts_.log.warn("docker", "the place in an engine's stream could not be forgotten",
                        {{"error", written.error().detail}});
    }
}

Task<void> Monitor::stop(Milliseconds patience) {
    if (!tasks_) {
        co_return;
    }
    tasks_->cancel();
    co_await tasks_->stop(parts_.clock, std::min(patience, stop_patience));
    tasks_.reset();
    followed_.clear();
}

}  // namespace hookline::docker
