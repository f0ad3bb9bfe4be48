// One ingest thread: its io_context, its listening socket, its connections and their deadlines. Deadlines are
// kept by looking at every connection once a tick: a request then costs no timer of its own.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <mutex>

#include "net/http_connection.hpp"
#include "net/http_mailbox.hpp"
#include "net/http_server.hpp"
#include "net/http_transport.hpp"

namespace hookline::net {

/// How many connections there are, in all and for each client address; shared by all loops.
class ConnectionCount {
public:
    explicit ConnectionCount(const ServerLimits& limits) : limits_(limits) {}
    /// False: one too many. `counts_alone`: it also counts against its own address.
    [[nodiscard]] bool enter(const IpAddress& network, bool counts_alone);
    void leave(const IpAddress& network, bool counts_alone);
    [[nodiscard]] std::size_t total() const { return total_.load(); }

private:
    const ServerLimits& limits_;
    std::atomic<std::size_t> total_{0};
    std::mutex mutex_;
    std::map<IpAddress, std::size_t> by_network_;
};

/// What all loops share.
struct ServerState {
    ServerState(ServerOptions with_options, ServerParts with_parts)
        : options(std::move(with_options)), parts(std::move(with_parts)), count(options.limits) {}
    ServerOptions options;
    ServerParts parts;
    ConnectionCount count;
    std::unique_ptr<TlsContext> tls;
};

class ServerLoop {
public:
    using Acceptor =
        boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

    explicit ServerLoop(ServerState& state);
    ServerLoop(const ServerLoop&) = delete;
    ServerLoop& operator=(const ServerLoop&) = delete;
    ~ServerLoop();

    /// `shares_port`: other loops listen at the same address and port.
    [[nodiscard]] Result<std::uint16_t> listen(const std::string& address, std::uint16_t port,
                                               bool shares_port);
    void run();  // until quit()
    // From any thread:
    void begin_stop();  // accept no more, close idle connections, let the others end
    void quit();

    // For connections, on the loop's thread:
    [[nodiscard]] const ServerLimits& limits() const { return state_.options.limits; }
    [[nodiscard]] const ServerOptions& options() const { return state_.options; }
    [[nodiscard]] Door& door() { return state_.parts.door; }
    [[nodiscard]] BodyBudget& budget() { return state_.parts.budget; }
    [[nodiscard]] std::span<char> scratch() { return scratch_; }
    [[nodiscard]] SteadyPoint now() const { return now_; }
    [[nodiscard]] std::string_view date() const { return date_; }
    [[nodiscard]] bool is_stopping() const { return is_stopping_; }
    [[nodiscard]] Responder responder(std::uint32_t slot, std::uint64_t request);
    [[nodiscard]] std::uint64_t next_request() { return ++last_request_; }
    void hand_to_core(Request request, std::string client, Responder responder);
    /// Room in the body budget for a piece of `asker`'s body: if there is none, the body of this loop that is
    /// furthest from being whole, and further than `asker`'s, gives way. False: `asker` must wait.
    [[nodiscard]] bool make_room(const Connection& asker);
    void wait(Connection& connection, bool to_write);
    void read_again(Connection& connection);  // after other connections had their turn

private:
    void accept();
    void on_accepted(Connection::Socket socket);
    void add(Connection::Socket socket, const IpAddress& peer, bool counts_alone);
    void remove_if_over(std::uint32_t slot);
    template <class Work>
    void with(std::uint32_t slot, std::uint64_t serial, Work work);
    void drain();
    void start_ticking();
    void tick();
    void sweep();
    void note_time();

    ServerState& state_;
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
    Acceptor acceptor_;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>,
                                      boost::asio::io_context::executor_type>
        timer_;
    std::shared_ptr<Mailbox> mailbox_;
    std::vector<char> scratch_;
    std::vector<std::unique_ptr<Connection>> connections_;  // by slot; null: free
    std::vector<std::uint32_t> free_slots_;
    SteadyPoint now_;
    std::string date_;
    std::uint64_t last_serial_ = 0;
    std::uint64_t last_request_ = 0;
    bool is_ticking_ = false;
    bool is_stopping_ = false;
    bool must_accept_again_ = false;     // accepting failed (no descriptors left): try at the next tick
    bool is_accepting_in_vain_ = false;  // … and that was logged
};

}  // namespace hookline::net
