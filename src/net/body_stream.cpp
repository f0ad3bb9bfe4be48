#include "net/body_stream.hpp"

#include <boost/asio/ssl/context.hpp>
#include <limits>

#include "net/connect.hpp"
#include "net/deadline.hpp"
#include "net/exchange.hpp"
#include "net/response_reader.hpp"
#include "net/stream.hpp"

namespace hookline::net {

namespace {

constexpr Milliseconds connect_patience(10'000);
constexpr Milliseconds answer_patience(30'000);
constexpr std::size_t read_size = 16U << 10U;

class HttpBodyStream final : public BodyStream {
public:
    HttpBodyStream(Clock& clock, std::optional<boost::asio::ssl::context> tls, std::unique_ptr<Stream> stream)
        : clock_(clock), tls_(std::move(tls)), stream_(std::move(stream)) {}

    /// Writes the request and reads up to the end of the answer's header.
    Task<Result<Response>> begin(std::string bytes) {
        const Transfer written = co_await stream_->write(bytes);
        if (written.error) {
            co_return fail(Errc::unavailable, "the connection broke: " + written.error.message());
        }
        while (!reader_.has_header()) {
            const auto more = co_await read_more();
            if (!more) {
                co_return tl::unexpected(more.error());
            }
        }
        co_return reader_.header();
    }

    Task<Result<std::string>> read(Milliseconds patience) override {
        for (;;) {
            std::string bytes = reader_.take_body();
            if (!bytes.empty()) {
                co_return bytes;
            }
            if (is_over_) {
                co_return fail(Errc::unavailable, "the stream ended");
            }
            const auto more = co_await with_deadline(read_more(), clock_, clock_.steady() + patience);
            if (!more) {
                co_return fail(Errc::timeout, "nothing came for a long time");
            }
            if (!*more) {
                co_return tl::unexpected(more->error());
            }
        }
    }

private:
    Task<Result<void>> read_more() {
        const Transfer got = co_await stream_->read_some(boost::asio::buffer(buffer_));
        const auto is_whole = reader_.feed(std::string_view(buffer_).substr(0, got.bytes));
        if (!is_whole) {
            co_return tl::unexpected(is_whole.error());
        }
        // Who waits no longer may read on: nothing is lost of a read that was cancelled.
        is_over_ = *is_whole || (got.error && got.error != boost::asio::error::operation_aborted);
        if (got.error && !reader_.has_header()) {
            co_return fail(Errc::unavailable, "the connection was closed without an answer");
        }
        co_return Result<void>();
    }

    Clock& clock_;
    std::optional<boost::asio::ssl::context> tls_;  // before what uses it
    std::unique_ptr<Stream> stream_;
    ResponseReader reader_{false, std::numeric_limits<std::size_t>::max()};
    std::string buffer_ = std::string(read_size, '\0');
    bool is_over_ = false;
};

}  // namespace

Task<Result<OpenBody>> open_body_stream(Clock& clock, Origin origin, Request request, std::string user_agent,
                                        const Reach* reach) {
    const auto outgoing = serialize(request, origin, user_agent);
    if (!outgoing) {
        co_return tl::unexpected(outgoing.error());
    }
    std::optional<boost::asio::ssl::context> tls;
    if (origin.scheme == "https" && !origin.tls) {
        tls.emplace(make_tls_context());
    }
    auto stream = co_await connect_stream(clock, origin, tls ? &*tls : nullptr,
                                          clock.steady() + connect_patience, reach);
    if (!stream) {
        co_return tl::unexpected(stream.error());
    }
    auto opened = std::make_unique<HttpBodyStream>(clock, std::move(tls), std::move(*stream));
    std::string bytes = outgoing->bytes;
    auto answer =
        co_await with_deadline(opened->begin(std::move(bytes)), clock, clock.steady() + answer_patience);
    if (!answer) {
        co_return fail(Errc::timeout, "no answer in time");
    }
    if (!*answer) {
        co_return tl::unexpected(answer->error());
    }
    co_return OpenBody(std::move(**answer), std::move(opened));
}

}  // namespace hookline::net
