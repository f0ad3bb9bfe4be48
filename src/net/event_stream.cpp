#include "net/event_stream.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "net/body_stream.hpp"

namespace hookline::net {

namespace {

constexpr std::size_t longest_redirect_shown = 200;

class HttpEventStream final : public EventStream {
public:
    HttpEventStream(std::unique_ptr<BodyStream> body, std::string last_id)
        : body_(std::move(body)), parser_(std::move(last_id)) {}

    Task<Result<std::vector<ServerSentEvent>>> read(Milliseconds patience) override {
        for (;;) {
            const auto bytes = co_await body_->read(patience);
            if (!bytes) {
                co_return tl::unexpected(bytes.error());
            }
            auto events = parser_.feed(*bytes);
            if (!events || !events->empty()) {
                co_return events;
            }
        }
    }

    [[nodiscard]] std::optional<Milliseconds> retry() const override { return parser_.retry(); }

private:
    std::unique_ptr<BodyStream> body_;
    SseParser parser_;
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
    Request outgoing = to_request(request);
    auto opened =
        co_await open_body_stream(clock, request.origin, std::move(outgoing), request.user_agent, &reach);
    if (!opened) {
        co_return tl::unexpected(NoStream(0, opened.error()));
    }
    if (auto refused = refusal_in(opened->header)) {
        co_return tl::unexpected(std::move(*refused));
    }
    co_return std::make_unique<HttpEventStream>(std::move(opened->body), request.last_id);
}

}  // namespace hookline::net
