#include "net/http_loop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <ctime>
#include <exception>

#include "net/http_answer.hpp"

namespace hookline::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// One read takes a whole delivery of usual size; kept for the whole loop, so that idle connections cost
// little.
constexpr std::size_t scratch_size = 64U << 10U;
constexpr int backlog = 1024;
// A body this young is not judged by its speed.
constexpr Milliseconds least_age_to_give_way{1000};

using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

// Keeps the handler alive for as long as its coroutine runs.
Task<Response> handle(Handler handler, Request request, std::string client) {
    Task<Response> task = handler(std::move(request), std::move(client));
    Response response = co_await std::move(task);
    co_return response;
}

std::string what_failed(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "unknown";
    }
}

std::string http_date(TimePoint now) {
    const std::time_t seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    // The program never sets a locale: the names are English, as RFC 9110 wants them.
    const std::size_t size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text.data(), size};
}

}  // namespace

bool ConnectionCount::enter(const IpAddress& network, bool counts_alone) {
    if (total_.fetch_add(1) >= limits_.connections) {
        total_.fetch_sub(1);
        return false;
    }
    if (!counts_alone) {
        return true;
    }
    const std::lock_guard lock(mutex_);
    std::size_t& there = by_network_[network];
    if (there >= limits_.connections_per_address) {
        total_.fetch_sub(1);
        return false;
    }
    ++there;
    return true;
}

void ConnectionCount::leave(const IpAddress& network, bool counts_alone) {
    total_.fetch_sub(1);
    if (!counts_alone) {
        return;
    }
    const std::lock_guard lock(mutex_);
    const auto place = by_network_.find(network);
    if (place != by_network_.end() && --place->second == 0) {
        by_network_.erase(place);
    }
}

ServerLoop::ServerLoop(ServerState& state)
    : state_(state),
      context_(1),
      guard_(context_.get_executor()),
      acceptor_(context_),
      timer_(context_),
      mailbox_(std::make_shared<Mailbox>(context_, [this] { drain(); })),
      scratch_(scratch_size) {
    note_time();
}

ServerLoop::~ServerLoop() {
    mailbox_->close();
    for (const auto& connection : connections_) {
        if (connection) {
            state_.count.leave(connection->identity().peer.network(), connection->identity().counts_alone);
        }
    }
}

Result<std::uint16_t> ServerLoop::listen(const std::string& address, std::uint16_t port, bool shares_port) {
    error_code error;
    const tcp::endpoint endpoint(asio::ip::make_address(address, error), port);
    const auto refused = [&](std::string_view step) {
        return fail(Errc::unavailable, fmt::format("cannot listen on {} port {}: {} ({})", address, port,
                                                   error.message(), step));
    };
    if (error) {
        return refused("address");
    }
    if (acceptor_.open(endpoint.protocol(), error); error) {
        return refused("open");
    }
    acceptor_.set_option(Acceptor::reuse_address(true), error);
    if (shares_port) {
        acceptor_.set_option(ReusePort(true), error);
    }
    if (acceptor_.bind(endpoint, error); error) {
        return refused("bind");
    }
    if (acceptor_.listen(backlog, error); error) {
        return refused("listen");
    }
    return acceptor_.local_endpoint(error).port();
}

void ServerLoop::run() {
    accept();
    context_.run();
}

void ServerLoop::quit() { context_.stop(); }

void ServerLoop::note_time() { now_ = state_.parts.clock.steady(); }

void ServerLoop::accept() {
    acceptor_.async_accept(context_, [this](error_code error, Connection::Socket socket) {
        if (error == asio::error::operation_aborted || is_stopping_) {
            return;
        }
        note_time();
        if (error) {
            if (!std::exchange(is_accepting_in_vain_, true)) {
                state_.parts.log.warn("net", "no connection could be accepted", {{"error", error.message()}});
            }
            must_accept_again_ = true;
            start_ticking();
            return;
        }
        is_accepting_in_vain_ = false;
        on_accepted(std::move(socket));
        accept();
    });
}

void ServerLoop::on_accepted(Connection::Socket socket) {
    error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error) {
        return;
    }
    const auto peer = parse_ip_address(endpoint.address().to_string()).value_or(IpAddress{});
    const bool counts_alone = !peer.is_loopback() && !state_.options.trusted_proxies.contains(peer);
    socket.non_blocking(true, error);
    socket.set_option(tcp::no_delay(true), error);
    if (!state_.count.enter(peer.network(), counts_alone)) {
        std::string out;
        append_answer(out, error_response(503, "too many connections"), {false, true, false, date_});
        Transport refused(socket.native_handle(), nullptr);
        if (!state_.tls && refused.write(out).bytes == out.size()) {
            refused.end_sending();
        }
        return;
    }
    add(std::move(socket), peer, counts_alone);
}

void ServerLoop::add(Connection::Socket socket, const IpAddress& peer, bool counts_alone) {
    start_ticking();
    if (free_slots_.empty()) {
        free_slots_.push_back(static_cast<std::uint32_t>(connections_.size()));
        connections_.emplace_back();
    }
    const std::uint32_t slot = free_slots_.back();
    free_slots_.pop_back();
    connections_[slot] = std::make_unique<Connection>(
        *this, std::move(socket), Connection::Identity{slot, ++last_serial_, peer, counts_alone},
        state_.tls.get());
    connections_[slot]->start();
    remove_if_over(slot);
}

void ServerLoop::remove_if_over(std::uint32_t slot) {
    auto& connection = connections_[slot];
    if (connection && connection->is_over()) {
        state_.count.leave(connection->identity().peer.network(), connection->identity().counts_alone);
        connection.reset();
        free_slots_.push_back(slot);
    }
}

template <class Work>
void ServerLoop::with(std::uint32_t slot, std::uint64_t serial, Work work) {
    Connection* const connection = connections_[slot].get();
    if (connection != nullptr && connection->identity().serial == serial && !connection->is_over()) {
        note_time();
        work(*connection);
        remove_if_over(slot);
    }
}

void ServerLoop::wait(Connection& connection, bool to_write) {
    const auto kind = to_write ? Connection::Socket::wait_write : Connection::Socket::wait_read;
    const auto& identity = connection.identity();
    connection.socket().async_wait(
        kind, [this, slot = identity.slot, serial = identity.serial, to_write](error_code error) {
            if (error != asio::error::operation_aborted) {
                with(slot, serial, [&](Connection& ready) { ready.on_ready(to_write); });
            }
        });
}

void ServerLoop::read_again(Connection& connection) {
    const auto& identity = connection.identity();
    asio::post(context_, [this, slot = identity.slot, serial = identity.serial] {
        with(slot, serial, [](Connection& ready) { ready.on_ready(false); });
    });
}

Responder ServerLoop::responder(std::uint32_t slot, std::uint64_t request) {
    return {mailbox_, slot, request};
}

void ServerLoop::drain() {
    for (const Mailbox::Letter& letter : mailbox_->take()) {
        Connection* const connection = connections_[letter.slot].get();
        if (connection != nullptr && !connection->is_over()) {
            note_time();
            connection->on_answer(letter.request, letter.response);
            remove_if_over(letter.slot);
        }
    }
}

void ServerLoop::hand_to_core(Request request, std::string client, Responder responder) {
    // The coroutine is made on the core's thread: what a handler does before its first wait belongs there
    // too. It may outlive this server, so it holds copies.
    asio::post(state_.parts.core, [core = state_.parts.core, &log = state_.parts.log,
                                   handler = state_.parts.handler, request = std::move(request),
                                   client = std::move(client), responder = std::move(responder)]() mutable {
        const auto answer = [&log, responder = std::move(responder)](const std::exception_ptr& failure,
                                                                     Response response) {
            if (failure) {
                log.error("net", "a request's handler failed", {{"error", what_failed(failure)}});
                response = error_response(500, "an internal error; it is in the log");
            }
            responder.send(std::move(response));
        };
        asio::co_spawn(core, handle(std::move(handler), std::move(request), std::move(client)), answer);
    });
}

bool ServerLoop::make_room(const Connection& asker) {
    BodyBudget& budget = state_.parts.budget;
    if (budget.has_room()) {
        return true;
    }
    Connection* last = nullptr;  // whose body will be whole last
    double last_to_go = asker.seconds_to_go();
    for (const auto& connection : connections_) {
        if (!connection || connection.get() == &asker || !connection->receives_body() ||
            !connection->has_held_for(least_age_to_give_way)) {
            continue;
        }
        const double to_go = connection->seconds_to_go();
        if (to_go > last_to_go) {
            last = connection.get();
            last_to_go = to_go;
        }
    }
    if (last == nullptr) {
        return false;
    }
    last->give_way();
    return budget.has_room();
}

void ServerLoop::start_ticking() {
    if (is_ticking_) {
        return;
    }
    is_ticking_ = true;
    date_ = http_date(state_.parts.clock.now());
    timer_.expires_after(limits().tick);
    timer_.async_wait([this](error_code error) {
        is_ticking_ = false;
        if (!error) {
            tick();
        }
    });
}

void ServerLoop::tick() {
    note_time();
    for (const auto& connection : connections_) {
        if (connection && !connection->is_over()) {
            connection->on_tick();
        }
    }
    sweep();
    if (must_accept_again_ && !is_stopping_) {
        must_accept_again_ = false;
        accept();
    }
    if (free_slots_.size() < connections_.size() || must_accept_again_) {
        start_ticking();
    }
}

void ServerLoop::sweep() {
    for (std::uint32_t slot = 0; slot < connections_.size(); ++slot) {
        remove_if_over(slot);
    }
}

void ServerLoop::begin_stop() {
    asio::post(context_, [this] {
        is_stopping_ = true;
        error_code ignored;
        acceptor_.close(ignored);
        for (const auto& connection : connections_) {
            if (connection && !connection->is_over()) {
                connection->on_stop();
            }
        }
        sweep();
    });
}

}  // namespace hookline::net
