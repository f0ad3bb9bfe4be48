// CloudEvents 1.0 over HTTP: an envelope around any JSON. In binary mode the attributes are headers, of which
// the event type keeps `type`; in structured mode they stand around `data`.
#include "base/text.hpp"
#include "services/custom/notice.hpp"
#include "services/custom/sender.hpp"

namespace hookline::services::custom {

namespace {

/// "Order shipped" of "com.example.shop.order.shipped.v2": before it stands whose it is, after it a version.
std::string title_of(std::string_view type) {
    auto parts = split(type, '.');
    const bool is_versioned = parts.size() > 2 && parts.back().size() >= 2 && parts.back().front() == 'v' &&
                              parts.back().find_first_not_of("0123456789", 1) == std::string_view::npos;
    if (is_versioned) {
        parts.pop_back();
    }
    const std::string_view last = parts.back();
    return spelled(parts.size() < 2 ? std::string(last)
                                    : std::string(parts[parts.size() - 2]) + " " + std::string(last));
}

}  // namespace

void parse_cloud_event(const event::Delivery& /*delivery*/, const Node& payload, std::string_view kind,
                       event::Event& event) {
    const bool is_structured = payload["specversion"].exists();
    const std::string type = kind.empty() ? payload["type"].text(longest_title) : std::string(kind);
    const Node data = is_structured ? payload["data"] : payload;
    if (data.is_object()) {
        parse_json(data, event);
    }
    event::Notice notice = event.notice.value_or(event::Notice());
    const std::string name = title_of(type);
    if (!name.empty() && name != event.title) {
        if (notice.text.empty()) {
            notice.text = event.title;
        } else {
            add_fact(notice, "Title", event.title);
        }
        event.title = name;
    }
    if (!data.is_object() && notice.text.empty()) {
        notice.text = data.shown();
    }
    if (is_structured) {
        add_fact(notice, "Subject", payload["subject"].text());
        add_fact(notice, "From", payload["source"].text());
        set_time(event, {payload["time"]});
    }
    if (notice.source.empty()) {
        notice.source = "CloudEvents";
    }
    set_notice(event, std::move(notice));
}

}  // namespace hookline::services::custom
