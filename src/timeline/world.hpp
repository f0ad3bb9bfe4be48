// The whole service between a delivery and Discord, in virtual time: real store, pipeline, dispatcher,
// Discord client and commands over a clock that only moves when nothing is left to do, and the model of
// Discord at its other end. An hour takes as long as what happens in it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "commands/commands.hpp"
#include "discord/channel_destination.hpp"
#include "dispatch/dispatcher.hpp"
#include "pipeline/pipeline.hpp"
#include "store/testing/store_fixture.hpp"
#include "testing/fake_clock.hpp"
#include "testing/fixed_random.hpp"
#include "testing/recording_log.hpp"
#include "timeline/discord_model.hpp"

namespace hookline::timeline {

class World {
public:
    /// One channel, "dev", that not everyone sees, and a member who may manage its hooks.
    explicit World(TimePoint start);
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    ~World();

    /// The member says it in the channel, without the prefix: "github on". The reply's text; a test that is
    /// refused fails.
    std::string say(const std::string& words);
    /// A delivery to the first hook's endpoint, acknowledged and worked off as far as no time must pass.
    EventId deliver(std::string event_type, std::string delivery_id, std::string payload);
    /// A delivery that is acknowledged, and nothing more happened yet.
    EventId append(std::string event_type, std::string delivery_id, std::string payload);
    /// Until nothing is left that needs no time to pass.
    void settle();
    /// Lets time pass, from one thing that is due to the next.
    void run_until(TimePoint until);
    /// Ends the service in the middle of whatever it does, as SIGTERM with no patience, and starts it again
    /// over the same database.
    void restart();
    /// Ends it before it looks at what was appended, and starts it again.
    void die();

    [[nodiscard]] TimePoint now() const { return clock_.now(); }
    [[nodiscard]] DiscordModel& discord() { return discord_; }
    [[nodiscard]] const DiscordModel& discord() const { return discord_; }
    [[nodiscard]] store::Store& store() { return *store_; }

private:
    struct Service;

    void open_store();
    void start();
    void stop();
    /// Through everything that the store's writer has to do; the number of handlers that ran meanwhile.
    std::size_t pass_writer();
    void finish(Task<void> task);

    store::TempFolder folder_;
    FakeClock clock_;
    FixedRandom random_;
    RecordingLog log_;
    NoMetrics metrics_;
    boost::asio::io_context context_;
    DiscordModel discord_{clock_};
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Service> service_;
    std::size_t idle_handlers_ = 0;  // that pass_writer() runs where there is nothing else
    int commands_said_ = 0;
};

}  // namespace hookline::timeline
