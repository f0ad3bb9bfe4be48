#include "cli/daemon.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>

#include "base/text.hpp"
#include "cli/request.hpp"

namespace hookline::cli {

namespace json = boost::json;

namespace {

std::string value_or(const Process& process, std::string_view name, std::string_view otherwise) {
    const auto value = process.environment(name);
    return value && !value->empty() ? *value : std::string(otherwise);
}

Result<Secret> admin_token(const Process& process) {
    const auto given = secret_from_environment(process, "HOOKLINE_ADMIN_TOKEN");
    if (!given) {
        return tl::unexpected(given.error());
    }
    if (*given) {
        return Secret(**given);
    }
    const auto file = std::filesystem::path(value_or(process, "HOOKLINE_DATA_DIR", "data")) / "admin.token";
    const auto text = read_input(process, file.string());
    if (!text) {
        return fail(Errc::not_found,
                    fmt::format("there is no admin token: {}. Set HOOKLINE_ADMIN_TOKEN, or HOOKLINE_DATA_DIR "
                                "to the daemon's data folder.",
                                text.error().detail));
    }
    return Secret(std::string(trim(*text)));
}

}  // namespace

Result<Daemon> find_daemon(const Process& process) {
    const std::string listen = value_or(process, "HOOKLINE_LISTEN", "127.0.0.1:8080");
    Daemon daemon;
    daemon.url = value_or(process, "HOOKLINE_URL", "http://" + listen);
    auto origin = net::parse_origin(daemon.url);
    if (!origin) {
        return fail(Errc::invalid_argument, fmt::format("HOOKLINE_URL: {}", origin.error().detail));
    }
    if (origin->scheme == "http" && !net::is_loopback(*origin)) {
        return fail(Errc::invalid_argument,
                    "HOOKLINE_URL: plain http is only for this machine, since the admin token would travel "
                    "readable; use https.");
    }
    auto token = admin_token(process);
    if (!token) {
        return tl::unexpected(token.error());
    }
    daemon.origin = std::move(*origin);
    daemon.admin_token = std::move(*token);
    return daemon;
}

Result<json::object> ask(const Daemon& daemon, const std::string& method, const std::string& path,
                         const json::object& body) {
    net::Request request(method, path);
    request.fields.emplace_back("Authorization", "Bearer " + daemon.admin_token.reveal());
    if (method != "GET") {
        request.fields.emplace_back("Content-Type", "application/json");
        request.body = json::serialize(body);
    }
    const net::Reply reply = send_and_wait(daemon.origin, std::move(request));
    if (!reply) {
        return fail(Errc::unavailable,
                    fmt::format("the daemon at {} does not answer ({}). Is `hookline serve` running? "
                                "HOOKLINE_URL names another address.",
                                daemon.url, reply.error().error.detail));
    }
    boost::system::error_code error;
    json::value answer = json::parse(reply->body, error);
    if (error || !answer.is_object()) {
        return fail(Errc::malformed,
                    fmt::format("what answers at {} is not Hookline (status {})", daemon.url, reply->status));
    }
    if (reply->status == 401) {
        return fail(
            Errc::unauthorized,
            fmt::format("the daemon at {} does not take this admin token; the right one is in its data "
                        "folder (HOOKLINE_DATA_DIR).",
                        daemon.url));
    }
    if (const json::value* what = answer.get_object().if_contains("error"); what && what->is_string()) {
        return fail(Errc::conflict, std::string(what->get_string()));
    }
    return std::move(answer.get_object());
}

}  // namespace hookline::cli
