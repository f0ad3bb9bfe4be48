#include "net/http_client.hpp"

#include <fmt/format.h>

#include <boost/asio/ssl/context.hpp>

#include "base/text.hpp"
#include "net/connect.hpp"
#include "net/deadline.hpp"
#include "net/exchange.hpp"
#include "net/slots.hpp"

namespace hookline::net {

namespace {

// Servers and middleboxes forget idle connections silently; a fresh one is cheaper than a lost request.
constexpr std::chrono::seconds longest_idle(60);

bool is_idempotent(std::string_view method) {  // RFC 9110, 9.2.2
    constexpr std::array<std::string_view, 5> methods{"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
    return std::find(methods.begin(), methods.end(), method) != methods.end();
}

class Client final : public HttpClient {
public:
    Client(boost::asio::any_io_executor executor, Clock& clock, Origin origin, ClientOptions options)
        : clock_(clock),
          origin_(std::move(origin)),
          options_(std::move(options)),
          slots_(std::move(executor), options_.connections) {
        if (origin_.scheme == "https" && !origin_.tls) {
            tls_.emplace(make_tls_context());  // 26 ms: the system's certificates are read
        }
    }

    Task<Reply> send(Request request) override;

private:
    struct Kept {
        std::unique_ptr<Stream> stream;
        SteadyPoint since;
    };

    [[nodiscard]] std::unique_ptr<Stream> take_kept();
    void keep(std::unique_ptr<Stream> stream);
    Task<Reply> send_over(std::unique_ptr<Stream> stream, const Outgoing& outgoing, Progress& progress);
    Task<Reply> send_afresh(const Outgoing& outgoing);

    Clock& clock_;
    Origin origin_;
    ClientOptions options_;
    std::optional<boost::asio::ssl::context> tls_;
    std::vector<Kept> kept_;  // the longest unused first; never more than options_.connections
    Slots slots_;
};

/// A kept connection that can be trusted to be open, the last used first.
std::unique_ptr<Stream> Client::take_kept() {
    while (!kept_.empty()) {
        Kept last = std::move(kept_.back());
        kept_.pop_back();
        if (clock_.steady() - last.since > longest_idle) {
            kept_.clear();  // all others have been unused for longer
        } else if (last.stream->is_quiet()) {
            return std::move(last.stream);
        }
    }
    return nullptr;
}

void Client::keep(std::unique_ptr<Stream> stream) {
    if (kept_.size() >= options_.connections) {
        kept_.erase(kept_.begin());
    }
    kept_.push_back(Kept{std::move(stream), clock_.steady()});
}

Task<Reply> Client::send_over(std::unique_ptr<Stream> stream, const Outgoing& outgoing, Progress& progress) {
    const SteadyPoint deadline = clock_.steady() + options_.request_timeout;
    auto reply =
        co_await with_deadline(exchange(*stream, outgoing, options_.body_limit, progress), clock_, deadline);
    if (!reply) {
        co_return tl::unexpected(
            NoResponse(progress.may_have_arrived,
                       Error(Errc::timeout, fmt::format("no answer from {} in time", origin_.host))));
    }
    if (*reply && progress.is_reusable) {
        keep(std::move(stream));
    }
    co_return std::move(*reply);
}

Task<Reply> Client::send_afresh(const Outgoing& outgoing) {
    const SteadyPoint deadline = clock_.steady() + options_.connect_timeout;
    boost::asio::ssl::context* const tls = tls_ ? &*tls_ : nullptr;
    auto stream = co_await connect_stream(clock_, origin_, tls, deadline);
    if (!stream) {
        co_return tl::unexpected(NoResponse(false, stream.error()));
    }
    Progress progress;
    co_return co_await send_over(std::move(*stream), outgoing, progress);
}

Task<Reply> Client::send(Request request) {
    const auto outgoing = serialize(request, origin_, options_.user_agent);
    if (!outgoing) {
        co_return tl::unexpected(NoResponse(false, outgoing.error()));
    }
    const SteadyPoint patience = clock_.steady() + options_.request_timeout;
    const auto slot = co_await with_deadline(slots_.take(), clock_, patience);
    if (!slot) {
        co_return tl::unexpected(NoResponse(
            false, Error(Errc::timeout, fmt::format("all connections to {} are in use", origin_.host))));
    }
    auto kept = take_kept();
    if (!kept) {
        co_return co_await send_afresh(*outgoing);
    }
    Progress progress;
    auto reply = co_await send_over(std::move(kept), *outgoing, progress);
    const bool may_try_again = !reply && progress.is_closed_unanswered &&
                               (!progress.may_have_arrived || is_idempotent(request.method));
    if (!may_try_again) {
        co_return reply;
    }
    co_return co_await send_afresh(*outgoing);
}

}  // namespace

std::unique_ptr<HttpClient> make_http_client(boost::asio::any_io_executor executor, Clock& clock,
                                             Origin origin, ClientOptions options) {
    return std::make_unique<Client>(std::move(executor), clock, std::move(origin), std::move(options));
}

}  // namespace hookline::net
