#include "docker/presence.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"
#include "docker/engine_event.hpp"
#include "docker/telling.hpp"

namespace hookline::docker {

namespace {

/// That it was reached once.
std::string met_key(const std::string& engine) { return fmt::format("docker.{}.met", engine); }

}  // namespace

std::string Presence::key(const std::string& engine) { return fmt::format("docker.{}.away", engine); }

Presence::Presence(Deliveries& deliveries, Clock& clock, std::string engine, bool is_named,
                   Endpoints endpoints)
    : deliveries_(deliveries),
      clock_(clock),
      engine_(std::move(engine)),
      is_named_(is_named),
      endpoints_(std::move(endpoints)) {}

/// Kept as "1795446373961472834 no such file".
Task<void> Presence::begin() {
    const std::string kept = deliveries_.recalled(key(engine_));
    std::from_chars(kept.data(), kept.data() + kept.size(), away_since_);
    if (away_since_ != 0) {
        std::string why(trim(std::string_view(kept).substr(std::min(kept.find(' '), kept.size()))));
        co_await tell_away(std::move(why));
    }
}

Task<void> Presence::is_away(std::string why) {
    const bool is_known = is_named_ || !deliveries_.recalled(met_key(engine_)).empty();
    if (away_since_ != 0 || !is_known) {
        co_return;
    }
    away_since_ = nanos_of(clock_.now());
    // Kept first: a process that dies in between tells it when it is there again, and not twice.
    std::string kept = fmt::format("{} {}", away_since_, why);
    co_await deliveries_.remember(key(engine_), std::move(kept));
    co_await tell_away(std::move(why));
}

Task<void> Presence::tell_away(std::string why) { return tell("away", std::move(why), away_since_); }

Task<void> Presence::is_there() {
    if (deliveries_.recalled(met_key(engine_)).empty()) {
        std::string met = "yes";
        co_await deliveries_.remember(met_key(engine_), std::move(met));
    }
    if (away_since_ == 0) {
        co_return;
    }
    std::string nothing;
    co_await tell("back", nothing, nanos_of(clock_.now()));
    away_since_ = 0;
    co_await deliveries_.remember(key(engine_), std::move(nothing));
}

/// For those who were there when it went away.
Task<void> Presence::tell(std::string_view action, std::string why, std::int64_t now) {
    constexpr std::int64_t nanos_in_a_millisecond = 1'000'000;
    const TimePoint since(Milliseconds(away_since_ / nanos_in_a_millisecond));
    std::string payload = payload_of_engine(engine_, action, why, now, away_since_);
    std::string id = delivery_id_from(fmt::format("{}\n{} {}", engine_, action, away_since_));
    return deliveries_.deliver(endpoints_(since), std::string(delivery_type), std::move(id),
                               std::move(payload));
}

}  // namespace hookline::docker
