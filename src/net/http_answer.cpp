#include "net/http_answer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace hookline::net {

namespace {

struct Reason {
    int status;
    std::string_view line;
};

constexpr std::array reasons{
    Reason{202, "HTTP/1.1 202 Accepted\r\n"},
    Reason{200, "HTTP/1.1 200 OK\r\n"},
    Reason{201, "HTTP/1.1 201 Created\r\n"},
    Reason{204, "HTTP/1.1 204 No Content\r\n"},
    Reason{304, "HTTP/1.1 304 Not Modified\r\n"},
    Reason{400, "HTTP/1.1 400 Bad Request\r\n"},
    Reason{401, "HTTP/1.1 401 Unauthorized\r\n"},
    Reason{403, "HTTP/1.1 403 Forbidden\r\n"},
    Reason{404, "HTTP/1.1 404 Not Found\r\n"},
    Reason{405, "HTTP/1.1 405 Method Not Allowed\r\n"},
    Reason{408, "HTTP/1.1 408 Request Timeout\r\n"},
    Reason{409, "HTTP/1.1 409 Conflict\r\n"},
    Reason{413, "HTTP/1.1 413 Content Too Large\r\n"},
    Reason{414, "HTTP/1.1 414 URI Too Long\r\n"},
    Reason{415, "HTTP/1.1 415 Unsupported Media Type\r\n"},
    Reason{417, "HTTP/1.1 417 Expectation Failed\r\n"},
    Reason{422, "HTTP/1.1 422 Unprocessable Content\r\n"},
    Reason{429, "HTTP/1.1 429 Too Many Requests\r\n"},
    Reason{431, "HTTP/1.1 431 Request Header Fields Too Large\r\n"},
    Reason{500, "HTTP/1.1 500 Internal Server Error\r\n"},
    Reason{503, "HTTP/1.1 503 Service Unavailable\r\n"},
};

void append_status(std::string& out, int status) {
    const auto known = std::find_if(reasons.begin(), reasons.end(),
                                    [&](const Reason& reason) { return reason.status == status; });
    if (known != reasons.end()) {
        out += known->line;
    } else {
        fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} Status\r\n", status);
    }
}

void append_safely(std::string& out, std::string_view text) {
    const std::size_t start = out.size();
    out += text;
    std::replace_if(
        out.begin() + static_cast<std::ptrdiff_t>(start), out.end(),
        [](char letter) { return letter == '\r' || letter == '\n' || letter == '\0'; }, ' ');
}

bool is_ours(std::string_view name) {
    return equals_ignoring_case(name, "content-length") || equals_ignoring_case(name, "connection") ||
           equals_ignoring_case(name, "transfer-encoding") || equals_ignoring_case(name, "date");
}

}  // namespace

void append_answer(std::string& out, const Response& response, const AnswerForm& form) {
    append_status(out, response.status);
    out += "Date: ";
    out += form.date;
    bool has_type = false;
    for (const auto& [name, value] : response.fields) {
        if (is_ours(name)) {
            continue;
        }
        has_type = has_type || equals_ignoring_case(name, "content-type");
        out += "\r\n";
        append_safely(out, name);
        out += ": ";
        append_safely(out, value);
    }
    if (!has_type && !response.body.empty()) {
        out += "\r\nContent-Type: application/json";
    }
    if (response.status != 204 && response.status != 304) {
        const fmt::format_int length(response.body.size());
        out += "\r\nContent-Length: ";
        out.append(length.data(), length.size());
    }
    if (!form.keeps_alive) {
        out += "\r\nConnection: close";
    } else if (!form.is_http11) {
        out += "\r\nConnection: keep-alive";
    }
    out += "\r\n\r\n";
    if (!form.is_head && response.status != 204 && response.status != 304) {
        out += response.body;
    }
}

Response error_response(int status, std::string_view why) {
    Response response(status);
    response.body = fmt::format("{{\"error\": \"{}\"}}", why);
    return response;
}

}  // namespace hookline::net
