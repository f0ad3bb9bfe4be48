#include "streams/streams.hpp"

#include <fmt/format.h>

#include <array>

#include "base/pauses.hpp"
#include "pipeline/requests.hpp"
#include "services/service.hpp"
#include "streams/relayed.hpp"

namespace hookline::streams {

namespace {

constexpr std::size_t most_streams = 50;
/// Relays send something every half a minute; who is silent for so long may be gone without a word.
constexpr std::chrono::minutes longest_silence(10);
constexpr Milliseconds first_pause(1'000);
constexpr Milliseconds longest_pause = std::chrono::minutes(5);
constexpr int tries_before_telling = 3;
constexpr Milliseconds stop_patience(500);

std::string last_id_key(HookId hook) { return fmt::format("stream.{}.last", hook.value); }

/// What keeps the connection alive, not news.
bool is_keep_alive(const net::ServerSentEvent& event) {
    constexpr std::array<std::string_view, 5> kinds{"ready", "ping", "heartbeat", "keepalive", "keep-alive"};
    return std::find(kinds.begin(), kinds.end(), event.type) != kinds.end();
}

/// "https://smee.io/abc?x=1" as where to connect and what to ask for.
struct Address {
    net::Origin origin;
    std::string target;
};

Result<Address> address_of(const std::string& url) {
    const std::size_t query = url.find('?');
    auto origin = net::parse_origin(url.substr(0, query));
    if (!origin) {
        return tl::unexpected(origin.error());
    }
    Address address;
    address.target = std::exchange(origin->base_path, {});
    if (address.target.empty()) {
        address.target = "/";
    }
    if (query != std::string::npos) {
        address.target += url.substr(query);
    }
    address.origin = std::move(*origin);
    return address;
}

std::optional<event::Delivery> delivery_of(const net::ServerSentEvent& event, const store::Hook& hook,
                                           TimePoint now) {
    const services::ServiceAdapter* const adapter = services::find_adapter(hook.service);
    Relayed relayed = unwrap(event.data);
    auto envelope = adapter != nullptr ? adapter->envelope(relayed.headers, relayed.payload)
                                       : fail(Errc::unsupported, "no such service");
    if (!envelope) {
        return std::nullopt;
    }
    event::Delivery delivery;
    delivery.endpoint = hook.endpoint;
    delivery.service = hook.service;
    delivery.event_type = std::move(envelope->event_type);
    delivery.delivery_id = std::move(envelope->delivery_id);
    if (delivery.delivery_id.empty() && !event.id.empty()) {
        delivery.delivery_id = "stream:" + event.id;
    }
    delivery.payload = std::move(relayed.payload);
    delivery.received_at = now;
    return delivery;
}

bool is_wanted(const store::Hook& hook) {
    return hook.is_stream && hook.is_enabled && !hook.is_paused && !hook.deleted_at;
}

}  // namespace

Streams::Streams(Parts parts) : parts_(std::move(parts)), wake_(parts_.executor) {
    parts_.store.on_changed_hooks([this] { wake_.wake(); });
}

Task<void> Streams::run() {
    for (;;) {
        const auto hooks = parts_.store.hooks();
        if (!hooks) {
            parts_.log.error("streams", "hooks could not be read", {{"error", hooks.error().detail}});
        }
        std::map<HookId, store::Hook> wanted;
        for (const store::Hook& hook : hooks.value_or(std::vector<store::Hook>())) {
            if (is_wanted(hook) && wanted.size() < most_streams) {
                wanted.emplace(hook.id, hook);
            }
        }
        if (hooks) {
            std::map<HookId, store::Hook> kept = wanted;
            co_await end_those_not_in(std::move(kept));
        }
        for (const auto& [id, hook] : wanted) {
            if (!readers_.contains(id)) {
                start(hook);
            }
        }
        co_await wake_.wait();
    }
}

Task<void> Streams::end_those_not_in(std::map<HookId, store::Hook> wanted) {
    for (auto reader = readers_.begin(); reader != readers_.end();) {
        const auto still = wanted.find(reader->first);
        if (still != wanted.end() && still->second.url == reader->second.url) {
            ++reader;
            continue;
        }
        auto task = std::move(reader->second.task);
        reader = readers_.erase(reader);
        task->cancel();
        co_await task->stop(parts_.clock, stop_patience);
    }
}

void Streams::start(const store::Hook& hook) {
    Reader& reader = readers_[hook.id];
    reader.url = hook.url;
    reader.task = std::make_unique<TaskGroup>(parts_.executor, parts_.log);
    reader.task->spawn("stream of " + to_string(hook.id), follow(hook));
}

Task<void> Streams::stop(Milliseconds patience) {
    for (auto& [id, reader] : readers_) {
        co_await reader.task->stop(parts_.clock, std::min(patience, stop_patience));
    }
    readers_.clear();
}

Task<void> Streams::follow(store::Hook hook) {
    Pauses pauses(first_pause, longest_pause);
    std::optional<Milliseconds> asked;
    const auto address = address_of(hook.url);
    if (!address) {
        co_await tell(hook.id, address.error().detail);
        co_return;
    }
    for (;;) {
        net::StreamRequest request;
        request.origin = address->origin;
        request.target = address->target;
        request.last_id = recalled(last_id_key(hook.id));
        request.user_agent = parts_.user_agent;
        auto opened = co_await parts_.open(std::move(request));
        std::string why;
        if (opened) {
            parts_.log.info("streams", "a stream is open", {{"hook", to_string(hook.id)}});
            std::string well;
            co_await tell(hook.id, std::move(well));
            pauses.reset();
            const Error ended = co_await read(**opened, hook);
            asked = (*opened)->retry();
            why = ended.detail;
        } else {
            why = opened.error().error.detail;
        }
        const Milliseconds pause = pauses.next(parts_.random, asked);
        parts_.log.info("streams", "a stream is opened again later",
                        {{"hook", to_string(hook.id)}, {"why", why}, {"pause_ms", pause.count()}});
        const bool is_over = !opened && opened.error().status == 204;  // "do not come back"
        if (is_over) {
            why = "it says that the stream is over (204)";
        }
        if (is_over || pauses.tries() >= tries_before_telling) {
            co_await tell(hook.id, std::move(why));
        }
        if (is_over) {
            co_return;
        }
        co_await parts_.clock.sleep_for(pause);
    }
}

Task<Error> Streams::read(net::EventStream& stream, const store::Hook& hook) {
    for (;;) {
        auto events = co_await stream.read(longest_silence);
        if (!events) {
            co_return events.error();
        }
        for (net::ServerSentEvent& event : *events) {
            const std::string id = event.id;
            if (!is_keep_alive(event)) {
                co_await take(std::move(event), hook);
            }
            if (!id.empty()) {
                std::string last = id;
                co_await remember(last_id_key(hook.id), std::move(last));
            }
        }
    }
}

Task<void> Streams::take(net::ServerSentEvent event, const store::Hook& hook) {
    const auto delivery = delivery_of(event, hook, parts_.clock.now());
    if (!delivery) {
        parts_.log.warn("streams", "an event of a stream holds nothing that can be read",
                        {{"hook", to_string(hook.id)}});
        co_return;
    }
    for (;;) {
        event::Delivery attempt = *delivery;
        const auto stored = co_await pipeline::append(parts_.store.journal(), std::move(attempt));
        if (stored) {
            co_return;
        }
        parts_.log.error("streams", "an event of a stream could not be stored, trying again",
                         {{"hook", to_string(hook.id)}, {"error", stored.error().detail}});
        co_await parts_.clock.sleep_for(first_pause);
    }
}

Task<void> Streams::remember(std::string key, std::string value) {
    store::Changes changes;
    changes.emplace_back(store::PutMeta{std::move(key), std::move(value)});
    const auto written = co_await parts_.store.write(std::move(changes));
    if (!written) {
        parts_.log.warn("streams", "where a stream stands could not be kept",
                        {{"error", written.error().detail}});
    }
}

Task<void> Streams::tell(HookId hook, std::string why) {
    const std::string before = recalled(store::stream_trouble_key(hook));
    if (before == why) {
        co_return;
    }
    std::string kept = why;
    co_await remember(store::stream_trouble_key(hook), std::move(kept));
    if (before.empty() || why.empty()) {  // the same trouble in other words is not told again
        parts_.trouble(hook, why);
    }
}

std::string Streams::recalled(const std::string& key) const {
    const auto value = parts_.store.meta(key);
    return value && *value ? **value : std::string();
}

}  // namespace hookline::streams
