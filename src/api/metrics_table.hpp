// Every metric there is, with its labels: what /metrics shows and what rooms may count. Label values come
// from tables of our own, never from a payload: no secret, repository or member can get in.
#pragma once

#include <array>
#include <string_view>

namespace hookline::api {

struct Metric {
    enum class Kind { counter, gauge, histogram };
    Kind kind;
    std::string_view name;
    std::string_view help;
};

inline constexpr std::array metrics_table{
    // Labels: service, outcome (accepted, duplicate, conflicting (a duplicate with another body), pong,
    // malformed,
    // unauthorized, too_large, unsupported, throttled, unavailable).
    Metric{Metric::Kind::counter, "hookline_deliveries_total", "Deliveries by service and what was answered"},
    Metric{Metric::Kind::histogram, "hookline_journal_batch_size", "Writes that shared one transaction"},
    Metric{Metric::Kind::histogram, "hookline_journal_commit_seconds", "One transaction with its fsync"},
    // Labels: service, kind (see store::OutcomeKind).
    Metric{Metric::Kind::counter, "hookline_outcomes_total", "What became of events, for each hook"},
    Metric{Metric::Kind::counter, "hookline_layout_failures_total", "Messages sent as a plain line instead"},
    Metric{Metric::Kind::counter, "hookline_alerts_total", "Alerts that fired"},
    Metric{Metric::Kind::counter, "hookline_template_failures_total",
           "Templates of members that failed for another reason than before"},
    // Labels: step (posted, retry, fallback, parked, held).
    Metric{Metric::Kind::counter, "hookline_attempts_total", "Attempts to post, by what followed"},
    // Labels: method, status (a number, or none).
    Metric{Metric::Kind::counter, "hookline_discord_requests_total", "Requests to Discord's REST API"},
    // Labels: scope (bucket, global, ceiling).
    Metric{Metric::Kind::counter, "hookline_rate_limit_waits_total", "Waits to keep Discord's rate limits"},
    Metric{Metric::Kind::histogram, "hookline_rate_limit_wait_seconds", "How long those waits were"},
    // Labels: destination (terminal, discord_channel, discord_webhook, discord_user).
    Metric{Metric::Kind::histogram, "hookline_event_to_destination_seconds",
           "From the receipt of a delivery to its message being visible"},
    Metric{Metric::Kind::gauge, "hookline_gateway_connected", "1 while the Discord gateway is ready"},
    // Labels: reason (start, resume, zombie, closed, invalid_session).
    Metric{Metric::Kind::counter, "hookline_gateway_connects_total", "Connections to Discord's gateway"},
    // Labels: kind (fine, refused).
    Metric{Metric::Kind::counter, "hookline_commands_total", "Commands that were said"},
    // Labels: forge, status (a number, or none).
    Metric{Metric::Kind::counter, "hookline_forge_requests_total", "Requests to the APIs of code hosts"},
    Metric{Metric::Kind::gauge, "hookline_events_unprocessed", "Stored events that wait to be processed"},
    Metric{Metric::Kind::gauge, "hookline_outbox_waiting", "Outbox entries that wait to be posted"},
    Metric{Metric::Kind::gauge, "hookline_outbox_parked", "Outbox entries that were given up and kept"},
    Metric{Metric::Kind::gauge, "hookline_destinations_held", "Destinations that take nothing at present"},
};

}  // namespace hookline::api
