#include "cli/request.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace hookline::cli {

namespace {

Task<void> send(net::HttpClient& client, net::Request request, std::optional<net::Reply>& reply) {
    reply = co_await client.send(std::move(request));
}

}  // namespace

net::Reply send_and_wait(const net::Origin& origin, net::Request request) {
    boost::asio::io_context context;
    SystemClock clock;
    net::ClientOptions options;
    options.user_agent = "hookline";
    const auto client = net::make_http_client(context.get_executor(), clock, origin, options);
    std::optional<net::Reply> reply;
    std::exception_ptr failure;
    boost::asio::co_spawn(context, send(*client, std::move(request), reply),
                          [&](std::exception_ptr error) { failure = error; });
    while (!reply && !failure && context.run_one() > 0) {
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
    return std::move(reply).value();
}

}  // namespace hookline::cli
