#include "discord/gateway_frames.hpp"

#include <boost/json.hpp>

namespace hookline::discord {

namespace json = boost::json;

std::string identify_frame(const Secret& token, int intents) {
    const json::object activity{{"name", "builds"}, {"type", 3}};  // "Watching builds"
    const json::object presence{
        {"since", nullptr}, {"activities", json::array{activity}}, {"status", "online"}, {"afk", false}};
    const json::object properties{{"os", "linux"}, {"browser", "hookline"}, {"device", "hookline"}};
    const json::object data{{"token", token.reveal()},    {"intents", intents},
                            {"properties", properties},   {"large_threshold", 50},
                            {"shard", json::array{0, 1}}, {"presence", presence}};
    return json::serialize(json::object{{"op", 2}, {"d", data}});
}

std::string resume_frame(const Secret& token, const std::string& session, std::int64_t seq) {
    const json::object data{{"token", token.reveal()}, {"session_id", session}, {"seq", seq}};
    return json::serialize(json::object{{"op", 6}, {"d", data}});
}

std::string heartbeat_frame(std::int64_t seq) {
    json::object frame;
    frame["op"] = 1;
    frame["d"] = seq > 0 ? json::value(seq) : json::value(nullptr);
    return json::serialize(frame);
}

}  // namespace hookline::discord
