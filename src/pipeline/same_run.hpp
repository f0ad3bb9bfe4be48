// One run of CI that its service tells in several deliveries (Event::rest_in): its jobs as they end, then its
// own end, which names none of them. What failed is told once, by the end of the run, with the jobs that were
// told before it. Services send both at nearly the same time and not always in this order: a job that comes
// after the end of its run is told by itself.
#pragma once

#include "event/event.hpp"
#include "store/store.hpp"

namespace hookline::pipeline {

/// Completes the end of a failed run by its failed jobs, or finds that a failed job is told by nothing else.
/// Reads the endpoint's latest deliveries before `stored`, a bounded number; leaves every other event as it
/// is. `hook`: any of the endpoint.
void join_run(event::Event& event, const store::StoredEvent& stored, HookId hook, store::Store& store);

}  // namespace hookline::pipeline
