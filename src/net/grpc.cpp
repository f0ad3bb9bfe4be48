#include "net/grpc.hpp"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/context.hpp>

#include "net/connect.hpp"
#include "net/deadline.hpp"
#include "net/grpc_messages.hpp"
#include "net/http2_call.hpp"
#include "net/stream.hpp"

namespace hookline::net {

namespace {

constexpr Milliseconds connect_patience(10'000);
/// For the door to open, for what is written to leave, and for an answer to "are you there?".
constexpr Milliseconds answer_patience(15'000);
constexpr std::size_t read_size = 16U << 10U;
constexpr std::size_t longest_head = 16U << 10U;

std::string authority_of(const Origin& origin) {
    if (!origin.socket.empty()) {
        return "localhost";
    }
    const bool is_ip6 = origin.host.find(':') != std::string::npos;
    return fmt::format("{}:{}", is_ip6 ? "[" + origin.host + "]" : origin.host, origin.port);
}

/// The engine's own client writes the same (moby, client/hijack.go).
std::string request_of_upgrade(const Origin& origin, const std::string& user_agent) {
    return fmt::format(
        "POST {}/grpc HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
        "Content-Length: 0\r\n\r\n",
        origin.base_path, authority_of(origin), user_agent);
}

/// Nothing where the answer to the request for an upgrade is 101.
std::optional<Error> refusal_in(std::string_view head) {
    constexpr std::string_view begins = "HTTP/1.";
    constexpr std::size_t status_at = begins.size() + 2;
    constexpr std::size_t status_size = 3;
    if (!head.starts_with(begins) || head.size() < status_at + status_size) {
        return Error(Errc::unsupported, "it does not answer as an HTTP server does");
    }
    const std::string_view status = head.substr(status_at, status_size);
    if (status == "101") {
        return std::nullopt;
    }
    const bool may_pass = status[0] == '5' && status != "501";
    return Error(may_pass ? Errc::unavailable : Errc::unsupported, fmt::format("it answered {}", status));
}

class Http2GrpcStream final : public GrpcStream {
public:
    Http2GrpcStream(Clock& clock, std::optional<boost::asio::ssl::context> tls,
                    std::unique_ptr<Stream> stream, Http2Request request, std::size_t message_limit)
        : clock_(clock),
          tls_(std::move(tls)),
          stream_(std::move(stream)),
          call_(std::move(request)),
          messages_(message_limit) {}

    /// `upgrade_request`: what opens the door; may be empty.
    Task<Result<void>> begin(std::string upgrade_request) {
        if (!upgrade_request.empty()) {
            const auto upgraded = co_await upgrade(std::move(upgrade_request));
            if (!upgraded) {
                co_return upgraded;
            }
        }
        while (!call_.has_met()) {
            const auto more = co_await exchange_some();
            if (!more || (call_.is_over() && !call_.has_met())) {
                // Closed, or answered in another language: it does not know this one.
                co_return fail(Errc::unsupported, more ? "it does not speak HTTP/2"
                                                       : "it does not speak HTTP/2: " + more.error().detail);
            }
        }
        co_return Result<void>();
    }

    Task<Result<std::optional<std::string>>> next(Milliseconds silence) override {
        bool is_asked = false;
        for (;;) {
            messages_.feed(call_.take_body());
            auto message = messages_.next();
            if (!message || *message) {
                co_return message;
            }
            if (call_.is_over()) {
                co_return ending();
            }
            const SteadyPoint until = clock_.steady() + (is_asked ? answer_patience : silence);
            const auto more = co_await with_deadline(exchange_some(), clock_, until);
            if (more && !*more) {
                co_return tl::unexpected(more->error());
            }
            if (!more && is_asked) {
                co_return fail(Errc::unavailable, "it says nothing any more");
            }
            if (!more) {
                call_.ping();
            }
            is_asked = !more;
        }
    }

private:
    /// Sends what is to be sent, and reads once. May be cancelled while it reads: nothing is lost.
    Task<Result<void>> exchange_some() {
        co_await send();
        if (call_.is_over()) {
            co_return Result<void>();
        }
        const Transfer got = co_await stream_->read_some(boost::asio::buffer(buffer_));
        auto fed = call_.feed(std::string_view(buffer_).substr(0, got.bytes));
        if (fed && got.error && !call_.is_over()) {
            fed = fail(Errc::unavailable, "the connection was closed: " + got.error.message());
        }
        co_return fed;
    }

    /// One that has closed may have said something before: that it hears no more is no reason not to read.
    Task<void> send() {
        output_ += call_.take_output();
        while (!output_.empty() && !is_deaf_) {
            const Transfer done = co_await stream_->write(output_);
            output_.erase(0, done.bytes);
            is_deaf_ = static_cast<bool>(done.error);
        }
        if (is_deaf_) {
            output_.clear();  // it may go on asking for answers
        }
    }

    Task<Result<void>> upgrade(std::string request) {
        const Transfer written = co_await stream_->write(request);
        if (written.error) {
            co_return fail(Errc::unsupported, "the connection broke: " + written.error.message());
        }
        std::string head;
        std::size_t end = std::string::npos;
        while (end == std::string::npos) {
            const Transfer got = co_await stream_->read_some(boost::asio::buffer(buffer_));
            head.append(buffer_, 0, got.bytes);
            end = head.find("\r\n\r\n");
            if (end == std::string::npos && (got.error || head.size() > longest_head)) {
                co_return fail(Errc::unsupported, "it does not answer");
            }
        }
        if (auto refused = refusal_in(head)) {
            co_return tl::unexpected(std::move(*refused));
        }
        constexpr std::size_t end_size = 4;
        co_return call_.feed(std::string_view(head).substr(end + end_size));
    }

    Result<std::optional<std::string>> ending() const {
        if (call_.broken()) {
            return tl::unexpected(*call_.broken());
        }
        if (auto failure = grpc_failure(call_.status(), call_.fields())) {
            return tl::unexpected(std::move(*failure));
        }
        if (messages_.has_begun()) {
            return fail(Errc::malformed, "it ended in the middle of a message");
        }
        return std::optional<std::string>();
    }

    Clock& clock_;
    std::optional<boost::asio::ssl::context> tls_;  // before what uses it
    std::unique_ptr<Stream> stream_;
    Http2Call call_;
    GrpcMessages messages_;
    std::string output_;
    bool is_deaf_ = false;  // what is sent does not arrive
    std::string buffer_ = std::string(read_size, '\0');
};

Http2Request http2_request(const Origin& origin, const GrpcRequest& request) {
    Http2Request made;
    made.scheme = origin.scheme;
    made.authority = authority_of(origin);
    made.path = request.path;
    made.fields.emplace_back("content-type", "application/grpc");
    made.fields.emplace_back("te", "trailers");
    made.fields.emplace_back("user-agent", request.user_agent);
    made.body = grpc_frame(request.message);
    return made;
}

Task<Result<std::unique_ptr<GrpcStream>>> begin(Clock& clock, std::optional<boost::asio::ssl::context> tls,
                                                std::unique_ptr<Stream> stream, Origin origin,
                                                GrpcRequest request) {
    Http2Request call = http2_request(origin, request);
    auto opened = std::make_unique<Http2GrpcStream>(clock, std::move(tls), std::move(stream), std::move(call),
                                                    request.message_limit);
    std::string upgrade =
        request.door == GrpcDoor::upgrade ? request_of_upgrade(origin, request.user_agent) : std::string();
    const auto begun =
        co_await with_deadline(opened->begin(std::move(upgrade)), clock, clock.steady() + answer_patience);
    if (!begun) {
        co_return fail(Errc::timeout, "no answer in time");
    }
    if (!*begun) {
        co_return tl::unexpected(begun->error());
    }
    co_return std::move(opened);
}

}  // namespace

std::string_view name_of(GrpcDoor door) { return door == GrpcDoor::prior_knowledge ? "HTTP/2" : "/grpc"; }

Task<Result<std::unique_ptr<GrpcStream>>> begin_grpc(Clock& clock, std::unique_ptr<Stream> stream,
                                                     Origin origin, GrpcRequest request) {
    return begin(clock, std::nullopt, std::move(stream), std::move(origin), std::move(request));
}

Task<Result<std::unique_ptr<GrpcStream>>> open_grpc(Clock& clock, Origin origin, GrpcRequest request) {
    std::optional<boost::asio::ssl::context> tls;
    if (origin.scheme == "https") {
        if (request.door == GrpcDoor::prior_knowledge) {
            co_return fail(Errc::unsupported, "HTTP/2 over TLS needs ALPN, which is not offered yet");
        }
        if (!origin.tls) {
            tls.emplace(make_tls_context());
        }
    }
    auto stream =
        co_await connect_stream(clock, origin, tls ? &*tls : nullptr, clock.steady() + connect_patience);
    if (!stream) {
        co_return tl::unexpected(stream.error());
    }
    co_return co_await begin(clock, std::move(tls), std::move(*stream), std::move(origin),
                             std::move(request));
}

}  // namespace hookline::net
