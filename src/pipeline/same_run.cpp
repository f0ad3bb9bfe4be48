#include "pipeline/same_run.hpp"

#include <algorithm>

#include "pipeline/understanding.hpp"
#include "services/service.hpp"

namespace hookline::pipeline {

namespace {

// Of the other kind of delivery. A run has hundreds of jobs at most, and several runs may go on at a time.
constexpr std::size_t most_read = 400;
constexpr std::size_t read_at_once = 20;
constexpr std::size_t most_bytes = 16U << 20U;
constexpr std::size_t most_jobs = 100;  // event::Pipeline

/// The last part of a run's page is its id, with which every delivery about it names it.
std::string_view id_of(const event::Run& run) {
    const std::string_view url = run.url;
    return url.substr(url.rfind('/') + 1);
}

bool is_same_run(const event::Event& left, const event::Event& right) {
    if (!left.pipeline || !right.pipeline) {
        return false;
    }
    const event::Run& one = left.pipeline->run;
    const event::Run& other = right.pipeline->run;
    return one.url == other.url && one.attempt == other.attempt;
}

/// The endpoint's deliveries of `event.rest_in` before `stored` that tell of the same run, newest first,
/// until `take` has what it needs.
template <class Take>
void read_back(const event::Event& event, const store::StoredEvent& stored, HookId hook, store::Store& store,
               const Take& take) {
    const std::string_view id = id_of(event.pipeline->run);
    store::EventQuery query;
    query.hook = hook;
    query.event_type = event.rest_in;
    query.before = stored.id;
    query.limit = read_at_once;
    query.with_payload = true;
    std::size_t bytes = 0;
    for (std::size_t read = 0; read < most_read && bytes < most_bytes; read += read_at_once) {
        const auto page = store.events(query);
        if (!page || page->empty()) {
            return;
        }
        for (const store::StoredEvent& earlier : *page) {
            bytes += earlier.payload.size();
            if (earlier.is_test || earlier.payload.find(id) == std::string::npos) {
                continue;
            }
            const Understanding told = understand(earlier, services::find_adapter(earlier.service));
            if (is_same_run(event, told.event) && take(told.event)) {
                return;
            }
        }
        query.before = page->back().id;
    }
}

void add_failed_jobs(event::Event& event, const store::StoredEvent& stored, HookId hook,
                     store::Store& store) {
    event::Pipeline& pipeline = *event.pipeline;
    read_back(event, stored, hook, store, [&](const event::Event& job) {
        if (job.action == "failed") {
            pipeline.jobs.insert(pipeline.jobs.begin(), job.pipeline->jobs.begin(), job.pipeline->jobs.end());
        }
        return pipeline.jobs.size() >= most_jobs;
    });
    if (!pipeline.jobs.empty()) {
        pipeline.stage = pipeline.jobs.front().stage;
    }
}

bool has_ended_before(const event::Event& event, const store::StoredEvent& stored, HookId hook,
                      store::Store& store) {
    bool has_ended = false;
    read_back(event, stored, hook, store, [&](const event::Event& run) {
        has_ended = has_ended || run.action == "failed";
        return has_ended;
    });
    return has_ended;
}

}  // namespace

void join_run(event::Event& event, const store::StoredEvent& stored, HookId hook, store::Store& store) {
    if (event.rest_in.empty() || event.action != "failed" || !event.pipeline ||
        event.pipeline->run.url.empty()) {
        return;
    }
    if (event.name == "pipeline") {
        add_failed_jobs(event, stored, hook, store);
    } else if (has_ended_before(event, stored, hook, store)) {
        event.told_by.clear();
    }
}

}  // namespace hookline::pipeline
