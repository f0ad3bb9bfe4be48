// A client that sends exactly the bytes it is told to, for tests of the server's edge. Nothing waits longer
// than ten seconds of real time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hookline {

struct RawAnswer {
    int status = 0;      // 0: the connection ended (or nothing came) before an answer
    std::string fields;  // as they came, lower case
    std::string body;
    [[nodiscard]] bool has(std::string_view field_line) const {
        return fields.find(field_line) != std::string::npos;
    }
};

class RawClient {
public:
    explicit RawClient(std::uint16_t port);
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    ~RawClient();

    /// False: the other side has closed.
    bool send(std::string_view bytes);
    void end_sending();
    [[nodiscard]] RawAnswer read();
    /// True once the other side has closed and everything it sent was read by read().
    [[nodiscard]] bool at_end();

private:
    bool receive();
    int socket_ = -1;
    std::string buffer_;
};

/// A request with Host and, where there is a body, Content-Length. `fields`: lines with CR LF each.
[[nodiscard]] std::string raw_request(std::string_view method, std::string_view target,
                                      std::string_view fields, std::string_view body);

}  // namespace hookline
