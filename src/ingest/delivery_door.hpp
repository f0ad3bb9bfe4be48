// The door of /webhook/: decides by a request's head whether its body is worth reading, and starts the check
// of who sent it. What depends on the hook is decided only after its proof, so that a stranger learns
// nothing.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "ingest/answers.hpp"
#include "ingest/directory.hpp"
#include "net/http_server.hpp"
#include "store/journal.hpp"

namespace hookline::ingest {

inline constexpr std::size_t body_limit = 25U << 20U;  // GitHub's and GitLab's own
inline constexpr std::size_t shared_body_limit = 1U
                                                 << 20U;  // of /webhook/{service}, where many keys are tried
inline constexpr std::size_t shared_endpoints = 64;       // … the newest of that service

/// services::find_adapter, or a test's own.
using FindAdapter = std::function<const services::ServiceAdapter*(event::Service)>;

struct DoorParts {
    Clock& clock;  // from every ingest thread, like log and metrics
    Log& log;
    Metrics& metrics;
    store::Journal& journal;
    net::BodyBudget& budget;  // also charged for what a body unpacks to
    FindAdapter find_adapter;
    std::int64_t deliveries_per_second = 0;  // HOOKLINE_INGEST_LIMIT, for each endpoint; 0: no limit
    /// A delivery without proof to that endpoint was refused; 0: to none that there is (it takes the same
    /// time). From an ingest thread, once a second at most; may be empty.
    std::function<void(EndpointId)> on_refused{};
};

class DeliveryDoor final : public net::Door {
public:
    /// `random` makes the key that is tried where there is none.
    DeliveryDoor(DoorParts parts, Random& random);
    DeliveryDoor(const DeliveryDoor&) = delete;
    DeliveryDoor& operator=(const DeliveryDoor&) = delete;

    /// From the core, at the start and after every change of an endpoint: deliveries that begin after this
    /// returns are judged by `endpoints` (all of them).
    void refresh(std::span<const store::Endpoint> endpoints);
    [[nodiscard]] std::variant<net::Response, net::Admitted> admit(const net::RequestHead& head) override;

    // For its sinks:
    [[nodiscard]] const DoorParts& parts() const { return parts_; }
    [[nodiscard]] const services::Key& no_key() const { return no_key_; }
    void count(event::Service service, Outcome outcome);
    /// One line a second at most for each kind: a stranger must not be able to fill the disk with them.
    void note(LogLevel level, std::string_view what, std::vector<LogField> fields);

    void refused(EndpointId endpoint);

private:
    [[nodiscard]] std::shared_ptr<const Directory> directory() const;

    DoorParts parts_;
    services::Key no_key_;  // known to nobody
    mutable std::mutex mutex_;
    std::shared_ptr<const Directory> directory_ = std::make_shared<const Directory>();
    std::atomic<std::int64_t> noted_second_{-1};
    std::atomic<std::int64_t> not_noted_{0};
    std::atomic<std::int64_t> refused_second_{-1};
};

}  // namespace hookline::ingest
