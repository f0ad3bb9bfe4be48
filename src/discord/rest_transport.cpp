#include "discord/rest_transport.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"
#include "discord/limit_report.hpp"
#include "discord/reading.hpp"

namespace hookline::discord {

namespace json = boost::json;
using std::chrono::milliseconds;

namespace {

constexpr std::chrono::seconds patience_of_member(20);
// Short against the minute for which a nonce is trusted: the dispatcher decided to send before this wait.
constexpr std::chrono::seconds patience_of_outbox(15);
constexpr int most_tries = 3;
constexpr std::chrono::seconds first_backoff(1);
constexpr milliseconds least_jitter(50);
constexpr milliseconds most_jitter(250);
// A refused token stays refused until somebody acts: one probe a minute is no invalid request too many.
constexpr std::chrono::minutes refused_silence(1);
constexpr std::size_t longest_message = 300;
constexpr int deepest_error = 12;

/// The first leaf of Discord's tree of errors: "embeds.0.title BASE_TYPE_MAX_LENGTH". Appends to `path`.
bool find_leaf(const json::object& node, std::string& path, int depth) {
    if (const json::array* leaves = array_in(node, "_errors")) {
        const json::object* first = leaves->empty() ? nullptr : leaves->front().if_object();
        path.append(" ").append(first != nullptr ? text_in(*first, "code") : std::string_view());
        return true;
    }
    for (const auto& [key, value] : node) {
        const std::size_t length = path.size();
        path.append(path.empty() ? "" : ".").append(std::string_view(key).substr(0, 50));
        if (depth > 0 && value.is_object() && find_leaf(value.get_object(), path, depth - 1)) {
            return true;
        }
        path.resize(length);
    }
    return false;
}

/// Discord's words, on one line, bounded.
std::string message_in(const json::object& body) {
    std::string message = repair_utf8(first_line(text_in(body, "message")));
    if (const json::object* errors = object_in(body, "errors")) {
        std::string leaf;
        if (find_leaf(*errors, leaf, deepest_error)) {
            message.append(": ").append(repair_utf8(leaf));
        }
    }
    return shorten(message, longest_message);
}

RestError error_of(const net::Response& response, const std::optional<Limited>& limited) {
    RestError error(limited ? RestError::Cause::rate_limited : RestError::Cause::answered, response.status,
                    "");
    if (const auto body = error_body(response)) {
        error.code = static_cast<int>(number_in(*body, "code").value_or(0));
        error.message = message_in(*body);
    }
    if (limited) {
        error.retry_after = limited->wait;
    }
    error.may_have_arrived = response.status >= 500;
    return error;
}

bool counts_as_invalid(int status, const LimitReport& report) {
    const bool is_shared = report.limited && report.limited->kind == Limited::Kind::shared;
    return status == 401 || status == 403 || (status == 429 && !is_shared);
}

bool is_failure(const RestError& error) {
    return error.cause == RestError::Cause::no_answer || error.status >= 500;
}

}  // namespace

RestTransport::RestTransport(net::HttpClient& client, Clock& clock, Random& random, Log& log,
                             Metrics& metrics, RestOptions options)
    : client_(client),
      clock_(clock),
      random_(random),
      log_(log),
      metrics_(metrics),
      options_(std::move(options)),
      gate_(clock) {}

bool RestTransport::is_silenced() {
    const SteadyPoint now = clock_.steady();
    return gate_.ceiling().is_banned(now) || gate_.ceiling().counted(now) >= InvalidCeiling::stop_at;
}

net::Request RestTransport::request_for(const RestCall& call) const {
    net::Request request(std::string(call.route.method), call.target);
    request.fields.emplace_back("User-Agent", options_.user_agent);
    if (call.credential == Credential::bot) {
        request.fields.emplace_back("Authorization", "Bot " + options_.token.reveal());
    }
    if (!call.content_type.empty()) {
        request.fields.emplace_back("Content-Type", call.content_type);
    }
    request.body = call.body;
    return request;
}

void RestTransport::count_wait(LimitScope scope, std::chrono::nanoseconds wait) {
    if (wait > std::chrono::nanoseconds(0)) {
        metrics_.count("hookline_rate_limit_waits_total", {{"scope", name_of(scope)}});
        metrics_.observe("hookline_rate_limit_wait_seconds", std::chrono::duration<double>(wait).count());
    }
}

/// What an answer means for later requests.
void RestTransport::learn(const RestCall& call, const net::Response& response, LimitReport& report) {
    const SteadyPoint now = clock_.steady();
    InvalidCeiling& ceiling = gate_.ceiling();
    if (counts_as_invalid(response.status, report)) {
        ceiling.count(now);
        const std::size_t counted = ceiling.counted(now);
        if (counted == InvalidCeiling::slow_at || counted == InvalidCeiling::stop_at) {
            log_.error("discord", "too many refused requests: Discord is asked less",
                       {{"in_ten_minutes", counted}});
        }
    }
    if (response.status == 401 && call.credential == Credential::bot) {
        token_refused_until_ = now + refused_silence;
    }
    if (!report.limited) {
        return;
    }
    Limited& limited = *report.limited;
    if (limited.kind == Limited::Kind::ban) {
        ceiling.banned(now, limited.wait);
        limited.wait = std::chrono::duration_cast<milliseconds>(ceiling.earliest(now) - now);
        log_.error("discord", "Discord blocks this address: nothing is sent",
                   {{"status", response.status},
                    {"seconds", std::chrono::duration_cast<std::chrono::seconds>(limited.wait).count()}});
    }
    // Spread, so that what waited does not start in one instant.
    const double spread = static_cast<double>((most_jitter - least_jitter).count());
    limited.wait += least_jitter + milliseconds(static_cast<std::int64_t>(random_.roll() * spread));
}

Task<RestResult<net::Response>> RestTransport::send_once(const RestCall& call, Caller caller) {
    if (call.credential == Credential::bot && clock_.steady() < token_refused_until_) {
        co_return tl::unexpected(
            RestError(RestError::Cause::answered, 401, "the bot's token was refused a moment ago"));
    }
    const bool is_member = caller == Caller::member;
    const std::chrono::nanoseconds patience = is_member ? patience_of_member : patience_of_outbox;
    auto permit = co_await gate_.enter(call.route, is_member, patience);
    if (!permit) {
        count_wait(permit.error().scope, permit.error().wait);
        RestError error(RestError::Cause::rate_limited, 0, "waiting for Discord's rate limit");
        error.retry_after = std::chrono::ceil<milliseconds>(permit.error().wait);
        co_return tl::unexpected(std::move(error));
    }
    count_wait(permit->scope, permit->waited);
    net::Request request = request_for(call);
    auto reply = co_await client_.send(std::move(request));
    const std::string status = reply ? std::to_string(reply->status) : "none";
    metrics_.count("hookline_discord_requests_total", {{"method", call.route.method}, {"status", status}});
    if (!reply) {
        permit->end(nullptr);
        RestError error(RestError::Cause::no_answer, 0, reply.error().error.detail);
        error.may_have_arrived = reply.error().may_have_arrived;
        co_return tl::unexpected(std::move(error));
    }
    LimitReport report = read_limits(*reply, clock_.now());
    learn(call, *reply, report);
    permit->end(&report);
    if (reply->status / 100 == 2) {
        co_return std::move(*reply);
    }
    co_return tl::unexpected(error_of(*reply, report.limited));
}

Task<RestResult<net::Response>> RestTransport::send(RestCall call, Caller caller) {
    const SteadyPoint gives_up = clock_.steady() + patience_of_member;
    auto backoff = std::chrono::nanoseconds(first_backoff);
    for (int attempt = 1;; ++attempt) {
        auto answer = co_await send_once(call, caller);
        if (answer || caller == Caller::outbox || attempt == most_tries) {
            co_return answer;
        }
        const RestError& error = answer.error();
        const bool was_limited = error.cause == RestError::Cause::rate_limited && error.status == 429;
        if (was_limited && clock_.steady() + error.retry_after <= gives_up) {
            continue;  // the gate knows how long
        }
        if (!is_failure(error) || (error.may_have_arrived && !call.is_repeatable)) {
            co_return answer;
        }
        const double share = random_.roll();
        const std::chrono::nanoseconds wait(
            static_cast<std::int64_t>(static_cast<double>(backoff.count()) * share));
        backoff *= 2;
        co_await clock_.sleep_for(wait);
    }
}

}  // namespace hookline::discord
