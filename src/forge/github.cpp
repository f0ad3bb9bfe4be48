#include "forge/github.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>

#include "base/iso_time.hpp"
#include "base/text.hpp"

namespace hookline::forge {

namespace json = boost::json;

namespace {

constexpr std::size_t most_cached = 256;
constexpr std::size_t most_files_kept = 300;

bool is_commit_id(std::string_view text) {
    return (text.size() == 40 || text.size() == 64) &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Both come from a payload and become part of a path: nothing but what GitHub allows in names may pass.
bool is_repository(std::string_view text) {
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./";
    const auto parts = split(text, '/');
    return text.size() <= 200 && parts.size() == 2 && !parts[0].empty() && !parts[1].empty() &&
           parts[1] != "." && parts[1] != ".." && text.find_first_not_of(allowed) == std::string_view::npos;
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::int64_t count_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

Result<Comparison> parse_comparison(const std::string& body) {
    boost::system::error_code error;
    const json::value document = json::parse(body, error);
    const json::object* object = error ? nullptr : document.if_object();
    const json::value* files = object != nullptr ? object->if_contains("files") : nullptr;
    if (files == nullptr || !files->is_array()) {
        return fail(Errc::malformed, "GitHub's answer holds no list of files");
    }
    Comparison comparison;
    for (const json::value& item : files->get_array()) {
        const json::object* file = item.if_object();
        const json::value* name = file != nullptr ? file->if_contains("filename") : nullptr;
        if (name == nullptr || !name->is_string()) {
            continue;
        }
        ChangedFile changed;
        changed.name = std::string(name->get_string());
        changed.additions = count_of(*file, "additions");
        changed.deletions = count_of(*file, "deletions");
        comparison.files.push_back(std::move(changed));
    }
    comparison.is_partial = comparison.files.size() >= most_files_kept;
    return comparison;
}

std::string text_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string()
               ? std::string(value->get_string().data(), value->get_string().size())
               : std::string();
}

const json::object* object_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr ? value->if_object() : nullptr;
}

/// The objects of a list: of `document` itself, or of its member `key`.
std::vector<const json::object*> rows_of(const json::value& document, std::string_view key = {}) {
    const json::value* list = &document;
    if (!key.empty()) {
        const json::object* object = document.if_object();
        list = object != nullptr ? object->if_contains(key) : nullptr;
    }
    std::vector<const json::object*> rows;
    if (list == nullptr || !list->is_array()) {
        return rows;
    }
    for (const json::value& item : list->get_array()) {
        if (const json::object* row = item.if_object()) {
            rows.push_back(row);
        }
    }
    return rows;
}

void read_reviews(const json::value& document, PullHistory& history) {
    for (const json::object* row : rows_of(document)) {
        const json::object* user = object_of(*row, "user");
        history.reviews.push_back({count_of(*row, "id"),
                                   user != nullptr ? text_of(*user, "login") : std::string(),
                                   text_of(*row, "state"), text_of(*row, "submitted_at")});
    }
}

void read_check_runs(const json::value& document, PullHistory& history) {
    for (const json::object* row : rows_of(document, "check_runs")) {
        const std::string completed = text_of(*row, "completed_at");
        const json::object* app = object_of(*row, "app");
        history.checks.push_back({"check_run", text_of(*row, "name"), count_of(*row, "id"),
                                  text_of(*row, "conclusion"),
                                  completed.empty() ? text_of(*row, "started_at") : completed,
                                  app != nullptr && text_of(*app, "slug") == "github-actions"});
    }
}

void read_statuses(const json::value& document, PullHistory& history) {
    for (const json::object* row : rows_of(document, "statuses")) {
        const std::string state = text_of(*row, "state");
        history.checks.push_back({"status", text_of(*row, "context"), count_of(*row, "id"),
                                  state == "pending" ? std::string() : state, text_of(*row, "updated_at")});
    }
}

void read_rules(const json::value& document, PullHistory& history) {
    for (const json::object* row : rows_of(document)) {
        const json::object* parameters = object_of(*row, "parameters");
        if (text_of(*row, "type") == "pull_request" && parameters != nullptr) {
            history.required_approvals = std::max(history.required_approvals.value_or(0),
                                                  count_of(*parameters, "required_approving_review_count"));
        }
    }
}

}  // namespace

GitHub::GitHub(net::HttpClient& client, Clock& clock, Metrics& metrics, Secret token)
    : client_(client), clock_(clock), metrics_(metrics), token_(std::move(token)) {}

net::Request GitHub::request_for(const std::string& target) const {
    net::Request request("GET", target);
    request.fields.emplace_back("Accept", "application/vnd.github+json");
    request.fields.emplace_back("X-GitHub-Api-Version", "2022-11-28");
    request.fields.emplace_back("Authorization", "Bearer " + token_.reveal());
    const auto known = cache_.find(target);
    if (known != cache_.end()) {
        request.fields.emplace_back("If-None-Match", known->second.etag);
    }
    return request;
}

Task<Result<Comparison>> GitHub::compare(std::string repository, std::string before, std::string after) {
    if (!is_repository(repository) || !is_commit_id(before) || !is_commit_id(after)) {
        co_return fail(Errc::invalid_argument, "not a repository or not commit ids");
    }
    if (clock_.now() < silent_until_) {
        co_return fail(Errc::unavailable,
                       fmt::format("GitHub's rate limit is used up until {}", iso_time(silent_until_)));
    }
    const bool is_new = before.find_first_not_of('0') == std::string::npos;
    const std::string target = is_new ? fmt::format("/repos/{}/commits/{}", repository, after)
                                      : fmt::format("/repos/{}/compare/{}...{}", repository, before, after);
    net::Request request = request_for(target);
    const auto reply = co_await client_.send(std::move(request));
    if (!reply) {
        metrics_.count("hookline_forge_requests_total", {{"forge", "github"}, {"status", "none"}});
        co_return fail(Errc::unavailable,
                       fmt::format("GitHub cannot be reached: {}", reply.error().error.detail));
    }
    metrics_.count("hookline_forge_requests_total",
                   {{"forge", "github"}, {"status", reply->status < 400 ? "ok" : "refused"}});
    learn_limits(*reply);
    if (reply->status == 304) {
        const auto known = cache_.find(target);
        if (known != cache_.end()) {
            co_return known->second.comparison;
        }
    }
    if (reply->status == 200) {
        auto comparison = parse_comparison(reply->body);
        const std::string_view etag = net::field(reply->fields, "ETag");
        if (comparison && !etag.empty()) {
            remember(target, Cached{std::string(etag), *comparison});
        }
        co_return comparison;
    }
    const std::string detail = fmt::format("GitHub answered {} for {}", reply->status, repository);
    switch (reply->status) {
        case 401:
            co_return fail(Errc::unauthorized, detail + ": the token is not accepted");
        case 404:
            co_return fail(Errc::not_found, detail + ": not there, or not for this token");
        default:
            co_return fail(Errc::unavailable, detail);
    }
}

Task<Result<json::value>> GitHub::get(std::string target) {
    if (clock_.now() < silent_until_) {
        co_return fail(Errc::unavailable,
                       fmt::format("GitHub's rate limit is used up until {}", iso_time(silent_until_)));
    }
    net::Request request = request_for(target);
    const auto reply = co_await client_.send(std::move(request));
    if (!reply) {
        metrics_.count("hookline_forge_requests_total", {{"forge", "github"}, {"status", "none"}});
        co_return fail(Errc::unavailable,
                       fmt::format("GitHub cannot be reached: {}", reply.error().error.detail));
    }
    metrics_.count("hookline_forge_requests_total",
                   {{"forge", "github"}, {"status", reply->status < 400 ? "ok" : "refused"}});
    learn_limits(*reply);
    if (reply->status != 200) {
        const Errc code = reply->status == 401   ? Errc::unauthorized
                          : reply->status == 404 ? Errc::not_found
                          : reply->status == 403 ? Errc::forbidden
                                                 : Errc::unavailable;
        co_return fail(code, fmt::format("GitHub answered {}", reply->status));
    }
    boost::system::error_code error;
    json::value document = json::parse(reply->body, error);
    if (error) {
        co_return fail(Errc::malformed, "GitHub's answer is no JSON");
    }
    co_return document;
}

Task<Result<PullHistory>> GitHub::pull_history(std::string repository, std::int64_t number) {
    if (!is_repository(repository) || number <= 0) {
        co_return fail(Errc::invalid_argument, "not a repository or not a request's number");
    }
    const std::string base = fmt::format("/repos/{}", repository);
    const auto request = co_await get(fmt::format("{}/pulls/{}", base, number));
    if (!request) {
        co_return tl::unexpected(request.error());
    }
    PullHistory history;
    if (const json::object* pull = request->if_object()) {
        const json::value* mergeable = pull->if_contains("mergeable");
        const json::object* head = object_of(*pull, "head");
        const json::object* to = object_of(*pull, "base");
        history.is_mergeable = mergeable != nullptr && mergeable->is_bool()
                                   ? std::optional(mergeable->get_bool())
                                   : std::nullopt;
        history.head_sha = head != nullptr ? text_of(*head, "sha") : std::string();
        history.base = to != nullptr ? text_of(*to, "ref") : std::string();
    }
    const auto reviews = co_await get(fmt::format("{}/pulls/{}/reviews?per_page=100", base, number));
    if (!reviews) {
        co_return tl::unexpected(reviews.error());
    }
    read_reviews(*reviews, history);
    if (is_commit_id(history.head_sha)) {
        const auto runs =
            co_await get(fmt::format("{}/commits/{}/check-runs?per_page=100", base, history.head_sha));
        if (runs) {
            read_check_runs(*runs, history);
        }
        const auto statuses =
            co_await get(fmt::format("{}/commits/{}/status?per_page=100", base, history.head_sha));
        if (statuses) {
            read_statuses(*statuses, history);
        }
    }
    // The name of a branch may hold anything; what is not plain is not asked for.
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./";
    const bool is_plain = !history.base.empty() &&
                          history.base.find_first_not_of(plain) == std::string::npos &&
                          history.base.find("..") == std::string::npos;
    if (is_plain) {
        std::string branch;
        for (const char c : history.base) {
            branch += c == '/' ? std::string("%2F") : std::string(1, c);
        }
        const auto rules = co_await get(fmt::format("{}/rules/branches/{}", base, branch));
        if (rules) {
            read_rules(*rules, history);
        }
    }
    co_return history;
}

void GitHub::learn_limits(const net::Response& response) {
    // GitHub, "Best practices": with nothing remaining wait until reset; retry-after in seconds; another
    // secondary limit: a minute at least.
    const auto retry_after = number_in(net::field(response.fields, "Retry-After"));
    const auto remaining = number_in(net::field(response.fields, "X-RateLimit-Remaining"));
    const auto reset = number_in(net::field(response.fields, "X-RateLimit-Reset"));
    const bool is_refused = response.status == 403 || response.status == 429;
    const TimePoint now = clock_.now();
    constexpr std::chrono::hours longest(1);
    if (is_refused && retry_after) {
        silent_until_ = now + std::clamp<std::chrono::seconds>(std::chrono::seconds(*retry_after),
                                                               std::chrono::seconds(1), longest);
    } else if (remaining && *remaining == 0 && reset) {
        silent_until_ = std::min<TimePoint>(TimePoint(std::chrono::seconds(*reset)), now + longest);
    } else if (response.status == 429) {
        silent_until_ = now + std::chrono::minutes(1);
    }
}

void GitHub::remember(const std::string& target, Cached cached) {
    if (cache_.insert_or_assign(target, std::move(cached)).second) {
        cache_order_.push_back(target);
    }
    while (cache_order_.size() > most_cached) {
        cache_.erase(cache_order_.front());
        cache_order_.pop_front();
    }
}

}  // namespace hookline::forge
