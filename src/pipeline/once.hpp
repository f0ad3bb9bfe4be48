// One thing once for each hook: what was told is remembered as facts (services/once.hpp), and what tells none
// but those is not told again. Where the lesser of two came first, the better one takes its message over.
#pragma once

#include <optional>
#include <string>

#include "event/event.hpp"
#include "pipeline/memory.hpp"
#include "services/once.hpp"
#include "store/store.hpp"

namespace hookline::pipeline {

inline constexpr std::string_view ending_timer = "ending";  // kind of timers; what: hook and event
/// Who runs a build says that it ended seconds after the builder does.
inline constexpr std::chrono::seconds better_end_takes(30);

/// How a fact was told to a hook.
struct Told {
    EventId event;
    std::string by;        // "pr.merged"
    std::string provider;  // "pull_request"
    MessageId message;
    bool is_alone = false;  // the message tells this event only: it may be taken over
    bool has_rung = false;  // it mentioned somebody
    int rank = 1;
    TimePoint at, until;  // until when it counts
    services::Course course = {};
};

/// That `event` is what `told` told already.
[[nodiscard]] bool is_same(const services::Fact& fact, const event::Event& event, EventId id,
                           const Told& told, TimePoint now);
/// That `event` tells more than `told`, so shortly after it that both are one message.
[[nodiscard]] bool takes_over(const services::Fact& fact, const Told& told, TimePoint now);

[[nodiscard]] std::optional<Told> find_told(HookId hook, const services::Fact& fact,
                                            Memory::Repository& entities);
void note_told(HookId hook, const services::Fact& fact, const Told& told, Memory::Repository& entities);

}  // namespace hookline::pipeline
