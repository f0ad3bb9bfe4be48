#include "net/http_transport.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>

namespace hookline::net {

void TlsContext::Free::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
void Transport::Free::operator()(SSL* stream) const { SSL_free(stream); }

namespace {

std::string last_tls_error() {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    return text.data();
}

}  // namespace

Result<TlsContext> TlsContext::load(const std::string& certificate, const std::string& key) {
    TlsContext tls;
    tls.context_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX* const context = tls.context_.get();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context,
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) {
        return fail(Errc::invalid_argument,
                    fmt::format("{} holds no usable certificate: {}", certificate, last_tls_error()));
    }
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        return fail(Errc::invalid_argument,
                    fmt::format("{} is not the key of {}: {}", key, certificate, last_tls_error()));
    }
    return tls;
}

Transport::Transport(int socket, const TlsContext* tls) : socket_(socket) {
    if (tls != nullptr) {
        tls_.reset(SSL_new(tls->get()));
        SSL_set_fd(tls_.get(), socket);
        SSL_set_accept_state(tls_.get());
    }
}

Transport::Moved Transport::read(std::span<char> room) {
    if (tls_) {
        std::size_t bytes = 0;
        ERR_clear_error();
        const int result = SSL_read_ex(tls_.get(), room.data(), room.size(), &bytes);
        return tls_result(result, bytes);
    }
    for (;;) {
        const ssize_t got = recv(socket_, room.data(), room.size(), 0);
        if (got > 0) {
            return {State::done, static_cast<std::size_t>(got)};
        }
        if (got < 0 && errno == EINTR) {
            continue;
        }
        const bool is_empty = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        return {is_empty ? State::wait_to_read : State::ended, 0};
    }
}

Transport::Moved Transport::write(std::string_view bytes) {
    if (tls_) {
        std::size_t written = 0;
        ERR_clear_error();
        const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &written);
        return tls_result(result, written);
    }
    for (;;) {
        const ssize_t put = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (put >= 0) {
            return {State::done, static_cast<std::size_t>(put)};
        }
        if (errno == EINTR) {
            continue;
        }
        const bool is_full = errno == EAGAIN || errno == EWOULDBLOCK;
        return {is_full ? State::wait_to_write : State::ended, 0};
    }
}

Transport::Moved Transport::tls_result(int result, std::size_t bytes) {
    if (result == 1) {
        return {State::done, bytes};
    }
    switch (SSL_get_error(tls_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            return {State::wait_to_read, 0};
        case SSL_ERROR_WANT_WRITE:
            return {State::wait_to_write, 0};
        default:
            return {State::ended, 0};
    }
}

bool Transport::holds_bytes() const { return tls_ && SSL_pending(tls_.get()) > 0; }

void Transport::end_sending() {
    if (tls_) {
        ERR_clear_error();
        SSL_shutdown(tls_.get());
    }
    shutdown(socket_, SHUT_WR);
}

}  // namespace hookline::net
