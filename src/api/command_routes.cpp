// Commands and deliveries on behalf of the administrator: what `hookline hook` and `hookline send` call.
#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "api/answer.hpp"
#include "api/api.hpp"
#include "api/route.hpp"
#include "api/views.hpp"
#include "commands/quote.hpp"
#include "services/service.hpp"

namespace hookline::api {

namespace json = boost::json;

namespace {

constexpr std::array command_body{
    Parameter{"words", "string", "a command without its prefix, such as \"github on\""},
    Parameter{"arguments", "array", "the same as a list, where each item is one word whatever it holds"},
    Parameter{"channel", "string", "the channel whose hooks it concerns: an id; without it, all hooks"},
};
constexpr std::array send_body{
    Parameter{"service", "string", "the service that would send it, such as github", true},
    Parameter{"event", "string", "the event's type, as the service names it", true},
    Parameter{"hook", "string", "the hook to whose endpoint it goes", true},
    Parameter{"payload", "string", "the body, byte for byte", true},
    Parameter{"delivery", "string", "the delivery's id; without it, a new one"},
};

std::string text(const json::object& body, std::string_view key) {
    const json::value* value = body.if_contains(key);
    return value == nullptr ? std::string() : std::string(value->get_string());
}

std::string words_of(const json::object& body) {
    std::string words = text(body, "words");
    if (const json::value* arguments = body.if_contains("arguments")) {
        for (const json::value& argument : arguments->get_array()) {
            words += (words.empty() ? "" : " ") + commands::quote(argument.get_string());
        }
    }
    return words;
}

Task<net::Response> command(Parts& parts, Call call) {
    commands::Caller caller;
    const std::string channel = text(call.body, "channel");
    if (!channel.empty()) {
        const auto id = parse_snowflake(channel);
        if (!id) {
            co_return error_answer(400, "\"channel\" must be the id of a Discord channel.");
        }
        if (!parts.surroundings.channel(*id)) {
            co_await parts.surroundings.look_up(*id);  // after a restart nobody may have spoken there yet
        }
        const auto info = parts.surroundings.channel(*id);
        if (!info) {
            co_return error_answer(404, "The bot sees no channel of that id.");
        }
        caller.channel = *id;
        caller.guild = info->guild;
    }
    std::string words = words_of(call.body);
    const commands::Reply reply = co_await parts.commands.run(std::move(words), std::move(caller));
    co_return json_answer(200, view_of(reply));
}

struct Signed {
    std::string path;
    event::Headers headers;
};

/// Where the delivery goes and what proves it. The secret does not leave this function but as a signature.
Result<Signed> sign(Parts& parts, const json::object& body) {
    const auto service = event::parse_service(text(body, "service"));
    const auto* adapter = service ? services::find_adapter(*service) : nullptr;
    if (adapter == nullptr) {
        return fail(Errc::invalid_argument,
                    fmt::format("The service \"{}\" is not offered.", text(body, "service")));
    }
    const auto id = parse_hook_id(text(body, "hook"));
    const auto hooks = parts.store.hooks();
    const auto endpoints = parts.store.endpoints();
    if (!hooks || !endpoints) {
        return fail(Errc::unavailable, "The database cannot be read at present.");
    }
    for (const store::Hook& hook : *hooks) {
        for (const store::Endpoint& endpoint : *endpoints) {
            if (id && hook.id == *id && endpoint.id == hook.endpoint && hook.service == *service) {
                const std::string given = text(body, "delivery");
                const std::string delivery = given.empty() ? parts.random.token(32) : given;
                Signed result;
                result.path =
                    fmt::format("/webhook/{}/{}", event::name_of(*service), to_string(endpoint.made_with));
                result.headers =
                    adapter->sign(text(body, "event"), delivery,
                                  std::string_view(body.at("payload").get_string()), endpoint.secret);
                return result;
            }
        }
    }
    return fail(Errc::not_found, fmt::format("There is no {} hook \"{}\".", event::display_name(*service),
                                             text(body, "hook")));
}

Task<net::Response> send(Parts& parts, Call call) {
    const auto delivery = sign(parts, call.body);
    if (!delivery) {
        co_return error_answer(delivery.error());
    }
    net::Request request("POST", delivery->path);
    for (const auto& [name, value] : delivery->headers.all()) {
        request.fields.emplace_back(name, value);
    }
    request.body = text(call.body, "payload");
    const auto answer = co_await parts.deliver(std::move(request));
    if (!answer) {
        co_return error_answer(answer.error());
    }
    boost::system::error_code error;
    json::value said = json::parse(answer->body, error);
    json::object view;
    view["status"] = answer->status;
    view["answer"] = error ? json::value(answer->body) : std::move(said);
    co_return json_answer(200, view);
}

constexpr std::array routes{
    Route{"POST",
          "/api/v1/commands",
          "Says a command, as !hook in Discord would",
          {},
          command_body,
          "Reply",
          true,
          command},
    Route{"POST",
          "/api/v1/send",
          "Delivers a payload to a hook's endpoint as its service would, signed",
          {},
          send_body,
          "Sent",
          true,
          send},
};

}  // namespace

std::span<const Route> command_routes() { return routes; }

}  // namespace hookline::api
