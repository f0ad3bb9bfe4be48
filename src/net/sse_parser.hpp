// Bytes of a text/event-stream in, events out (WHATWG HTML, section 9.2.6 "Interpreting an event stream").
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace hookline::net {

struct ServerSentEvent {
    // A constructor on purpose: see Error in base/result.hpp.
    ServerSentEvent(std::string with_type, std::string with_data, std::string with_id)
        : type(std::move(with_type)), data(std::move(with_data)), id(std::move(with_id)) {}
    std::string type;  // "message" where the stream names none
    std::string data;
    std::string id;  // the last that the stream told; empty: none yet
};

class SseParser {
public:
    /// What one event may hold, and a line of it.
    static constexpr std::size_t event_limit = 8UL << 20U;

    /// `last_id`: of the connection before this one.
    explicit SseParser(std::string last_id = {}) : last_id_(std::move(last_id)) {}
    /// The events that `bytes` complete. too_large: an event beyond the limit; the stream is of no use then.
    [[nodiscard]] Result<std::vector<ServerSentEvent>> feed(std::string_view bytes);
    /// What Last-Event-ID is to say when the stream is opened again.
    [[nodiscard]] const std::string& last_id() const { return last_id_; }
    /// How long the stream wants to be left alone before it is opened again; nothing: it did not say.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const { return retry_; }

private:
    void take_line(std::string_view line, std::vector<ServerSentEvent>& events);
    void take_field(std::string_view name, std::string_view value);
    void end_event(std::vector<ServerSentEvent>& events);

    std::string line_;  // not ended yet
    bool is_after_return_ = false;
    bool has_begun_ = false;
    std::string type_, data_, next_id_;
    bool has_data_ = false, has_id_ = false;
    std::string last_id_;
    std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace hookline::net
