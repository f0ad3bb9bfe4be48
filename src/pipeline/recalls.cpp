#include "pipeline/recalls.hpp"

namespace hookline::pipeline {

namespace {

constexpr std::size_t most_running = 2;  // each asks up to five times
constexpr std::size_t most_waiting = 200;

}  // namespace

Recalls::Recalls(boost::asio::any_io_executor executor, Clock& clock, Log& log, Recaller* recaller,
                 std::function<void()> wake)
    : clock_(clock),
      log_(log),
      recaller_(recaller),
      wake_(std::move(wake)),
      tasks_(std::move(executor), log) {}

void Recalls::start(EndpointId endpoint, event::Event event) {
    const Key key{endpoint, event.repo ? event.repo->id : 0, event.pr ? event.pr->number : 0};
    if (waiting_.size() >= most_waiting || !asking_.insert(key).second) {
        return;
    }
    waiting_.push_back(Ask{key, std::move(event)});
    start_next();
}

void Recalls::start_next() {
    while (running_ < most_running && !waiting_.empty()) {
        Ask ask = std::move(waiting_.front());
        waiting_.pop_front();
        ++running_;
        tasks_.spawn("recall", run(std::move(ask)));
    }
}

Task<void> Recalls::run(Ask ask) {
    // Whatever ends this task, cancellation too, makes room for the next; what failed may be asked again.
    struct Room {
        Room(std::size_t& running_count, std::set<Key>& asked, Key which)
            : running(running_count), asking(asked), key(which) {}
        Room(const Room&) = delete;
        Room& operator=(const Room&) = delete;
        ~Room() {
            --running;
            asking.erase(key);
        }
        std::size_t& running;
        std::set<Key>& asking;
        Key key;
    };
    {
        const Room room(running_, asking_, ask.key);
        const EventId id = ask.event.id;
        event::Event event = std::move(ask.event);
        auto answer = co_await recaller_->ask(std::move(event));
        if (answer) {
            answers_.push_back(Answer{id, std::move(*answer)});
            wake_();
        } else {
            log_.info("pipeline", "the code host told nothing of a pull request",
                      {{"event", id.value}, {"why", answer.error().detail}});
        }
    }
    start_next();
}

Task<void> Recalls::stop(Milliseconds patience) {
    waiting_.clear();
    co_await tasks_.stop(clock_, patience);
}

}  // namespace hookline::pipeline
