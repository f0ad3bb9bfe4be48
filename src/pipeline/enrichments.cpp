#include "pipeline/enrichments.hpp"

#include "format/format.hpp"
#include "pipeline/step.hpp"

namespace hookline::pipeline {

namespace {

constexpr std::size_t most_running = 8;
constexpr std::size_t most_waiting = 64;

}  // namespace

Enrichments::Enrichments(boost::asio::any_io_executor executor, store::Store& store, Clock& clock, Log& log,
                         Enricher* enricher)
    : store_(store), clock_(clock), log_(log), enricher_(enricher), tasks_(std::move(executor), log) {}

bool Enrichments::wants(const event::Event& event) const {
    return enricher_ != nullptr && waiting_.size() < most_waiting && enricher_->wants(event);
}

void Enrichments::start(event::Event event, std::vector<Incomplete> messages) {
    ++asks_;
    for (const Incomplete& message : messages) {
        newest_[message.message] = asks_;
    }
    waiting_.push_back(Ask{std::move(event), std::move(messages), asks_});
    start_next();
}

void Enrichments::forget(const std::vector<MessageId>& messages) {
    for (const MessageId message : messages) {
        newest_.erase(message);
    }
}

bool Enrichments::is_newest(MessageId message, std::uint64_t ask) const {
    const auto newest = newest_.find(message);
    return newest != newest_.end() && newest->second == ask;
}

void Enrichments::start_next() {
    while (running_ < most_running && !waiting_.empty()) {
        Ask ask = std::move(waiting_.front());
        waiting_.pop_front();
        ++running_;
        tasks_.spawn("enrichment", run(std::move(ask)));
    }
}

Task<void> Enrichments::run(Ask ask) {
    // Whatever ends this task, cancellation too, makes room for the next.
    struct Room {
        explicit Room(std::size_t& running_count) : running(running_count) {}
        Room(const Room&) = delete;
        Room& operator=(const Room&) = delete;
        ~Room() { --running; }
        std::size_t& running;
    };
    {
        const Room room(running_);
        event::Event event = ask.event;
        const auto answer = co_await enricher_->ask(std::move(event));
        std::erase_if(ask.messages,
                      [&](const Incomplete& message) { return !is_newest(message.message, ask.number); });
        for (const Incomplete& message : ask.messages) {
            newest_.erase(message.message);
        }
        const EventId id = ask.event.id;
        if (answer && !answer->empty()) {
            format::Enrichment enrichment = *answer;
            co_await complete(std::move(ask), std::move(enrichment));
        } else {
            if (!answer) {
                log_.info("pipeline", "the code host told nothing more",
                          {{"event", id.value}, {"why", answer.error().detail}});
            }
            co_await let_go(std::move(ask));
        }
    }
    start_next();
}

Task<void> Enrichments::complete(Ask ask, format::Enrichment enrichment) {
    store::Changes changes;
    for (const Incomplete& message : ask.messages) {
        const Layout layout = lay_out(ask.event, enrichment, message.style);
        if (layout.error.empty()) {
            changes.emplace_back(revised(message, layout));
            continue;
        }
        log_.error("pipeline", "a layout failed on what the code host told",
                   {{"event", ask.event.id.value}, {"error", layout.error}});
        if (clock_.now() < message.not_before) {
            changes.emplace_back(revised(message, lay_out(ask.event, format::Enrichment(), message.style)));
        }
    }
    if (changes.empty()) {
        co_return;
    }
    const auto written = co_await store_.write(std::move(changes));
    if (!written) {
        log_.warn("pipeline", "a message stays without what the code host told",
                  {{"event", ask.event.id.value}, {"why", written.error().detail}});
    }
}

store::Revise Enrichments::revised(const Incomplete& message, const Layout& layout) {
    return {message.message, dressed(stamped(layout.message, message.timestamp), message.dressing),
            store_.next_outbox_id(), clock_.now()};
}

Task<void> Enrichments::let_go(Ask ask) {
    // Nothing to add: what still waits goes now. What has gone already is left alone.
    store::Changes changes;
    for (const Incomplete& message : ask.messages) {
        if (clock_.now() < message.not_before) {
            changes.emplace_back(revised(message, lay_out(ask.event, format::Enrichment(), message.style)));
        }
    }
    if (!changes.empty()) {
        const auto written = co_await store_.write(std::move(changes));
        if (!written) {
            log_.warn("pipeline", "a message waits its two seconds", {{"why", written.error().detail}});
        }
    }
}

Task<void> Enrichments::stop(Milliseconds patience) {
    waiting_.clear();
    co_await tasks_.stop(clock_, patience);
}

}  // namespace hookline::pipeline
