// Whether an engine is there: that it is away is told once, and once that it is back, over restarts too.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "docker/deliveries.hpp"

namespace hookline::docker {

class Presence {
public:
    using Endpoints = std::function<std::vector<EndpointId>(TimePoint happened)>;
    /// `is_named`: somebody said that it is there. Else it is told only once it has been. All but the names
    /// and `endpoints` outlive this.
    Presence(Deliveries& deliveries, Clock& clock, std::string engine, bool is_named, Endpoints endpoints);

    /// What an earlier process kept, and perhaps could not tell any more.
    Task<void> begin();
    Task<void> is_away(std::string why);
    Task<void> is_there();

    /// Where it is kept that it is away (Store::meta).
    [[nodiscard]] static std::string key(const std::string& engine);

private:
    Task<void> tell_away(std::string why);
    Task<void> tell(std::string_view action, std::string why, std::int64_t now);

    Deliveries& deliveries_;
    Clock& clock_;
    std::string engine_;
    bool is_named_;
    Endpoints endpoints_;
    std::int64_t away_since_ = 0;  // Unix nanoseconds; 0: it is there
};

}  // namespace hookline::docker
