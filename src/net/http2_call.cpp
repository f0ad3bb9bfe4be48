#include "net/http2_call.hpp"

#include <fmt/format.h>
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace hookline::net {

namespace {

/// What may be under way before the reader has asked for more (RFC 9113, 6.9).
constexpr std::uint32_t window = 256U << 10U;
constexpr std::uint32_t header_limit = 32U << 10U;
constexpr std::size_t longest_reason = 200;

struct FreeSession {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
};
struct FreeCallbacks {
    void operator()(nghttp2_session_callbacks* callbacks) const { nghttp2_session_callbacks_del(callbacks); }
};

std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

/// libnghttp2 takes no const, and copies what it is given.
nghttp2_nv field_of(std::string_view name, std::string_view value) {
    const auto bytes = [](std::string_view text) {
        return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
    };
    return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

struct Http2Call::State {
    explicit State(Http2Request with_request) : request(std::move(with_request)) {}
    void begin();

    Http2Request request;
    std::size_t sent = 0;  // of the request's body
    std::int32_t stream = 0;
    bool has_met = false;
    bool is_over = false;
    std::optional<Error> broken;
    int status = 0;
    Fields fields;
    std::size_t fields_size = 0;
    std::string body;
    std::unique_ptr<nghttp2_session, FreeSession> session;

    void end(std::optional<Error> why) {
        if (!is_over) {
            is_over = true;
            broken = std::move(why);
        }
    }

private:
    void take_field(std::string_view name, std::string_view value);
    void take_frame(const nghttp2_frame& frame);
    void take_end(std::uint32_t code);

    // What libnghttp2 calls; no exception may go through it.
    static int on_header(nghttp2_session*, const nghttp2_frame*, const std::uint8_t* name,
                         std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                         std::uint8_t, void* state) noexcept {
        static_cast<State*>(state)->take_field(text_of(name, name_size), text_of(value, value_size));
        return 0;
    }
    static int on_data(nghttp2_session*, std::uint8_t, std::int32_t, const std::uint8_t* bytes,
                       std::size_t size, void* state) noexcept {
        static_cast<State*>(state)->body.append(text_of(bytes, size));
        return 0;
    }
    static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* state) noexcept {
        static_cast<State*>(state)->take_frame(*frame);
        return 0;
    }
    static int on_close(nghttp2_session*, std::int32_t, std::uint32_t code, void* state) noexcept {
        static_cast<State*>(state)->take_end(code);
        return 0;
    }
    static ssize_t next_body(nghttp2_session*, std::int32_t, std::uint8_t* into, std::size_t room,
                             std::uint32_t* flags, nghttp2_data_source*, void* of) noexcept {
        State& state = *static_cast<State*>(of);
        const std::size_t size = std::min(room, state.request.body.size() - state.sent);
        std::memcpy(into, state.request.body.data() + state.sent, size);
        state.sent += size;
        if (state.sent == state.request.body.size()) {
            *flags |= NGHTTP2_DATA_FLAG_EOF;
        }
        return static_cast<ssize_t>(size);
    }
};

void Http2Call::State::begin() {
    nghttp2_session_callbacks* made = nullptr;
    if (nghttp2_session_callbacks_new(&made) != 0) {
        throw std::bad_alloc();
    }
    const std::unique_ptr<nghttp2_session_callbacks, FreeCallbacks> callbacks(made);
    nghttp2_session_callbacks_set_on_header_callback(made, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(made, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(made, on_close);
    nghttp2_session* opened = nullptr;
    if (nghttp2_session_client_new(&opened, made, this) != 0) {
        throw std::bad_alloc();
    }
    session.reset(opened);
    constexpr std::array<nghttp2_settings_entry, 3> settings{
        {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
         {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window},
         {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, header_limit}}};
    nghttp2_submit_settings(opened, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    nghttp2_session_set_local_window_size(opened, NGHTTP2_FLAG_NONE, 0, window);  // the connection's own

    std::vector<nghttp2_nv> fields_sent{field_of(":method", "POST"), field_of(":scheme", request.scheme),
                                        field_of(":authority", request.authority),
                                        field_of(":path", request.path)};
    for (const auto& [name, value] : request.fields) {
        fields_sent.push_back(field_of(name, value));
    }
    nghttp2_data_provider provider{};
    provider.read_callback = next_body;
    stream = nghttp2_submit_request(opened, nullptr, fields_sent.data(), fields_sent.size(), &provider, this);
}

void Http2Call::State::take_field(std::string_view name, std::string_view value) {
    if (name == ":status") {
        std::from_chars(value.data(), value.data() + value.size(), status);
        return;
    }
    fields_size += name.size() + value.size();
    if (fields_size <= header_limit) {
        fields.emplace_back(name, value);
    }
}

void Http2Call::State::take_frame(const nghttp2_frame& frame) {
    has_met = has_met || frame.hd.type == NGHTTP2_SETTINGS;
    // One that goes away may still answer what it took (RFC 9113, 6.8).
    if (frame.hd.type == NGHTTP2_GOAWAY && frame.goaway.last_stream_id < stream) {
        const std::string_view reason = text_of(frame.goaway.opaque_data, frame.goaway.opaque_data_len);
        end(Error(Errc::unavailable, fmt::format("the other end goes away: {} {}",
                                                 nghttp2_http2_strerror(frame.goaway.error_code),
                                                 reason.substr(0, longest_reason))));
    }
}

void Http2Call::State::take_end(std::uint32_t code) {
    if (code == NGHTTP2_NO_ERROR) {
        end(std::nullopt);
    } else {
        end(Error(Errc::unavailable,
                  fmt::format("the other end broke the stream off: {}", nghttp2_http2_strerror(code))));
    }
}

Http2Call::Http2Call(Http2Request request) : state_(std::make_unique<State>(std::move(request))) {
    state_->begin();
}

Http2Call::~Http2Call() = default;

Result<void> Http2Call::feed(std::string_view bytes) {
    const auto taken = nghttp2_session_mem_recv(
        state_->session.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    if (taken < 0) {
        return fail(Errc::malformed,
                    fmt::format("it is no HTTP/2 any more: {}", nghttp2_strerror(static_cast<int>(taken))));
    }
    return {};
}

std::string Http2Call::take_output() {
    std::string output;
    for (;;) {
        const std::uint8_t* bytes = nullptr;
        const auto size = nghttp2_session_mem_send(state_->session.get(), &bytes);
        if (size <= 0) {
            break;
        }
        output.append(text_of(bytes, static_cast<std::size_t>(size)));
    }
    // What breaks the protocol's rules makes libnghttp2 say GOAWAY, and read no further.
    if (nghttp2_session_want_read(state_->session.get()) == 0) {
        state_->end(Error(Errc::malformed, "it is no HTTP/2, or breaks its rules"));
    }
    return output;
}

void Http2Call::ping() { nghttp2_submit_ping(state_->session.get(), NGHTTP2_FLAG_NONE, nullptr); }

bool Http2Call::has_met() const { return state_->has_met; }
std::string Http2Call::take_body() { return std::exchange(state_->body, {}); }
bool Http2Call::is_over() const { return state_->is_over; }
const std::optional<Error>& Http2Call::broken() const { return state_->broken; }
int Http2Call::status() const { return state_->status; }
const Fields& Http2Call::fields() const { return state_->fields; }

}  // namespace hookline::net
