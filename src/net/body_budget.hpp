// What all bodies that are being received may hold together (HOOKLINE_BODY_BUDGET). Charged for bytes that
// were received, never for bytes that were announced: a thousand connections that announce 25 MiB cost
// nothing until they send. Shared by all ingest threads.
#pragma once

#include <atomic>
#include <cstdint>

namespace hookline::net {

class BodyBudget {
public:
    explicit BodyBudget(std::uint64_t bytes) : limit_(bytes) {}
    BodyBudget(const BodyBudget&) = delete;
    BodyBudget& operator=(const BodyBudget&) = delete;

    [[nodiscard]] bool has_room() const { return used() < limit_; }
    [[nodiscard]] std::uint64_t used() const { return used_.load(std::memory_order_relaxed); }
    /// Never refuses: who reads asks has_room() first, and oversteps by one read at most.
    void charge(std::uint64_t bytes) { used_.fetch_add(bytes, std::memory_order_relaxed); }
    void release(std::uint64_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

private:
    std::uint64_t limit_;
    std::atomic<std::uint64_t> used_{0};
};

}  // namespace hookline::net
