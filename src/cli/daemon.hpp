// The running daemon as the command line sees it: its JSON API and nothing else.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/secret.hpp"
#include "cli/process.hpp"
#include "net/http_client.hpp"

namespace hookline::cli {

struct Daemon {
    net::Origin origin;
    std::string url;  // for people
    Secret admin_token;
};

/// By HOOKLINE_URL, else HOOKLINE_LISTEN, else 127.0.0.1:8080; the admin token by HOOKLINE_ADMIN_TOKEN (or
/// …_FILE), else from HOOKLINE_DATA_DIR/admin.token.
[[nodiscard]] Result<Daemon> find_daemon(const Process& process);

/// Asks the daemon and waits for its answer. An error says what to do: is it running, is the token the right
/// one.
[[nodiscard]] Result<boost::json::object> ask(const Daemon& daemon, const std::string& method,
                                              const std::string& path, const boost::json::object& body);

}  // namespace hookline::cli
