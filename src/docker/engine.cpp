#include "docker/engine.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <charconv>

#include "base/text.hpp"
#include "docker/engine_event.hpp"
#include "net/http_date.hpp"

namespace hookline::docker {

namespace json = boost::json;

namespace {

// What is read is the same in all of these. 1.24 is the oldest that any engine in use still answers.
constexpr int major_version = 1;
constexpr int newest = 52;
constexpr int oldest = 24;
constexpr int log_lines = 40;
constexpr std::size_t longest_complaint = 200;

// {"type":["container","image"],"event":[…]}. Naming health_status makes the engine compare beginnings, which
// its "health_status: unhealthy" needs; exec_… of every health check stay out. Podman compares whole words
// and has others: it is asked for everything of these types.
constexpr std::string_view docker_filter =
    "%7B%22type%22%3A%5B%22container%22%2C%22image%22%5D%2C%22event%22%3A%5B%22create%22%2C%22start%22%2C%"
    "22die"
    "%22%2C%22kill%22%2C%22oom%22%2C%22destroy%22%2C%22health_status%22%2C%22pause%22%2C%22unpause%22%2C%"
    "22pull"
    "%22%2C%22push%22%2C%22tag%22%2C%22untag%22%2C%22delete%22%2C%22load%22%2C%22import%22%2C%22commit%22%5D%"
    "7D";
constexpr std::string_view podman_filter = "%7B%22type%22%3A%5B%22container%22%2C%22image%22%5D%7D";

std::string encoded(std::string_view text) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/@";
    std::string result;
    for (const char c : text) {
        if (plain.find(c) != std::string_view::npos) {
            result += c;
        } else {
            result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return result;
}

/// {"message": "…"} as the engine complains; else the status.
std::string complaint(const net::Response& answer) {
    boost::system::error_code error;
    const json::value document = json::parse(answer.body, error);
    const json::object* const object = error ? nullptr : document.if_object();
    const json::value* const message = object != nullptr ? object->if_contains("message") : nullptr;
    return message != nullptr && message->is_string()
               ? fmt::format("it answered {}: {}", answer.status,
                             shorten(std::string(message->get_string()), longest_complaint))
               : fmt::format("it answered {}", answer.status);
}

Error refusal(const net::Response& answer) {
    if (answer.status == 404) {
        return Error(Errc::not_found, complaint(answer));
    }
    const bool is_refused = answer.status >= 400 && answer.status < 500;
    return Error(is_refused ? Errc::forbidden : Errc::unavailable, complaint(answer));
}

}  // namespace

std::string agreed_version(std::string_view theirs) {
    const std::size_t dot = theirs.find('.');
    int major = 0;
    int minor = 0;
    const auto read = [](std::string_view text, int& number) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        return error == std::errc{} && end == text.data() + text.size();
    };
    if (dot == std::string_view::npos || !read(theirs.substr(0, dot), major) ||
        !read(theirs.substr(dot + 1), minor) || major != major_version || minor < oldest) {
        return {};
    }
    return fmt::format("{}.{}", major, std::min(minor, newest));
}

std::string Engine::versioned(std::string_view target) const {
    return fmt::format("/v{}{}", version_.api, target);
}

Task<Result<EngineVersion>> Engine::greet() {
    net::Request request("GET", "/_ping");
    const auto answer = co_await client_.send(std::move(request));
    if (!answer) {
        co_return tl::unexpected(answer.error().error);
    }
    if (answer->status != 200) {
        co_return tl::unexpected(refusal(*answer));
    }
    const std::string theirs(net::field(answer->fields, "Api-Version"));
    EngineVersion version;
    version.api = agreed_version(theirs);
    if (version.api.empty()) {
        co_return fail(Errc::unsupported,
                       fmt::format("it is no engine that Hookline can follow (API version \"{}\")",
                                   shorten(theirs, 20)));
    }
    version.newest = theirs;
    version.server = shorten(net::field(answer->fields, "Server"), 100);
    version.is_podman = !net::field(answer->fields, "Libpod-Api-Version").empty();
    version.now = net::parse_http_date(net::field(answer->fields, "Date"));
    version_ = version;
    co_return version;
}

Task<Result<std::unique_ptr<net::BodyStream>>> Engine::events(std::int64_t since) {
    const std::string from = since > 0 ? fmt::format("since={}&", since_text(since)) : std::string();
    net::Request request("GET", versioned(fmt::format("/events?{}filters={}", from,
                                                      version_.is_podman ? podman_filter : docker_filter)));
    auto opened = co_await open_(std::move(request));
    if (!opened) {
        co_return tl::unexpected(opened.error());
    }
    if (opened->header.status != 200) {
        co_return tl::unexpected(refusal(opened->header));
    }
    co_return std::move(opened->body);
}

Task<Result<std::string>> Engine::get(std::string target) {
    net::Request request("GET", versioned(target));
    auto answer = co_await client_.send(std::move(request));
    if (!answer) {
        co_return tl::unexpected(answer.error().error);
    }
    if (answer->status != 200) {
        co_return tl::unexpected(refusal(*answer));
    }
    co_return std::move(answer->body);
}

Task<Result<std::string>> Engine::containers() { return get("/containers/json?all=1"); }

Task<Result<std::string>> Engine::container(std::string id) {
    std::string target = fmt::format("/containers/{}/json", encoded(id));
    return get(std::move(target));
}

Task<Result<std::string>> Engine::image(std::string id) {
    std::string target = fmt::format("/images/{}/json", encoded(id));
    return get(std::move(target));
}

Task<Result<std::string>> Engine::logs(std::string id, std::int64_t since) {
    std::string target =
        fmt::format("/containers/{}/logs?stdout=1&stderr=1&timestamps=0&tail={}", encoded(id), log_lines);
    if (since > 0) {
        target += "&since=" + since_text(since);
    }
    return get(std::move(target));
}

}  // namespace hookline::docker
