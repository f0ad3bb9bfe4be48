// A route as a row: what the router matches, what the OpenAPI document says, who answers.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "net/http.hpp"

namespace hookline::api {

struct Parts;

/// A request that passed the router's checks.
struct Call {
    std::vector<std::string> captured;  // the {parts} of the path, in order
    std::vector<std::pair<std::string, std::string>> query;
    boost::json::object body;  // empty where the route takes none

    /// The last value of that name, or "".
    [[nodiscard]] std::string parameter(std::string_view name) const;
};

/// What a caller may send: for the document, and for the router, which refuses everything else.
struct Parameter {
    std::string_view name;
    std::string_view type;  // of JSON Schema: "string", "integer", "boolean", "object", "array" (of strings)
    std::string_view meaning;
    bool is_required = false;
};

using Answerer = Task<net::Response> (*)(Parts&, Call);

struct Route {
    std::string_view method;
    std::string_view path;  // "/api/v1/hooks/{id}"
    std::string_view summary;
    std::span<const Parameter> query;
    std::span<const Parameter> body;
    std::string_view answer;  // name of the answer's schema in openapi.cpp
    bool needs_token = true;
    Answerer answerer = nullptr;
};

[[nodiscard]] std::span<const Route> hook_routes();
[[nodiscard]] std::span<const Route> event_routes();
[[nodiscard]] std::span<const Route> build_routes();
[[nodiscard]] std::span<const Route> command_routes();
[[nodiscard]] std::span<const Route> operation_routes();
/// All of them.
[[nodiscard]] std::vector<const Route*> all_routes();

}  // namespace hookline::api
