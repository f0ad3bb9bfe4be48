#include "net/exchange.hpp"

#include <fmt/format.h>

#include <boost/asio/error.hpp>

#include "base/text.hpp"
#include "net/response_reader.hpp"

namespace hookline::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t read_size = 32U << 10U;

bool is_token(std::string_view text) {  // RFC 9110, 5.6.2
    constexpr std::string_view allowed =
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    return !text.empty() && text.find_first_not_of(allowed) == text.npos;
}

bool is_target(std::string_view text) {
    return text.starts_with('/') &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_field_value(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
}

std::string host_field(const Origin& origin) {
    const bool is_ip6 = origin.host.find(':') != std::string::npos;
    const std::string host = is_ip6 ? "[" + origin.host + "]" : origin.host;
    const bool is_usual = origin.port == (origin.scheme == "https" ? "443" : "80");
    return is_usual ? host : host + ":" + origin.port;
}

NoResponse no_response(const Progress& progress, Error error) {
    return NoResponse(progress.may_have_arrived, std::move(error));
}

/// A whole answer, unless it is packed: "identity" was asked for, and what is packed has no bound.
Reply whole(ResponseReader& reader, Progress& progress) {
    progress.is_reusable = reader.keeps_alive();
    Response response = reader.take();
    const std::string_view encoding = trim(field(response.fields, "Content-Encoding"));
    if (!encoding.empty() && !equals_ignoring_case(encoding, "identity")) {
        progress.is_reusable = false;
        return tl::unexpected(
            no_response(progress, Error(Errc::malformed, "the answer is compressed though not asked for")));
    }
    return response;
}

Task<Reply> read_answer(Stream& stream, bool is_to_head, std::size_t body_limit, Progress& progress) {
    ResponseReader reader(is_to_head, body_limit);
    std::string buffer(read_size, '\0');
    for (;;) {
        const Transfer got = co_await stream.read_some(asio::buffer(buffer));
        const auto is_whole = reader.feed(std::string_view(buffer).substr(0, got.bytes));
        if (!is_whole) {
            co_return tl::unexpected(no_response(progress, is_whole.error()));
        }
        if (*is_whole) {
            co_return whole(reader, progress);
        }
        if (!got.error) {
            continue;
        }
        progress.is_closed_unanswered = !reader.has_begun() && got.error != asio::error::operation_aborted;
        if (got.error != asio::error::eof) {
            co_return tl::unexpected(no_response(
                progress, Error(Errc::unavailable, "the connection broke: " + got.error.message())));
        }
        const auto ended = reader.end();
        if (!ended) {
            co_return tl::unexpected(no_response(progress, ended.error()));
        }
        co_return whole(reader, progress);
    }
}

}  // namespace

Result<Outgoing> serialize(const Request& request, const Origin& origin, std::string_view user_agent) {
    if (!is_token(request.method) || !is_target(request.target)) {
        return fail(Errc::invalid_argument, "the request's method or target cannot be sent");
    }
    Fields fields = request.fields;
    const auto add = [&fields](std::string_view name, std::string value) {
        if (field(fields, name).empty()) {
            fields.emplace_back(name, std::move(value));
        }
    };
    add("User-Agent", std::string(user_agent));
    add("Accept", "*/*");
    add("Accept-Encoding", "identity");
    const bool may_have_body = request.method != "GET" && request.method != "HEAD";
    if (may_have_body || !request.body.empty()) {
        add("Content-Length", std::to_string(request.body.size()));
    }
    Outgoing outgoing;
    outgoing.is_head = request.method == "HEAD";
    outgoing.bytes = fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\n", request.method, origin.base_path,
                                 request.target, host_field(origin));
    for (const auto& [name, value] : fields) {
        if (!is_token(name) || !is_field_value(value)) {
            return fail(Errc::invalid_argument, "a field of the request cannot be sent");
        }
        outgoing.bytes.append(name).append(": ").append(value).append("\r\n");
    }
    outgoing.bytes.append("\r\n").append(request.body);
    return outgoing;
}

Task<Reply> exchange(Stream& stream, const Outgoing& outgoing, std::size_t body_limit, Progress& progress) {
    progress.may_have_arrived = true;  // while writing and when cancelled there: nobody can tell
    const Transfer written = co_await stream.write(outgoing.bytes);
    if (written.error && written.bytes == 0 && written.error != asio::error::operation_aborted) {
        progress.may_have_arrived = false;
        progress.is_closed_unanswered = true;
        co_return tl::unexpected(no_response(
            progress, Error(Errc::unavailable, "the connection broke: " + written.error.message())));
    }
    // After a broken write too: a server that refuses a body may answer and close before it was read.
    co_return co_await read_answer(stream, outgoing.is_head, body_limit, progress);
}

}  // namespace hookline::net
