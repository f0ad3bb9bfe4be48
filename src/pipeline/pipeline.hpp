// The way from stored deliveries to stored messages: takes unprocessed events in the order of their ids,
// decides for each hook, and writes all of it as one transaction. A crash anywhere repeats nothing and loses
// nothing. It posts nothing itself: the outbox is the dispatcher's.
#pragma once

#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/signal.hpp"
#include "pipeline/enrichments.hpp"
#include "pipeline/step.hpp"
#include "pipeline/trial.hpp"
#include "store/store.hpp"

namespace hookline::pipeline {

class Pipeline {
public:
    /// Everything outlives this. `enricher` may be null. Asks to be woken by Store::on_new_events.
    Pipeline(boost::asio::any_io_executor executor, store::Store& store, Clock& clock, Log& log,
             Metrics& metrics, Enricher* enricher, Settings settings);

    /// Runs until it is cancelled.
    Task<void> run();
    /// Ends what still asks a code host; after run() has ended.
    Task<void> stop(Milliseconds patience);

private:
    Task<void> recover();
    /// Until there is something to do: an event, or a timer that is due.
    Task<void> wait();
    Task<bool> work_timers();
    Task<bool> work_answers();
    Task<bool> work();
    /// Reads hooks and rules anew where something changed; false, and a line in the log, where that fails.
    bool refresh();
    void report(const Step& step);
    Task<void> mark(const Trial trial);
    Task<void> process_batch(std::vector<store::StoredEvent> events, bool is_marked);
    Task<void> quarantine(store::StoredEvent event);
    /// Tries until it is stored: nothing may be lost or overtaken. False, and nothing is written, where a
    /// message that was to be taken over could not be changed any more.
    Task<bool> write(store::Changes changes);
    void account(const store::StoredEvent& event, const Step& step);

    store::Store& store_;
    Clock& clock_;
    Log& log_;
    Metrics& metrics_;
    Settings settings_;
    Enrichments enrichments_;
    std::optional<Snapshot> snapshot_;
    WakeSignal wake_;
    Recalls recalls_;
    std::optional<Trial> before_;
    EventId newest_left_over_;
    bool may_take_over_ = true;  // not in the batch after one that could not
};

}  // namespace hookline::pipeline
