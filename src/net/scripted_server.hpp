// A server for this room's tests: real sockets on loopback, each connection plays the acts written for it.
// It knows nothing of HTTP beyond where a request ends.
#pragma once

#include <openssl/sha.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <memory>

#include "base/crypto.hpp"
#include "base/task.hpp"
#include "net/http_client.hpp"

namespace hookline::net {

struct Act {
    enum class Kind {
        take_request,    // head and Content-Length bytes of body
        take_bytes,      // whatever comes next
        say,             // text
        open_websocket,  // take a request, answer 101
        call,            // what
        reset,           // RST instead of a close
        wait             // until the client closes
    };
    Kind kind = Kind::wait;
    std::string text;
    std::function<void()> what;
};

inline Act take_request() { return {Act::Kind::take_request, {}, {}}; }
inline Act take_bytes() { return {Act::Kind::take_bytes, {}, {}}; }
inline Act say(std::string text) { return {Act::Kind::say, std::move(text), {}}; }
inline Act open_websocket() { return {Act::Kind::open_websocket, {}, {}}; }
inline Act call(std::function<void()> what) { return {Act::Kind::call, {}, std::move(what)}; }
inline Act reset() { return {Act::Kind::reset, {}, {}}; }
inline Act wait() { return {}; }
using Play = std::vector<Act>;

/// Shared with the coroutines that play, which may outlive a test's interest in it.
class ScriptedServer : public std::enable_shared_from_this<ScriptedServer> {
public:
    ScriptedServer(boost::asio::any_io_executor executor, std::vector<Play> plays,
                   boost::asio::ssl::context* tls = nullptr)
        : executor_(executor),
          acceptor_(executor, {boost::asio::ip::make_address("127.0.0.1"), 0}),
          port_(std::to_string(acceptor_.local_endpoint().port())),
          plays_(std::move(plays)),
          tls_(tls) {}

    static std::shared_ptr<ScriptedServer> start(boost::asio::any_io_executor executor,
                                                 std::vector<Play> plays,
                                                 boost::asio::ssl::context* tls = nullptr) {
        auto server = std::make_shared<ScriptedServer>(executor, std::move(plays), tls);
        boost::asio::co_spawn(executor, accept_all(server), rethrow);
        return server;
    }

    [[nodiscard]] Origin origin(std::string host = "127.0.0.1") const {
        Origin origin;
        origin.scheme = tls_ != nullptr ? "https" : "http";
        origin.host = std::move(host);
        origin.port = port_;
        return origin;
    }

    std::vector<std::string> received;  // requests, and bytes taken, in order
    std::size_t connections = 0;

private:
    using Tcp = boost::asio::ip::tcp;
    static constexpr auto as_tuple = boost::asio::as_tuple(boost::asio::use_awaitable);

    static void rethrow(const std::exception_ptr& error) {
        if (error) {
            std::rethrow_exception(error);
        }
    }

    static Task<void> accept_all(std::shared_ptr<ScriptedServer> self) {
        while (self->connections < self->plays_.size()) {
            auto accepted = co_await self->acceptor_.async_accept(as_tuple);
            if (std::get<0>(accepted)) {
                co_return;
            }
            boost::asio::co_spawn(
                self->executor_,
                serve(self, std::get<1>(std::move(accepted)), self->plays_[self->connections]), rethrow);
            ++self->connections;
        }
        self->acceptor_.close();  // one more connection is refused
    }

    static Task<void> serve(std::shared_ptr<ScriptedServer> self, Tcp::socket socket, Play play) {
        if (self->tls_ == nullptr) {
            co_await self->perform(socket, play);
            co_return;
        }
        boost::asio::ssl::stream<Tcp::socket> stream(std::move(socket), *self->tls_);
        const auto shaken = co_await stream.async_handshake(boost::asio::ssl::stream_base::server, as_tuple);
        if (!std::get<0>(shaken)) {
            co_await self->perform(stream, play);
        }
    }

    template <class Stream>
    Task<void> perform(Stream& stream, Play& play) {
        std::string pending;
        for (const Act& act : play) {
            const bool goes_on = co_await perform_one(stream, act, pending);
            if (!goes_on) {
                co_return;
            }
        }
    }

    template <class Stream>
    Task<bool> perform_one(Stream& stream, const Act& act, std::string& pending) {
        switch (act.kind) {
            case Act::Kind::take_request: {
                const bool is_there = co_await take(stream, pending);
                co_return is_there;
            }
            case Act::Kind::take_bytes: {
                const bool is_there = co_await read_more(stream, pending);
                received.push_back(std::exchange(pending, {}));
                co_return is_there;
            }
            case Act::Kind::say:
                co_await boost::asio::async_write(stream, boost::asio::buffer(act.text), as_tuple);
                break;
            case Act::Kind::open_websocket: {
                co_await take(stream, pending);
                const std::string answer = upgrade_answer(received.back());
                co_await boost::asio::async_write(stream, boost::asio::buffer(answer), as_tuple);
                break;
            }
            case Act::Kind::call:
                act.what();
                break;
            case Act::Kind::reset:
                stream.lowest_layer().set_option(boost::asio::socket_base::linger(true, 0));
                stream.lowest_layer().close();
                co_return false;
            case Act::Kind::wait: {
                bool is_open = true;
                while (is_open) {
                    is_open = co_await read_more(stream, pending);
                }
                break;
            }
        }
        co_return true;
    }

    template <class Stream>
    Task<bool> read_more(Stream& stream, std::string& pending) {
        std::string buffer(65'536, '\0');
        const auto got = co_await stream.async_read_some(boost::asio::buffer(buffer), as_tuple);
        pending.append(buffer, 0, std::get<1>(got));
        co_return !std::get<0>(got);
    }

    static std::size_t request_size(const std::string& pending) {
        const std::size_t head = pending.find("\r\n\r\n");
        if (head == std::string::npos) {
            return std::string::npos;
        }
        const std::size_t length = pending.find("Content-Length: ");
        return head + 4 + (length < head ? std::stoul(pending.substr(length + 16)) : 0);
    }

    template <class Stream>
    Task<bool> take(Stream& stream, std::string& pending) {
        while (pending.size() < request_size(pending)) {
            const bool is_open = co_await read_more(stream, pending);
            if (!is_open) {
                co_return false;
            }
        }
        const std::size_t size = request_size(pending);
        received.push_back(pending.substr(0, size));
        pending.erase(0, size);
        co_return true;
    }

    /// RFC 6455, 4.2.2.
    static std::string upgrade_answer(const std::string& request) {
        const std::size_t start = request.find("Sec-WebSocket-Key: ") + 19;
        const std::string key = request.substr(start, request.find("\r\n", start) - start) +
                                "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        std::string hash(SHA_DIGEST_LENGTH, '\0');
        SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(),
             reinterpret_cast<unsigned char*>(hash.data()));
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Accept: " +
               to_base64(hash) + "\r\n\r\n";
    }

    boost::asio::any_io_executor executor_;
    Tcp::acceptor acceptor_;
    std::string port_;
    std::vector<Play> plays_;
    boost::asio::ssl::context* tls_;
};

}  // namespace hookline::net
