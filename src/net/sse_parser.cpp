#include "net/sse_parser.hpp"

#include <charconv>

namespace hookline::net {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::chrono::milliseconds longest_retry = std::chrono::hours(24);
constexpr std::size_t longest_id = 1024;

}  // namespace

Result<std::vector<ServerSentEvent>> SseParser::feed(std::string_view bytes) {
    std::vector<ServerSentEvent> events;
    for (const char c : bytes) {
        if (c == '\n' && is_after_return_) {
            is_after_return_ = false;  // the second half of a line end
            continue;
        }
        is_after_return_ = c == '\r';
        if (c != '\n' && c != '\r') {
            line_ += c;
            if (line_.size() + data_.size() > event_limit) {
                return fail(Errc::too_large, "an event of the stream is larger than what is read");
            }
            continue;
        }
        std::string_view line = line_;
        if (!has_begun_ && line.starts_with(byte_order_mark)) {
            line.remove_prefix(byte_order_mark.size());
        }
        has_begun_ = true;
        take_line(line, events);
        line_.clear();
    }
    return events;
}

void SseParser::take_line(std::string_view line, std::vector<ServerSentEvent>& events) {
    if (line.empty()) {
        end_event(events);
        return;
    }
    const std::size_t colon = line.find(':');
    if (colon == 0) {
        return;  // a comment, sent to keep the connection alive
    }
    const std::string_view name = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
    if (value.starts_with(' ')) {
        value.remove_prefix(1);
    }
    take_field(name, value);
}

void SseParser::take_field(std::string_view name, std::string_view value) {
    if (name == "data") {
        data_.append(has_data_ ? "\n" : "").append(value);
        has_data_ = true;
    } else if (name == "event") {
        type_ = value;
    } else if (name == "id") {
        if (value.find('\0') == std::string_view::npos && value.size() <= longest_id) {
            next_id_ = value;
            has_id_ = true;
        }
    } else if (name == "retry") {
        std::int64_t milliseconds = 0;
        const char* const end = value.data() + value.size();
        const auto [stop, error] = std::from_chars(value.data(), end, milliseconds);
        if (error == std::errc{} && stop == end && milliseconds >= 0) {
            retry_ = std::min(std::chrono::milliseconds(milliseconds), longest_retry);
        }
    }
}

void SseParser::end_event(std::vector<ServerSentEvent>& events) {
    if (has_id_) {
        last_id_ = next_id_;
    }
    if (has_data_) {
        events.push_back(ServerSentEvent{type_.empty() ? "message" : type_, std::move(data_), last_id_});
    }
    type_.clear();
    data_.clear();
    has_data_ = has_id_ = false;
}

}  // namespace hookline::net
