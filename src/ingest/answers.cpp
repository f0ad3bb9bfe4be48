#include "ingest/answers.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace hookline::ingest {

namespace {

constexpr std::string_view retry_after_s = "5";

}  // namespace

std::string_view name_of(Outcome outcome) {
    static constexpr std::array<std::string_view, 10> names{
        "accepted",     "duplicate", "conflicting", "pong",      "malformed",
        "unauthorized", "too_large", "unsupported", "throttled", "unavailable"};
    return names.at(static_cast<std::size_t>(outcome));
}

net::Response stored_answer(const store::Appended& appended, bool is_ping) {
    net::Response response(is_ping ? 200 : 202);
    if (is_ping) {
        response.body = R"({"pong": true})";
        return response;
    }
    const fmt::format_int id(appended.id.value);
    response.body.reserve(48);
    response.body.append(R"({"event": )").append(id.data(), id.size());
    response.body += appended.is_duplicate ? R"(, "duplicate": true})" : "}";
    return response;
}

Outcome outcome_of(const store::Appended& appended, bool is_ping) {
    if (appended.is_duplicate) {
        return appended.has_other_body ? Outcome::conflicting : Outcome::duplicate;
    }
    return is_ping ? Outcome::pong : Outcome::accepted;
}

net::Response error_answer(int status, std::string_view why) {
    net::Response response(status);
    response.body = fmt::format(R"({{"error": {}}})", boost::json::serialize(boost::json::string(why)));
    return response;
}

net::Response unauthorized_answer() {
    net::Response response =
        error_answer(401, "the proof is missing or wrong: check the URL and the secret at the sender");
    response.fields.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

net::Response unknown_path_answer() {
    return error_answer(404, "no such path: deliveries go to /webhook/SERVICE/HOOK");
}

net::Response consent_answer(std::string_view origin) {
    net::Response response(200);
    response.fields.emplace_back("Allow", "POST");
    response.fields.emplace_back("WebHook-Allowed-Origin", std::string(origin));
    response.fields.emplace_back("WebHook-Allowed-Rate", "*");
    return response;
}

net::Response method_answer() {
    net::Response response = error_answer(405, "a delivery is a POST");
    response.fields.emplace_back("Allow", "POST");
    return response;
}

net::Response throttled_answer(std::chrono::nanoseconds wait) {
    net::Response response = error_answer(429, "too many deliveries for this hook; nothing was stored");
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    response.fields.emplace_back("Retry-After", std::to_string(std::max<std::int64_t>(seconds, 1)));
    return response;
}

net::Response unavailable_answer() {
    net::Response response = error_answer(503, "the delivery could not be stored; nothing was acknowledged");
    response.fields.emplace_back("Retry-After", retry_after_s);
    return response;
}

}  // namespace hookline::ingest
