#include "net/event_stream.hpp"

#include <fmt/format.h>

#include <boost/asio/ssl/context.hpp>
#include <limits>

#include "base/text.hpp"
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
constexpr std::size_t longest_redirect_shown = 200;

class HttpEventStream final : public EventStream {
public:
    HttpEventStream(Clock& clock, std::optional<boost::asio::ssl::context> tls,
                    std::unique_ptr<Stream> stream, std::string last_id)
        : clock_(clock), tls_(std::move(tls)), stream_(std::move(stream)), parser_(std::move(last_id)) {}

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

    Task<Result<std::vector<ServerSentEvent>>> read(Milliseconds patience) override {
        for (;;) {
            auto events = parser_.feed(reader_.take_body());
            if (!events || !events->empty()) {
                co_return events;
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

    [[nodiscard]] std::optional<Milliseconds> retry() const override { return parser_.retry(); }

private:
    Task<Result<void>> read_more() {
        const Transfer got = co_await stream_->read_some(boost::asio::buffer(buffer_));
        const auto is_whole = reader_.feed(std::string_view(buffer_).substr(0, got.bytes));
        if (!is_whole) {
            co_return tl::unexpected(is_whole.error());
        }
        is_over_ = *is_whole || got.error;
        if (got.error && !reader_.has_header()) {
            co_return fail(Errc::unavailable, "the connection was closed without an answer");
        }
        co_return Result<void>();
    }

    Clock& clock_;
    std::optional<boost::asio::ssl::context> tls_;  // before what uses it
    std::unique_ptr<Stream> stream_;
    ResponseReader reader_{false, std::numeric_limits<std::size_t>::max()};
    SseParser parser_;
    std::string buffer_ = std::string(read_size, '\0');
    bool is_over_ = false;
};

/// Nothing where it is a stream of events.
std::optional<NoStream> refusal_in(const Response& answer) {
    if (answer.status / 100 == 3) {
        return NoStream(
            answer.status,
            Error(Errc::unavailable,
                  fmt::format("it answered {} and names another address ({}); give that one", answer.status,
                              shorten(field(answer.fields, "Location"), longest_redirect_shown))));
    }
    if (answer.status != 200) {
        return NoStream(answer.status,
                        Error(Errc::unavailable, fmt::format("it answered {}", answer.status)));
    }
    const std::string type = to_lower_ascii(field(answer.fields, "Content-Type"));
    if (trim(std::string_view(type).substr(0, type.find(';'))) != "text/event-stream") {
        return NoStream(answer.status, Error(Errc::unsupported,
                                             "it is no stream of events (Content-Type text/event-stream)"));
    }
    const std::string_view encoding = trim(field(answer.fields, "Content-Encoding"));
    if (!encoding.empty() && !equals_ignoring_case(encoding, "identity")) {
        return NoStream(answer.status, Error(Errc::unsupported, "it is compressed though not asked for"));
    }
    return std::nullopt;
}

Request to_request(const StreamRequest& wanted) {
    Request request("GET", wanted.target);
    request.fields.emplace_back("Accept", "text/event-stream");
    request.fields.emplace_back("Cache-Control", "no-store");
    if (!wanted.last_id.empty()) {
        request.fields.emplace_back("Last-Event-ID", wanted.last_id);
    }
    return request;
}

}  // namespace

Task<tl::expected<std::unique_ptr<EventStream>, NoStream>> open_event_stream(Clock& clock,
                                                                             StreamRequest request,
                                                                             const Reach& reach) {
    const auto outgoing = serialize(to_request(request), request.origin, request.user_agent);
    if (!outgoing) {
        co_return tl::unexpected(NoStream(0, outgoing.error()));
    }
    std::optional<boost::asio::ssl::context> tls;
    if (request.origin.scheme == "https") {
        tls.emplace(make_tls_context());
    }
    auto stream = co_await connect_stream(clock, request.origin, tls ? &*tls : nullptr,
                                          clock.steady() + connect_patience, &reach);
    if (!stream) {
        co_return tl::unexpected(NoStream(0, stream.error()));
    }
    auto opened =
        std::make_unique<HttpEventStream>(clock, std::move(tls), std::move(*stream), request.last_id);
    std::string bytes = outgoing->bytes;
    const auto answer =
        co_await with_deadline(opened->begin(std::move(bytes)), clock, clock.steady() + answer_patience);
    if (!answer) {
        co_return tl::unexpected(NoStream(0, Error(Errc::timeout, "no answer in time")));
    }
    if (!*answer) {
        co_return tl::unexpected(NoStream(0, answer->error()));
    }
    if (auto refused = refusal_in(**answer)) {
        co_return tl::unexpected(std::move(*refused));
    }
    co_return std::move(opened);
}

}  // namespace hookline::net
