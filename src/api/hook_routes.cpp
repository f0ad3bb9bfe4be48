// Hooks: read from the store; whatever changes one is said as a command, so that chat, command line and API
// can never come to mean different things.
#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "api/answer.hpp"
#include "api/api.hpp"
#include "api/route.hpp"
#include "api/views.hpp"
#include "commands/quote.hpp"

namespace hookline::api {

namespace json = boost::json;

namespace {

constexpr std::array hook_query{
    Parameter{"deleted", "boolean", "\"true\": also hooks deleted in the last 24 hours"},
};
constexpr std::array hook_body{
    Parameter{"service", "string", "the service that will deliver, such as github", true},
    Parameter{"events", "array", "the events to announce; without it, what is announced by default"},
    Parameter{"repos", "array", "repositories as globs, \"!\" excludes"},
    Parameter{"destination", "string", "a channel's id, a Discord webhook URL, or terminal"},
    Parameter{"style", "string", "how much a message says: compact, normal or full"},
    Parameter{"from", "string", "a hook whose endpoint, URL and secret, this one shares"},
    Parameter{"new", "boolean", "another hook, where the channel has one of this service"},
};
constexpr std::array change_body{
    Parameter{"events", "array", "the events to announce"},
    Parameter{"style", "string", "how much a message says: compact, normal or full"},
    Parameter{"live", "boolean", "whether runs, pull requests and deployments are one message each"},
    Parameter{"threads", "boolean", "whether what follows goes to a thread under that message"},
    Parameter{"paused", "boolean", "whether the hook is paused"},
};
constexpr std::array test_body{
    Parameter{"event", "string", "such as pr.merged; without it, a push"},
};

struct Found {
    store::Hook hook;
    store::Endpoint endpoint;
    dispatch::DestinationInfo destination;
};

Result<std::vector<Found>> all_hooks(Parts& parts, bool with_deleted) {
    const auto hooks = parts.store.hooks(with_deleted);
    const auto endpoints = parts.store.endpoints(true);
    const auto destinations = parts.store.destinations();
    if (!hooks || !endpoints || !destinations) {
        return fail(Errc::unavailable, "The database cannot be read at present.");
    }
    std::vector<Found> found;
    for (const store::Hook& hook : *hooks) {
        Found item;
        item.hook = hook;
        for (const store::Endpoint& endpoint : *endpoints) {
            if (endpoint.id == hook.endpoint) {
                item.endpoint = endpoint;
            }
        }
        for (const dispatch::DestinationInfo& destination : *destinations) {
            if (destination.id == hook.destination) {
                item.destination = destination;
            }
        }
        found.push_back(std::move(item));
    }
    return found;
}

Result<Found> find_hook(Parts& parts, std::string_view name) {
    const auto id = parse_hook_id(name);
    auto hooks = all_hooks(parts, false);
    if (!hooks) {
        return tl::unexpected(hooks.error());
    }
    for (Found& found : *hooks) {
        if (id && found.hook.id == *id) {
            return std::move(found);
        }
    }
    return fail(Errc::not_found, "There is no such hook.");
}

std::string joined(const json::value& list) {
    std::string text;
    for (const json::value& item : list.get_array()) {
        text += (text.empty() ? "" : ",") + std::string(item.get_string());
    }
    return text;
}

bool flag_of(const json::object& body, std::string_view key) {
    const json::value* value = body.if_contains(key);
    return value != nullptr && value->get_bool();
}

std::string text_of(const message::Message& message) {
    if (!message.content.empty() || message.embeds.empty()) {
        return message.content;
    }
    return message.embeds.front().title + ": " + message.embeds.front().description;
}

std::string words_of_create(const json::object& body) {
    std::string words = commands::quote(body.at("service").get_string()) + " on";
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> options{
        {{"events", "--events"},
         {"repos", "--repo"},
         {"style", "--style"},
         {"destination", "--channel"},
         {"from", "--from"}}};
    for (const auto& [key, option] : options) {
        if (const json::value* value = body.if_contains(key)) {
            const std::string given = value->is_array() ? joined(*value) : std::string(value->get_string());
            words += fmt::format(" {} {}", option, commands::quote(given));
        }
    }
    return words + (flag_of(body, "new") ? " --new" : "");
}

/// What was said, or the refusal as an answer.
Task<tl::expected<commands::Reply, net::Response>> say(Parts& parts, std::string words) {
    commands::Caller caller;
    commands::Reply reply = co_await parts.commands.run(std::move(words), std::move(caller));
    if (reply.kind == commands::Reply::Kind::refused) {
        co_return tl::unexpected(error_answer(400, text_of(reply.message)));
    }
    co_return reply;
}

Task<net::Response> list(Parts& parts, Call call) {
    const auto hooks = all_hooks(parts, call.parameter("deleted") == "true");
    if (!hooks) {
        co_return error_answer(hooks.error());
    }
    json::array array;
    for (const Found& found : *hooks) {
        array.push_back(view_of(found.hook, found.endpoint, found.destination));
    }
    json::object answer;
    answer["hooks"] = std::move(array);
    co_return json_answer(200, answer);
}

Task<net::Response> read(Parts& parts, Call call) {
    const auto found = find_hook(parts, call.captured.at(0));
    if (!found) {
        co_return error_answer(found.error());
    }
    co_return json_answer(200, view_of(found->hook, found->endpoint, found->destination));
}

Task<net::Response> create(Parts& parts, Call call) {
    const auto said = co_await say(parts, words_of_create(call.body));
    if (!said) {
        co_return said.error();
    }
    const auto found = find_hook(parts, to_string(said->hook));
    if (!found) {
        co_return error_answer(found.error());
    }
    json::object view = view_of(found->hook, found->endpoint, found->destination);
    view["secret"] = found->endpoint.secret.reveal();  // the administrator asks; nobody else gets here
    co_return json_answer(201, view);
}

Task<net::Response> change(Parts& parts, Call call) {
    const std::string id = call.captured.at(0);
    const auto known = find_hook(parts, id);
    if (!known) {
        co_return error_answer(known.error());
    }
    std::vector<std::string> lines;
    if (const json::value* events = call.body.if_contains("events")) {
        lines.push_back(fmt::format("{} events {}", id, commands::quote(joined(*events))));
    }
    if (call.body.contains("style")) {
        lines.push_back(fmt::format("{} style {}", id, commands::quote(call.body.at("style").get_string())));
    }
    for (const std::string_view setting : {"live", "threads"}) {
        if (call.body.contains(setting)) {
            lines.push_back(fmt::format("{} {} {}", id, setting, flag_of(call.body, setting) ? "on" : "off"));
        }
    }
    if (call.body.contains("paused")) {
        lines.push_back((flag_of(call.body, "paused") ? "pause " : "resume ") + id);
    }
    for (const std::string& line : lines) {
        const auto said = co_await say(parts, line);
        if (!said) {
            co_return said.error();
        }
    }
    net::Response answer = co_await read(parts, std::move(call));
    co_return answer;
}

Task<net::Response> remove(Parts& parts, Call call) {
    const auto known = find_hook(parts, call.captured.at(0));
    if (!known) {
        co_return error_answer(known.error());
    }
    const auto said = co_await say(parts, "delete " + call.captured.at(0));
    if (!said) {
        co_return said.error();
    }
    co_return json_answer(200, view_of(*said));
}

Task<net::Response> test(Parts& parts, Call call) {
    const auto known = find_hook(parts, call.captured.at(0));
    if (!known) {
        co_return error_answer(known.error());
    }
    std::string words = "test " + call.captured.at(0);
    if (const json::value* event = call.body.if_contains("event")) {
        words += " " + commands::quote(event->get_string());
    }
    const auto said = co_await say(parts, std::move(words));
    if (!said) {
        co_return said.error();
    }
    co_return json_answer(202, view_of(*said));
}

constexpr std::array routes{
    Route{"GET", "/api/v1/hooks", "Every hook", hook_query, {}, "Hooks", true, list},
    Route{"POST",
          "/api/v1/hooks",
          "Makes a hook; the answer holds its secret",
          {},
          hook_body,
          "Hook",
          true,
          create},
    Route{"GET", "/api/v1/hooks/{id}", "One hook", {}, {}, "Hook", true, read},
    Route{"PATCH", "/api/v1/hooks/{id}", "Changes a hook", {}, change_body, "Hook", true, change},
    Route{
        "DELETE", "/api/v1/hooks/{id}", "Deletes a hook; 24 hours to undo it", {}, {}, "Reply", true, remove},
    Route{"POST",
          "/api/v1/hooks/{id}/test",
          "Sends a sample payload through the whole pipeline",
          {},
          test_body,
          "Reply",
          true,
          test},
};

}  // namespace

std::span<const Route> hook_routes() { return routes; }

}  // namespace hookline::api
