// What a sender is told (docs/contract.md, section 3), and how that is counted. Texts are in one place, so
// that nothing about a hook's existence can slip into one of them.
#pragma once

#include <string_view>

#include "event/service.hpp"
#include "net/http.hpp"
#include "store/journal.hpp"

namespace hookline::ingest {

/// The label `outcome` of hookline_deliveries_total.
enum class Outcome {
    accepted,
    duplicate,
    conflicting,  // a duplicate whose body differs
    pong,
    malformed,
    unauthorized,
    too_large,
    unsupported,
    throttled,
    unavailable
};
[[nodiscard]] std::string_view name_of(Outcome outcome);

/// 202 with the event's id; `is_ping`: 200 {"pong": true}.
[[nodiscard]] net::Response stored_answer(const store::Appended& appended, bool is_ping);
[[nodiscard]] Outcome outcome_of(const store::Appended& appended, bool is_ping);

/// `{"error": why}`.
[[nodiscard]] net::Response error_answer(int status, std::string_view why);
/// The same for every reason why a proof does not hold, and for a hook that does not exist.
[[nodiscard]] net::Response unauthorized_answer();
[[nodiscard]] net::Response unknown_path_answer();
[[nodiscard]] net::Response method_answer();
/// Whether `origin` may deliver, asked before the first delivery (CloudEvents, "HTTP 1.1 Web Hooks", section
/// 4): yes, for its deliveries must prove themselves anyway.
[[nodiscard]] net::Response consent_answer(std::string_view origin);
[[nodiscard]] net::Response throttled_answer(std::chrono::nanoseconds wait);
[[nodiscard]] net::Response unavailable_answer();

}  // namespace hookline::ingest
