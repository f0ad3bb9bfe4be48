#include "testing/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <stdexcept>

#include "base/text.hpp"

namespace hookline {

RawClient::RawClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{10, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        throw std::runtime_error("nobody listens there");
    }
}

RawClient::~RawClient() { close(socket_); }

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawClient::end_sending() { shutdown(socket_, SHUT_WR); }

bool RawClient::receive() {
    std::array<char, 16384> room{};
    const ssize_t got = recv(socket_, room.data(), room.size(), 0);
    if (got <= 0) {
        return false;
    }
    buffer_.append(room.data(), static_cast<std::size_t>(got));
    return true;
}

RawAnswer RawClient::read() {
    std::size_t head_end = std::string::npos;
    while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!receive()) {
            return {};
        }
    }
    RawAnswer answer;
    std::from_chars(buffer_.data() + 9, buffer_.data() + 12, answer.status);
    answer.fields = to_lower_ascii(std::string_view(buffer_).substr(0, head_end + 2));
    buffer_.erase(0, head_end + 4);
    std::size_t length = 0;
    if (const std::size_t at = answer.fields.find("content-length: "); at != std::string::npos) {
        std::from_chars(answer.fields.data() + at + 16, answer.fields.data() + answer.fields.size(), length);
    }
    while (buffer_.size() < length && receive()) {
    }
    answer.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return answer;
}

bool RawClient::at_end() {
    while (buffer_.empty()) {
        char byte = 0;
        const ssize_t got = recv(socket_, &byte, 1, 0);
        if (got <= 0) {
            return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
        }
        buffer_.push_back(byte);
    }
    return false;
}

std::string raw_request(std::string_view method, std::string_view target, std::string_view fields,
                        std::string_view body) {
    std::string text;
    text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(fields);
    if (!body.empty()) {
        text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    }
    return text.append("\r\n").append(body);
}

}  // namespace hookline
