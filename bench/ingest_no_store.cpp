// The daemon's door with a journal that forgets: what receiving, checking and answering cost without the
// disk. Usage: ingest_no_store PORT SECRET; ends on SIGTERM.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "ingest/delivery_door.hpp"
#include "net/http_server.hpp"

namespace {

using namespace hookline;  // NOLINT(google-build-using-namespace): this file is a program

class Forgetful final : public store::Journal {
public:
    using Journal::append;
    void append(event::Delivery, Done done, Wake wake) override {
        store::Appended appended;
        appended.id = EventId(++last_);
        done(appended);
        wake();
    }

private:
    std::atomic<std::int64_t> last_{0};
};

Task<net::Response> nothing(net::Request, std::string) { co_return net::Response(404); }

int run(std::uint16_t port, const std::string& secret) {
    boost::asio::io_context core;
    SystemClock clock;
    SystemRandom random;
    NoMetrics metrics;
    Forgetful journal;
    net::BodyBudget budget(64U << 20U);
    const auto log = make_log(LogLevel::warn, false);
    ingest::DeliveryDoor door(
        ingest::DoorParts{clock, *log, metrics, journal, budget, services::find_adapter}, random);
    store::Endpoint endpoint;
    endpoint.id = EndpointId(1);
    endpoint.made_with = HookId(1);
    endpoint.secret = Secret(secret);
    door.refresh(std::array{endpoint});
    net::ServerOptions options;
    options.port = port;
    const auto server = net::start_http_server(
        options, net::ServerParts{clock, *log, core.get_executor(), nothing, door, budget});
    if (!server) {
        std::fprintf(stderr, "%s\n", server.error().detail.c_str());
        return 1;
    }
    boost::asio::signal_set signals(core, SIGTERM, SIGINT);
    signals.async_wait([&](auto, int) { core.stop(); });
    core.run();
    return 0;
}

}  // namespace

int main(int count, char** words) {
    if (count != 3) {
        std::fprintf(stderr, "usage: ingest_no_store PORT SECRET\n");
        return 2;
    }
    return run(static_cast<std::uint16_t>(std::atoi(words[1])), words[2]);
}
