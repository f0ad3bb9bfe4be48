#include "timeline/discord_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "base/iso_time.hpp"
#include "timeline/reading.hpp"

namespace hookline::timeline {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view bot_id = "42";
constexpr Milliseconds nonce_window = 60s;  // the least that Discord's "a few minutes" can mean
constexpr std::chrono::hours old_age(1);    // edits of older messages have a limit of their own

std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        if (slash != 0) {
            parts.emplace_back(path.substr(0, slash));
        }
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    }
    return parts;
}

net::Response json_answer(int status, const json::value& body) {
    net::Response response(status);
    response.body = json::serialize(body);
    return response;
}

json::object message_view(const ChannelMessage& message) {
    json::object view{{"id", to_string(message.id)},
                      {"channel_id", to_string(message.channel)},
                      {"author", {{"id", bot_id}}},
                      {"content", message.newest().content}};
    json::array& embeds = view["embeds"].emplace_array();
    for (const message::Embed& embed : message.newest().embeds) {
        embeds.push_back(embed.timestamp ? json::object{{"timestamp", iso_time(*embed.timestamp)}}
                                         : json::object());
    }
    return view;
}

/// Members and roles that the content names and the message may wake.
std::size_t pings_of(const message::Message& body) {
    const auto count = [&body](const std::vector<Snowflake>& ids, std::string_view mark) {
        return static_cast<std::size_t>(std::count_if(ids.begin(), ids.end(), [&](Snowflake id) {
            return body.content.find(fmt::format("<{}{}>", mark, id.value)) != std::string::npos;
        }));
    };
    return count(body.allowed_mentions.users, "@") + count(body.allowed_mentions.roles, "@&");
}

}  // namespace

void DiscordModel::delete_newest() {
    const auto newest = std::find_if(messages_.rbegin(), messages_.rend(),
                                     [](const ChannelMessage& message) { return !message.deleted_at; });
    if (newest != messages_.rend()) {
        newest->deleted_at = clock_.now();
        newest->was_deleted_by_hand = true;
    }
}

Task<net::Reply> DiscordModel::send(net::Request request) {
    co_await clock_.sleep_for(latency / 2);
    if (clock_.now() < down_until_) {
        co_return tl::unexpected(net::NoResponse(false, Error(Errc::unavailable, "refused")));
    }
    Call call;
    call.method = request.method;
    const std::size_t question = request.target.find('?');
    call.path = split(std::string_view(request.target).substr(0, question));
    call.query = question == std::string::npos ? "" : request.target.substr(question + 1);
    call.body = std::move(request.body);
    net::Response response = answer(call);
    co_await clock_.sleep_for(latency / 2);
    if (answers_to_lose_ > 0) {
        --answers_to_lose_;
        co_return tl::unexpected(net::NoResponse(true, Error(Errc::timeout, "the answer got lost")));
    }
    co_return response;
}

net::Response DiscordModel::answer(const Call& call) {
    constexpr Limit global{"global", 50, 1s};
    const std::string major = call.path.size() > 1 ? call.path[1] : "";
    const Limit& limit = limit_of(call);
    if (!take(global, "")) {
        return limited(call, global, "", true);
    }
    if (!take(limit, major)) {
        return limited(call, limit, major, false);
    }
    net::Response response = route(call);
    put_headers(response, limit, major);
    return response;
}

const DiscordModel::Limit& DiscordModel::limit_of(const Call& call) const {
    // limits.mjs: what communities observed, for Discord documents none.
    static constexpr Limit create{"create", 5, 5s};
    static constexpr Limit edit{"edit", 5, 5s};
    static constexpr Limit edit_old{"edit of old", 3, 6s, 30046};
    static constexpr Limit remove{"remove", 5, 1s};
    static constexpr Limit thread{"thread", 10, 10s};
    static constexpr Limit other{"other", 20, 5s};
    if (call.path.size() < 3 || call.path[0] != "channels") {
        return other;
    }
    if (call.method == "POST") {
        return call.path.back() == "threads" ? thread : create;
    }
    if (call.method == "DELETE") {
        return remove;
    }
    if (call.method != "PATCH") {
        return other;
    }
    const Snowflake id = parse_snowflake(call.path.back()).value_or(Snowflake());
    const auto found = std::find_if(messages_.begin(), messages_.end(),
                                    [id](const ChannelMessage& message) { return message.id == id; });
    return found != messages_.end() && clock_.now() - found->posted_at() > old_age ? edit_old : edit;
}

bool DiscordModel::take(const Limit& limit, const std::string& major) {
    Window& window = windows_[fmt::format("{} {}", limit.name, major)];
    if (clock_.now() >= window.ends_at) {
        window.used = 0;
        window.ends_at = clock_.now() + limit.window;
    }
    if (window.used >= limit.calls) {
        return false;
    }
    ++window.used;
    return true;
}

void DiscordModel::put_headers(net::Response& response, const Limit& limit, const std::string& major) {
    const Window& window = windows_[fmt::format("{} {}", limit.name, major)];
    const double left = std::chrono::duration<double>(window.ends_at - clock_.now()).count();
    response.fields.emplace_back("X-RateLimit-Limit", std::to_string(limit.calls));
    response.fields.emplace_back("X-RateLimit-Remaining", std::to_string(limit.calls - window.used));
    response.fields.emplace_back("X-RateLimit-Reset-After", fmt::format("{:.3f}", std::max(left, 0.0)));
    response.fields.emplace_back("X-RateLimit-Bucket", std::string(limit.name));
}

net::Response DiscordModel::limited(const Call& call, const Limit& limit, const std::string& major,
                                    bool is_global) {
    faults_.push_back(fmt::format("{} 429 for {} {}: more than {} in {} s", iso_time(clock_.now()),
                                  call.method, fmt::join(call.path, "/"), limit.calls,
                                  std::chrono::duration<double>(limit.window).count()));
    const Window& window = windows_[fmt::format("{} {}", limit.name, major)];
    const double left = std::chrono::duration<double>(window.ends_at - clock_.now()).count();
    net::Response response = json_answer(429, json::object{{"message", "You are being rate limited."},
                                                           {"retry_after", left},
                                                           {"global", is_global},
                                                           {"code", limit.code}});
    put_headers(response, limit, major);
    response.fields.emplace_back("X-RateLimit-Scope", is_global ? "global" : "user");
    return response;
}

net::Response DiscordModel::route(const Call& call) {
    const std::size_t parts = call.path.size();
    if (call.path == std::vector<std::string>{"users", "@me"}) {
        return json_answer(200, json::object{{"id", bot_id}, {"username", "Hookline"}});
    }
    last_change_ = call.method == "GET" ? last_change_ : clock_.now();
    const bool is_message = parts >= 3 && call.path[0] == "channels" && call.path[2] == "messages";
    if (is_message && parts == 3) {
        return call.method == "POST" ? create(call) : history(call);
    }
    if (is_message && parts == 4 && call.method == "PATCH") {
        return edit(call);
    }
    if (is_message && parts == 4 && call.method == "DELETE") {
        return remove(call);
    }
    if (is_message && parts == 5 && call.path[4] == "threads" && call.method == "POST") {
        return open_thread(call);
    }
    if (parts == 2 && call.path[0] == "channels" && call.method == "PATCH") {
        return change_thread(call);
    }
    return refuse(call, 404, 0, "there is no such route");
}

net::Response DiscordModel::create(const Call& call) {
    const json::object body = json::parse(call.body).as_object();
    const auto wrong = refusals(body);
    if (!wrong.empty()) {
        return refuse(call, 400, 50035, fmt::format("{}", fmt::join(wrong, "; ")));
    }
    const json::value* nonce = body.if_contains("nonce");
    const std::string key = nonce != nullptr ? std::string(nonce->as_string()) : "";
    const auto earlier = nonces_.find(key);
    if (!key.empty() && earlier != nonces_.end() && clock_.now() - earlier->second.at <= nonce_window) {
        if (earlier->second.body != call.body) {
            faults_.push_back("a nonce was used again for another message");
        }
        return json_answer(200, json::object{{"id", to_string(earlier->second.message)},
                                             {"channel_id", to_string(earlier->second.channel)}});
    }
    ChannelMessage message;
    message.id = next_id();
    message.channel = parse_snowflake(call.path[1]).value_or(Snowflake());
    message.versions.push_back({clock_.now(), read_body(body)});
    message.pings = pings_of(message.newest());
    messages_.push_back(message);
    if (ChannelThread* thread = thread_of(call)) {
        thread->turn(false, clock_.now());
    }
    nonces_[key] = Sent{message.id, message.channel, call.body, clock_.now()};
    return json_answer(200, message_view(message));
}

net::Response DiscordModel::edit(const Call& call) {
    ChannelMessage* message = find(call);
    if (message == nullptr || message->deleted_at) {
        return refuse_unknown(call, message);
    }
    const json::object body = json::parse(call.body).as_object();
    const auto wrong = refusals(body);
    if (!wrong.empty()) {
        return refuse(call, 400, 50035, fmt::format("{}", fmt::join(wrong, "; ")));
    }
    const ChannelThread* thread = thread_of(call);
    if (thread != nullptr && thread->is_closed()) {
        return json_answer(400, json::object{{"code", 50083}, {"message", "Thread is archived"}});
    }
    message->versions.push_back({clock_.now(), read_body(body, message->newest())});
    return json_answer(200, message_view(*message));
}

net::Response DiscordModel::remove(const Call& call) {
    ChannelMessage* message = find(call);
    if (message == nullptr || message->deleted_at) {
        return refuse_unknown(call, message);
    }
    message->deleted_at = clock_.now();
    return net::Response(204);
}

net::Response DiscordModel::open_thread(const Call& call) {
    const ChannelMessage* message = find(call);
    if (message == nullptr || message->deleted_at) {
        return refuse_unknown(call, message);
    }
    const bool is_there =
        std::any_of(threads_.begin(), threads_.end(),
                    [message](const ChannelThread& thread) { return thread.id == message->id; });
    if (is_there) {
        return json_answer(400, json::object{{"code", 160004}, {"message", "There is a thread already"}});
    }
    const json::object body = json::parse(call.body).as_object();
    threads_.push_back(
        {message->id, message->channel, std::string(body.at("name").as_string()), clock_.now()});
    return json_answer(201, json::object{{"id", to_string(message->id)}});
}

net::Response DiscordModel::change_thread(const Call& call) {
    ChannelThread* thread = thread_of(call);
    if (thread == nullptr) {
        return refuse(call, 404, 10003, "Unknown Channel");
    }
    const json::object body = json::parse(call.body).as_object();
    thread->turn(body.at("archived").as_bool(), clock_.now());
    return json_answer(200, json::object{{"id", call.path[1]}});
}

/// The newest first, at most 100.
net::Response DiscordModel::history(const Call& call) const {
    constexpr std::size_t page = 100;
    constexpr std::string_view before_key = "before=";
    const std::size_t at = call.query.find(before_key);
    const auto before = at == std::string::npos
                            ? std::nullopt
                            : parse_snowflake(std::string_view(call.query).substr(at + before_key.size()));
    json::array list;
    for (auto message = messages_.rbegin(); message != messages_.rend() && list.size() < page; ++message) {
        const bool is_here = to_string(message->channel) == call.path[1] && !message->deleted_at;
        if (is_here && (!before || message->id < *before)) {
            list.push_back(message_view(*message));
        }
    }
    return json_answer(200, list);
}

net::Response DiscordModel::refuse_unknown(const Call& call, const ChannelMessage* message) {
    if (message != nullptr && message->was_deleted_by_hand) {
        return json_answer(404, json::object{{"code", 10008}, {"message", "Unknown Message"}});
    }
    return refuse(call, 404, 10008, "Unknown Message");
}

net::Response DiscordModel::refuse(const Call& call, int status, int code, const std::string& why) {
    faults_.push_back(fmt::format("{} {} for {} {}: {}", iso_time(clock_.now()), status, call.method,
                                  fmt::join(call.path, "/"), why));
    return json_answer(status, json::object{{"code", code}, {"message", why}});
}

ChannelMessage* DiscordModel::find(const Call& call) {
    const auto found =
        std::find_if(messages_.begin(), messages_.end(), [&call](const ChannelMessage& message) {
            return to_string(message.id) == call.path[3] && to_string(message.channel) == call.path[1];
        });
    return found == messages_.end() ? nullptr : &*found;
}

ChannelThread* DiscordModel::thread_of(const Call& call) {
    const auto found = std::find_if(threads_.begin(), threads_.end(), [&call](const ChannelThread& thread) {
        return to_string(thread.id) == call.path[1];
    });
    return found == threads_.end() ? nullptr : &*found;
}

/// Discord, "Snowflakes": milliseconds since 2015, then a counter.
Snowflake DiscordModel::next_id() {
    constexpr std::int64_t discord_epoch = 1'420'070'400'000;
    const auto since = static_cast<std::uint64_t>(clock_.now().time_since_epoch().count() - discord_epoch);
    last_id_ = std::max(last_id_ + 1, since << 22U);
    return Snowflake(last_id_);
}

}  // namespace hookline::timeline
