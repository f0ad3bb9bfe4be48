#include "pipeline/pipeline.hpp"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>

#include "base/waiting.hpp"

namespace hookline::pipeline {

namespace asio = boost::asio;

namespace {

/// So many events share one transaction where they queue up; small enough that the core thread, which has
/// heartbeats to send too, is never busy with one batch for long.
constexpr std::size_t most_at_once = 64;
constexpr std::chrono::seconds longest_wait(30);

/// 1 s doubling to 30 s, for what must succeed in the end.
class Patience {
public:
    std::chrono::seconds next() {
        const std::chrono::seconds wait = wait_;
        wait_ = std::min(wait_ * 2, longest_wait);
        return wait;
    }

private:
    std::chrono::seconds wait_{1};
};

/// A setup reply that retention has swept away must not hold up the events that were to edit it.
bool drop_revisions(store::Changes& changes) {
    return std::erase_if(changes, [](const store::Change& change) {
               const auto* revision = std::get_if<store::Revise>(&change);
               return revision != nullptr && !revision->is_needed;
           }) > 0;
}

bool takes_over(const store::Changes& changes) {
    return std::any_of(changes.begin(), changes.end(), [](const store::Change& change) {
        const auto* revision = std::get_if<store::Revise>(&change);
        return revision != nullptr && revision->is_needed;
    });
}

void count_outcomes(Metrics& metrics, event::Service service, const store::Changes& changes) {
    for (const store::Change& change : changes) {
        if (const auto* put = std::get_if<store::PutOutcome>(&change)) {
            metrics.count("hookline_outcomes_total", {{"service", event::name_of(service)},
                                                      {"kind", store::name_of(put->outcome.kind)}});
        }
    }
}

}  // namespace

Pipeline::Pipeline(asio::any_io_executor executor, store::Store& store, Clock& clock, Log& log,
                   Metrics& metrics, Enricher* enricher, Settings settings)
    : store_(store),
      clock_(clock),
      log_(log),
      metrics_(metrics),
      settings_(std::move(settings)),
      enrichments_(executor, store, clock, log, enricher),
      wake_(executor),
      recalls_(executor, clock, log, settings_.recaller, [this] { wake_.wake(); }) {
    store_.on_new_events([this] { wake_.wake(); });
    store_.on_new_timers([this] { wake_.wake(); });
}

Task<void> Pipeline::run() {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await recover();
    for (;;) {
        const bool had_timers = co_await work_timers();
        const bool had_answers = co_await work_answers();
        const bool had_events = co_await work();
        if (!had_timers && !had_answers && !had_events) {
            co_await wait();
        }
    }
}

Task<void> Pipeline::wait() {
    const auto due = store_.knowledge().next_due();
    if (!due || !*due) {
        co_await wake_.wait();
        co_return;
    }
    const Milliseconds left = std::max(**due - clock_.now(), Milliseconds(0));
    co_await wait_until(clock_, wake_, clock_.steady() + left);
}

Task<bool> Pipeline::work_timers() {
    const auto due = store_.knowledge().due_timers(clock_.now(), most_at_once);
    if (!due || due->empty()) {
        co_return false;
    }
    if (!refresh()) {
        co_await clock_.sleep_for(std::chrono::seconds(1));
        co_return true;
    }
    store::Changes all;
    Memory memory(store_);
    for (const store::Timer& timer : *due) {
        Step step = process_timer(timer, *snapshot_, memory, store_, settings_, clock_.now());
        if (!memory.trouble().empty() || !step.error.empty()) {
            log_.error("pipeline", "an alert that is due could not be worked out",
                       {{"why", step.error.empty() ? memory.trouble() : step.error}});
            if (step.changes.empty() || !memory.trouble().empty()) {
                break;  // it stays due
            }
        }
        report(step);
        std::move(step.changes.begin(), step.changes.end(), std::back_inserter(all));
    }
    memory.flush(all);
    if (all.empty()) {
        co_await clock_.sleep_for(std::chrono::seconds(1));
    } else {
        co_await write(std::move(all));
    }
    co_return true;
}

Task<bool> Pipeline::work_answers() {
    if (!recalls_.has_answers() || !refresh()) {
        co_return false;
    }
    store::Changes all;
    Memory memory(store_);
    const std::vector<Recalls::Answer> answers = recalls_.take_answers();
    for (const Recalls::Answer& answer : answers) {
        Step step = process_recall(answer, *snapshot_, memory, store_, settings_, clock_.now());
        if (!memory.trouble().empty() || !step.error.empty()) {
            log_.error("pipeline", "what a code host told could not be taken in",
                       {{"why", step.error.empty() ? memory.trouble() : step.error}});
            break;  // it is asked for again with the next event of its request
        }
        report(step);
        std::move(step.changes.begin(), step.changes.end(), std::back_inserter(all));
    }
    if (!all.empty()) {
        co_await write(std::move(all));
    }
    co_return true;
}

bool Pipeline::refresh() {
    if (snapshot_ && snapshot_->version == store_.settings_version()) {
        return true;
    }
    auto snapshot = take_snapshot(store_, snapshot_ ? &*snapshot_ : nullptr);
    if (!snapshot) {
        log_.error("pipeline", "the store cannot be read", {{"why", snapshot.error().detail}});
        return false;
    }
    snapshot_ = std::move(*snapshot);
    return true;
}

void Pipeline::report(const Step& step) {
    if (!step.alerts.empty()) {
        metrics_.count("hookline_alerts_total", {}, static_cast<double>(step.alerts.size()));
    }
    for (const FormTrouble& trouble : step.form_troubles) {
        metrics_.count("hookline_template_failures_total");
        log_.warn("pipeline", "a template failed, the built-in layout is sent instead",
                  {{"hook", to_string(trouble.hook)}, {"why", trouble.why}});
        if (settings_.on_form_trouble) {
            settings_.on_form_trouble(trouble.hook, trouble.event, trouble.why);
        }
    }
}

Task<void> Pipeline::stop(Milliseconds patience) {
    co_await recalls_.stop(patience);
    co_await enrichments_.stop(patience);
}

Task<void> Pipeline::recover() {
    Patience patience;
    for (;;) {
        const auto mark = store_.meta(std::string(trial_key));
        store::EventQuery query;
        query.limit = 1;
        const auto newest = store_.events(query);
        if (mark && newest) {
            before_ = mark->has_value() ? parse_trial(**mark) : std::nullopt;
            newest_left_over_ = newest->empty() ? EventId() : newest->front().id;
            co_return;
        }
        log_.error("pipeline", "the store cannot be read",
                   {{"why", mark ? newest.error().detail : mark.error().detail}});
        co_await clock_.sleep_for(patience.next());
    }
}

Task<bool> Pipeline::work() {
    auto waiting = store_.unprocessed(most_at_once);
    if (!waiting) {
        log_.error("pipeline", "the store cannot be read", {{"why", waiting.error().detail}});
        co_await clock_.sleep_for(std::chrono::seconds(1));
        co_return true;
    }
    if (waiting->empty()) {
        co_return false;
    }
    std::vector<EventId> ids;
    for (const store::StoredEvent& event : *waiting) {
        ids.push_back(event.id);
    }
    const TrialPlan plan = plan_trial(ids, before_, newest_left_over_);
    if (plan.sets_aside) {
        co_await quarantine(std::move(waiting->front()));
        co_return true;
    }
    if (plan.mark_first) {
        co_await mark(*plan.mark_first);
    }
    waiting->erase(waiting->begin() + static_cast<std::ptrdiff_t>(plan.take), waiting->end());
    co_await process_batch(std::move(*waiting), plan.mark_first.has_value());
    co_return true;
}

Task<void> Pipeline::mark(const Trial trial) {
    store::Changes changes;
    changes.emplace_back(store::PutMeta{std::string(trial_key), to_text(trial)});
    co_await write(std::move(changes));
}

Task<void> Pipeline::process_batch(std::vector<store::StoredEvent> events, bool is_marked) {
    if (!refresh()) {
        co_await clock_.sleep_for(std::chrono::seconds(1));
        co_return;  // the events are still there
    }
    store::Changes all;
    Memory memory(store_, may_take_over_);
    std::vector<Step> to_complete;
    std::vector<MessageId> taken_over;
    std::vector<std::pair<EndpointId, event::Event>> to_recall;
    for (const store::StoredEvent& event : events) {
        const auto had = store_.outcomes(event.id);
        if (!had) {
            log_.error("pipeline", "the store cannot be read", {{"why", had.error().detail}});
            break;  // what comes before it is written, the rest is still there
        }
        Step step = process(event, *had, *snapshot_, memory, store_, settings_, enrichments_, clock_.now());
        if (!memory.trouble().empty()) {
            log_.error("pipeline", "the store cannot be read", {{"why", memory.trouble()}});
            break;  // nothing may be concluded from what could not be read
        }
        account(event, step);
        report(step);
        std::move(step.changes.begin(), step.changes.end(), std::back_inserter(all));
        step.changes.clear();
        for (const MessageId message : step.taken_over) {
            taken_over.push_back(message);
            for (Step& earlier : to_complete) {
                std::erase_if(earlier.incomplete,
                              [&](const Incomplete& of) { return of.message == message; });
            }
        }
        if (step.wants_recall && recalls_.wants(step.event)) {
            to_recall.emplace_back(event.endpoint, step.event);
        }
        if (!step.incomplete.empty()) {
            to_complete.push_back(std::move(step));
        }
    }
    if (all.empty()) {
        co_await clock_.sleep_for(std::chrono::seconds(1));
        co_return;
    }
    memory.flush(all);
    if (is_marked) {
        all.emplace_back(store::PutMeta{std::string(trial_key), std::string()});
    }
    enrichments_.forget(taken_over);  // an answer that comes from here on would undo what is written
    const bool is_written = co_await write(std::move(all));
    may_take_over_ = is_written;
    if (!is_written) {
        snapshot_.reset();  // it holds what was not written
        co_return;          // the events are still there
    }
    for (auto& [endpoint, event] : to_recall) {
        recalls_.start(endpoint, std::move(event));
    }
    for (Step& step : to_complete) {
        enrichments_.start(std::move(step.event), std::move(step.incomplete));
    }
}

Task<void> Pipeline::quarantine(store::StoredEvent event) {
    const auto had = store_.outcomes(event.id);
    if (!refresh() || !had) {
        co_await clock_.sleep_for(std::chrono::seconds(1));
        co_return;
    }
    const std::string reason = fmt::format(
        "Hookline ended {} times while it worked on this event, and does not try it any more", most_trials);
    log_.error("pipeline", "an event is set aside", {{"event", event.id.value}, {"why", reason}});
    store::Changes changes = set_aside(event, *had, *snapshot_, reason, clock_.now());
    count_outcomes(metrics_, event.service, changes);
    changes.emplace_back(store::PutMeta{std::string(trial_key), std::string()});
    co_await write(std::move(changes));
    before_.reset();
}

Task<bool> Pipeline::write(store::Changes changes) {
    Patience patience;
    for (;;) {
        store::Changes attempt = changes;
        const auto written = co_await store_.write(std::move(attempt));
        if (written) {
            co_return true;
        }
        if (written.error().code == Errc::conflict && takes_over(changes)) {
            log_.info("pipeline", "a message was sent together with others before it could be taken over",
                      {{"why", written.error().detail}});
            co_return false;
        }
        if (written.error().code == Errc::not_found && drop_revisions(changes)) {
            log_.warn("pipeline", "a setup reply is not there any more", {{"why", written.error().detail}});
            continue;
        }
        const std::chrono::seconds wait = patience.next();
        log_.error("pipeline", "could not be stored, trying again",
                   {{"why", written.error().detail}, {"wait_s", wait.count()}});
        co_await clock_.sleep_for(wait);
    }
}

void Pipeline::account(const store::StoredEvent& event, const Step& step) {
    count_outcomes(metrics_, event.service, step.changes);
    if (!step.layout_error.empty()) {
        metrics_.count("hookline_layout_failures_total");
        log_.error("pipeline", "a layout failed, a plain line is sent instead",
                   {{"event", event.id.value}, {"type", event.event_type}, {"error", step.layout_error}});
    }
    if (!step.error.empty()) {
        log_.warn("pipeline", "a payload was not understood",
                  {{"event", event.id.value}, {"type", event.event_type}, {"error", step.error}});
    }
}

}  // namespace hookline::pipeline
