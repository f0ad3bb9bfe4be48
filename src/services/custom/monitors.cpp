// Sentry, Uptime Kuma and Argo CD.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/duration.hpp"
#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "services/custom/notice.hpp"
#include "services/custom/sender.hpp"
#include "services/custom/severity.hpp"

namespace hookline::services::custom {

namespace {

using event::Notice;
using Severity = event::Notice::Severity;

/// Sentry, "Webhooks": what happened to an issue is told by `action`; how bad it is, by its level.
void parse_sentry_issue(const Node& payload, event::Event& event, Notice& notice) {
    const Node issue = payload["data"]["issue"];
    const std::string action = payload["action"].text();
    event.title = issue["title"].text();
    if (action == "resolved" && !event.title.empty()) {
        event.title = "Resolved: " + event.title;
    }
    event.url = first_text({issue["web_url"], issue["permalink"]});
    notice.text = issue["culprit"].text();
    notice.severity = action == "resolved" || action == "archived" || action == "ignored"
                          ? Severity::success
                          : severity_of(issue["level"].text()).value_or(Severity::error);
    add_fact(notice, "Issue", issue["shortId"].text());
    add_fact(notice, "Project", first_text({issue["project"]["name"], issue["project"]["slug"]}));
    add_fact(notice, "Status", spelled(action));
    add_fact(notice, "Level", spelled(issue["level"].text()));
    add_fact(notice, "Events", issue["count"].shown());
    set_time(event, {issue["lastSeen"], issue["firstSeen"]});
}

void parse_sentry_event(const Node& payload, event::Event& event, Notice& notice) {
    const Node error =
        payload["data"]["event"].exists() ? payload["data"]["event"] : payload["data"]["error"];
    event.title = first_text({error["title"], error["metadata"]["title"], error["message"]});
    event.url = first_text({error["web_url"], error["issue_url"]});
    notice.text = error["culprit"].text();
    notice.severity = severity_of(error["level"].text()).value_or(Severity::error);
    add_fact(notice, "Rule", payload["data"]["triggered_rule"].text());
    add_fact(notice, "Level", spelled(error["level"].text()));
    add_fact(notice, "Environment", error["environment"].text());
    add_fact(notice, "Release", error["release"].text());
    set_time(event, {error["datetime"], error["timestamp"]});
}

void parse_sentry_metric(const Node& payload, event::Event& event, Notice& notice) {
    const Node data = payload["data"];
    event.title = data["description_title"].text();
    event.url = data["web_url"].text();
    notice.text = data["description_text"].text();
    notice.severity = severity_of(payload["action"].text()).value_or(Severity::warning);
    add_fact(notice, "Status", spelled(payload["action"].text()));
}

void parse_sentry_comment(const Node& payload, event::Event& event, Notice& notice) {
    const std::string action = payload["action"].text();
    event.title = action == "created" || action.empty() ? "New comment" : "Comment " + action;
    notice.text = payload["data"]["comment"].text();
    notice.severity = Severity::info;
    add_fact(notice, "Project", payload["data"]["project_slug"].text());
}

struct SentryRow {
    std::string_view resource;
    std::string_view data;  // by which it is known where the header is not
    void (*parse)(const Node&, event::Event&, Notice&);
};
constexpr std::array sentry_rows{
    SentryRow{"issue", "issue", parse_sentry_issue},
    SentryRow{"event_alert", "event", parse_sentry_event},
    SentryRow{"error", "error", parse_sentry_event},
    SentryRow{"metric_alert", "metric_alert", parse_sentry_metric},
    SentryRow{"comment", "comment", parse_sentry_comment},
};

/// "2026-11-23 20:14:05.123" is UTC, says Uptime Kuma; so written, times need the zone.
std::optional<TimePoint> kuma_time(const Node& node) {
    const std::string text = node.text(40);
    return text.empty() ? std::nullopt : parse_time(text + " UTC");
}

struct BeatRow {
    std::int64_t status;
    Severity severity;
    std::string_view verb;
};
constexpr std::array beats{
    BeatRow{0, Severity::error, "is down"},
    BeatRow{1, Severity::success, "is up"},
    BeatRow{2, Severity::warning, "does not answer yet"},
    BeatRow{3, Severity::info, "is in maintenance"},
};

void parse_beat(const Node& beat, const Node& monitor, event::Event& event, Notice& notice) {
    const std::int64_t status = beat["status"].integer_or(-1);
    const auto* const row = std::find_if(beats.begin(), beats.end(),
                                         [&](const BeatRow& known) { return known.status == status; });
    const std::string name = first_text({monitor["name"], monitor["hostname"]});
    if (row != beats.end()) {
        notice.severity = row->severity;
        event.title = fmt::format("{} {}", name.empty() ? "A monitor" : name, row->verb);
    } else {
        event.title = name;
    }
    notice.text = beat["msg"].text();
    const std::string address = monitor["url"].text();
    if (address != "https://") {  // the form's default, which monitors without a URL keep
        event.url = address;
    }
    if (monitor["hostname"].exists() && event.url.empty()) {
        const std::string port = monitor["port"].shown();
        add_fact(notice, "Host", monitor["hostname"].text() + (port.empty() ? "" : ":" + port));
    }
    if (status == 1 && beat["ping"].exists()) {
        add_fact(notice, "Ping", beat["ping"].shown() + " ms");
    }
    const auto time = kuma_time(beat["time"]);
    const auto since = kuma_time(beat["lastDownTime"]);
    if (status == 1 && time && since && *time > *since) {
        add_fact(notice, "Was down for",
                 spell_duration(std::chrono::duration_cast<std::chrono::seconds>(*time - *since)));
    }
    std::string tags;
    for (const Node& tag : monitor["tags"].items(10)) {
        const std::string text = tag["name"].text(60);
        tags += text.empty() ? "" : (tags.empty() ? "" : ", ") + text;
    }
    add_fact(notice, "Tags", tags);
    event.time = time.value_or(event.time);
}

}  // namespace

void parse_sentry(const event::Delivery& /*delivery*/, const Node& payload, std::string_view kind,
                  event::Event& event) {
    Notice notice;
    notice.source = "Sentry";
    if (kind == "installation") {
        event.ping.emplace();
        return;
    }
    const auto* const row = std::find_if(sentry_rows.begin(), sentry_rows.end(), [&](const SentryRow& known) {
        return kind.empty() ? payload["data"].has(known.data) : known.resource == kind;
    });
    if (row == sentry_rows.end()) {
        return;
    }
    row->parse(payload, event, notice);
    if (payload["actor"]["type"].text() == "user") {
        const std::string name = payload["actor"]["name"].text();
        event.actor = name.empty() ? event.actor : event::Actor{name, "", "", false};
    }
    set_notice(event, std::move(notice));
}

void parse_uptime_kuma(const event::Delivery& /*delivery*/, const Node& payload, std::string_view /*kind*/,
                       event::Event& event) {
    Notice notice;
    notice.source = "Uptime Kuma";
    const Node beat = payload["heartbeat"];
    if (beat.exists()) {
        parse_beat(beat, payload["monitor"], event, notice);
    } else {  // its test, and warnings about certificates
        event.title = payload["msg"].text();
        notice.severity = event.title.ends_with("Testing") ? Severity::info : Severity::warning;
    }
    set_notice(event, std::move(notice));
}

/// What the template of docs/custom.md sends (Argo CD, "Notifications: Webhook").
void parse_argo_cd(const event::Delivery& /*delivery*/, const Node& payload, std::string_view /*kind*/,
                   event::Event& event) {
    struct Row {
        std::string_view word;
        Severity severity;
        std::string_view verb;
    };
    // Health tells more than the phase: what was synced well may be broken all the same.
    constexpr std::array healths{Row{"Degraded", Severity::error, "is degraded"},
                                 Row{"Missing", Severity::error, "is missing"}};
    constexpr std::array phases{
        Row{"Succeeded", Severity::success, "synced"}, Row{"Failed", Severity::error, "failed to sync"},
        Row{"Error", Severity::error, "failed to sync"}, Row{"Running", Severity::info, "is syncing"},
        Row{"Terminating", Severity::warning, "stops syncing"}};
    const auto row_of = [](const auto& rows, const std::string& word) -> const Row* {
        const auto found =
            std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.word == word; });
        return found != rows.end() ? &*found : nullptr;
    };
    Notice notice;
    notice.source = "Argo CD";
    const std::string phase = payload["phase"].text();
    const Row* row = row_of(healths, payload["health"].text());
    row = row != nullptr ? row : row_of(phases, phase);
    const std::string app = shorten(payload["app"].text(), 100);
    event.title = row != nullptr ? fmt::format("{} {}", app, row->verb) : app;
    notice.severity = row != nullptr ? row->severity : Severity::info;
    notice.text = payload["message"].text();
    event.url = payload["url"].text();
    event.commit = payload["revision"].text(100);
    const bool is_commit = event.commit.size() == 40;
    add_fact(notice, "Project", payload["project"].text());
    add_fact(notice, "Sync", payload["sync"].text());
    add_fact(notice, "Health", payload["health"].text());
    add_fact(notice, "Revision", is_commit ? event.commit.substr(0, 7) : event.commit);
    set_notice(event, std::move(notice));
}

}  // namespace hookline::services::custom
