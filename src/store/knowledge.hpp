// What rules are made of and work on: the rules themselves, what is known of pull requests, runs and builds,
// what alerts saw last, and what is to be done later. Reads, on the core's thread; changes go through
// Store::write like all others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/rows.hpp"

namespace hookline::store {

class Knowledge {
public:
    virtual ~Knowledge() = default;
    /// Of all hooks that are not deleted, in the order in which they were given.
    [[nodiscard]] virtual Result<std::vector<Rule>> rules() = 0;
    [[nodiscard]] virtual Result<std::vector<Template>> templates() = 0;
    /// The document; nothing where nothing is known.
    [[nodiscard]] virtual Result<std::optional<std::string>> entity(const EntityKey& key) = 0;
    [[nodiscard]] virtual Result<std::optional<AlertState>> alert_state(RuleId rule,
                                                                        const std::string& entity) = 0;
    /// How many events of that name ("container.stopped", or "container" for all of them) the hook has had
    /// since then; counts to 10,000.
    [[nodiscard]] virtual Result<std::int64_t> count_events(HookId hook, const std::string& name,
                                                            TimePoint since) = 0;
    /// What is being summed up for the hook under that key; nothing where nothing is.
    [[nodiscard]] virtual Result<std::optional<Window>> window(HookId hook, const std::string& key = {}) = 0;
    /// The newest message at the destination with that card key; nothing where none was made or kept.
    [[nodiscard]] virtual Result<std::optional<StoredMessage>> card(DestinationId destination,
                                                                    const std::string& key) = 0;
    /// Those that are due, in the order of time, at most `limit`.
    [[nodiscard]] virtual Result<std::vector<Timer>> due_timers(TimePoint now, std::size_t limit) = 0;
    /// When the first of all timers is due.
    [[nodiscard]] virtual Result<std::optional<TimePoint>> next_due() = 0;
};

}  // namespace hookline::store
