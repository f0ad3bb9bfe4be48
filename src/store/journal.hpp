// Where a delivery becomes durable. Called by ingest threads; one writer thread commits what has queued up as
// one transaction, and says so.
#pragma once

#include <functional>

#include "base/result.hpp"
#include "event/delivery.hpp"

namespace hookline::store {

struct Appended {
    EventId id;
    bool is_duplicate = false;    // this endpoint had that delivery id before: `id` is the first one's
    bool has_other_body = false;  // … and its body was another
};

class Journal {
public:
    /// Called on the writer's thread after fsync (or with the error: nothing was stored). Must be quick and
    /// must not throw: post to your executor.
    using Done = std::function<void(Result<Appended>)>;
    /// Called on the writer's thread once every delivery of the same commit has been told: whoever collects
    /// answers for a sleeping thread wakes it here, once for all of them.
    using Wake = std::function<void()>;

    virtual ~Journal() = default;
    /// From any thread. Bounded: with too much queued, `done` gets Errc::unavailable at once.
    virtual void append(event::Delivery delivery, Done done, Wake wake) = 0;
    void append(event::Delivery delivery, Done done) { append(std::move(delivery), std::move(done), {}); }
};

}  // namespace hookline::store
