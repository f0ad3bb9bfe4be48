// The endpoints that deliveries can be for, as ingest threads read them: a snapshot that never changes, with
// keyed HMACs ready. The core makes a new one after every change of the store.
#pragma once

#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "ingest/rate_limit.hpp"
#include "services/service.hpp"
#include "store/rows.hpp"

namespace hookline::ingest {

struct KnownEndpoint {
    EndpointId id;
    event::Service service = event::Service::github;
    HookId made_with;
    std::shared_ptr<const services::Key> current;
    std::shared_ptr<const services::Key> previous;  // may be null
    std::optional<TimePoint> previous_until;
    std::shared_ptr<RateLimit> limit;

    /// The previous key while it is still valid, else null.
    [[nodiscard]] const services::Key* previous_at(TimePoint now) const;
};

class Directory {
public:
    Directory() = default;
    /// Deleted endpoints and such without a secret are left out: nothing can prove anything to them. Keys and
    /// rate limits are taken over from `before` where they are the same.
    Directory(std::span<const store::Endpoint> endpoints, const Directory& before);
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;

    /// Null: unknown, deleted, or of another service.
    [[nodiscard]] const KnownEndpoint* find(event::Service service, HookId hook) const;
    /// Newest first.
    [[nodiscard]] std::span<const KnownEndpoint* const> of(event::Service service) const;

private:
    std::unordered_map<HookId, KnownEndpoint> by_hook_;
    std::array<std::vector<const KnownEndpoint*>, event::service_names.size()> by_service_;
};

}  // namespace hookline::ingest
