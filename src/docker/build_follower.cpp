#include "docker/build_follower.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/pauses.hpp"
#include "base/waiting.hpp"
#include "net/deadline.hpp"

namespace hookline::docker {

namespace {

constexpr Milliseconds first_pause(1'000);
constexpr Milliseconds longest_pause = std::chrono::minutes(1);
/// No build for that long is normal; see GrpcStream::next.
constexpr Milliseconds silence = std::chrono::minutes(10);
/// What an engine remembers it says as soon as it is asked.
constexpr Milliseconds stored_takes = std::chrono::seconds(10);
/// Of what ended while nobody listened; what is beyond it is told as it comes, in the engine's own order.
constexpr std::size_t most_stored = 1'000;
constexpr std::size_t most_stored_bytes = 16UL << 20U;
/// What is older is history when it is told: it is summed up.
constexpr std::chrono::minutes late_after(10);
constexpr std::size_t most_begun = 1'000;
constexpr std::size_t longest_ref = 200;  // BuildKit's have 25 characters

bool is_ref(std::string_view ref) {
    return !ref.empty() && ref.size() <= longest_ref &&
           std::all_of(ref.begin(), ref.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::string BuildFollower::place_key(const std::string& engine) {
    return fmt::format("docker.{}.builds", engine);
}

BuildFollower::BuildFollower(BuildFollowerParts parts)
    : parts_(std::move(parts)),
      engine_(parts_.client, parts_.open),
      history_(parts_.clock, parts_.history),
      deliveries_(parts_.store, parts_.clock, parts_.log, parts_.name, parts_.endpoints),
      known_(KnownBuilds::from(deliveries_.recalled(place_key(parts_.name)))),
      is_there_(parts_.executor) {}

void BuildFollower::engine_is_there() {
    ++times_there_;
    is_there_.wake();
}

Task<void> BuildFollower::run() {
    Pauses pauses(first_pause, longest_pause);
    SteadyPoint again = SteadyPoint::max();
    std::size_t seen = 0;
    for (;;) {
        while (times_there_ == seen && parts_.clock.steady() < again) {
            co_await wait_until(parts_.clock, is_there_, again);
        }
        if (times_there_ != seen) {
            seen = times_there_;
            open_door_.reset();
        }
        was_open_ = false;
        const Error why = co_await listen_once();
        if (why.code == Errc::unsupported) {
            again = SteadyPoint::max();
            parts_.log.debug("docker", "an engine has no history of builds",
                             {{"engine", parts_.name}, {"why", why.detail}});
            continue;
        }
        if (was_open_) {
            pauses.reset();
        }
        const Milliseconds pause = pauses.next(parts_.random);
        again = parts_.clock.steady() + pause;
        parts_.log.debug("docker", "an engine is asked for its builds again later",
                         {{"engine", parts_.name}, {"why", why.detail}, {"pause_ms", pause.count()}});
    }
}

Task<Error> BuildFollower::listen_once() {
    const auto version = co_await engine_.greet();
    if (!version) {
        // It may be no engine that could be followed; that is for Follower to say.
        co_return Error(Errc::unavailable, version.error().detail);
    }
    opened_at_ = version->now.value_or(parts_.clock.now());
    std::string reasons;
    for (const net::GrpcDoor door : doors_of(version->newest)) {
        if (open_door_ && *open_door_ != door) {
            continue;
        }
        const Error why = co_await listen_by(door);
        // Of one that was open it is known that it is there: it may be closing, or just opening again.
        if (open_door_ || why.code != Errc::unsupported) {
            co_return Error(why.code == Errc::unsupported ? Errc::unavailable : why.code, why.detail);
        }
        reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : ", ", net::name_of(door), why.detail);
    }
    co_return Error(Errc::unsupported, reasons);
}

Task<Error> BuildFollower::listen_by(net::GrpcDoor door) {
    history_.use(door);
    const auto caught_up = co_await catch_up();
    if (!caught_up) {
        co_return caught_up.error();
    }
    const auto stream = co_await history_.listen(false);
    if (!stream) {
        co_return stream.error();
    }
    was_open_ = true;
    open_door_ = door;
    parts_.log.info("docker", "the builds of an engine are listened to",
                    {{"engine", parts_.name}, {"by", net::name_of(door)}});
    for (;;) {
        const auto message = co_await (*stream)->next(silence);
        auto event = read(message);
        if (event) {
            co_await take(std::move(*event), false);
        } else if (!message && message.error().code != Errc::too_large) {
            co_return message.error();
        } else if (message && !*message) {
            co_return Error(Errc::unavailable, "it ended");
        }
    }
}

Task<Result<void>> BuildFollower::catch_up() {
    auto stream = co_await history_.listen(true);
    if (!stream) {
        co_return tl::unexpected(stream.error());
    }
    Stored stored;
    const auto read = co_await net::with_deadline(read_stored(**stream, stored), parts_.clock,
                                                  parts_.clock.steady() + stored_takes);
    stream->reset();
    if (read && !*read) {
        co_return *read;
    }
    if (!known_ && !read) {
        // What is not known to be old would be told as news.
        co_return fail(Errc::timeout, "what it remembers of builds does not end");
    }
    if (!known_) {
        known_ = std::move(stored.all);
        co_await keep();
    }
    std::stable_sort(stored.news.begin(), stored.news.end(),
                     [](const BuildEvent& left, const BuildEvent& right) {
                         return left.record.completed < right.record.completed;
                     });
    for (BuildEvent& event : stored.news) {
        const bool is_late = was_over_long_ago(event);
        co_await take(std::move(event), is_late);
    }
    co_return Result<void>();
}

Task<Result<void>> BuildFollower::read_stored(net::GrpcStream& stream, Stored& stored) {
    std::size_t size = 0;
    for (;;) {
        const auto message = co_await stream.next(stored_takes);
        auto event = read(message);
        if (!message && message.error().code != Errc::too_large) {
            co_return tl::unexpected(message.error());
        }
        if (message && !*message) {
            co_return Result<void>();
        }
        if (!event || event->kind != BuildEvent::Kind::completed) {
            continue;
        }
        const BuildRecord& record = event->record;
        if (!known_) {
            stored.all.add(record.ref, record.completed);
            continue;
        }
        size += (*message)->size();
        const bool has_room = stored.news.size() < most_stored && size < most_stored_bytes;
        if (has_room && !known_->is_known(record.ref, record.completed)) {
            stored.news.push_back(std::move(*event));
        }
    }
}

std::optional<BuildEvent> BuildFollower::read(const Result<std::optional<std::string>>& message) {
    if (message && !*message) {
        return std::nullopt;
    }
    auto event = message ? read_build_event(**message) : tl::unexpected(message.error());
    const bool is_one = event && is_ref(event->record.ref);
    if (is_one) {
        return std::move(*event);
    }
    const bool is_passed_over = event || message || message.error().code == Errc::too_large;
    if (is_passed_over) {
        parts_.log.warn("docker", "what an engine says of a build is passed over",
                        {{"engine", parts_.name}, {"why", event ? "it names none" : event.error().detail}});
    }
    return std::nullopt;
}

Task<void> BuildFollower::take(BuildEvent event, bool is_late) {
    const BuildRecord& record = event.record;
    const bool is_over = event.kind == BuildEvent::Kind::completed;
    const bool has_begun = event.kind == BuildEvent::Kind::started;
    const std::int64_t ended = is_over ? record.completed : std::numeric_limits<std::int64_t>::max();
    if ((!is_over && !has_begun) || known_->is_known(record.ref, ended)) {
        co_return;
    }
    if (has_begun) {
        if (begun_.size() >= most_begun) {
            begun_.clear();  // what comes again is known by its delivery's id
        }
        const bool is_news = begun_.insert(record.ref).second;
        if (is_news) {
            const BuildFacts nothing;
            co_await tell(event, nothing, is_late);
        }
        co_return;
    }
    const BuildFacts facts = co_await facts_of(event);
    co_await tell(event, facts, is_late);
    begun_.erase(record.ref);
    known_->add(record.ref, record.completed);
    co_await keep();
}

Task<BuildFacts> BuildFollower::facts_of(const BuildEvent& event) {
    BuildFacts facts;
    if (status_of(event) == "failed") {
        std::string ref = event.record.ref;
        const BuildLog log = co_await history_.log_of(std::move(ref));
        facts.failed_step = log.failed_step();
        facts.log = log.text();
    }
    if (status_of(event) == "completed") {
        std::vector<std::string> ids = images_of(event.record);
        for (std::string& id : ids) {
            auto image = co_await engine_.image(std::move(id));
            if (image) {
                facts.image = std::move(*image);
                break;
            }
        }
    }
    co_return facts;
}

Task<void> BuildFollower::tell(const BuildEvent& event, const BuildFacts& facts, bool is_late) {
    const std::string key = key_of_build(parts_.name, event.record);
    std::string id = delivery_id_from(fmt::format("{}:{}", key, status_of(event)));
    std::string payload = payload_of_build(parts_.name, event, facts, is_late);
    co_await deliveries_.deliver(std::string(build_delivery_type), std::move(id), std::move(payload));
}

bool BuildFollower::was_over_long_ago(const BuildEvent& event) const {
    constexpr std::int64_t nanos_in_a_millisecond = 1'000'000;
    const TimePoint completed(Milliseconds(event.record.completed / nanos_in_a_millisecond));
    return event.record.completed > 0 && completed < opened_at_ - late_after;
}

Task<void> BuildFollower::keep() {
    std::string key = place_key(parts_.name);
    std::string text = known_->text();
    co_await deliveries_.remember(std::move(key), std::move(text));
}

}  // namespace hookline::docker
