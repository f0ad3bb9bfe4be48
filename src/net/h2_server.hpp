// A gRPC server for tests: HTTP/2 by libnghttp2 over a unix socket, behind POST /grpc or without it. Each
// connection plays the acts written for it once its request has come. Leaves out: several requests of a
// connection, and any knowledge of what the messages mean.
#pragma once

#include <nghttp2/nghttp2.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "base/task.hpp"
#include "net/http.hpp"

namespace hookline::net {

struct H2Act {
    enum class Kind { data, trailers, reset, go_away, raw, close, wait_for_ping };
    Kind kind = Kind::data;
    std::string bytes;
    Fields fields;
    std::uint32_t code = 0;
};
inline H2Act data(std::string bytes) { return {H2Act::Kind::data, std::move(bytes), {}, 0}; }
inline H2Act trailers(Fields fields) { return {H2Act::Kind::trailers, {}, std::move(fields), 0}; }
inline H2Act reset_stream(std::uint32_t code) { return {H2Act::Kind::reset, {}, {}, code}; }
inline H2Act go_away() { return {H2Act::Kind::go_away, {}, {}, 0}; }
inline H2Act raw(std::string bytes) { return {H2Act::Kind::raw, std::move(bytes), {}, 0}; }
inline H2Act close_connection() { return {H2Act::Kind::close, {}, {}, 0}; }
inline H2Act wait_for_ping() { return {H2Act::Kind::wait_for_ping, {}, {}, 0}; }

class H2Connection {
public:
    using Socket = boost::asio::local::stream_protocol::socket;

    H2Connection(Socket socket, std::vector<H2Act> acts)
        : socket_(std::move(socket)), acts_(acts.begin(), acts.end()) {}
    ~H2Connection() { nghttp2_session_del(session_); }

    Task<void> serve(bool is_behind_grpc) {
        if (is_behind_grpc) {
            std::string head;
            bool is_open = true;
            while (is_open && head.find("\r\n\r\n") == std::string::npos) {
                is_open = co_await read_into(head);
            }
            upgrade = head;
            const std::string answer = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
            co_await write(answer);
        }
        begin();
        bool is_open = true;
        while (is_open) {
            perform();
            if (!is_slow || stream_ != 0) {
                std::string said = std::exchange(output_, {});
                co_await write(std::move(said));
            }
            if (is_closing_) {
                break;
            }
            std::string bytes;
            is_open = co_await read_into(bytes);
            const auto taken = nghttp2_session_mem_recv(
                session_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
            is_open = is_open && taken >= 0;
        }
        socket_.close();
        is_closed = true;
    }

    std::string upgrade, body;
    Fields fields;
    std::size_t pings = 0;
    bool is_closed = false;
    bool is_slow = false;  // says nothing at all before the request has come

private:
    static constexpr auto as_tuple = boost::asio::as_tuple(boost::asio::use_awaitable);

    Task<bool> read_into(std::string& into) {
        std::string buffer(65'536, '\0');
        const auto got = co_await socket_.async_read_some(boost::asio::buffer(buffer), as_tuple);
        into.append(buffer, 0, std::get<1>(got));
        co_return !std::get<0>(got);
    }
    Task<void> write(std::string bytes) {
        co_await boost::asio::async_write(socket_, boost::asio::buffer(bytes), as_tuple);
    }

    static H2Connection& of(void* self) { return *static_cast<H2Connection*>(self); }

    void begin() {
        nghttp2_session_callbacks* callbacks = nullptr;
        nghttp2_session_callbacks_new(&callbacks);
        nghttp2_session_callbacks_set_on_header_callback(
            callbacks, [](nghttp2_session*, const nghttp2_frame*, const std::uint8_t* name, std::size_t size,
                          const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* self) {
                of(self).fields.emplace_back(std::string(reinterpret_cast<const char*>(name), size),
                                             std::string(reinterpret_cast<const char*>(value), value_size));
                return 0;
            });
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
            callbacks, [](nghttp2_session*, std::uint8_t, std::int32_t, const std::uint8_t* bytes,
                          std::size_t size, void* self) {
                of(self).body.append(reinterpret_cast<const char*>(bytes), size);
                return 0;
            });
        nghttp2_session_callbacks_set_on_frame_recv_callback(
            callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* self) {
                if (frame->hd.type == NGHTTP2_DATA && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
                    of(self).answer(frame->hd.stream_id);
                }
                of(self).pings += frame->hd.type == NGHTTP2_PING && frame->hd.flags == 0 ? 1 : 0;
                return 0;
            });
        nghttp2_session_server_new(&session_, callbacks, this);
        nghttp2_session_callbacks_del(callbacks);
        nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0);
    }

    void answer(std::int32_t stream) {
        stream_ = stream;
        const auto made = pairs(answer_fields_);
        nghttp2_data_provider provider{};
        provider.read_callback = [](nghttp2_session*, std::int32_t, std::uint8_t* into, std::size_t room,
                                    std::uint32_t* flags, nghttp2_data_source*,
                                    void* self) { return of(self).next_data(into, room, flags); };
        nghttp2_submit_response(session_, stream, made.data(), made.size(), &provider);
    }

    ssize_t next_data(std::uint8_t* into, std::size_t room, std::uint32_t* flags) {
        if (!acts_.empty() && acts_.front().kind == H2Act::Kind::trailers) {
            *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
            trailers_ = acts_.front().fields;
            const auto made = pairs(trailers_);
            nghttp2_submit_trailer(session_, stream_, made.data(), made.size());
            acts_.pop_front();
            return 0;
        }
        if (acts_.empty() || acts_.front().kind != H2Act::Kind::data) {
            return NGHTTP2_ERR_DEFERRED;
        }
        std::string& bytes = acts_.front().bytes;
        const std::size_t size = std::min(room, bytes.size());
        std::copy_n(bytes.begin(), size, into);
        bytes.erase(0, size);
        if (bytes.empty()) {
            acts_.pop_front();
        }
        return static_cast<ssize_t>(size);
    }

    void perform() {
        for (;;) {
            gather();
            if (stream_ == 0 || acts_.empty()) {
                return;
            }
            const std::size_t before = acts_.size();
            perform_one();
            gather();
            if (acts_.size() == before || is_closing_) {
                return;
            }
        }
    }

    void perform_one() {
        const H2Act& act = acts_.front();
        switch (act.kind) {
            case H2Act::Kind::data:
            case H2Act::Kind::trailers:
                nghttp2_session_resume_data(session_, stream_);
                return;
            case H2Act::Kind::reset:
                nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream_, act.code);
                break;
            case H2Act::Kind::go_away:
                nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, 0, NGHTTP2_INTERNAL_ERROR, nullptr, 0);
                break;
            case H2Act::Kind::raw:
                output_ += act.bytes;
                break;
            case H2Act::Kind::close:
                is_closing_ = true;
                return;
            case H2Act::Kind::wait_for_ping:
                if (pings == 0) {
                    return;
                }
                break;
        }
        acts_.pop_front();
    }

    void gather() {
        for (;;) {
            const std::uint8_t* bytes = nullptr;
            const auto size = nghttp2_session_mem_send(session_, &bytes);
            if (size <= 0) {
                return;
            }
            output_.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
        }
    }

    static std::vector<nghttp2_nv> pairs(Fields& of) {
        std::vector<nghttp2_nv> made;
        for (auto& [name, value] : of) {
            made.push_back({reinterpret_cast<std::uint8_t*>(name.data()),
                            reinterpret_cast<std::uint8_t*>(value.data()), name.size(), value.size(),
                            NGHTTP2_NV_FLAG_NONE});
        }
        return made;
    }

    Socket socket_;
    std::deque<H2Act> acts_;
    nghttp2_session* session_ = nullptr;
    std::int32_t stream_ = 0;
    Fields answer_fields_ = {{":status", "200"}, {"content-type", "application/grpc"}};
    Fields trailers_;
    std::string output_;
    bool is_closing_ = false;
};

}  // namespace hookline::net
