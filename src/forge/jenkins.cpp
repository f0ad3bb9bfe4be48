#include "forge/jenkins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace hookline::forge {

namespace json = boost::json;

namespace {

using event::Conclusion;

constexpr std::size_t most_stages = 100;
constexpr std::size_t most_folders = 20;
constexpr std::size_t longest_log = 64UL * 1024;
constexpr std::chrono::seconds pause_after_silence{30};
constexpr std::chrono::minutes pause_after_refusal{
    5};  // a user who fails too often is locked out by some realms

constexpr std::array<std::pair<std::string_view, Conclusion>, 6> endings{
    {{"SUCCESS", Conclusion::success},
     {"FAILED", Conclusion::failure},
     {"UNSTABLE", Conclusion::failure},
     {"ABORTED", Conclusion::cancelled},
     {"NOT_EXECUTED", Conclusion::skipped},
     {"PAUSED_PENDING_INPUT", Conclusion::action_required}}};

Conclusion conclusion_of(std::string_view status) {
    for (const auto& [word, conclusion] : endings) {
        if (word == status) {
            return conclusion;
        }
    }
    return Conclusion::none;
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 18 &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "/job/folder/job/app/12": nothing that could lead elsewhere, however it is encoded.
bool is_path_of_build(std::string_view path) {
    const auto parts = split(path, '/');
    if (parts.size() < 4 || parts.size() % 2 != 0 || parts.size() > 2 + 2 * most_folders ||
        !parts[0].empty()) {
        return false;
    }
    for (std::size_t at = 1; at + 1 < parts.size(); at += 2) {
        const std::string name = to_lower_ascii(parts[at + 1]);
        if (parts[at] != "job" || name.empty() || name.starts_with('.') || name.starts_with("%2e")) {
            return false;
        }
    }
    return is_number(parts.back());
}

const json::value* member(const json::value& value, std::string_view key) {
    const json::object* object = value.if_object();
    return object != nullptr ? object->if_contains(key) : nullptr;
}

std::string text_of(const json::value& value, std::string_view key) {
    const json::value* found = member(value, key);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::int64_t number_of(const json::value& value, std::string_view key) {
    const json::value* found = member(value, key);
    return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

const json::array& list_of(const json::value& value, std::string_view key) {
    static const json::array none;
    const json::value* found = member(value, key);
    return found != nullptr && found->is_array() ? found->get_array() : none;
}

Result<json::value> parsed(const Result<std::string>& body) {
    if (!body) {
        return tl::unexpected(body.error());
    }
    boost::system::error_code error;
    json::value value = json::parse(*body, error);
    if (error || !value.is_object()) {
        return fail(Errc::malformed, "Jenkins' answer is no JSON object");
    }
    return value;
}

event::Stage stage_of(const json::value& value) {
    constexpr std::chrono::milliseconds longest = std::chrono::hours(24) * 3650;
    event::Stage stage;
    stage.name = text_of(value, "name");
    stage.status = text_of(value, "status");
    stage.conclusion = conclusion_of(stage.status);
    const auto whole = std::clamp(std::chrono::milliseconds(number_of(value, "durationMillis")),
                                  std::chrono::milliseconds(0), longest);
    const auto paused = std::clamp(std::chrono::milliseconds(number_of(value, "pauseDurationMillis")),
                                   std::chrono::milliseconds(0), whole);
    stage.duration = std::chrono::duration_cast<std::chrono::seconds>(whole - paused);
    return stage;
}

/// The log comes as it is shown in a browser: with tags for links and colours, and with entities.
std::string without_markup(std::string_view html) {
    static constexpr std::array<std::pair<std::string_view, char>, 6> entities{
        {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#039;", '\''}, {"&#39;", '\''}, {"&amp;", '&'}}};
    std::string text;
    for (std::size_t at = 0; at < html.size();) {
        if (html[at] == '<') {
            at = std::min(html.find('>', at), html.size() - 1) + 1;
            continue;
        }
        const auto* const known = std::find_if(entities.begin(), entities.end(), [&](const auto& entity) {
            return html.substr(at).starts_with(entity.first);
        });
        text += known == entities.end() ? html[at] : known->second;
        at += known == entities.end() ? 1 : known->first.size();
    }
    return text;
}

/// The end of a text, from a place where no tag or entity was cut in two: from a line's beginning on.
std::string_view end_of(std::string_view text) {
    if (text.size() <= longest_log) {
        return text;
    }
    text.remove_prefix(text.size() - longest_log);
    return text.substr(std::min(text.find('\n'), text.size()));
}

}  // namespace

Jenkins::Jenkins(net::HttpClient& client, net::Origin origin, Clock& clock, Metrics& metrics,
                 std::string_view user, const Secret& token)
    : client_(client),
      origin_(std::move(origin)),
      clock_(clock),
      metrics_(metrics),
      authorization_("Basic " + to_base64(fmt::format("{}:{}", user, token.reveal()))) {}

std::string Jenkins::path_of(std::string_view build_url) const {
    const auto url = net::parse_origin(build_url);
    if (!url || url->scheme != origin_.scheme || url->port != origin_.port ||
        !equals_ignoring_case(url->host, origin_.host) || !url->base_path.starts_with(origin_.base_path)) {
        return {};
    }
    std::string path = url->base_path.substr(origin_.base_path.size());
    return is_path_of_build(path) ? path : std::string();
}

bool Jenkins::has(std::string_view build_url) const { return !path_of(build_url).empty(); }

Task<Result<std::string>> Jenkins::get(std::string target) {
    if (clock_.now() < silent_until_) {
        co_return fail(Errc::unavailable,
                       "Jenkins did not answer a moment ago, and is left in peace for now");
    }
    net::Request request("GET", target);
    request.fields.emplace_back("Accept", "application/json");
    request.fields.emplace_back("Authorization", authorization_.reveal());
    const auto reply = co_await client_.send(std::move(request));
    const bool is_fine = reply && reply->status == 200;
    metrics_.count("hookline_forge_requests_total",
                   {{"forge", "jenkins"}, {"status", is_fine ? "ok" : (reply ? "refused" : "none")}});
    if (!reply) {
        silent_until_ = clock_.now() + pause_after_silence;
        co_return fail(Errc::unavailable,
                       fmt::format("Jenkins cannot be reached: {}", reply.error().error.detail));
    }
    const std::string detail = fmt::format("Jenkins answered {} for {}", reply->status, shorten(target, 200));
    switch (reply->status) {
        case 200:
            co_return reply->body;
        case 401:
            silent_until_ = clock_.now() + pause_after_refusal;
            co_return fail(Errc::unauthorized, detail + ": user or token is not accepted");
        case 404:
            co_return fail(Errc::not_found, detail + ": not there, not for this user, or without stages");
        default:
            co_return fail(Errc::unavailable, detail);
    }
}

Task<Result<BuildStages>> Jenkins::stages(std::string build_url) {
    const std::string build = path_of(build_url);
    if (build.empty()) {
        co_return fail(Errc::invalid_argument, "not a build of the Jenkins that is configured");
    }
    const auto body = co_await get(build + "/wfapi/describe");
    const auto run = parsed(body);
    if (!run) {
        co_return tl::unexpected(run.error());
    }
    BuildStages result;
    std::string failed;
    for (const json::value& item : list_of(*run, "stages")) {
        if (result.stages.size() == most_stages) {
            break;
        }
        event::Stage stage = stage_of(item);
        const bool is_failure = stage.conclusion == Conclusion::failure;
        // The first counts: what came after it did not run, and Jenkins calls that failed, too.
        if (result.stopped_at.empty() && (is_failure || stage.conclusion == Conclusion::cancelled)) {
            result.stopped_at = stage.name;
            failed = is_failure ? text_of(item, "id") : "";
        }
        result.stages.push_back(std::move(stage));
    }
    if (is_number(failed)) {
        co_await add_failure(build, failed, result);
    }
    co_return result;
}

Task<void> Jenkins::add_failure(std::string build, std::string node, BuildStages& stages) {
    const std::string nodes = build + "/execution/node/";
    const auto body = co_await get(nodes + node + "/wfapi/describe");
    const auto stage = parsed(body);
    if (!stage) {
        co_return;
    }
    std::string step;
    for (const json::value& item : list_of(*stage, "stageFlowNodes")) {
        const json::value* error = member(item, "error");
        if (conclusion_of(text_of(item, "status")) == Conclusion::failure && step.empty()) {
            step = text_of(item, "id");
            stages.error = error != nullptr ? text_of(*error, "message") : "";
        }
    }
    if (!is_number(step)) {
        co_return;
    }
    const auto answer = co_await get(nodes + step + "/wfapi/log");
    const auto log = parsed(answer);
    if (log) {
        stages.log = without_markup(end_of(text_of(*log, "text")));
    }
}

}  // namespace hookline::forge
