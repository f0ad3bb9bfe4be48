#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/calls.hpp"
#include "cli/daemon.hpp"
#include "message/json.hpp"
#include "terminal/draw.hpp"

namespace hookline::cli {

namespace json = boost::json;

namespace {

/// The message under `key` as it looks in a terminal; "" where there is none.
std::string drawn(const json::object& reply, std::string_view key, const terminal::DrawOptions& options) {
    const json::value* value = reply.if_contains(key);
    if (value == nullptr || value->is_null()) {
        return {};
    }
    const auto message = message::parse(json::serialize(*value));
    return message ? terminal::draw(*message, options) : std::string();
}

}  // namespace

int hook(const Process& process, const std::vector<std::string>& words) {
    const auto daemon = find_daemon(process);
    if (!daemon) {
        return complain(process, usage_error, daemon.error().detail);
    }
    json::array arguments;
    for (const std::string& word : words) {
        arguments.emplace_back(word);
    }
    json::object body;
    body["arguments"] = std::move(arguments);
    const auto reply = ask(*daemon, "POST", "/api/v1/commands", body);
    if (!reply) {
        return complain(process, did_not_hold, reply.error().detail);
    }
    terminal::DrawOptions options;
    options.colour = process.out_is_terminal;
    options.width = process.width;
    const json::value* ok = reply->if_contains("ok");
    const bool is_fine = ok != nullptr && ok->is_bool() && ok->get_bool();
    (is_fine ? process.out : process.err)
        << drawn(*reply, "message", options) << drawn(*reply, "only_you", options);
    return is_fine ? fine : did_not_hold;
}

}  // namespace hookline::cli
