#include "runner/target.hpp"

#include <fmt/format.h>

#include "cli/daemon.hpp"

namespace hookline::runner {

namespace {

constexpr std::string_view wanted =
    "--to takes the URL of a docker or ci endpoint with its secret: https://…/webhook/docker/hook_001/SECRET";

}  // namespace

Result<Target> endpoint_target(const std::string& url) {
    const std::size_t scheme_end = url.find("://");
    const std::size_t path_at = scheme_end == std::string::npos ? scheme_end : url.find('/', scheme_end + 3);
    if (path_at == std::string::npos || url.find('#') != std::string::npos) {
        return fail(Errc::invalid_argument, std::string(wanted));
    }
    Target target;
    target.path = url.substr(path_at);
    const bool is_endpoint = target.path.find("/webhook/docker/") != std::string::npos ||
                             target.path.find("/webhook/ci/") != std::string::npos;
    auto origin = net::parse_origin(url.substr(0, path_at));
    if (!origin || !is_endpoint || target.path.find_first_of(" \r\n\t") != std::string::npos) {
        return fail(Errc::invalid_argument, std::string(wanted));
    }
    target.shown = fmt::format("{}://{}", origin->scheme, origin->host);
    target.is_daemon = false;
    target.is_elsewhere = true;
    target.origin = std::move(*origin);
    return target;
}

Result<Target> daemon_target(const cli::Process& process) {
    auto daemon = cli::find_daemon(process);
    if (!daemon) {
        return tl::unexpected(daemon.error());
    }
    Target target;
    target.path = "/api/v1/builds";
    target.authorization = "Bearer " + daemon->admin_token.reveal();
    target.shown = daemon->url;
    target.is_elsewhere = !net::is_loopback(daemon->origin);
    target.origin = std::move(daemon->origin);
    return target;
}

}  // namespace hookline::runner
