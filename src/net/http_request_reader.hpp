// Bytes → one request: its head as views, its body in pieces. Beast's parser does the grammar; what a proxy
// in front might read differently (and so could be used to smuggle a request) is refused here before it.
// Knows nothing of sockets, time or answers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "net/http_server.hpp"

namespace hookline::net {

class BodyReceiver {
public:
    virtual ~BodyReceiver() = default;
    virtual void on_body(std::string_view bytes) = 0;
};

/// What stands in the way: the status to answer with, and words for the sender.
struct Refusal {
    int status = 0;
    std::string_view why;
};

class RequestReader {
public:
    enum class Progress { more, whole, refused };
    struct Step {
        std::size_t consumed = 0;
        Progress progress = Progress::more;
        Refusal refusal;
    };

    explicit RequestReader(const ServerLimits& limits);
    RequestReader(const RequestReader&) = delete;
    RequestReader& operator=(const RequestReader&) = delete;
    ~RequestReader();

    /// Before each request.
    void reset();
    /// `bytes`: everything of this request so far; nothing is consumed until the head is whole. The views of
    /// head() point into `bytes` then.
    [[nodiscard]] Step read_head(std::string_view bytes);
    /// Pieces go to `receiver`. What is not consumed must come again, with more behind it.
    [[nodiscard]] Step read_body(std::string_view bytes, BodyReceiver& receiver);

    [[nodiscard]] std::string_view method() const { return method_; }
    [[nodiscard]] std::string_view target() const { return target_; }
    [[nodiscard]] std::span<const std::pair<std::string_view, std::string_view>> fields() const {
        return fields_;
    }
    [[nodiscard]] std::optional<std::uint64_t> announced() const { return announced_; }
    [[nodiscard]] bool has_body() const;
    [[nodiscard]] bool is_http11() const { return is_http11_; }
    [[nodiscard]] bool keeps_alive() const;
    [[nodiscard]] bool expects_continue() const { return expects_continue_; }
    /// Over `bytes` of body (as announced by a chunk, before it comes): refused with 413.
    void limit_body(std::uint64_t bytes);

private:
    class Parser;
    [[nodiscard]] Step parse_head(std::string_view head, std::size_t skipped);
    [[nodiscard]] Refusal check_fields();
    [[nodiscard]] Refusal check_field(std::string_view name, std::string_view value);

    const ServerLimits& limits_;
    std::unique_ptr<Parser> parser_;
    std::string_view method_, target_;
    std::vector<std::pair<std::string_view, std::string_view>> fields_;
    std::optional<std::uint64_t> announced_;
    std::size_t scanned_ = 0;     // of the head: no line end before this needs another look
    std::size_t line_start_ = 0;  // where the line begins that is being scanned
    int hosts_ = 0, lengths_ = 0, encodings_ = 0;
    bool is_http11_ = false;
    bool expects_continue_ = false;
};

}  // namespace hookline::net
