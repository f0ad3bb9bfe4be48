// What is told of an engine becomes a delivery for every docker hook; and what must be known of it again
// after a restart is kept.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/store.hpp"

namespace hookline::docker {

class Deliveries {
public:
    /// `endpoints`: of the docker hooks there are now. All but `engine`, its name, outlive this.
    Deliveries(store::Store& store, Clock& clock, Log& log, std::string engine,
               std::function<std::vector<EndpointId>()> endpoints)
        : store_(store),
          clock_(clock),
          log_(log),
          engine_(std::move(engine)),
          endpoints_(std::move(endpoints)) {}

    /// Returns once it is stored, for each of them: a store that cannot is asked again and again. What has
    /// the same id is stored once.
    Task<void> deliver(std::string event_type, std::string delivery_id, std::string payload);
    /// The same for these alone.
    Task<void> deliver(std::vector<EndpointId> endpoints, std::string event_type, std::string delivery_id,
                       std::string payload);
    Task<void> remember(std::string key, std::string value);
    Task<void> remember(store::Changes changes);
    /// "": nothing is.
    [[nodiscard]] std::string recalled(const std::string& key) const;

private:
    store::Store& store_;
    Clock& clock_;
    Log& log_;
    std::string engine_;
    std::function<std::vector<EndpointId>()> endpoints_;
};

/// An id of a delivery that is the same for the same `text`.
[[nodiscard]] std::string delivery_id_from(const std::string& text);

}  // namespace hookline::docker
