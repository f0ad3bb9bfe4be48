// Completes messages with what the code host tells. A message waits in the outbox for at most two seconds;
// an answer that comes in time goes out with it, a later one becomes an edit. Nothing else is held up: asks
// are tasks of their own, a bounded number at once, and what is too much goes out without waiting.
#pragma once

#include <deque>
#include <map>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/task_group.hpp"
#include "pipeline/dressing.hpp"
#include "pipeline/enricher.hpp"
#include "store/store.hpp"

namespace hookline::pipeline {

struct Layout;

inline constexpr Milliseconds enrichment_patience(2000);  // docs/contract.md: files with +/-

/// A message that waits for an answer.
struct Incomplete {
    MessageId message;
    TimePoint timestamp;  // of its embed: the completed one keeps it
    Dressing dressing;    // what the hook's rules add to it
    TimePoint not_before;
    message::Style style = message::Style::normal;  // what it was made in: the completed one keeps it
};

class Enrichments {
public:
    /// `enricher` null: nothing is ever asked. All outlive this.
    Enrichments(boost::asio::any_io_executor executor, store::Store& store, Clock& clock, Log& log,
                Enricher* enricher);

    /// Whether `event`'s messages should wait for an answer.
    [[nodiscard]] bool wants(const event::Event& event) const;
    /// Asks, now or when an earlier ask has ended, and revises `messages` with the answer.
    void start(event::Event event, std::vector<Incomplete> messages);
    /// Those messages tell something else now: what was asked for them is not for them any more.
    void forget(const std::vector<MessageId>& messages);
    Task<void> stop(Milliseconds patience);

private:
    struct Ask {
        event::Event event;
        std::vector<Incomplete> messages;
        std::uint64_t number = 0;
    };
    [[nodiscard]] bool is_newest(MessageId message, std::uint64_t ask) const;
    void start_next();
    Task<void> run(Ask ask);
    Task<void> complete(Ask ask, format::Enrichment enrichment);
    [[nodiscard]] store::Revise revised(const Incomplete& message, const Layout& layout);
    Task<void> let_go(Ask ask);

    store::Store& store_;
    Clock& clock_;
    Log& log_;
    Enricher* enricher_;
    std::deque<Ask> waiting_;
    std::uint64_t asks_ = 0;                     // so far
    std::map<MessageId, std::uint64_t> newest_;  // the ask whose answer a message waits for
    std::size_t running_ = 0;
    TaskGroup tasks_;
};

}  // namespace hookline::pipeline
