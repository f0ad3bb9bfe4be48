#include "api/views.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "base/iso_time.hpp"
#include "message/json.hpp"

namespace hookline::api {

namespace json = boost::json;

namespace {

json::value time_or_null(const std::optional<TimePoint>& time) {
    return time ? json::value(iso_time(*time)) : json::value(nullptr);
}

template <class Ids>
json::value text_or_null(Ids id) {
    return id ? json::value(to_string(id)) : json::value(nullptr);
}

json::value number_or_null(std::int64_t id) { return id != 0 ? json::value(id) : json::value(nullptr); }

json::array texts(const std::vector<std::string>& list) {
    json::array array;
    for (const std::string& text : list) {
        array.emplace_back(text);
    }
    return array;
}

json::value message_or_null(const std::optional<message::Message>& message) {
    return message ? json::parse(message::serialize(*message)) : json::value(nullptr);
}

}  // namespace

json::object view_of(const store::Hook& hook, const store::Endpoint& endpoint,
                     const dispatch::DestinationInfo& destination) {
    json::object channel;
    channel["kind"] = dispatch::name_of(destination.kind);
    channel["channel"] = text_or_null(destination.channel);
    channel["guild"] = text_or_null(destination.guild);
    channel["held"] = destination.held == dispatch::HoldReason::none
                          ? json::value(nullptr)
                          : json::value(dispatch::reason_text(destination.held));
    json::object view;
    view["id"] = to_string(hook.id);
    view["service"] = event::name_of(hook.service);
    view["path"] =
        "/webhook/" + std::string(event::name_of(hook.service)) + "/" + to_string(endpoint.made_with);
    view["destination"] = std::move(channel);
    view["events"] = texts(hook.events);
    view["repos"] = texts(hook.repos);
    view["style"] = message::name_of(hook.style);
    view["live"] = hook.is_live ? json::value(*hook.is_live) : json::value(nullptr);
    view["threads"] = hook.has_threads ? json::value(*hook.has_threads) : json::value(nullptr);
    view["enabled"] = hook.is_enabled;
    view["paused"] = hook.is_paused;
    view["created_at"] = iso_time(hook.created_at);
    view["connected_at"] = time_or_null(endpoint.connected_at);
    view["deleted_at"] = time_or_null(hook.deleted_at);
    return view;
}

json::object view_of(const store::StoredEvent& event) {
    json::object view;
    view["id"] = event.id.value;
    view["service"] = event::name_of(event.service);
    view["event_type"] = event.event_type;
    view["delivery_id"] = event.delivery_id;
    view["endpoint"] = text_or_null(event.made_with);
    view["received_at"] = iso_time(event.received_at);
    view["processed"] = event.is_processed;
    view["test"] = event.is_test;
    return view;
}

json::object view_of(const store::Outcome& outcome) {
    json::object view;
    view["hook"] = to_string(outcome.hook);
    view["kind"] = store::name_of(outcome.kind);
    view["reason"] = outcome.reason;
    view["message"] = number_or_null(outcome.message.value);
    view["at"] = iso_time(outcome.at);
    return view;
}

json::object view_of(const store::StoredMessage& message) {
    json::object view;
    view["id"] = message.id.value;
    view["destination"] = message.destination.value;
    view["hook"] = text_or_null(message.hook);
    view["event"] = number_or_null(message.event.value);
    view["state"] = store::name_of(message.state);
    view["error"] = message.error.empty() ? json::value(nullptr) : json::value(message.error);
    view["revision"] = message.revision;
    view["discord_channel"] = text_or_null(message.discord_channel);
    view["discord_message"] = text_or_null(message.discord_message);
    view["created_at"] = iso_time(message.created_at);
    view["sent_at"] = time_or_null(message.sent_at);
    return view;
}

json::object view_of(const commands::Reply& reply) {
    json::object view;
    view["ok"] = reply.kind == commands::Reply::Kind::fine;
    view["message"] = json::parse(message::serialize(reply.message));
    view["only_you"] = message_or_null(reply.only_you);
    view["hook"] = text_or_null(reply.hook);
    return view;
}

}  // namespace hookline::api
