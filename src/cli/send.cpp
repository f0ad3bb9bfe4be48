#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/calls.hpp"
#include "cli/daemon.hpp"

namespace hookline::cli {

namespace json = boost::json;

int send(const Process& process, const SendOptions& options) {
    const auto payload = read_input(process, options.file);
    if (!payload) {
        return complain(process, usage_error, payload.error().detail);
    }
    const auto daemon = find_daemon(process);
    if (!daemon) {
        return complain(process, usage_error, daemon.error().detail);
    }
    json::object body;
    body["service"] = options.service;
    body["event"] = options.event;
    body["hook"] = options.hook;
    body["payload"] = *payload;
    if (!options.delivery.empty()) {
        body["delivery"] = options.delivery;
    }
    const auto sent = ask(*daemon, "POST", "/api/v1/send", body);
    if (!sent) {
        return complain(process, did_not_hold, sent.error().detail);
    }
    const std::int64_t status = sent->at("status").to_number<std::int64_t>();
    const std::string answer = json::serialize(sent->at("answer"));
    if (status / 100 != 2) {
        return complain(process, did_not_hold,
                        fmt::format("the delivery was answered {}: {}", status, answer));
    }
    process.out << status << ' ' << answer << '\n';
    return fine;
}

}  // namespace hookline::cli
