// What people ask of the pipeline: a test delivery, an event processed once more.
#pragma once

#include "base/random.hpp"
#include "base/task.hpp"
#include "services/service.hpp"
#include "store/store.hpp"

namespace hookline::pipeline {

/// The delivery of a sample event of `endpoint`'s service, marked as a test of `hook`. It is signed as the
/// service would and checked as ingest would, so that a test proves the secret too. `name`: "push",
/// "pr.merged" or the service's own name. Errors: unsupported (service), not_found (no such sample; the
/// detail names the nearest), internal (the signature does not hold).
[[nodiscard]] Result<event::Delivery> make_test_delivery(const store::Endpoint& endpoint, HookId hook,
                                                         std::string_view name, Random& random,
                                                         TimePoint now);
/// The hook that a test delivery is for; 0 where `delivery_id` is none of a test.
[[nodiscard]] HookId tested_hook(std::string_view delivery_id);

/// Stores `delivery` as ingest does; resumes on the caller's executor once it is durable.
Task<Result<store::Appended>> append(store::Journal& journal, event::Delivery delivery);

/// Puts `event` back to be processed once more for `hooks`.
Task<Result<void>> replay(store::Store& store, EventId event, std::vector<HookId> hooks);

}  // namespace hookline::pipeline
