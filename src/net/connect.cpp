#include "net/connect.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "net/deadline.hpp"

namespace hookline::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// A name may have an address that swallows packets (IPv6 without a route) before one that answers.
constexpr std::chrono::seconds patience_for_one_address(3);
constexpr std::size_t most_addresses = 8;

/// What a look-up writes to. Shared, because the system's resolver cannot be interrupted: the look-up may end
/// long after nobody waits for it any more.
struct LookUp {
    explicit LookUp(const asio::any_io_executor& executor)
        : resolver(executor), ended(executor, SteadyPoint::max()) {}
    tcp::resolver resolver;
    asio::steady_timer ended;
    bool is_done = false;
    std::vector<tcp::endpoint> endpoints;
};

Task<std::vector<tcp::endpoint>> look_up(std::string host, std::string port) {
    const auto executor = co_await asio::this_coro::executor;
    const auto state = std::make_shared<LookUp>(executor);
    state->resolver.async_resolve(
        host, port, [state](const error_code& error, const tcp::resolver::results_type& results) {
            if (!error) {
                for (const auto& result : results) {
                    state->endpoints.push_back(result.endpoint());
                }
            }
            state->is_done = true;
            state->ended.cancel();
        });
    if (!state->is_done) {
        co_await state->ended.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    if (!state->is_done) {
        throw boost::system::system_error(asio::error::operation_aborted);
    }
    co_return state->endpoints;
}

Task<Result<std::vector<tcp::endpoint>>> endpoints_of(Clock& clock, Origin origin, SteadyPoint deadline) {
    error_code not_numeric;
    const auto address = asio::ip::make_address(origin.host, not_numeric);
    if (!not_numeric) {
        const auto port = static_cast<std::uint16_t>(std::stoi(origin.port));
        co_return std::vector<tcp::endpoint>(1, tcp::endpoint(address, port));
    }
    auto found = co_await with_deadline(look_up(origin.host, origin.port), clock, deadline);
    if (!found) {
        co_return fail(Errc::timeout, fmt::format("no answer in time to the look-up of {}", origin.host));
    }
    if (found->empty()) {
        co_return fail(Errc::unavailable, fmt::format("no address is known for {}", origin.host));
    }
    found->resize(std::min(found->size(), most_addresses));
    co_return std::move(*found);
}

IpAddress address_of(const tcp::endpoint& endpoint) {
    return parse_ip_address(endpoint.address().to_string()).value_or(IpAddress());
}

void keep_allowed(std::vector<tcp::endpoint>& endpoints, const Reach& reach) {
    std::erase_if(endpoints,
                  [&](const tcp::endpoint& endpoint) { return !reach.allows(address_of(endpoint)); });
}

Task<error_code> connect_to(tcp::socket& socket, tcp::endpoint endpoint) {
    const auto connected = co_await socket.async_connect(endpoint, asio::as_tuple(asio::use_awaitable));
    co_return std::get<0>(connected);
}

asio::ssl::context bare_context() {
    asio::ssl::context context(asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    context.set_verify_mode(asio::ssl::verify_peer);
    // Without it OpenSSL asks the terminal for the words that a key is locked with.
    error_code ignored;
    context.set_password_callback([](std::size_t, auto) { return std::string(); }, ignored);
    return context;
}

}  // namespace

asio::ssl::context make_tls_context() {
    asio::ssl::context context = bare_context();
    context.set_default_verify_paths();
    return context;
}

Result<asio::ssl::context> make_tls_context(const TlsFiles& files) {
    asio::ssl::context context = bare_context();
    const auto wrong = [](std::string_view what, const std::string& file, const error_code& error) {
        return fail(Errc::invalid_argument,
                    fmt::format("{} in {} cannot be used: {}", what, file, error.message()));
    };
    error_code error;
    context.load_verify_file(files.authority, error);
    if (error) {
        return wrong("the certificates to be trusted", files.authority, error);
    }
    context.use_certificate_chain_file(files.certificate, error);
    if (error) {
        return wrong("the certificate", files.certificate, error);
    }
    context.use_private_key_file(files.key, asio::ssl::context::pem, error);
    if (error) {
        return wrong("the key", files.key, error);
    }
    return context;
}

Task<Result<tcp::socket>> connect_tcp(Clock& clock, Origin origin, SteadyPoint deadline, const Reach* reach) {
    auto endpoints = co_await endpoints_of(clock, origin, deadline);
    if (!endpoints) {
        co_return tl::unexpected(endpoints.error());
    }
    if (reach != nullptr) {
        keep_allowed(*endpoints, *reach);
        if (endpoints->empty()) {
            co_return fail(Errc::forbidden,
                           fmt::format("{} has no public address; the operator can allow others with "
                                       "HOOKLINE_ALLOW_PRIVATE",
                                       origin.host));
        }
    }
    const auto executor = co_await asio::this_coro::executor;
    std::string last_error = "no answer in time";
    for (std::size_t i = 0; i < endpoints->size(); ++i) {
        const bool is_last = i + 1 == endpoints->size();
        const SteadyPoint until =
            is_last ? deadline : std::min(deadline, clock.steady() + patience_for_one_address);
        tcp::socket socket(executor);
        const auto error = co_await with_deadline(connect_to(socket, (*endpoints)[i]), clock, until);
        if (error && !*error) {
            error_code ignored;
            socket.set_option(tcp::no_delay(true), ignored);
            co_return std::move(socket);
        }
        last_error = error ? error->message() : "no answer in time";
        if (clock.steady() >= deadline) {
            break;
        }
    }
    co_return fail(clock.steady() >= deadline ? Errc::timeout : Errc::unavailable,
                   fmt::format("cannot connect to {}:{}: {}", origin.host, origin.port, last_error));
}

Task<Result<void>> start_tls(TlsStream& stream, std::string host) {
    error_code not_numeric;
    asio::ip::make_address(host, not_numeric);
    SSL* const session = stream.native_handle();
    SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (not_numeric) {
        SSL_set_tlsext_host_name(session, host.c_str());  // an address must not stand in SNI (RFC 6066)
        SSL_set1_host(session, host.c_str());
    } else {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str());
    }
    const auto shaken =
        co_await stream.async_handshake(TlsStream::client, asio::as_tuple(asio::use_awaitable));
    const error_code error = std::get<0>(shaken);
    if (!error) {
        co_return Result<void>();
    }
    const long verdict = SSL_get_verify_result(session);
    co_return fail(
        Errc::unavailable,
        fmt::format("no secure connection to {}: {}", host,
                    verdict == X509_V_OK ? error.message() : X509_verify_cert_error_string(verdict)));
}

}  // namespace hookline::net
