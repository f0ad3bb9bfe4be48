#include "net/response_reader.hpp"

#include <fmt/format.h>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/text.hpp"

namespace hookline::net {

namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr int most_interim_answers = 16;  // 100 Continue, 103 Early Hints

Error error_of(const error_code& error) {
    if (error == http::error::body_limit || error == http::error::buffer_overflow) {
        return Error(Errc::too_large, "the answer is larger than what is read");
    }
    if (error == http::error::header_limit) {
        return Error(Errc::too_large, "the answer's header is larger than what is read");
    }
    return Error(Errc::malformed, fmt::format("the answer is no HTTP: {}", error.message()));
}

Response header_of(const http::response<http::string_body>& message) {
    Response response(static_cast<int>(message.result_int()));
    for (const auto& one : message) {
        response.fields.emplace_back(std::string(one.name_string()), std::string(one.value()));
    }
    return response;
}

}  // namespace

struct ResponseReader::State {
    State(bool is_answer_to_head, std::size_t with_body_limit)
        : is_to_head(is_answer_to_head), body_limit(with_body_limit) {
        start();
    }

    void start() {
        parser.emplace();
        parser->eager(true);
        parser->header_limit(header_limit);
        parser->body_limit(body_limit);
        parser->skip(is_to_head);
    }

    bool is_to_head;
    std::size_t body_limit;
    std::optional<http::response_parser<http::string_body>> parser;
    std::string pending;
    int interim_answers = 0;
    bool has_begun = false;
    bool ended_by_close = false;
};

ResponseReader::ResponseReader(bool is_to_head, std::size_t body_limit)
    : state_(std::make_unique<State>(is_to_head, body_limit)) {}
ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
ResponseReader::~ResponseReader() = default;

Result<bool> ResponseReader::feed(std::string_view bytes) {
    State& state = *state_;
    state.has_begun = state.has_begun || !bytes.empty();
    state.pending.append(bytes);
    while (!state.pending.empty()) {
        error_code error;
        const boost::asio::const_buffer buffer(state.pending.data(), state.pending.size());
        const std::size_t used = state.parser->put(buffer, error);
        state.pending.erase(0, used);
        if (error == http::error::need_more) {
            return false;
        }
        if (error) {
            return tl::unexpected(error_of(error));
        }
        if (!state.parser->is_done()) {
            continue;
        }
        const unsigned status = state.parser->get().result_int();
        if (status / 100 != 1) {
            return true;
        }
        if (status == 101 || ++state.interim_answers > most_interim_answers) {
            return fail(Errc::malformed, fmt::format("the answer is a {} that nobody asked for", status));
        }
        state.start();
    }
    return false;
}

Result<void> ResponseReader::end() {
    State& state = *state_;
    if (!state.has_begun) {
        return fail(Errc::unavailable, "the connection was closed without an answer");
    }
    error_code error;
    if (!state.parser->is_header_done() || !state.parser->need_eof()) {
        return fail(Errc::malformed, "the connection was closed in the middle of the answer");
    }
    state.parser->put_eof(error);
    if (error) {
        return fail(Errc::malformed, "the connection was closed in the middle of the answer");
    }
    state.ended_by_close = true;
    return {};
}

bool ResponseReader::has_begun() const { return state_->has_begun; }

bool ResponseReader::keeps_alive() const {
    return !state_->ended_by_close && state_->pending.empty() && state_->parser->keep_alive();
}

Response ResponseReader::take() {
    auto message = state_->parser->release();
    Response response = header_of(message);
    response.body = std::move(message.body());
    return response;
}

bool ResponseReader::has_header() const { return state_->parser->is_header_done(); }

Response ResponseReader::header() const { return header_of(state_->parser->get()); }

std::string ResponseReader::take_body() { return std::exchange(state_->parser->get().body(), {}); }

}  // namespace hookline::net
