#include "docker/asking.hpp"

#include "base/iso_time.hpp"
#include "docker/log_frames.hpp"

namespace hookline::docker {

namespace {

/// After a process was killed for want of memory its container ends within 35 ms, or lives on.
constexpr Milliseconds end_follows(500);
/// That an image was imported, or made of a container, is said right after it has its name.
constexpr Milliseconds origin_follows(200);

Task<Facts> facts_of_image(Engine& engine, const EngineEvent& event) {
    Facts facts;
    const bool is_gone = event.action == "delete" || event.action == "untag";
    if (!is_gone) {
        std::string id = event.id.empty() ? std::string(event.attribute("name")) : event.id;  // Podman
        facts.image = (co_await engine.image(std::move(id))).value_or(std::string());
    }
    co_return facts;
}

Task<Facts> facts_of_container(Engine& engine, Log& log, const EngineEvent& event, const Story& story) {
    Facts facts;
    std::string id = event.id;
    auto container = co_await engine.container(std::move(id));
    if (!container) {
        log.debug("docker", "a container could not be inspected", {{"why", container.error().detail}});
        co_return facts;
    }
    facts.container = std::move(*container);
    const Inspected inspected = read_container(facts.container);
    const bool has_last_words = event.action == "die" || event.action == "oom";
    if (has_last_words) {
        std::string of = event.id;
        const auto lines = co_await engine.logs(std::move(of), story.logs_since);
        if (lines) {
            facts.logs = last_lines(joined_frames(*lines, inspected.has_terminal));
        }
    }
    if (!inspected.image.empty()) {
        std::string image = inspected.image;
        facts.image = (co_await engine.image(std::move(image))).value_or(std::string());
    }
    co_return facts;
}

/// Whether the container goes on without the process that was killed.
bool lives_on(const Facts& facts, const EngineEvent& event) {
    const Inspected now = read_container(facts.container);
    const auto started = parse_time(now.started_at);
    return now.is_running && started && nanos_of(*started) < event.nanos;
}

}  // namespace

Task<std::optional<Facts>> facts_of(Engine& engine, Clock& clock, Log& log, const EngineEvent& event,
                                    const Story& story) {
    if (event.action == gone) {
        co_return Facts();
    }
    if (event.action == "tag") {
        co_await clock.sleep_for(origin_follows);
    }
    if (event.type == "image") {
        co_return co_await facts_of_image(engine, event);
    }
    if (event.action == "oom") {
        co_await clock.sleep_for(end_follows);
    }
    Facts facts = co_await facts_of_container(engine, log, event, story);
    if (event.action == "oom" && !lives_on(facts, event)) {
        co_return std::nullopt;  // its end tells it
    }
    co_return facts;
}

}  // namespace hookline::docker
