// What a change in a guild means for destinations: one that was refused may be open again, one is gone for
// good.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "discord/guild_cache.hpp"
#include "store/store.hpp"

namespace hookline::chat {

/// The dispatcher's side of it. Called on the core thread; must be quick.
struct DestinationPorts {
    /// Lets a held destination go again.
    std::function<void(DestinationId)> release;
    /// Holds it, and tells whom it concerns.
    std::function<void(DestinationId, dispatch::HoldReason, std::string why)> hold;
};

class HeldChannels {
public:
    HeldChannels(store::Store& store, const discord::GuildCache& cache, DestinationPorts ports, Clock& clock,
                 Log& log)
        : store_(store), cache_(cache), ports_(std::move(ports)), clock_(clock), log_(log) {}

    void on_news(const std::vector<discord::GuildNews>& news);

private:
    void on_news(const discord::GuildNews& news, const dispatch::DestinationInfo& destination);

    store::Store& store_;
    const discord::GuildCache& cache_;
    DestinationPorts ports_;
    Clock& clock_;
    Log& log_;
};

}  // namespace hookline::chat
