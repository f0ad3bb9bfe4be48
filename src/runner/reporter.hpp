// Tells of a run while it goes on: on a thread of its own, so that neither an address that does not answer
// nor an engine that is slow holds up the command. Its end waits for both, but not longer than it was told
// to.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/signal.hpp"
#include "base/task.hpp"
#include "net/http_client.hpp"
#include "runner/report.hpp"
#include "runner/target.hpp"

namespace hookline::runner {

/// The image that a build should have made, and where to ask.
struct ImageQuestion {
    net::Origin engine;
    std::string id;   // as the build printed it; empty: not known
    std::string tag;  // … then by this one, if it is not older than the run
    TimePoint not_before;
};

class Reporter {
public:
    explicit Reporter(Target target);
    Reporter(const Reporter&) = delete;
    Reporter& operator=(const Reporter&) = delete;
    ~Reporter();

    /// Once, first.
    void tell_start(boost::json::object report);
    /// Once, last: with what the engine says of the image, if there is a question.
    void tell_end(boost::json::object report, std::optional<ImageQuestion> question);
    /// Readable when all was told, or given up.
    [[nodiscard]] int is_done() const { return done_; }
    /// After is_done, once: what was not told and why, for people; empty: nothing to say.
    [[nodiscard]] std::string finish();
    /// The thread goes on by itself and is not waited for: the process is about to end.
    void abandon();

private:
    Task<void> work();
    Task<bool> send(const boost::json::object& report, int tries);
    Task<std::optional<MadeImage>> ask(ImageQuestion question);

    Target target_;
    SystemClock clock_;
    boost::asio::io_context context_;
    std::unique_ptr<net::HttpClient> client_;
    WakeSignal has_more_;
    std::optional<boost::json::object> start_, end_;  // touched on the thread alone, once it runs
    std::optional<ImageQuestion> question_;
    std::string trouble_;
    bool was_start_taken_ = false, may_try_again_ = true;
    int done_ = -1;
    std::thread thread_;
};

}  // namespace hookline::runner
