// Bytes in and out of one accepted socket, without ever waiting: plain or TLS. Who calls waits for the
// socket.
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace hookline::net {

class TlsContext {
public:
    /// TLS 1.2 or newer with the certificate chain and key of these PEM files.
    [[nodiscard]] static Result<TlsContext> load(const std::string& certificate, const std::string& key);
    [[nodiscard]] SSL_CTX* get() const { return context_.get(); }

private:
    struct Free {
        void operator()(SSL_CTX* context) const;
    };
    std::unique_ptr<SSL_CTX, Free> context_;
};

class Transport {
public:
    enum class State { done, wait_to_read, wait_to_write, ended };  // ended: by the other side, or broken
    struct Moved {
        State state = State::done;
        std::size_t bytes = 0;
    };

    /// `socket` is open, non-blocking, and not owned; `tls` may be null.
    Transport(int socket, const TlsContext* tls);
    /// `done` with at least one byte, or why there is none.
    [[nodiscard]] Moved read(std::span<char> room);
    [[nodiscard]] Moved write(std::string_view bytes);
    /// Bytes that were read from the socket already: waiting for it would miss them.
    [[nodiscard]] bool holds_bytes() const;
    /// Tells the other side that nothing more is sent.
    void end_sending();

private:
    struct Free {
        void operator()(SSL* stream) const;
    };
    [[nodiscard]] Moved tls_result(int result, std::size_t bytes);
    int socket_;
    std::unique_ptr<SSL, Free> tls_;
};

}  // namespace hookline::net
