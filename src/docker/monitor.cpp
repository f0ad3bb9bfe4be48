#include "docker/monitor.hpp"

#include <algorithm>

namespace hookline::docker {

namespace {

constexpr Milliseconds stop_patience(500);

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
        const bool is_known =
            std::find(endpoints_.begin(), endpoints_.end(), hook.endpoint) != endpoints_.end();
        if (hook.service == event::Service::docker && !is_known) {
            endpoints_.push_back(hook.endpoint);
        }
    }
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
        followed.follower = std::make_unique<Follower>(FollowerParts{
            parts_.executor, parts_.store, parts_.clock, parts_.random, parts_.log, *followed.client,
            parts_.open(engine.origin), engine.name, engine.is_named, [this] { return endpoints_; },
            [builds] {
                if (builds != nullptr) {
                    builds->engine_is_there();
                }
            }});
        tasks_->spawn("events of engine " + engine.name, followed.follower->read());
        tasks_->spawn("news of engine " + engine.name, followed.follower->tell());
        followed_.push_back(std::move(followed));
    }
}

void Monitor::start_builds(const EngineSetting& engine, Followed& followed) {
    if (!parts_.builds) {
        return;
    }
    followed.builds = std::make_unique<BuildFollower>(
        BuildFollowerParts{parts_.executor, parts_.store, parts_.clock, parts_.random, parts_.log,
                           *followed.client, parts_.open(engine.origin), parts_.builds(engine.origin),
                           engine.name, [this] { return endpoints_; }});
    tasks_->spawn("builds of engine " + engine.name, followed.builds->run());
}

/// Whoever makes a hook later wants to hear what happens then, not what happened before.
Task<void> Monitor::end() {
    co_await stop(stop_patience);
    store::Changes changes;
    for (const EngineSetting& engine : engines_) {
        changes.emplace_back(store::PutMeta{Follower::place_key(engine.name), ""});
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
