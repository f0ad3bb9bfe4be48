#include "app/serve.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <thread>

#include "api/api.hpp"
#include "api/prometheus_metrics.hpp"
#include "app/data_folder.hpp"
#include "app/discord_side.hpp"
#include "app/enrichers.hpp"
#include "app/github_enricher.hpp"
#include "app/github_recaller.hpp"
#include "app/jenkins_enricher.hpp"
#include "docker/monitor.hpp"
#include "ingest/delivery_door.hpp"
#include "net/body_stream.hpp"
#include "net/event_stream.hpp"
#include "net/http_server.hpp"
#include "pipeline/pipeline.hpp"
#include "pipeline/problems.hpp"
#include "services/service.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "streams/streams.hpp"
#include "terminal/descriptor_sink.hpp"

namespace hookline::app {

namespace asio = boost::asio;

namespace {

// Shares of the ten seconds in which a stop must end.
constexpr Milliseconds chat_patience(1'000);
constexpr Milliseconds server_patience(2'500);
constexpr Milliseconds pipeline_patience(500);
constexpr Milliseconds dispatch_patience(3'000);

constexpr std::string_view user_agent = "hookline/" HOOKLINE_VERSION;

constexpr std::chrono::minutes sweep_interval(10);
constexpr std::size_t sweep_batch = 500;

Result<Secret> secret_or_kept(const Secret& given, const std::string& path, const Secret& fresh) {
    return given.empty() ? kept_secret(path, fresh) : Result<Secret>(given);
}

std::string authority(const std::string& host, unsigned port) {
    return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                               : fmt::format("[{}]:{}", host, port);
}

/// Where this process reaches its own server.
std::string own_host(const std::string& listen_host) {
    if (listen_host == "0.0.0.0" || listen_host.empty()) {
        return "127.0.0.1";
    }
    return listen_host == "::" ? "::1" : listen_host;
}

std::size_t ingest_threads() {
    constexpr unsigned most = 4;  // more accept faster than one writer can store
    const unsigned cores = std::thread::hardware_concurrency();
    return std::clamp(cores > 1 ? cores - 1 : 1, 1U, most);
}

/// Whoever delivers waits for his answer; what becomes of the delivery can wait a little. So under load the
/// threads that receive and store go before the one that announces. Where the system refuses, all are equal.
void yield_to_ingest() {
    constexpr int step_back = 10;
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), step_back);
}

/// glibc gives freed memory back at once and takes it again page by page: with payloads that come and go, a
/// third of the CPU went into that.
void keep_freed_memory() {
    constexpr int kept = 16 << 20;
    constexpr int taken_at_once = 1 << 20;
    ::mallopt(M_TRIM_THRESHOLD, kept);
    ::mallopt(M_TOP_PAD, taken_at_once);
    ::mallopt(M_MMAP_THRESHOLD, taken_at_once);
}

/// A connection is a descriptor: as many as the system allows this process.
void allow_connections() {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
}

/// All the parts, in the order in which they need each other.
class Daemon {
public:
    Daemon(const cli::Process& process, const Settings& settings)
        : process_(process), settings_(settings), log_(make_log(settings.log, settings.log_json)) {}

    /// Makes and joins everything, up to the server that listens.
    Result<void> start();
    /// Until a signal, or until a main task failed. Returns the exit code.
    int run();

private:
    Result<void> open_store();
    Result<void> start_server();
    Result<std::unique_ptr<net::HttpServer>> listen(const std::string& host, std::uint16_t port,
                                                    bool with_tls);
    void ask_github();
    void ask_jenkins();
    void make_pipeline();
    void make_dispatcher();
    void make_commands();
    Task<std::string> source_of(event::Service service);
    void make_streams();
    void make_monitor();
    void refresh_endpoints();
    void spawn(std::string name, Task<void> task);
    void has_crashed();

    Task<Result<net::Response>> deliver(net::Request request);
    Task<void> sweep_forever();
    Task<void> wait_for_signal();
    Task<void> stop();

    const cli::Process& process_;
    const Settings& settings_;
    std::unique_ptr<Log> log_;
    asio::io_context context_;
    asio::signal_set signals_{context_, SIGTERM, SIGINT};
    SystemClock clock_;
    SystemRandom random_;
    api::PrometheusMetrics metrics_;
    Secret admin_token_;
    std::string public_url_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<DiscordSide> discord_;
    std::unique_ptr<terminal::TerminalDestination> terminal_;
    std::unique_ptr<net::HttpClient> github_client_;
    std::unique_ptr<forge::GitHub> github_;
    std::unique_ptr<net::HttpClient> jenkins_client_;
    std::unique_ptr<forge::Jenkins> jenkins_;
    Enrichers enrichers_;
    std::unique_ptr<GitHubRecaller> recaller_;
    std::unique_ptr<pipeline::Problems> problems_;
    std::unique_ptr<pipeline::Watchdog> watchdog_;
    std::unique_ptr<dispatch::Dispatcher> dispatcher_;
    std::unique_ptr<pipeline::Pipeline> pipeline_;
    net::Reach reach_{settings_.allow_private};
    std::unique_ptr<streams::Streams> streams_;
    std::unique_ptr<docker::Monitor> monitor_;
    std::unique_ptr<commands::Commands> commands_;
    std::unique_ptr<api::Parts> api_;
    std::unique_ptr<net::BodyBudget> budget_;
    std::unique_ptr<ingest::DeliveryDoor> door_;
    std::unique_ptr<net::HttpServer> server_;
    std::unique_ptr<net::HttpServer> own_server_;  // plain, for ourselves, where server_ speaks TLS
    std::unique_ptr<net::HttpClient> own_client_;
    std::unique_ptr<TaskGroup> tasks_;
    bool has_failed_ = false;
};

Result<void> Daemon::open_store() {
    if (auto prepared = prepare_folder(settings_.data_dir); !prepared) {
        return prepared;
    }
    auto key =
        secret_or_kept(settings_.secret_key, settings_.data_dir + "/secret.key", Sealer::new_key(random_));
    auto token =
        secret_or_kept(settings_.admin_token, settings_.data_dir + "/admin.token", Secret(random_.token(40)));
    if (!key || !token) {
        return tl::unexpected(key ? token.error() : key.error());
    }
    admin_token_ = std::move(*token);
    auto sealer = Sealer::from_key(*key);
    if (!sealer) {
        return fail(sealer.error().code, fmt::format("HOOKLINE_SECRET_KEY: {}", sealer.error().detail));
    }
    auto opened = store::open_sqlite(store::SqliteOptions{settings_.database, std::move(*sealer), clock_,
                                                          random_, *log_, metrics_, context_.get_executor()});
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    store_ = std::move(*opened);
    return {};
}

void Daemon::make_dispatcher() {
    terminal::DrawOptions draw;
    draw.colour = process_.out_is_terminal;
    draw.width = process_.width;
    terminal_ = std::make_unique<terminal::TerminalDestination>(terminal::descriptor_sink(STDOUT_FILENO),
                                                                draw, clock_);
    dispatch::Dispatcher::Destinations destinations{{dispatch::DestinationKind::terminal, terminal_.get()}};
    discord_->add_destinations(destinations);
    pipeline::Problems::Settings settings;
    settings.prefix = settings_.prefix;
    settings.operator_channel = settings_.operator_channel;
    problems_ =
        std::make_unique<pipeline::Problems>(context_.get_executor(), *store_, clock_, *log_, settings);
    pipeline::WatchdogListener listener;
    listener.on_silence = [this](HookId hook, const pipeline::Overdue& silence) {
        problems_->on_silence(hook, silence);
    };
    listener.on_refusals = [this](HookId hook) { problems_->on_refusals(hook); };
    watchdog_ = std::make_unique<pipeline::Watchdog>(context_.get_executor(), *store_, clock_, *log_,
                                                     std::move(listener));
    dispatcher_ =
        std::make_unique<dispatch::Dispatcher>(context_.get_executor(), clock_, random_, *log_, metrics_,
                                               store_->outbox(), *problems_, std::move(destinations));
    store_->on_new_entries([this] { dispatcher_->wake(); });
}

void Daemon::ask_github() {
    if (settings_.github_token.empty()) {
        return;
    }
    net::ClientOptions options;
    options.user_agent = user_agent;
    github_client_ = net::make_http_client(context_.get_executor(), clock_,
                                           net::parse_origin(settings_.github_api).value(), options);
    github_ = std::make_unique<forge::GitHub>(*github_client_, clock_, metrics_, settings_.github_token);
    enrichers_.add(std::make_unique<GitHubEnricher>(*github_));
    recaller_ = std::make_unique<GitHubRecaller>(*github_);
}

void Daemon::ask_jenkins() {
    if (settings_.jenkins_url.empty()) {
        return;
    }
    net::ClientOptions options;
    options.user_agent = user_agent;
    options.connect_timeout = std::chrono::seconds(5);  // it stands near, and a build asks up to three times
    options.request_timeout = std::chrono::seconds(10);
    options.connections = 4;
    const net::Origin origin = net::parse_origin(settings_.jenkins_url).value();
    jenkins_client_ = net::make_http_client(context_.get_executor(), clock_, origin, options);
    jenkins_ = std::make_unique<forge::Jenkins>(*jenkins_client_, origin, clock_, metrics_,
                                                settings_.jenkins_user, settings_.jenkins_token);
    enrichers_.add(std::make_unique<JenkinsEnricher>(*jenkins_));
}

void Daemon::make_pipeline() {
    ask_github();
    ask_jenkins();
    pipeline::Settings settings;
    settings.public_url = public_url_;
    settings.prefix = settings_.prefix;
    settings.everyone_can_see = [this](Snowflake channel) {
        const auto info = discord_->surroundings().channel(channel);
        return !info || info->everyone_can_see;
    };
    settings.is_forum = [this](Snowflake channel) {
        const auto info = discord_->surroundings().channel(channel);
        return info ? std::optional(info->is_forum) : std::nullopt;
    };
    settings.recaller = recaller_.get();
    settings.on_form_trouble = [this](HookId hook, const std::string& event, const std::string& why) {
        problems_->on_form(hook, event, why);
    };
    pipeline_ = std::make_unique<pipeline::Pipeline>(context_.get_executor(), *store_, clock_, *log_,
                                                     metrics_, &enrichers_, std::move(settings));
}

void Daemon::make_commands() {
    commands_ = commands::make_commands(commands::Parts{
        context_.get_executor(), *store_, clock_, random_, *log_, metrics_, discord_->surroundings(),
        public_url_, settings_.prefix, [this](DestinationId id) { dispatcher_->release(id); },
        [this](event::Service service) { return source_of(service); }});
    api_ = std::make_unique<api::Parts>(
        api::Parts{*store_, *commands_, discord_->surroundings(), metrics_, clock_, random_, *log_,
                   admin_token_, HOOKLINE_VERSION,
                   [this](net::Request request) { return deliver(std::move(request)); }, clock_.now()});
}

Task<std::string> Daemon::source_of(event::Service service) {
    std::string text;
    if (service == event::Service::docker) {
        text = co_await monitor_->look();
    }
    co_return text;
}

void Daemon::make_streams() {
    streams::Parts parts{context_.get_executor(), *store_, clock_, random_, *log_, {}, {},
                         std::string(user_agent)};
    parts.open = [this](net::StreamRequest request) {
        return net::open_event_stream(clock_, std::move(request), reach_);
    };
    parts.trouble = [this](HookId hook, const std::string& why) { problems_->on_stream(hook, why); };
    streams_ = std::make_unique<streams::Streams>(std::move(parts));
}

void Daemon::make_monitor() {
    if (!settings_.docker_trouble.empty()) {
        log_->warn("docker", "an engine is not followed", {{"why", settings_.docker_trouble}});
    }
    docker::MonitorParts parts{context_.get_executor(), *store_, clock_, random_, *log_, {}, {}};
    parts.client = [this](const net::Origin& origin) {
        net::ClientOptions options;
        options.user_agent = user_agent;
        options.connect_timeout = std::chrono::seconds(5);  // it stands near
        options.request_timeout = std::chrono::seconds(10);
        options.connections = 2;
        return net::make_http_client(context_.get_executor(), clock_, origin, options);
    };
    parts.open = [this](const net::Origin& origin) -> docker::Engine::Open {
        return [this, origin](net::Request request) {
            return net::open_body_stream(clock_, origin, std::move(request), std::string(user_agent));
        };
    };
    parts.builds = [this](const net::Origin& origin) -> docker::BuildHistory::Open {
        return [this, origin](net::GrpcRequest request) {
            request.user_agent = user_agent;
            return net::open_grpc(clock_, origin, std::move(request));
        };
    };
    parts.on_crash = [this] { has_crashed(); };
    monitor_ = std::make_unique<docker::Monitor>(std::move(parts), settings_.docker_engines);
}

void Daemon::refresh_endpoints() {
    const auto endpoints = store_->endpoints();
    if (!endpoints) {
        log_->error("app", "endpoints could not be read", {{"error", endpoints.error().detail}});
        return;
    }
    door_->refresh(*endpoints);
}

Result<std::unique_ptr<net::HttpServer>> Daemon::listen(const std::string& host, std::uint16_t port,
                                                        bool with_tls) {
    net::ServerOptions options;
    options.address = host;
    options.port = port;
    options.threads = ingest_threads();
    options.tls_certificate = with_tls ? settings_.tls_cert : "";
    options.tls_key = with_tls ? settings_.tls_key : "";
    options.trusted_proxies = settings_.trusted_proxies;
    // The handler must know the public URL, which must know the port: it is joined when it is first called.
    net::Handler handler = [this](net::Request request, std::string client) {
        return api::make_handler(*api_)(std::move(request), std::move(client));
    };
    return net::start_http_server(std::move(options), net::ServerParts{clock_, *log_, context_.get_executor(),
                                                                       std::move(handler), *door_, *budget_});
}

Result<void> Daemon::start_server() {
    budget_ = std::make_unique<net::BodyBudget>(settings_.body_budget);
    ingest::DoorParts parts{clock_, *log_, metrics_, store_->journal(), *budget_, services::find_adapter};
    parts.deliveries_per_second = static_cast<std::int64_t>(settings_.ingest_limit.value_or(0));
    parts.on_refused = [this](EndpointId endpoint) {
        asio::post(context_, [this, endpoint] { watchdog_->on_refused(endpoint); });
    };
    door_ = std::make_unique<ingest::DeliveryDoor>(std::move(parts), random_);
    store_->on_new_endpoints([this] { refresh_endpoints(); });
    refresh_endpoints();

    const bool has_tls = !settings_.tls_cert.empty();
    auto server = listen(settings_.listen_host, settings_.listen_port, has_tls);
    if (!server) {
        return tl::unexpected(server.error());
    }
    server_ = std::move(*server);
    std::string own = authority(own_host(settings_.listen_host), server_->port());
    if (has_tls) {
        auto plain = listen("127.0.0.1", 0, false);
        if (!plain) {
            return tl::unexpected(plain.error());
        }
        own_server_ = std::move(*plain);
        own = authority("127.0.0.1", own_server_->port());
    }
    own_client_ = net::make_http_client(context_.get_executor(), clock_,
                                        net::parse_origin("http://" + own).value(), net::ClientOptions());
    const std::string scheme = has_tls ? "https://" : "http://";
    const std::string url = scheme + authority(settings_.listen_host, server_->port());
    public_url_ = settings_.public_url.empty() ? url : settings_.public_url;
    log_->info("app", "listening", {{"url", url}, {"public_url", public_url_}});
    return {};
}

Result<void> Daemon::start() {
    allow_connections();
    keep_freed_memory();
    if (auto opened = open_store(); !opened) {
        return opened;
    }
    auto installation = store_->meta("installation");
    if (!installation) {
        return tl::unexpected(installation.error());
    }
    const bool is_new = !*installation;
    const std::string id = is_new ? random_.token(20) : **installation;
    tasks_ = std::make_unique<TaskGroup>(context_.get_executor(), *log_);
    discord_ = std::make_unique<DiscordSide>(
        DiscordSide::Parts{context_.get_executor(), *store_, clock_, random_, *log_, metrics_}, settings_,
        id);
    make_dispatcher();
    if (auto started = start_server(); !started) {
        return started;
    }
    make_pipeline();
    make_streams();
    make_monitor();
    make_commands();
    if (is_new) {
        store::Changes changes;
        changes.push_back(store::PutMeta{"installation", id});
        asio::co_spawn(context_, store_->write(std::move(changes)),
                       [this](std::exception_ptr, Result<void> written) {
                           if (!written) {
                               log_->error("app", "the installation's id was not kept",
                                           {{"error", written.error().detail}});
                           }
                       });
    }
    return {};
}

void Daemon::spawn(std::string name, Task<void> task) {
    tasks_->spawn(std::move(name), std::move(task), [this] { has_crashed(); });
}

/// A main task that ends by a bug: what waits is stored, a restart goes on with it.
void Daemon::has_crashed() {
    has_failed_ = true;
    signals_.cancel();
}

int Daemon::run() {
    std::signal(SIGPIPE, SIG_IGN);
    yield_to_ingest();
    asio::co_spawn(context_, wait_for_signal(), [this](std::exception_ptr error) {
        has_failed_ = has_failed_ || error;
        context_.stop();
    });
    spawn("pipeline", pipeline_->run());
    spawn("problems", problems_->run());
    spawn("watchdog", watchdog_->run());
    spawn("sweep", sweep_forever());
    spawn("streams", streams_->run());
    spawn("docker", monitor_->run());
    dispatcher_->start();
    chat::DestinationPorts ports;
    ports.release = [this](DestinationId id) { dispatcher_->release(id); };
    ports.hold = [this](DestinationId id, dispatch::HoldReason reason, std::string why) {
        dispatcher_->hold(id, reason, std::move(why));
    };
    discord_->start(*commands_, std::move(ports), *tasks_, [this] {
        has_failed_ = true;
        signals_.cancel();
    });
    if (settings_.discord_token.empty()) {
        log_->info("app", "no Discord token is set: messages show in this terminal");
    }
    context_.run();
    return has_failed_ ? cli::did_not_hold : cli::fine;
}

Task<Result<net::Response>> Daemon::deliver(net::Request request) {
    auto reply = co_await own_client_->send(std::move(request));
    if (!reply) {
        co_return tl::unexpected(reply.error().error);
    }
    co_return std::move(*reply);
}

Task<void> Daemon::sweep_forever() {
    for (;;) {
        std::size_t swept = 1;
        std::size_t rows = 0;
        while (swept > 0) {
            const auto went = co_await store_->sweep(clock_.now() - settings_.retention, sweep_batch);
            if (!went) {
                log_->warn("app", "old rows could not be deleted", {{"error", went.error().detail}});
            }
            swept = went.value_or(0);
            rows += swept;
        }
        if (rows > 0) {
            log_->info("app", "deleted what is older than the retention", {{"rows", rows}});
        }
        co_await clock_.sleep_for(sweep_interval);
    }
}

Task<void> Daemon::wait_for_signal() {
    const auto [error, signal] = co_await signals_.async_wait(asio::as_tuple(asio::use_awaitable));
    log_->info("app", "stopping", {{"signal", error ? 0 : signal}});
    co_await stop();
}

Task<void> Daemon::stop() {
    co_await discord_->stop(chat_patience);
    co_await server_->stop(server_patience);
    if (own_server_) {
        co_await own_server_->stop(server_patience);
    }
    co_await tasks_->stop(clock_, pipeline_patience);
    co_await streams_->stop(pipeline_patience);
    co_await monitor_->stop(pipeline_patience);
    co_await pipeline_->stop(Milliseconds(500));
    co_await dispatcher_->stop(dispatch_patience);
    store_->close();
    log_->info("app", "stopped");
}

}  // namespace

int serve(const cli::Process& process, const Settings& settings) {
    Daemon daemon(process, settings);
    if (const auto started = daemon.start(); !started) {
        return cli::complain(process, cli::usage_error, started.error().detail);
    }
    return daemon.run();
}

}  // namespace hookline::app
