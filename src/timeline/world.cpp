#include "timeline/world.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <future>

#include "base/crypto.hpp"
#include "base/task_group.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace hookline::timeline {

namespace asio = boost::asio;

namespace {

constexpr Snowflake guild(1), dev(10), alice(7);

class OneChannel final : public commands::Surroundings {
public:
    [[nodiscard]] std::optional<commands::ChannelInfo> channel(Snowflake id) const override {
        return id == dev ? std::optional(commands::ChannelInfo{dev, guild, "dev", false, ""}) : std::nullopt;
    }
    Task<void> look_up(Snowflake) override { co_return; }
    Task<Result<void>> check_webhook(Secret) override { co_return Result<void>(); }
    [[nodiscard]] bool has_discord() const override { return true; }
    [[nodiscard]] std::string gateway_state() const override { return "connected"; }
};

/// What a person would be told of is a fault of the test.
class Complaining final : public dispatch::Watcher {
public:
    void on_held(const dispatch::DestinationInfo&, dispatch::HoldReason, const std::string& why) override {
        ADD_FAILURE() << "the channel is held: " << why;
    }
    void on_released(const dispatch::DestinationInfo&) override {}
    void on_parked(const dispatch::DestinationInfo&, const dispatch::Entry&,
                   const std::string& why) override {
        ADD_FAILURE() << "a message was given up: " << why;
    }
    void on_no_thread(const dispatch::DestinationInfo&, const dispatch::Entry&,
                      const std::string& why) override {
        ADD_FAILURE() << "there is no thread: " << why;
    }
};

commands::Caller member() {
    commands::Caller caller;
    caller.kind = commands::Caller::Kind::member;
    caller.user = alice;
    caller.guild = guild;
    caller.channel = dev;
    caller.may_manage = true;
    caller.may_manage_channel = [](Snowflake id) { return id == dev; };
    return caller;
}

discord::RestOptions rest_options() {
    discord::RestOptions options;
    options.token = Secret("canary.token");
    return options;
}

pipeline::Settings pipeline_settings() {
    pipeline::Settings settings;
    settings.public_url = "https://hooks.example.org";
    settings.everyone_can_see = [](Snowflake) { return false; };
    return settings;
}

Task<void> keep_reply(Task<commands::Reply> running, std::optional<commands::Reply>& reply) {
    auto said = co_await std::move(running);
    reply = std::move(said);
}

}  // namespace

/// Everything that ends with a process.
struct World::Service {
    explicit Service(World& world)
        : tasks(world.context_.get_executor(), world.log_),
          transport(world.discord_, world.clock_, world.random_, world.log_, world.metrics_, rest_options()),
          rest(transport),
          channel(rest, "installation"),
          dispatcher(world.context_.get_executor(), world.clock_, world.random_, world.log_, world.metrics_,
                     world.store_->outbox(), watcher,
                     {{dispatch::DestinationKind::discord_channel, &channel}}),
          pipeline(world.context_.get_executor(), *world.store_, world.clock_, world.log_, world.metrics_,
                   nullptr, pipeline_settings()),
          commands(commands::make_commands(
              commands::Parts{world.context_.get_executor(), *world.store_, world.clock_, world.random_,
                              world.log_, world.metrics_, surroundings, "https://hooks.example.org", "!hook",
                              [this](DestinationId id) { dispatcher.release(id); }})) {}

    TaskGroup tasks;
    Complaining watcher;
    OneChannel surroundings;
    discord::RestTransport transport;
    discord::Rest rest;
    discord::ChannelDestination channel;
    dispatch::Dispatcher dispatcher;
    pipeline::Pipeline pipeline;
    std::unique_ptr<commands::Commands> commands;
};

World::World(TimePoint start_at) : clock_(start_at) {
    open_store();
    idle_handlers_ = pass_writer();
    start();
}

World::~World() {
    stop();
    store_->close();
    context_.poll();
}

void World::open_store() {
    auto opened = store::open_sqlite(
        store::SqliteOptions{folder_.file("hookline.db"), *Sealer::from_key(Secret(std::string(64, 'a'))),
                             clock_, random_, log_, metrics_, context_.get_executor()});
    if (!opened) {
        throw std::runtime_error(opened.error().detail);
    }
    store_ = std::move(*opened);
}

void World::start() {
    service_ = std::make_unique<Service>(*this);
    store_->on_new_entries([this] { service_->dispatcher.wake(); });
    service_->tasks.spawn("pipeline", service_->pipeline.run());
    service_->dispatcher.start();
    settle();
}

void World::stop() {
    finish(service_->dispatcher.stop(Milliseconds(0)));
    service_->tasks.cancel();
    settle();
    finish(service_->pipeline.stop(Milliseconds(0)));
    store_->on_new_entries({});
    store_->on_new_events({});
    store_->on_new_timers({});
    service_.reset();
}

void World::restart() {
    stop();
    store_->close();
    settle();
    store_.reset();
    open_store();
    start();
}

void World::die() {
    service_->tasks.cancel();
    restart();
}

std::string World::say(const std::string& words) {
    std::optional<commands::Reply> reply;
    finish(keep_reply(service_->commands->run(words, member()), reply));
    if (!reply || reply->kind != commands::Reply::Kind::fine) {
        ADD_FAILURE() << words << "\n" << (reply ? reply->message.content : "no reply");
        return {};
    }
    return reply->message.content;
}

EventId World::deliver(std::string event_type, std::string delivery_id, std::string payload) {
    const EventId id = append(std::move(event_type), std::move(delivery_id), std::move(payload));
    settle();
    return id;
}

EventId World::append(std::string event_type, std::string delivery_id, std::string payload) {
    const auto endpoints = store_->endpoints();
    if (!endpoints || endpoints->empty()) {
        ADD_FAILURE() << "there is no hook yet";
        return {};
    }
    event::Delivery delivery;
    delivery.endpoint = endpoints->front().id;
    delivery.service = endpoints->front().service;
    delivery.event_type = std::move(event_type);
    delivery.delivery_id = std::move(delivery_id);
    delivery.payload = std::move(payload);
    delivery.received_at = clock_.now();
    std::promise<Result<store::Appended>> told;
    store_->journal().append(std::move(delivery),
                             [&told](Result<store::Appended> result) { told.set_value(std::move(result)); });
    const Result<store::Appended> appended = told.get_future().get();
    EXPECT_TRUE(appended) << appended.error().detail;
    return appended ? appended->id : EventId();
}

void World::run_until(TimePoint until) {
    settle();
    while (clock_.now() < until) {
        const SteadyPoint end = clock_.steady() + (until - clock_.now());
        clock_.advance(std::min(clock_.next_wait(), end) - clock_.steady());
        settle();
    }
}

void World::settle() {
    std::size_t ran = 0;
    do {
        context_.restart();
        context_.poll();
        ran = pass_writer();
    } while (ran > idle_handlers_);
}

/// The writer takes its jobs in their order and posts each one's end before the next begins: once a write
/// that changes nothing has come back, all that was asked before it is done, and what followed from it has
/// run.
std::size_t World::pass_writer() {
    if (!store_) {
        return 0;
    }
    bool has_passed = false;
    asio::co_spawn(context_, store_->write({}),
                   [&has_passed](std::exception_ptr, const Result<void>&) { has_passed = true; });
    context_.restart();
    std::size_t handlers = 0;
    while (!has_passed) {
        handlers += context_.run_one();
    }
    return handlers;
}

void World::finish(Task<void> task) {
    constexpr int most_steps = 10'000;
    bool is_done = false;
    asio::co_spawn(context_, std::move(task), [&is_done](std::exception_ptr error) {
        is_done = true;
        if (error) {
            std::rethrow_exception(error);
        }
    });
    settle();
    for (int i = 0; !is_done && i < most_steps; ++i) {
        clock_.advance(Milliseconds(5));
        settle();
    }
    EXPECT_TRUE(is_done) << "a task does not end";
}

}  // namespace hookline::timeline
