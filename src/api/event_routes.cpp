// Events and messages: paged by their sequence, so that a follower asks for what came after the last it saw.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <charconv>

#include "api/answer.hpp"
#include "api/api.hpp"
#include "api/route.hpp"
#include "api/views.hpp"
#include "base/text.hpp"

namespace hookline::api {

namespace json = boost::json;

namespace {

constexpr std::int64_t most_rows = 1000;
constexpr std::int64_t usual_rows = 50;

constexpr std::array event_query{
    Parameter{"hook", "string", "only events of this hook's endpoint"},
    Parameter{"service", "string", "only of this service"},
    Parameter{"type", "string", "only of this type, as the service names it"},
    Parameter{"after", "integer", "ids greater than this, oldest first"},
    Parameter{"before", "integer", "ids smaller than this, newest first"},
    Parameter{"limit", "integer", "at most 1000; 50 without it"},
};
constexpr std::array message_query{
    Parameter{"after", "integer", "ids greater than this, oldest first"},
    Parameter{"limit", "integer", "at most 1000; 50 without it"},
};

/// The parameter as a number of at least 0; `otherwise` where it was not given.
Result<std::int64_t> number(const Call& call, std::string_view name, std::int64_t otherwise) {
    const std::string text = call.parameter(name);
    std::int64_t value = 0;
    if (text.empty()) {
        return otherwise;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) {
        return fail(Errc::invalid_argument, fmt::format("\"{}\" must be a whole number.", name));
    }
    return value;
}

Result<store::EventQuery> query_of(const Call& call) {
    store::EventQuery query;
    const std::string hook = call.parameter("hook");
    const std::string service = call.parameter("service");
    const auto after = number(call, "after", 0);
    const auto before = number(call, "before", 0);
    const auto limit = number(call, "limit", usual_rows);
    for (const auto* given : {&after, &before, &limit}) {
        if (!*given) {
            return tl::unexpected(given->error());
        }
    }
    query.hook = parse_hook_id(hook);
    query.service = event::parse_service(service);
    if ((!hook.empty() && !query.hook) || (!service.empty() && !query.service)) {
        return fail(
            Errc::invalid_argument,
            fmt::format("There is no {}.", query.hook || hook.empty() ? "such service" : "such hook"));
    }
    query.event_type = call.parameter("type");
    query.after = EventId(*after);
    query.before = EventId(*before);
    query.limit = static_cast<std::size_t>(std::clamp<std::int64_t>(*limit, 1, most_rows));
    query.newest_first = *after == 0;
    return query;
}

Result<EventId> event_id(const Call& call) {
    Call named;
    named.query.emplace_back("id", call.captured.at(0));
    const auto id = number(named, "id", 0);
    if (!id || *id == 0) {
        return fail(Errc::not_found, "There is no such event.");
    }
    return EventId(*id);
}

Task<net::Response> list_events(Parts& parts, Call call) {
    const auto query = query_of(call);
    if (!query) {
        co_return error_answer(query.error());
    }
    const auto events = parts.store.events(*query);
    if (!events) {
        co_return error_answer(events.error());
    }
    json::array array;
    for (const store::StoredEvent& event : *events) {
        array.push_back(view_of(event));
    }
    json::object answer;
    answer["events"] = std::move(array);
    co_return json_answer(200, answer);
}

Task<net::Response> read_event(Parts& parts, Call call) {
    const auto id = event_id(call);
    if (!id) {
        co_return error_answer(id.error());
    }
    const auto event = parts.store.event(*id);
    const auto outcomes = parts.store.outcomes(*id);
    if (!event || !outcomes) {
        co_return error_answer(event ? outcomes.error() : event.error());
    }
    if (!*event) {
        co_return error_answer(404, "There is no such event.");
    }
    json::object view = view_of(**event);
    boost::system::error_code error;
    json::value payload = json::parse((*event)->payload, error);
    view["payload"] = error ? json::value((*event)->payload) : std::move(payload);
    json::array array;
    for (const store::Outcome& outcome : *outcomes) {
        array.push_back(view_of(outcome));
    }
    view["outcomes"] = std::move(array);
    co_return json_answer(200, view);
}

Task<net::Response> replay(Parts& parts, Call call) {
    const auto id = event_id(call);
    if (!id) {
        co_return error_answer(id.error());
    }
    commands::Caller caller;
    std::string words = fmt::format("replay {}", id->value);
    const commands::Reply reply = co_await parts.commands.run(std::move(words), std::move(caller));
    co_return json_answer(reply.kind == commands::Reply::Kind::fine ? 202 : 404, view_of(reply));
}

Task<net::Response> list_messages(Parts& parts, Call call) {
    const auto after = number(call, "after", 0);
    const auto limit = number(call, "limit", usual_rows);
    if (!after || !limit) {
        co_return error_answer(after ? limit.error() : after.error());
    }
    const auto rows = static_cast<std::size_t>(std::clamp<std::int64_t>(*limit, 1, most_rows));
    const auto messages = parts.store.messages(MessageId(*after), rows);
    if (!messages) {
        co_return error_answer(messages.error());
    }
    json::array array;
    for (const store::StoredMessage& message : *messages) {
        array.push_back(view_of(message));
    }
    json::object answer;
    answer["messages"] = std::move(array);
    co_return json_answer(200, answer);
}

constexpr std::array routes{
    Route{"GET",
          "/api/v1/events",
          "Stored events, newest first, or oldest first after an id",
          event_query,
          {},
          "Events",
          true,
          list_events},
    Route{"GET",
          "/api/v1/events/{id}",
          "One event with its payload and what became of it",
          {},
          {},
          "Event",
          true,
          read_event},
    Route{"POST", "/api/v1/events/{id}/replay", "Announces the event again", {}, {}, "Reply", true, replay},
    Route{"GET",
          "/api/v1/messages",
          "Messages, oldest first",
          message_query,
          {},
          "Messages",
          true,
          list_messages},
};

}  // namespace

std::span<const Route> event_routes() { return routes; }

}  // namespace hookline::api
