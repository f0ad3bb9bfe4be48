#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "api/answer.hpp"
#include "api/api.hpp"
#include "api/route.hpp"
#include "base/text.hpp"

namespace hookline::api {

namespace json = boost::json;

namespace {

constexpr std::size_t most_parameters = 32;

bool captures(std::string_view part) { return part.starts_with('{') && part.ends_with('}'); }

/// Whether `path` is of the form of `pattern`; fills `captured`.
bool matches(std::string_view pattern, const std::vector<std::string>& path,
             std::vector<std::string>& captured) {
    const auto parts = split(pattern.substr(1), '/');
    if (parts.size() != path.size()) {
        return false;
    }
    captured.clear();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (captures(parts[i])) {
            captured.push_back(path[i]);
        } else if (parts[i] != path[i]) {
            return false;
        }
    }
    return true;
}

bool is_known(std::span<const Parameter> parameters, std::string_view name) {
    return std::any_of(parameters.begin(), parameters.end(),
                       [&](const Parameter& parameter) { return parameter.name == name; });
}

std::string unknown_name(std::string_view what, std::string_view name,
                         std::span<const Parameter> parameters) {
    std::vector<std::string_view> known;
    for (const Parameter& parameter : parameters) {
        known.push_back(parameter.name);
    }
    const auto nearest = nearest_word(name, known);
    std::string text = fmt::format("There is no {} \"{}\" here", what, shorten(repair_utf8(name), 40));
    if (nearest) {
        text += fmt::format("; did you mean \"{}\"", *nearest);
    }
    return text + (nearest ? "?" : ".");
}

bool has_type(const json::value& value, std::string_view type) {
    if (type == "array") {
        return value.is_array() && std::all_of(value.get_array().begin(), value.get_array().end(),
                                               [](const json::value& item) { return item.is_string(); });
    }
    return (type == "string" && value.is_string()) || (type == "integer" && value.is_int64()) ||
           (type == "boolean" && value.is_bool()) || (type == "object" && value.is_object());
}

/// What is wrong with the body, or nothing.
std::optional<std::string> complaint(const json::object& body, std::span<const Parameter> parameters) {
    for (const auto& [name, value] : body) {
        if (!is_known(parameters, name)) {
            return unknown_name("key", name, parameters);
        }
    }
    for (const Parameter& parameter : parameters) {
        const json::value* value = body.if_contains(parameter.name);
        if (value == nullptr && parameter.is_required) {
            return fmt::format("The key \"{}\" is missing: {}.", parameter.name, parameter.meaning);
        }
        if (value != nullptr && !has_type(*value, parameter.type)) {
            return fmt::format("\"{}\" must be {} {}{}.", parameter.name,
                               parameter.type == "string" || parameter.type == "boolean" ? "a" : "an",
                               parameter.type, parameter.type == "array" ? " of strings" : "");
        }
    }
    return std::nullopt;
}

struct Found {
    const Route* route = nullptr;
    std::vector<std::string> captured;
    std::string allowed;  // methods of that path, where the method is another
};

Found find_route(std::string_view method, const std::vector<std::string>& path) {
    Found found;
    for (const Route* route : all_routes()) {
        std::vector<std::string> captured;
        if (!matches(route->path, path, captured)) {
            continue;
        }
        if (route->method == method) {
            found.route = route;
            found.captured = std::move(captured);
            return found;
        }
        found.allowed += (found.allowed.empty() ? "" : ", ") + std::string(route->method);
    }
    return found;
}

bool has_token(const net::Request& request, const Secret& token) {
    constexpr std::string_view scheme = "bearer ";
    const std::string_view given = net::field(request.fields, "Authorization");
    return given.size() > scheme.size() && equals_ignoring_case(given.substr(0, scheme.size()), scheme) &&
           token.equals(given.substr(scheme.size()));
}

/// Fills `call` from the request, or says what is wrong with it.
std::optional<net::Response> read_call(const net::Request& request, const boost::urls::url_view& url,
                                       const Route& route, Call& call) {
    for (const auto& parameter : url.params()) {
        if (call.query.size() == most_parameters || !is_known(route.query, parameter.key)) {
            return error_answer(400, unknown_name("parameter", parameter.key, route.query));
        }
        call.query.emplace_back(parameter.key, parameter.value);
    }
    if (route.body.empty() || request.body.empty()) {
        const auto wrong = complaint({}, route.body);
        return wrong ? std::optional(error_answer(400, *wrong)) : std::nullopt;
    }
    boost::system::error_code error;
    json::value document = json::parse(request.body, error);
    if (error || !document.is_object()) {
        return error_answer(400, "The body is not a JSON object.");
    }
    call.body = std::move(document.get_object());
    const auto wrong = complaint(call.body, route.body);
    return wrong ? std::optional(error_answer(400, *wrong)) : std::nullopt;
}

Task<net::Response> answer(Parts& parts, net::Request request) {
    const auto url = boost::urls::parse_origin_form(request.target);
    if (url.has_error()) {
        co_return error_answer(404, "There is nothing here.");
    }
    std::vector<std::string> path;
    for (const auto& segment : url->segments()) {
        path.push_back(segment);
    }
    const bool is_head = request.method == "HEAD";
    Found found = find_route(is_head ? "GET" : request.method, path);
    if (found.route == nullptr) {
        if (found.allowed.empty()) {
            co_return error_answer(404, "There is nothing here.");
        }
        net::Response refused = error_answer(405, fmt::format("This takes {}.", found.allowed));
        refused.fields.emplace_back("Allow", found.allowed);
        co_return refused;
    }
    if (found.route->needs_token && !has_token(request, parts.admin_token)) {
        net::Response refused =
            error_answer(401, "The admin token is missing or wrong: send \"Authorization: Bearer …\".");
        refused.fields.emplace_back("WWW-Authenticate", "Bearer");
        co_return refused;
    }
    Call call;
    call.captured = std::move(found.captured);
    auto refused = read_call(request, *url, *found.route, call);
    if (refused) {
        co_return std::move(*refused);
    }
    net::Response response = co_await found.route->answerer(parts, std::move(call));
    co_return response;
}

/// One catch for a bug in a route: it costs its caller a 500, nobody else anything.
Task<net::Response> guarded(Parts& parts, net::Request request) {
    std::string what;
    try {
        net::Response response = co_await answer(parts, std::move(request));
        co_return response;
    } catch (const std::exception& bug) {
        what = bug.what();
    }
    parts.log.error("api", "a route failed", {{"error", what}});
    co_return error_answer(500, "Hookline failed to answer this; its log says more.");
}

}  // namespace

std::string Call::parameter(std::string_view name) const {
    std::string value;
    for (const auto& [key, given] : query) {
        if (key == name) {
            value = given;
        }
    }
    return value;
}

std::vector<const Route*> all_routes() {
    std::vector<const Route*> all;
    for (const auto routes :
         {hook_routes(), event_routes(), command_routes(), build_routes(), operation_routes()}) {
        for (const Route& route : routes) {
            all.push_back(&route);
        }
    }
    return all;
}

net::Handler make_handler(Parts& parts) {
    return [&parts](net::Request request, std::string) { return guarded(parts, std::move(request)); };
}

}  // namespace hookline::api
