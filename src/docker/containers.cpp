#include "docker/containers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace hookline::docker {

namespace {

constexpr std::size_t most_known = 2000;
constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t last_signal = 64;
constexpr std::int64_t signal_base = 128;  // a shell's convention, which the engine keeps
/// `docker stop` waits ten seconds before it kills; who was given longer says how it ended by its exit code.
constexpr std::int64_t kill_counts_for = 15 * second;
constexpr std::int64_t slow_stop_counts_for = 600 * second;
/// What follows a stop that soon is a restart, by `docker restart` or by hand.
constexpr std::int64_t restart_takes = 10 * second;
/// The engine waits up to a minute before it starts a container again.
constexpr std::int64_t row_goes_on_for = 300 * second;
/// Compose makes a container anew within seconds: stop, remove, start.
constexpr std::int64_t recreating_takes = 30 * second;
constexpr std::size_t most_destroyed = 200;
/// When a container says that it has started or ended, and when the engine says so, is nearly the same time.
constexpr std::int64_t same_moment = 5 * second;
/// A process may have written before the engine says that it has started.
constexpr std::int64_t start_is_told_late_by = 5 * second;

std::int64_t number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? number : -1;
}

/// A signal that asks for something else than an end: SIGHUP, SIGUSR1, SIGUSR2, SIGCONT, SIGWINCH.
bool is_harmless(std::int64_t signal) {
    constexpr std::array<std::int64_t, 5> signals{{1, 10, 12, 18, 28}};
    return std::find(signals.begin(), signals.end(), signal) != signals.end();
}

/// The place that a container of Compose has; empty: it has none.
std::string place_of(const EngineEvent& event) {
    const std::string_view project = event.attribute("com.docker.compose.project");
    const std::string_view service = event.attribute("com.docker.compose.service");
    const bool is_passing = event.attribute("com.docker.compose.oneoff") == "True";
    return project.empty() || service.empty() || is_passing
               ? std::string()
               : fmt::format("{}/{}/{}", project, service,
                             event.attribute("com.docker.compose.container-number"));
}

/// An engine that is stopped, or a machine that goes down, stops what runs and cannot say so any more.
bool ended_with_engine(const EngineEvent& event) {
    constexpr std::array<std::int64_t, 3> stops{{2, 9, 15}};  // SIGINT, SIGKILL, SIGTERM
    const std::int64_t signal = number(event.attribute("exitCode")) - signal_base;
    return event.is_found && event.attribute("oomKilled") != "true" &&
           std::find(stops.begin(), stops.end(), signal) != stops.end();
}

}  // namespace

/// The classic builder's containers have a digest for an image.
bool Containers::is_noise(const EngineEvent& event) {
    const std::string_view image = event.attribute("image");
    return (image.empty() || image.starts_with("sha256:")) &&
           event.attribute("com.docker.compose.project").empty();
}

Containers::Known& Containers::known(const std::string& id) {
    const auto found = known_.find(id);
    if (found != known_.end()) {
        ages_.splice(ages_.end(), ages_, found->second.age);
        return found->second;
    }
    if (known_.size() >= most_known) {
        forget(ages_.front());
    }
    Known& fresh = known_[id];
    fresh.age = ages_.insert(ages_.end(), id);
    return fresh;
}

void Containers::forget(const std::string& id) {
    const auto found = known_.find(id);
    if (found != known_.end()) {
        const auto age = found->second.age;
        known_.erase(found);
        ages_.erase(age);
    }
}

void Containers::note_destroyed(const EngineEvent& event) {
    const auto known = known_.find(event.id);
    std::string place = place_of(event);
    if (known == known_.end() || !known->second.was_asked_for || known->second.died == 0 || place.empty()) {
        return;
    }
    destroyed_.push_back(Destroyed{std::move(place), event.id, known->second.died, event.nanos});
    if (destroyed_.size() > most_destroyed) {
        destroyed_.pop_front();
    }
}

void Containers::add_predecessor(const EngineEvent& event, Story& story) {
    const std::string place = place_of(event);
    const auto found = std::find_if(destroyed_.rbegin(), destroyed_.rend(), [&](const Destroyed& other) {
        return other.place == place && event.nanos - other.died <= recreating_takes;
    });
    if (place.empty() || found == destroyed_.rend() || found->id == event.id) {
        return;
    }
    story.is_asked_for = true;
    story.is_recreated = true;
    story.stopped = found->died;
    story.stopped_id = found->id;
    destroyed_.erase(std::next(found).base());
}

/// What was found by comparing may be told by the engine all the same, and the other way round.
bool Containers::is_known_already(const Known& known, const EngineEvent& event) {
    const bool is_start = event.action == "start";
    const std::int64_t before = is_start ? known.started : known.started == 0 ? known.died : 0;
    return (is_start || event.action == "die") && (event.is_found || known.is_found) && before > 0 &&
           std::abs(event.nanos - before) <= same_moment;
}

Story Containers::story_of_start(Known& known, std::int64_t now) {
    Story story;
    const bool is_soon = known.died > 0 && now - known.died <= restart_takes;
    story.is_asked_for = is_soon && known.was_asked_for;
    story.is_after_crash = known.died > 0 && !known.was_asked_for && now - known.died <= row_goes_on_for;
    story.stopped = story.is_asked_for ? known.died : 0;
    story.ends = story.is_after_crash ? known.ends : 0;
    story.row_since = story.is_after_crash ? known.row_since : 0;
    known.started = now;
    known.out_of_memory = 0;
    known.killed = 0;
    known.signal = 0;
    known.health.clear();
    return story;
}

std::int64_t Containers::logs_since(const Known& known) {
    return known.started > 0 ? std::max(known.started - start_is_told_late_by, known.died) : 0;
}

Story Containers::story_of_end(Known& known, const EngineEvent& event) {
    Story story;
    const std::int64_t exit_code = number(event.attribute("exitCode"));
    const std::int64_t waited = known.killed > 0 ? event.nanos - known.killed : slow_stop_counts_for + 1;
    const bool says_so = exit_code == 0 || exit_code == signal_base + known.signal;
    story.is_asked_for =
        ended_with_engine(event) || waited <= (says_so ? slow_stop_counts_for : kill_counts_for);
    story.signal = story.is_asked_for ? known.signal : 0;
    story.is_out_of_memory = known.out_of_memory > 0 || event.attribute("oomKilled") == "true";
    story.started = known.started;
    story.logs_since = logs_since(known);
    story.stopped = event.nanos;
    if (!story.is_asked_for) {
        const bool goes_on = known.ends > 0 && event.nanos - known.died <= row_goes_on_for;
        known.ends = goes_on ? known.ends + 1 : 1;
        known.row_since = goes_on ? known.row_since : event.nanos;
        story.ends = known.ends;
        story.row_since = known.row_since;
    } else {
        known.ends = 0;
    }
    known.died = event.nanos;
    known.was_asked_for = story.is_asked_for;
    known.started = 0;
    return story;
}

std::optional<Story> Containers::on(const EngineEvent& event) {
    if (event.type == "image") {
        return Story();
    }
    if (is_noise(event)) {
        return std::nullopt;
    }
    if (event.action == "destroy") {
        note_destroyed(event);
        forget(event.id);
        return std::nullopt;
    }
    if (event.action == gone) {
        forget(event.id);
        return Story();
    }
    Known& known = this->known(event.id);
    if (is_known_already(known, event)) {
        return std::nullopt;
    }
    if (event.action == "start" || event.action == "die") {
        known.is_found = event.is_found;
    }
    if (event.action == "start") {
        Story story = story_of_start(known, event.nanos);
        add_predecessor(event, story);
        return story;
    }
    if (event.action == "die") {
        return story_of_end(known, event);
    }
    if (event.action == "kill") {
        const std::int64_t told = number(event.attribute("signal"));
        const std::int64_t signal = told > 0 && told <= last_signal ? told : 0;
        if (!is_harmless(signal)) {
            known.killed = event.nanos;
            known.signal = signal;
        }
        return std::nullopt;
    }
    if (event.action == "oom") {
        // An end says it itself, a moment later; but the container may live on without the one process.
        const bool is_first = known.out_of_memory == 0;
        known.out_of_memory = event.nanos;
        Story story;
        story.is_out_of_memory = true;
        story.started = known.started;
        story.logs_since = logs_since(known);
        return is_first ? std::optional(story) : std::nullopt;
    }
    if (event.action == "health_status") {
        Story story;
        story.health_before = known.health;
        known.health = event.detail;
        const bool is_news =
            event.detail != story.health_before && (event.detail == "healthy" || event.detail == "unhealthy");
        return is_news ? std::optional(story) : std::nullopt;
    }
    const bool is_told = event.action == "pause" || event.action == "unpause";
    return is_told ? std::optional(Story()) : std::nullopt;
}

}  // namespace hookline::docker
