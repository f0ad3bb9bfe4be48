#include "net/grpc_messages.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"

namespace hookline::net {

namespace {

constexpr std::size_t header_size = 5;
constexpr std::size_t longest_reason = 300;

/// Percent-encoded UTF-8 ("gRPC over HTTP2", Status-Message); what is not of that form stays as it is.
std::string decoded(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        unsigned byte = 0;
        const char* const digits = text.data() + at + 1;
        if (text[at] == '%' && at + 2 < text.size() &&
            std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
            result += static_cast<char>(byte);
            at += 2;
        } else {
            result += text[at];
        }
    }
    return shorten(repair_utf8(result), longest_reason);
}

/// "Status codes and their use in gRPC".
Errc code_of(int status) {
    switch (status) {
        case 1:
            return Errc::cancelled;
        case 4:
            return Errc::timeout;
        case 5:
            return Errc::not_found;
        case 7:
        case 16:
            return Errc::forbidden;
        case 12:
            return Errc::unsupported;
        default:
            return Errc::unavailable;
    }
}

}  // namespace

void GrpcMessages::feed(std::string_view bytes) {
    const std::size_t passed_over = std::min(skipped_, bytes.size());
    skipped_ -= passed_over;
    pending_.append(bytes.substr(passed_over));
}

Result<std::optional<std::string>> GrpcMessages::next() {
    const std::string_view rest = std::string_view(pending_).substr(at_);
    if (rest.size() < header_size) {
        pending_.erase(0, at_);
        at_ = 0;
        return std::optional<std::string>();
    }
    if (rest[0] != 0) {
        return fail(Errc::unsupported, "a message is compressed though not asked for");
    }
    std::size_t length = 0;
    for (std::size_t i = 1; i < header_size; ++i) {
        length = length << 8U | static_cast<unsigned char>(rest[i]);
    }
    if (length > limit_) {
        const std::size_t here = std::min(length, rest.size() - header_size);
        skipped_ = length - here;
        at_ += header_size + here;
        return fail(Errc::too_large,
                    fmt::format("a message of {} bytes is larger than what is read ({})", length, limit_));
    }
    if (rest.size() < header_size + length) {
        pending_.erase(0, at_);
        at_ = 0;
        return std::optional<std::string>();
    }
    at_ += header_size + length;
    return std::optional<std::string>(rest.substr(header_size, length));
}

std::string grpc_frame(std::string_view message) {
    std::string frame(1, '\0');
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        frame += static_cast<char>(message.size() >> shift & 0xFFU);
    }
    return frame.append(message);
}

std::optional<Error> grpc_failure(int http_status, const Fields& fields) {
    const std::string_view text = field(fields, "grpc-status");
    int status = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), status);
    if (text.empty() || read.ptr != text.data() + text.size()) {
        // Who answers without gRPC's own status does not speak it ("HTTP to gRPC Status Code Mapping").
        const bool is_trouble = http_status == 200 || http_status == 0 || http_status >= 500;
        return Error(is_trouble ? Errc::unavailable : Errc::unsupported,
                     fmt::format("it answered {} without a status of gRPC", http_status));
    }
    if (status == 0) {
        return std::nullopt;
    }
    return Error(code_of(status), fmt::format("it answered with gRPC status {}: {}", status,
                                              decoded(field(fields, "grpc-message"))));
}

}  // namespace hookline::net
