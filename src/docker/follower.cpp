#include "docker/follower.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/pauses.hpp"
#include "base/text.hpp"
#include "base/waiting.hpp"
#include "docker/asking.hpp"
#include "docker/missed.hpp"
#include "net/deadline.hpp"

namespace hookline::docker {

namespace {

constexpr Milliseconds first_pause(1'000);
constexpr Milliseconds longest_pause = std::chrono::minutes(1);
/// An engine that is restarted is back before that.
constexpr int tries_before_telling = 4;
/// Silence is normal; whether the engine is still there is asked then.
constexpr Milliseconds silence = std::chrono::minutes(5);
/// More waits than an engine remembers: reading waits too.
constexpr std::size_t longest_queue = 4'096;
constexpr std::size_t largest_queue = 16UL << 20U;
constexpr std::size_t most_taken = 8'192;
/// How far back a new process reads, to know what led to what comes next: a stop takes ten seconds, a row of
/// crashes has pauses of a minute.
constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t looks_back = 120 * second;
/// Two events may come in another order than their times.
constexpr std::int64_t overlap = 2 * second;
/// What was told last may still have had something before it that was waited for.
constexpr std::int64_t told_overlap = 10 * second;
/// A container that is made starts at once, or somebody means to start it later.
constexpr Milliseconds time_to_start(2'000);
constexpr std::size_t most_created = 200;
/// What an engine remembers it says as soon as it is asked.
constexpr Milliseconds replay_takes(3'000);
/// An engine that did not answer what was missed is asked again.
constexpr Milliseconds look_again(30'000);
/// What is older is history when it is told: it is summed up.
constexpr std::int64_t late_after = 600 * second;
/// The engine is asked of so many events at once.
constexpr std::size_t most_at_once = 32;
/// Who runs is kept with the place in the stream; where many run, that often: what happens between is said
/// again after a restart.
constexpr Milliseconds roster_pause(5'000);
constexpr std::size_t small_roster = 100;

std::int64_t number(const std::string& text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string place_key(const std::string& engine) { return fmt::format("docker.{}.place", engine); }
std::string roster_key(const std::string& engine) { return fmt::format("docker.{}.running", engine); }
std::string began_key(const std::string& engine) { return fmt::format("docker.{}.began", engine); }

std::string delivery_id_of(const std::string& engine, const std::string& key) {
    return delivery_id_from(engine + "\n" + key);
}

}  // namespace

std::vector<std::string> Follower::keys(const std::string& engine) {
    return {place_key(engine), began_key(engine), roster_key(engine), Presence::key(engine)};
}

Follower::Follower(FollowerParts parts)
    : parts_(std::move(parts)),
      engine_(parts_.client, parts_.open),
      deliveries_(parts_.store, parts_.clock, parts_.log, parts_.name, {}),
      presence_(deliveries_, parts_.clock, parts_.name, parts_.is_named, parts_.endpoints),
      has_more_(parts_.executor),
      has_room_(parts_.executor) {
    place_ = number(recalled(place_key(parts_.name)));
    // What comes again is known by its delivery's id; but not what was before anybody listened.
    told_before_ = std::max(place_ - told_overlap, number(recalled(began_key(parts_.name))));
    const std::string roster = recalled(roster_key(parts_.name));
    is_roster_known_ = !roster.empty();
    roster_.read(roster);
}

Task<void> Follower::read() {
    Pauses pauses(first_pause, longest_pause);
    latest_ = place_ - looks_back + overlap;
    co_await presence_.begin();
    for (;;) {
        was_open_ = false;
        const Error why = co_await read_once();
        if (was_open_) {
            pauses.reset();
        }
        const Milliseconds pause = pauses.next(parts_.random);
        parts_.log.info("docker", "an engine is asked again later",
                        {{"engine", parts_.name}, {"why", why.detail}, {"pause_ms", pause.count()}});
        if (pauses.tries() >= tries_before_telling) {
            std::string reason = why.detail;
            co_await presence_.is_away(std::move(reason));
        }
        co_await parts_.clock.sleep_for(pause);
    }
}

Task<Error> Follower::read_once() {
    const auto version = co_await engine_.greet();
    if (!version) {
        co_return version.error();
    }
    const bool is_fresh = place_ == 0;
    co_await set_clock(*version);
    // Without `since` nothing is replayed: all that is read is news.
    const std::int64_t since = is_fresh ? 0 : latest_ - overlap;
    auto stream = co_await engine_.events(since);
    if (!stream) {
        co_return stream.error();
    }
    version_ = *version;
    was_open_ = true;
    parts_.log.info("docker", "an engine is followed",
                    {{"engine", parts_.name}, {"server", version_.server}, {"api", version_.api}});
    co_await presence_.is_there();
    replayed_until_ = parts_.clock.steady() + replay_takes;
    opened_at_ = engine_now();
    opened_from_ = place_;
    if (parts_.on_open) {
        parts_.on_open();
    }
    look_due_ = is_roster_known_ ? replayed_until_ : parts_.clock.steady();
    has_more_.wake();
    const Error ended = co_await read_stream(**stream);
    co_return ended;
}

/// All times are the engine's: its clock may be another than ours, and may have been set since.
Task<void> Follower::set_clock(const EngineVersion& version) {
    const std::int64_t ours = nanos_of(parts_.clock.now());
    const std::int64_t theirs = version.now ? nanos_of(*version.now) : ours;
    ahead_by_ = std::abs(theirs - ours) > overlap ? theirs - ours : 0;  // they tell whole seconds
    const std::int64_t now = engine_now();
    if (place_ == 0) {
        place_ = now;
        latest_ = now + overlap;
        store::Changes changes;
        changes.emplace_back(store::PutMeta{began_key(parts_.name), std::to_string(now)});
        changes.emplace_back(store::PutMeta{place_key(parts_.name), std::to_string(now)});
        co_await deliveries_.remember(std::move(changes));
    }
    place_ = std::min(place_, now + overlap);
    latest_ = std::min(latest_, now + overlap);
    told_before_ = std::min(told_before_, now);
}

std::int64_t Follower::engine_now() const { return nanos_of(parts_.clock.now()) + ahead_by_; }

Task<Error> Follower::read_stream(net::BodyStream& stream) {
    Lines lines;
    for (;;) {
        const auto bytes = co_await stream.read(silence);
        if (!bytes && bytes.error().code == Errc::timeout) {
            const auto still_there = co_await engine_.greet();
            if (!still_there) {
                co_return still_there.error();
            }
            continue;
        }
        if (!bytes) {
            co_return bytes.error();
        }
        const auto complete = lines.feed(*bytes);
        if (!complete) {
            co_return complete.error();
        }
        for (const std::string& line : *complete) {
            take(line);
        }
        while (queue_.size() > longest_queue || queued_bytes_ > largest_queue) {
            co_await has_room_.wait();
        }
    }
}

void Follower::take(const std::string& line) {
    auto event = read_event(line);
    if (!event) {
        return;
    }
    std::string key = event->key();
    if (!is_taken_.insert(key).second) {
        return;
    }
    taken_.push_back(std::move(key));
    if (taken_.size() > most_taken) {
        is_taken_.erase(taken_.front());
        taken_.pop_front();
    }
    latest_ = std::max(latest_, event->nanos);
    queued_bytes_ += event->json.size();
    fetched_.on(*event);
    queue_.push_back(std::move(*event));
    has_more_.wake();
}

Task<void> Follower::tell() {
    for (;;) {
        while (queue_.empty()) {
            co_await wait_for_more();
        }
        std::vector<Telling> batch = next_batch();
        has_room_.wake();
        co_await tell_all(std::move(batch));
    }
}

std::vector<Follower::Telling> Follower::next_batch() {
    std::vector<Telling> batch;
    while (!queue_.empty() && batch.size() < most_at_once) {
        queued_bytes_ -= queue_.front().json.size();
        auto telling = begin(std::move(queue_.front()));
        queue_.pop_front();
        if (telling) {
            batch.push_back(std::move(*telling));
        }
    }
    return batch;
}

std::optional<Follower::Telling> Follower::begin(EngineEvent event) {
    if (roster_.on(event) && !roster_due_) {
        const bool is_small = roster_.running().size() <= small_roster;
        roster_due_ = parts_.clock.steady() + (is_small ? Milliseconds(0) : roster_pause);
    }
    auto story = containers_.on(event);
    const bool may_fail_to_start =
        event.type == "container" && event.action == "create" && !Containers::is_noise(event);
    if (may_fail_to_start && event.nanos >= told_before_ && created_.size() < most_created) {
        created_.push_back(Created{parts_.clock.steady() + time_to_start, std::move(event)});
        return std::nullopt;
    }
    if (!story || event.nanos < told_before_) {
        return std::nullopt;
    }
    return Telling{std::move(event), std::move(*story), std::nullopt};
}

Task<void> Follower::ask(Telling& telling) {
    telling.facts = co_await facts_of(engine_, parts_.clock, parts_.log, telling.event, telling.story);
    if (telling.facts && telling.event.action == "tag") {
        telling.story.is_fetched = fetched_.holds(telling.event, names_of_image(telling.facts->image));
    }
}

/// Only what is told at once after the stream was opened: the engine's clock may be another than ours.
bool Follower::is_late(const EngineEvent& event) const {
    const bool is_replayed = event.is_found || parts_.clock.steady() < replayed_until_;
    // When a container went is not known: somewhen since the last event that was told.
    const std::int64_t when = event.action == gone ? opened_from_ : event.nanos;
    return is_replayed && when < opened_at_ - late_after;
}

Task<void> Follower::tell_all(std::vector<Telling> batch) {
    std::vector<Task<void>> asking;
    for (Telling& telling : batch) {
        if (!telling.facts) {
            asking.push_back(ask(telling));
        }
    }
    co_await wait_for_all(std::move(asking));
    std::vector<Task<void>> delivering;
    std::int64_t latest = place_;
    for (const Telling& telling : batch) {
        if (telling.facts) {
            delivering.push_back(deliver(our_time(telling.event.nanos),
                                         delivery_id_of(parts_.name, telling.event.key()),
                                         payload_of(parts_.name, version_, telling.event, telling.story,
                                                    *telling.facts, is_late(telling.event))));
            latest = std::max(latest, telling.event.nanos);
        }
    }
    co_await wait_for_all(std::move(delivering));
    if (latest > place_) {
        place_ = latest;
        co_await keep_place();
    }
}

/// With who runs, where that is due: after a restart one is not older than the other.
Task<void> Follower::keep_place() {
    store::Changes changes;
    changes.emplace_back(store::PutMeta{place_key(parts_.name), std::to_string(place_)});
    if (roster_due_ && *roster_due_ <= parts_.clock.steady()) {
        roster_due_.reset();
        changes.emplace_back(store::PutMeta{roster_key(parts_.name), roster_.to_text()});
    }
    co_await deliveries_.remember(std::move(changes));
}

Task<bool> Follower::more() {
    co_await has_more_.wait();
    co_return true;
}

Task<void> Follower::wait_for_more() {
    const auto due = next_due();
    if (!due) {
        co_await has_more_.wait();
        co_return;
    }
    const auto woken = co_await net::with_deadline(more(), parts_.clock, *due);
    if (woken) {
        co_return;
    }
    // Meanwhile the stream may have been opened again: what is due now is asked anew.
    const SteadyPoint now = parts_.clock.steady();
    if (look_due_ && *look_due_ <= now) {
        look_due_.reset();
        co_await look_for_missed();
    } else if (roster_due_ && *roster_due_ <= now) {
        co_await keep_place();
    } else if (!created_.empty() && created_.front().due <= now) {
        co_await look_at_created();
    }
}

std::optional<SteadyPoint> Follower::next_due() const {
    std::optional<SteadyPoint> due = look_due_;
    for (const auto& other :
         {roster_due_, created_.empty() ? std::nullopt : std::optional(created_.front().due)}) {
        if (other && (!due || *other < *due)) {
            due = other;
        }
    }
    return due;
}

Task<void> Follower::look_for_missed() {
    if (!is_roster_known_) {
        const auto list = co_await engine_.containers();
        if (list) {
            roster_.begin_with(read_list(*list));
        } else if (list.error().code != Errc::forbidden && list.error().code != Errc::not_found) {
            look_due_ = parts_.clock.steady() + look_again;
            co_return;
        }
        is_roster_known_ = true;
        roster_due_ = parts_.clock.steady();
        co_await keep_place();
        co_return;
    }
    const auto lines = co_await find_missed(engine_, roster_, engine_now());
    if (!lines) {
        look_due_ = parts_.clock.steady() + look_again;
        co_return;
    }
    for (const std::string& line : *lines) {
        const auto event = read_event(line);
        const bool was_told = event && event->action != gone && event->nanos <= opened_from_;
        if (!was_told) {
            take(line);
        }
    }
}

Task<void> Follower::look_at_created() {
    EngineEvent event = std::move(created_.front().event);
    created_.pop_front();
    std::string id = event.id;
    auto container = co_await engine_.container(std::move(id));
    if (container && read_container(*container).has_failed_to_start) {
        Facts facts;
        facts.container = std::move(*container);
        std::vector<Telling> alone;
        const Story nothing_before;
        alone.push_back(Telling{std::move(event), nothing_before, std::move(facts)});
        co_await tell_all(std::move(alone));
    }
}

TimePoint Follower::our_time(std::int64_t nanos) const {
    return TimePoint(Milliseconds((nanos - ahead_by_) / 1'000'000));
}

Task<void> Follower::deliver(TimePoint happened, std::string delivery_id, std::string payload) {
    return deliveries_.deliver(parts_.endpoints(happened), std::string(delivery_type), std::move(delivery_id),
                               std::move(payload));
}

std::string Follower::recalled(const std::string& key) const { return deliveries_.recalled(key); }

}  // namespace hookline::docker
