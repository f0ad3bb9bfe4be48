#include "net/http_server.hpp"

#include <signal.h>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <thread>

#include "net/http_loop.hpp"

namespace hookline::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// OpenSSL writes without MSG_NOSIGNAL. Signals that are meant for the process belong to the main thread.
void block_signals() {
    sigset_t every;
    sigfillset(&every);
    pthread_sigmask(SIG_BLOCK, &every, nullptr);
}

// With SO_REUSEPORT a second daemon could listen at the same port and take half of the deliveries. A bind
// without it tells whether somebody else is there.
Result<std::uint16_t> probe(const std::string& address, std::uint16_t port) {
    asio::io_context context;
    ServerLoop::Acceptor acceptor(context);
    error_code error;
    const tcp::endpoint endpoint(asio::ip::make_address(address, error), port);
    if (!error) {
        acceptor.open(endpoint.protocol(), error);
    }
    if (!error) {
        acceptor.set_option(ServerLoop::Acceptor::reuse_address(true), error);
        acceptor.bind(endpoint, error);
    }
    if (error) {
        return fail(Errc::unavailable,
                    fmt::format("cannot listen on {} port {}: {}", address, port, error.message()));
    }
    return acceptor.local_endpoint(error).port();
}

class Server final : public HttpServer {
public:
    Server(ServerOptions options, ServerParts parts) : state_(std::move(options), std::move(parts)) {}
    ~Server() override { join(); }

    Result<void> start();
    [[nodiscard]] std::uint16_t port() const override { return port_; }
    Task<void> stop(Milliseconds patience) override;

private:
    void join() {
        for (const auto& loop : loops_) {
            loop->quit();
        }
        threads_.clear();
    }

    ServerState state_;
    std::vector<std::unique_ptr<ServerLoop>> loops_;
    std::vector<std::jthread> threads_;
    std::uint16_t port_ = 0;
};

Result<void> Server::start() {
    const ServerOptions& options = state_.options;
    if (options.tls_certificate.empty() != options.tls_key.empty()) {
        return fail(Errc::invalid_argument, "TLS takes a certificate and its key: one of the two is missing");
    }
    if (!options.tls_key.empty()) {
        auto tls = TlsContext::load(options.tls_certificate, options.tls_key);
        if (!tls) {
            return tl::unexpected(tls.error());
        }
        state_.tls = std::make_unique<TlsContext>(std::move(*tls));
    }
    const auto free = probe(options.address, options.port);
    if (!free) {
        return tl::unexpected(free.error());
    }
    port_ = options.port;
    const std::size_t count = std::max<std::size_t>(options.threads, 1);
    for (std::size_t index = 0; index < count; ++index) {
        loops_.push_back(std::make_unique<ServerLoop>(state_));
        const auto port = loops_.back()->listen(options.address, port_, count > 1);
        if (!port) {
            return tl::unexpected(port.error());
        }
        port_ = *port;
    }
    for (const auto& loop : loops_) {
        threads_.emplace_back([&work = *loop] {
            block_signals();
            work.run();
        });
    }
    return {};
}

Task<void> Server::stop(Milliseconds patience) {
    for (const auto& loop : loops_) {
        loop->begin_stop();
    }
    // Real time, not the clock that was passed in: what is waited for are sockets.
    const auto end = std::chrono::steady_clock::now() + patience;
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor);
    while (state_.count.total() > 0 && std::chrono::steady_clock::now() < end) {
        timer.expires_after(Milliseconds(5));
        co_await timer.async_wait(asio::use_awaitable);
    }
    join();
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
    const auto wrong = [&] {
        return fail(Errc::invalid_argument,
                    fmt::format("\"{}\" is no address to listen at; say 127.0.0.1:8080 or [::1]:8080", text));
    };
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return wrong();
    }
    ListenAddress listen;
    const auto [end, error] =
        std::from_chars(text.data() + colon + 1, text.data() + text.size(), listen.port);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return wrong();
    }
    const std::string_view host = text.substr(0, colon);
    if (host.empty() || host == "*") {
        listen.address = "0.0.0.0";
    } else if (host == "localhost") {
        listen.address = "127.0.0.1";
    } else if (const auto address = parse_ip_address(host); address && host.find(':') == host.npos) {
        listen.address = to_string(*address);
    } else if (address && host.starts_with('[') && host.ends_with(']')) {
        listen.address = to_string(*address);
    } else {
        return wrong();
    }
    return listen;
}

Result<std::unique_ptr<HttpServer>> start_http_server(ServerOptions options, ServerParts parts) {
    auto server = std::make_unique<Server>(std::move(options), std::move(parts));
    const auto started = server->start();
    if (!started) {
        return tl::unexpected(started.error());
    }
    return server;
}

}  // namespace hookline::net
