// HTTP as plain values: what a client sends and gets. Beast stays inside this room's .cpp files.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hookline::net {

using Fields = std::vector<std::pair<std::string, std::string>>;  // in order; names as they came

/// The first field of that name, without regard to case; "" where there is none.
[[nodiscard]] std::string_view field(const Fields& fields, std::string_view name);

struct Request {
    Request(std::string request_method, std::string request_target)
        : method(std::move(request_method)), target(std::move(request_target)) {}
    std::string method;  // "GET"
    std::string target;  // path and query: "/api/v1/hooks?limit=5"
    Fields fields;
    std::string body;
};

struct Response {
    Response() = default;
    explicit Response(int response_status) : status(response_status) {}
    int status = 0;
    Fields fields;
    std::string body;
};

}  // namespace hookline::net
