// Asks a code host for what was missed of pull requests that alerts are about: once for each, a bounded
// number at a time, while events go on. The answers wait here until the pipeline takes them in, between its
// events.
#pragma once

#include <deque>
#include <set>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/task_group.hpp"
#include "pipeline/recaller.hpp"
#include "store/rows.hpp"

namespace hookline::pipeline {

class Recalls {
public:
    /// What was told of the request that event `id` is about.
    struct Answer {
        EventId event;
        state::Recall recall;
    };
    /// `recaller` null: nothing is ever asked. `wake`: called when an answer waits.
    Recalls(boost::asio::any_io_executor executor, Clock& clock, Log& log, Recaller* recaller,
            std::function<void()> wake);

    [[nodiscard]] bool wants(const event::Event& event) const {
        return recaller_ != nullptr && recaller_->wants(event);
    }
    /// Asks about the pull request of `event`, unless that is being asked already or too much is.
    void start(EndpointId endpoint, event::Event event);
    [[nodiscard]] std::vector<Answer> take_answers() { return std::exchange(answers_, {}); }
    [[nodiscard]] bool has_answers() const { return !answers_.empty(); }
    Task<void> stop(Milliseconds patience);

private:
    struct Key {
        EndpointId endpoint;
        std::int64_t repository = 0, number = 0;
        auto operator<=>(const Key&) const = default;
    };
    struct Ask {
        Key key;
        event::Event event;
    };
    void start_next();
    Task<void> run(Ask ask);

    Clock& clock_;
    Log& log_;
    Recaller* recaller_;
    std::function<void()> wake_;
    std::set<Key> asking_;
    std::deque<Ask> waiting_;
    std::size_t running_ = 0;
    std::vector<Answer> answers_;
    TaskGroup tasks_;
};

}  // namespace hookline::pipeline
