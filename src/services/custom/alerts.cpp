// Alertmanager (Prometheus, "Webhook receiver", version 4) and Grafana, which sends the same and more
// (Grafana, "Webhook notifier"): a group of alerts that fire or are resolved.
#include <fmt/format.h>

#include <algorithm>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "services/custom/notice.hpp"
#include "services/custom/sender.hpp"
#include "services/custom/severity.hpp"

namespace hookline::services::custom {

namespace {

using event::Notice;

constexpr std::size_t longest_label = 100;

bool is_resolved(const Node& alert) { return alert["status"].text() == "resolved"; }

/// How bad a firing alert says it is; one that says nothing is an error, or it would not be told.
Notice::Severity severity_of_alert(const Node& alert, const Node& common) {
    if (is_resolved(alert)) {
        return Notice::Severity::success;
    }
    const std::string word = first_text({alert["labels"]["severity"], common["severity"]});
    return severity_of(word).value_or(Notice::Severity::error);
}

/// "instance=web-1, job=api": the labels that tell it from the others of its group.
std::string own_labels(const Node& labels, const Node& common) {
    std::string result;
    for (const std::string& key : labels.keys()) {
        if (common[key].exists() || key.starts_with("__") || key == "alertname" || key == "severity") {
            continue;
        }
        const std::string value = labels[key].text(longest_label);
        if (!value.empty()) {
            result += fmt::format("{}{}={}", result.empty() ? "" : ", ", key, value);
        }
    }
    return result;
}

std::string url_of(const Node& alert) {
    return first_text({alert["panelURL"], alert["dashboardURL"], alert["generatorURL"]});
}

Notice::Item item_of(const Node& alert, const Node& common) {
    Notice::Item item;
    item.severity = severity_of_alert(alert, common);
    const std::string labels = own_labels(alert["labels"], common);
    item.title = labels.empty() ? first_text({alert["labels"]["alertname"], common["alertname"]}) : labels;
    item.text = first_text({alert["annotations"]["summary"], alert["annotations"]["description"],
                            alert["annotations"]["message"], alert["valueString"]});
    item.url = url_of(alert);
    return item;
}

/// Common labels as fields: what the group is about, besides its name.
void add_labels(const Node& labels, Notice& notice) {
    for (const std::string& key : labels.keys()) {
        if (key != "alertname" && !key.starts_with("__")) {
            add_fact(notice, spelled(key), labels[key].text());
        }
    }
}

/// "12m": from its first moment to its last.
void add_duration(const Node& alert, Notice& notice) {
    const auto begin = alert["startsAt"].time();
    const auto end = alert["endsAt"].time();
    if (begin && end && *end > *begin) {
        add_fact(notice, "Lasted",
                 spell_duration(std::chrono::duration_cast<std::chrono::seconds>(*end - *begin)));
    }
}

/// "Firing: HighErrorRate", "Resolved: HighErrorRate (3 alerts)", "3 alerts firing" where the group has no
/// name in common. `firing`: how many of a group that fires do so still.
std::string title_of(const Node& payload, std::int64_t count, std::int64_t firing, bool resolved) {
    const std::string name =
        first_text({payload["commonLabels"]["alertname"], payload["groupLabels"]["alertname"]});
    if (name.empty()) {
        return fmt::format("{} {}", counted(count, "alert"), resolved ? "resolved" : "firing");
    }
    const std::string_view state = resolved ? "Resolved" : "Firing";
    if (count == 1) {
        return fmt::format("{}: {}", state, name);
    }
    return resolved || firing == count ? fmt::format("{}: {} ({})", state, name, counted(count, "alert"))
                                       : fmt::format("{}: {} ({} of {} alerts)", state, name, firing, count);
}

void parse_group(const Node& payload, event::Event& event, Notice notice) {
    const Node common = payload["commonLabels"];
    const auto alerts = payload["alerts"].items(most_items);
    const bool resolved = is_resolved(payload);
    const auto count = static_cast<std::int64_t>(alerts.size()) +
                       std::max<std::int64_t>(
                           0, std::min<std::int64_t>(payload["truncatedAlerts"].integer_or(0), 1'000'000));
    notice.severity = resolved ? Notice::Severity::success : severity_of_alert(payload, common);
    const Node annotations = payload["commonAnnotations"];
    notice.text = first_text({annotations["summary"], annotations["message"], annotations["description"]});
    const std::string more = annotations["description"].text();
    if (!more.empty() && more != notice.text) {
        notice.text += "\n" + more;
    }
    const auto over = std::count_if(alerts.begin(), alerts.end(), is_resolved);
    event.title = title_of(payload, std::max<std::int64_t>(1, count), count - over, resolved);
    event.url = first_text({payload["externalURL"]});
    if (alerts.size() == 1) {
        const Node& alert = alerts.front();
        const std::string url = url_of(alert);
        event.url = url.empty() ? event.url : url;
        if (notice.text.empty()) {
            notice.text = item_of(alert, common).text;
        }
        add_labels(alert["labels"], notice);
        if (resolved) {
            add_duration(alert, notice);
        }
        set_time(event, {resolved ? alert["endsAt"] : alert["startsAt"]});
        const auto values = alert["values"].keys(2);
        if (values.size() == 1) {
            add_fact(notice, "Value", alert["values"][values.front()].shown());
        }
        notice.image_url = alert["imageURL"].text();
    } else {
        add_labels(common, notice);
        for (const Node& alert : alerts) {
            notice.items.push_back(item_of(alert, common));
        }
        notice.item_count = count;
    }
    set_notice(event, std::move(notice));
}

/// Before version 8 of Grafana: one rule, the series that broke it.
void parse_rule(const Node& payload, event::Event& event, Notice notice) {
    notice.severity = severity_of(payload["state"].text()).value_or(Notice::Severity::none);
    notice.text = payload["message"].text();
    notice.image_url = payload["imageUrl"].text();
    event.title = first_text({payload["ruleName"], payload["title"]});
    event.url = payload["ruleUrl"].text();
    for (const Node& match : payload["evalMatches"].items(most_facts)) {
        add_fact(notice, match["metric"].text(longest_label), match["value"].shown(longest_label));
    }
    set_notice(event, std::move(notice));
}

}  // namespace

void parse_alertmanager(const event::Delivery& /*delivery*/, const Node& payload, std::string_view /*kind*/,
                        event::Event& event) {
    Notice notice;
    notice.source = "Alertmanager";
    parse_group(payload, event, std::move(notice));
}

void parse_grafana(const event::Delivery& /*delivery*/, const Node& payload, std::string_view /*kind*/,
                   event::Event& event) {
    Notice notice;
    notice.source = "Grafana";
    if (payload["alerts"].items(1).empty()) {
        return parse_rule(payload, event, std::move(notice));
    }
    parse_group(payload, event, std::move(notice));
}

}  // namespace hookline::services::custom
