#include "docker/containers.hpp"

#include <charconv>

namespace hookline::docker {

namespace {

constexpr std::size_t most_known = 2000;
constexpr std::int64_t second = 1'000'000'000;
/// `docker stop` waits ten seconds before it kills; who was given longer says how it ended by its exit code.
constexpr std::int64_t kill_counts_for = 15 * second;
constexpr std::int64_t slow_stop_counts_for = 600 * second;
/// What follows a stop that soon is a restart, by `docker restart` or by hand.
constexpr std::int64_t restart_takes = 10 * second;
/// The engine waits up to a minute before it starts a container again.
constexpr std::int64_t row_goes_on_for = 300 * second;
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

}  // namespace

std::vector<std::string> Containers::running(std::size_t most) const {
    std::vector<std::string> ids;
    for (const auto& [id, known] : known_) {
        if (known.started > 0 && ids.size() < most) {
            ids.push_back(id);
        }
    }
    return ids;
}

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
    constexpr std::int64_t signal_base = 128;  // a shell's convention, which the engine keeps
    const bool says_so = exit_code == 0 || exit_code == signal_base + known.signal;
    story.is_asked_for = waited <= (says_so ? slow_stop_counts_for : kill_counts_for);
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
        forget(event.id);
        return std::nullopt;
    }
    Known& known = this->known(event.id);
    if (event.action == "start") {
        return story_of_start(known, event.nanos);
    }
    if (event.action == "die") {
        return story_of_end(known, event);
    }
    if (event.action == "kill") {
        const std::int64_t signal = std::max<std::int64_t>(number(event.attribute("signal")), 0);
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
