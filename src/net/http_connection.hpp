// One accepted connection: a state machine between its socket, the request reader and whoever answers. One
// request at a time: what a client sends ahead (pipelining) waits in `pending_`, so answers keep their order.
// Everything happens on the thread of its loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "net/http_request_reader.hpp"
#include "net/http_server.hpp"
#include "net/http_transport.hpp"

namespace hookline::net {

class ServerLoop;

class Connection final : private BodyReceiver {
public:
    using Socket =
        boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
    struct Identity {
        std::uint32_t slot = 0;
        std::uint64_t serial = 0;
        IpAddress peer;
        bool counts_alone = false;
    };

    Connection(ServerLoop& loop, Socket socket, Identity identity, const TlsContext* tls);
    ~Connection() override;

    void start();
    void on_ready(bool to_write);
    void read();
    void on_tick();
    void on_answer(std::uint64_t request, const Response& response);
    void on_stop();
    /// Its body makes room for others: 503.
    void give_way();

    [[nodiscard]] const Identity& identity() const { return identity_; }
    [[nodiscard]] Socket& socket() { return socket_; }
    [[nodiscard]] bool is_over() const { return state_ == State::over; }
    [[nodiscard]] bool receives_body() const {
        return state_ == State::body || state_ == State::waiting_for_room;
    }
    [[nodiscard]] bool has_held_for(Milliseconds time) const;
    /// Seconds until its body will be whole, by how fast it came while it was let to come; never less than
    /// how long it has been silent. Who is new is taken to be quick. Says who should give way (make_room).
    [[nodiscard]] double seconds_to_go() const;

private:
    enum class State { head, body, waiting_for_room, answering, writing, lingering, over };

    [[nodiscard]] bool takes_bytes() const { return state_ == State::head || state_ == State::body; }
    void take(std::string_view fresh);
    [[nodiscard]] std::size_t process(std::string_view bytes);
    void on_body(std::string_view bytes) override;
    void on_head();
    void on_whole();
    void on_end();
    void on_timeout();
    void begin_body();
    void admit(const RequestHead& head, std::uint64_t& limit);
    [[nodiscard]] std::string client() const;
    void refuse(int status, std::string_view why);
    void respond(const Response& response);
    void write();
    void after_answer();
    void linger();
    void end();
    void release_body();
    void wait_for(Milliseconds time);
    void wait_to_read();
    [[nodiscard]] bool is_too_slow() const;
    [[nodiscard]] double seconds_of_body() const;  // without the time that it waited for room

    ServerLoop& loop_;
    Socket socket_;
    Identity identity_;
    Transport transport_;
    bool has_tls_;
    RequestReader reader_;
    State state_ = State::head;
    SteadyPoint deadline_;
    std::string pending_;  // read, not yet processed
    std::string out_;      // not yet written from written_ on
    std::size_t written_ = 0;

    std::uint64_t request_ = 0;  // the one that is being answered
    std::unique_ptr<BodySink> sink_;
    std::unique_ptr<Request> for_core_;
    std::string client_;
    SteadyPoint body_started_;
    SteadyPoint last_piece_;        // of the body
    SteadyPoint waiting_since_;     // for room in the budget
    Milliseconds waited_{0};        // for room, before this wait
    std::uint64_t body_bytes_ = 0;  // charged to the budget
    bool is_trusted_proxy_ = false;
    bool head_started_ = false;
    bool keeps_alive_ = true;
    bool leaves_unread_ = false;  // the client may still be sending what nobody will read
    bool is_head_request_ = false;
    bool is_processing_ = false;
    bool waits_to_read_ = false;
    bool waits_to_write_ = false;
    friend class ServerLoop;
};

}  // namespace hookline::net
