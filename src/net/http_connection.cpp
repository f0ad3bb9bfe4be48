#include "net/http_connection.hpp"

#include "base/text.hpp"
#include "net/http_answer.hpp"
#include "net/http_loop.hpp"

namespace hookline::net {

namespace {

constexpr int reads_in_a_row = 16;                     // then it is the turn of other connections
constexpr std::size_t cautious_read = 4U << 10U;       // while the body budget is used up
constexpr std::uint64_t guess_of_chunked = 1U << 20U;  // how long a body will be that says nothing of it
constexpr std::uint64_t credit_of_new = 64U << 10U;
constexpr std::size_t kept_capacity = 16U << 10U;
constexpr std::string_view retry_after_s = "5";
constexpr std::string_view no_room = "too many bodies are being received; nothing was stored";

}  // namespace

Connection::Connection(ServerLoop& loop, Socket socket, Identity identity, const TlsContext* tls)
    : loop_(loop),
      socket_(std::move(socket)),
      identity_(identity),
      transport_(socket_.native_handle(), tls),
      has_tls_(tls != nullptr),
      reader_(loop.limits()),
      is_trusted_proxy_(loop.options().trusted_proxies.contains(identity.peer)) {}

Connection::~Connection() { release_body(); }

void Connection::start() {
    wait_for(loop_.limits().head_time);
    wait_to_read();
}

void Connection::wait_for(Milliseconds time) { deadline_ = loop_.now() + time; }

void Connection::wait_to_read() {
    if (!waits_to_read_) {
        waits_to_read_ = true;
        loop_.wait(*this, false);
    }
}

void Connection::on_ready(bool to_write) {
    (to_write ? waits_to_write_ : waits_to_read_) = false;
    if (state_ == State::writing) {
        write();
    } else if (takes_bytes() || state_ == State::lingering) {
        read();
    }
}

void Connection::read() {
    for (int round = 0; round < reads_in_a_row; ++round) {
        if (state_ == State::body && !loop_.make_room(*this)) {
            state_ = State::waiting_for_room;
            waiting_since_ = loop_.now();
            wait_for(loop_.limits().budget_wait);
            return;
        }
        const bool is_cautious = state_ == State::head && !loop_.budget().has_room();
        const auto room = is_cautious ? loop_.scratch().first(cautious_read) : loop_.scratch();
        const Transport::Moved moved = transport_.read(room);
        switch (moved.state) {
            case Transport::State::wait_to_read:
                return wait_to_read();
            case Transport::State::wait_to_write:
                waits_to_write_ = true;
                return loop_.wait(*this, true);
            case Transport::State::ended:
                return on_end();
            case Transport::State::done:
                break;
        }
        if (takes_bytes()) {
            take({room.data(), moved.bytes});
        }
        if (!takes_bytes() && state_ != State::lingering) {
            return;
        }
        if (!has_tls_ && moved.bytes < room.size()) {
            return wait_to_read();  // that was all there is, very likely
        }
    }
    loop_.read_again(*this);
}

void Connection::take(std::string_view fresh) {
    if (pending_.empty()) {
        const std::size_t used = process(fresh);
        if (used < fresh.size() && state_ != State::lingering) {
            pending_.assign(fresh.substr(used));
        }
        return;
    }
    pending_.append(fresh);
    std::string bytes = std::exchange(pending_, std::string{});
    bytes.erase(0, process(bytes));
    if (state_ != State::lingering) {
        pending_ = std::move(bytes);
    }
}

/// Returns how many bytes have found their place. A loop, not a recursion: a client may have sent hundreds of
/// requests at once.
std::size_t Connection::process(std::string_view bytes) {
    is_processing_ = true;
    std::size_t used = 0;
    while (used < bytes.size() && takes_bytes()) {
        const bool was_head = state_ == State::head;
        if (was_head && !head_started_) {
            head_started_ = true;
            wait_for(loop_.limits().head_time);
        }
        const auto step =
            was_head ? reader_.read_head(bytes.substr(used)) : reader_.read_body(bytes.substr(used), *this);
        used += step.consumed;
        if (step.progress == RequestReader::Progress::refused) {
            refuse(step.refusal.status, step.refusal.why);
        } else if (step.progress == RequestReader::Progress::more) {
            break;
        } else if (was_head) {
            on_head();
        } else {
            on_whole();
        }
    }
    is_processing_ = false;
    return used;
}

std::string Connection::client() const {
    if (!is_trusted_proxy_) {
        return to_string(identity_.peer);
    }
    std::string forwarded;
    for (const auto& [name, value] : reader_.fields()) {
        if (equals_ignoring_case(name, "x-forwarded-for")) {
            forwarded += forwarded.empty() ? "" : ",";
            forwarded += value;
        }
    }
    return to_string(client_behind(identity_.peer, forwarded, loop_.options().trusted_proxies));
}

void Connection::on_head() {
    keeps_alive_ = reader_.keeps_alive() && !loop_.is_stopping();
    is_head_request_ = reader_.method() == "HEAD";
    if (client_.empty() || is_trusted_proxy_) {
        client_ = client();
    }
    std::uint64_t limit = loop_.limits().request_body;
    if (reader_.target().starts_with(door_prefix)) {
        const RequestHead head{reader_.method(), reader_.target(), reader_.fields(), reader_.announced(),
                               client_};
        admit(head, limit);
        if (!sink_) {
            return;
        }
    } else {
        for_core_ = std::make_unique<Request>(std::string(reader_.method()), std::string(reader_.target()));
        for (const auto& [name, value] : reader_.fields()) {
            for_core_->fields.emplace_back(name, value);
        }
    }
    if (reader_.announced().value_or(0) > limit) {
        return refuse(413, "the body is too large");
    }
    reader_.limit_body(limit);
    reader_.has_body() ? begin_body() : on_whole();
}

void Connection::admit(const RequestHead& head, std::uint64_t& limit) {
    auto decision = loop_.door().admit(head);
    if (const auto* refusal = std::get_if<Response>(&decision)) {
        leaves_unread_ = reader_.has_body();
        keeps_alive_ = keeps_alive_ && !leaves_unread_;
        return respond(*refusal);
    }
    auto& admitted = std::get<Admitted>(decision);
    sink_ = std::move(admitted.sink);
    limit = admitted.body_limit;
}

void Connection::begin_body() {
    state_ = State::body;
    body_started_ = loop_.now();
    last_piece_ = body_started_;
    waited_ = Milliseconds{0};
    wait_for(loop_.limits().body_idle_time);
    if (reader_.expects_continue() && reader_.is_http11()) {
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const Transport::Moved moved = transport_.write(go_on);
        if (moved.state != Transport::State::done || moved.bytes != go_on.size()) {
            end();  // it has not even room for this
        }
    }
}

void Connection::on_body(std::string_view bytes) {
    loop_.budget().charge(bytes.size());
    body_bytes_ += bytes.size();
    last_piece_ = loop_.now();
    wait_for(loop_.limits().body_idle_time);
    if (sink_) {
        sink_->feed(bytes);
    } else {
        for_core_->body.append(bytes);
    }
}

void Connection::on_whole() {
    state_ = State::answering;
    wait_for(loop_.limits().answer_time);
    request_ = loop_.next_request();
    Responder later = loop_.responder(identity_.slot, request_);
    if (!sink_) {
        loop_.hand_to_core(std::move(*for_core_), client_, std::move(later));
        return;
    }
    const auto answer = sink_->finish(std::move(later));
    if (answer) {
        respond(*answer);
    }
}

void Connection::on_answer(std::uint64_t request, const Response& response) {
    if (state_ == State::answering && request == request_) {
        respond(response);
    }
}

void Connection::refuse(int status, std::string_view why) {
    keeps_alive_ = false;
    leaves_unread_ = true;
    if (sink_ && state_ != State::answering) {
        sink_->aborted(status);
    }
    Response response = error_response(status, why);
    if (status == 503) {
        response.fields.emplace_back("Retry-After", retry_after_s);
    }
    respond(response);
}

void Connection::give_way() { refuse(503, no_room); }

void Connection::release_body() {
    sink_.reset();
    for_core_.reset();
    loop_.budget().release(std::exchange(body_bytes_, 0));
}

void Connection::respond(const Response& response) {
    request_ = 0;
    release_body();
    state_ = State::writing;
    wait_for(loop_.limits().write_time);
    append_answer(out_, response, {keeps_alive_, reader_.is_http11(), is_head_request_, loop_.date()});
    write();
}

void Connection::write() {
    while (written_ < out_.size()) {
        const Transport::Moved moved = transport_.write(std::string_view(out_).substr(written_));
        switch (moved.state) {
            case Transport::State::done:
                written_ += moved.bytes;
                break;
            case Transport::State::wait_to_write:
                if (!std::exchange(waits_to_write_, true)) {
                    loop_.wait(*this, true);
                }
                return;
            case Transport::State::wait_to_read:
                return wait_to_read();
            case Transport::State::ended:
                return end();
        }
    }
    out_.clear();
    if (out_.capacity() > kept_capacity) {
        out_.shrink_to_fit();
    }
    written_ = 0;
    after_answer();
}

void Connection::after_answer() {
    if (!keeps_alive_) {
        return linger();
    }
    reader_.reset();
    head_started_ = is_head_request_ = false;
    state_ = State::head;
    wait_for(loop_.limits().idle_time);
    if (is_processing_) {
        return;  // process() goes on with what is there
    }
    if (!pending_.empty()) {
        take({});
    }
    if (takes_bytes() && transport_.holds_bytes()) {
        read();
    } else if (takes_bytes() || state_ == State::lingering) {
        wait_to_read();
    }
}

/// Closing a socket with unread bytes resets it, and the reset can overtake our answer.
void Connection::linger() {
    transport_.end_sending();
    if (!leaves_unread_ && pending_.empty()) {
        return end();
    }
    state_ = State::lingering;
    pending_.clear();
    wait_for(loop_.limits().linger_time);
    if (!is_processing_) {
        wait_to_read();
    }
}

void Connection::on_end() {
    if (sink_) {
        sink_->aborted(0);
    }
    end();
}

void Connection::end() {
    release_body();
    state_ = State::over;
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void Connection::on_stop() {
    keeps_alive_ = false;
    if (state_ == State::head && !head_started_) {
        end();
    }
}

bool Connection::has_held_for(Milliseconds time) const { return loop_.now() - body_started_ >= time; }

double Connection::seconds_of_body() const {
    const auto until = state_ == State::waiting_for_room ? waiting_since_ : loop_.now();
    return std::chrono::duration<double>(until - body_started_ - waited_).count();
}

double Connection::seconds_to_go() const {
    const std::uint64_t announced = reader_.announced().value_or(guess_of_chunked);
    const auto left = static_cast<double>(announced - std::min(announced, body_bytes_));
    // As if a first second had brought `credit_of_new`: a piece that came in no time proves no speed.
    const double rate = static_cast<double>(body_bytes_ + credit_of_new) / (seconds_of_body() + 1);
    const auto until = state_ == State::waiting_for_room ? waiting_since_ : loop_.now();
    const double silent = std::chrono::duration<double>(until - last_piece_).count();
    return std::max(left / rate, silent);
}

bool Connection::is_too_slow() const {
    const ServerLimits& limits = loop_.limits();
    const double seconds = seconds_of_body();
    return has_held_for(limits.body_time) ||
           (seconds >= std::chrono::duration<double>(limits.body_grace).count() &&
            static_cast<double>(body_bytes_) < static_cast<double>(limits.body_rate) * seconds);
}

void Connection::on_tick() {
    if (loop_.now() >= deadline_ || (state_ == State::body && is_too_slow())) {
        return on_timeout();
    }
    if (state_ == State::waiting_for_room && loop_.make_room(*this)) {
        const auto wait = std::chrono::duration_cast<Milliseconds>(loop_.now() - waiting_since_);
        waited_ += wait;
        last_piece_ += wait;  // its silence was our doing
        state_ = State::body;
        wait_for(loop_.limits().body_idle_time);
        read();
    }
}

void Connection::on_timeout() {
    switch (state_) {
        case State::head:
            return head_started_ ? refuse(408, "the request's head took too long") : end();
        case State::body:
            return refuse(408, "the body took too long");
        case State::waiting_for_room:
            return give_way();
        case State::answering:
            return refuse(503, "the answer took too long; what was sent may have been stored");
        case State::writing:
        case State::lingering:
        case State::over:
            return end();
    }
}

}  // namespace hookline::net
