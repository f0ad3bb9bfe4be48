// The destination where there is no Discord: messages appear in the daemon's own terminal.
#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "dispatch/destination.hpp"
#include "terminal/draw.hpp"

namespace hookline::terminal {

class TerminalDestination final : public dispatch::Destination {
public:
    /// Shows one text; false when it could not (a closed pipe).
    using Sink = std::function<bool(const std::string& text)>;

    /// Messages get ids from the clock, as Discord's do, so that they grow over restarts too.
    TerminalDestination(Sink sink, DrawOptions options, Clock& clock)
        : sink_(std::move(sink)), options_(options), clock_(clock) {}

    Task<dispatch::Answer> post(dispatch::DestinationInfo destination, dispatch::Entry entry) override;
    Task<dispatch::Sighting> find(dispatch::DestinationInfo destination, dispatch::Entry entry) override;

private:
    [[nodiscard]] Snowflake next_id();

    Sink sink_;
    DrawOptions options_;
    Clock& clock_;
    std::uint64_t last_id_ = 0;
};

}  // namespace hookline::terminal
