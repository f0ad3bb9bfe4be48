#include "net/http_request_reader.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <cstring>

#include "base/text.hpp"

namespace hookline::net {

namespace http = boost::beast::http;
using boost::beast::error_code;

namespace {

// The line of a chunk's size, or all trailers: nobody we know sends either with more than a few bytes.
constexpr std::size_t longest_chunk_head = 8U << 10U;

constexpr Refusal malformed{400, "the request is not well-formed HTTP/1.1"};
constexpr Refusal bare_line_end{400, "lines of a request end in CR LF"};
constexpr Refusal folded{400, "a field continues on a second line (obsolete folding)"};
constexpr Refusal head_too_large{431, "the request's head is too large"};
constexpr Refusal too_many_fields{431, "the request has too many fields"};
constexpr Refusal target_too_long{414, "the request's target is too long"};
constexpr Refusal bad_target{400, "the request's target does not start with a slash"};
constexpr Refusal bad_host{400, "a request has one Host field"};
constexpr Refusal bad_length{400, "Content-Length is given twice or is no number"};
constexpr Refusal bad_encoding{400, "Transfer-Encoding is chunked, once, or absent"};
constexpr Refusal two_lengths{400, "Content-Length and Transfer-Encoding exclude each other"};
constexpr Refusal bad_expectation{417, "only 100-continue can be expected"};
constexpr Refusal body_too_large{413, "the body is too large"};

}  // namespace

// Keeps views of what Beast finds; nothing is copied.
class RequestReader::Parser final : public http::basic_parser<true> {
public:
    explicit Parser(RequestReader& reader) : reader_(reader) {
        body_limit(boost::none);
        header_limit(static_cast<std::uint32_t>(reader.limits_.head_bytes + 4));
    }
    Refusal refusal;
    BodyReceiver* receiver = nullptr;

private:
    void on_request_impl(http::verb, boost::beast::string_view method, boost::beast::string_view target,
                         int version, error_code& error) override {
        reader_.method_ = {method.data(), method.size()};
        reader_.target_ = {target.data(), target.size()};
        reader_.is_http11_ = version == 11;
        if (target.size() > reader_.limits_.target_bytes) {
            refuse(target_too_long, error);
        } else if (!target.starts_with('/')) {
            refuse(bad_target, error);
        }
    }
    void on_field_impl(http::field, boost::beast::string_view name, boost::beast::string_view value,
                       error_code& error) override {
        if (is_header_done()) {
            return;  // trailers mean nothing to us
        }
        if (reader_.fields_.size() >= reader_.limits_.fields) {
            return refuse(too_many_fields, error);
        }
        reader_.fields_.emplace_back(std::string_view(name.data(), name.size()),
                                     std::string_view(value.data(), value.size()));
        const auto& [field, text] = reader_.fields_.back();
        const Refusal found = reader_.check_field(field, text);
        if (found.status != 0) {
            refuse(found, error);
        }
    }
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(boost::beast::string_view body, error_code&) override {
        receiver->on_body({body.data(), body.size()});
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view body, error_code&) override {
        receiver->on_body({body.data(), body.size()});
        return body.size();
    }
    void on_finish_impl(error_code&) override {}
    void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}

    void refuse(const Refusal& why, error_code& error) {
        refusal = why;
        error = http::error::bad_field;
    }

    RequestReader& reader_;
};

RequestReader::RequestReader(const ServerLimits& limits) : limits_(limits) { reset(); }
RequestReader::~RequestReader() = default;

void RequestReader::reset() {
    parser_ = std::make_unique<Parser>(*this);
    method_ = target_ = {};
    fields_.clear();
    announced_.reset();
    scanned_ = line_start_ = 0;
    hosts_ = lengths_ = encodings_ = 0;
    is_http11_ = expects_continue_ = false;
}

bool RequestReader::has_body() const { return !parser_->is_done(); }
bool RequestReader::keeps_alive() const { return parser_->keep_alive(); }
void RequestReader::limit_body(std::uint64_t bytes) { parser_->body_limit(bytes); }

namespace {

RequestReader::Step refused(const Refusal& why) { return {0, RequestReader::Progress::refused, why}; }

}  // namespace

// Looks only for what Beast would let pass or wait for: a bare LF, a folded field, the end of the head.
RequestReader::Step RequestReader::read_head(std::string_view bytes) {
    // RFC 9112, 2.2: an empty line before the request line is ignored (some clients send one after a body).
    const std::size_t skipped = bytes.starts_with("\r\n") ? 2 : 0;
    if (line_start_ < skipped) {
        line_start_ = scanned_ = skipped;
    }
    if (bytes.size() > skipped && (bytes[skipped] <= ' ' || bytes[skipped] > '~') && bytes[0] != '\r') {
        return refused(malformed);
    }
    while (scanned_ < bytes.size()) {
        const void* const found = std::memchr(bytes.data() + scanned_, '\n', bytes.size() - scanned_);
        if (found == nullptr) {
            scanned_ = bytes.size();
            break;
        }
        const auto end = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
        if (end == 0 || bytes[end - 1] != '\r') {
            return refused(bare_line_end);
        }
        if (line_start_ > skipped && (bytes[line_start_] == ' ' || bytes[line_start_] == '\t')) {
            return refused(folded);
        }
        const bool is_empty_line = end == line_start_ + 1;
        scanned_ = line_start_ = end + 1;
        if (is_empty_line) {
            return end + 1 > limits_.head_bytes ? refused(head_too_large)
                                                : parse_head(bytes.substr(0, end + 1), skipped);
        }
    }
    return bytes.size() > limits_.head_bytes ? refused(head_too_large) : Step{};
}

RequestReader::Step RequestReader::parse_head(std::string_view head, std::size_t skipped) {
    const std::string_view text = head.substr(skipped);
    error_code error;
    parser_->put({text.data(), text.size()}, error);
    if (parser_->refusal.status != 0) {
        return refused(parser_->refusal);
    }
    if (error || !parser_->is_header_done()) {
        return refused(malformed);
    }
    const Refusal found = check_fields();
    if (found.status != 0) {
        return refused(found);
    }
    parser_->eager(true);
    return {head.size(), Progress::whole, {}};
}

Refusal RequestReader::check_field(std::string_view name, std::string_view value) {
    switch (name.size()) {  // the four names differ in length: most fields cost no comparison
        case 4:
            hosts_ += equals_ignoring_case(name, "host") ? 1 : 0;
            break;
        case 6:
            if (equals_ignoring_case(name, "expect")) {
                expects_continue_ = equals_ignoring_case(value, "100-continue");
                return expects_continue_ ? Refusal{} : bad_expectation;
            }
            break;
        case 14:
            if (equals_ignoring_case(name, "content-length")) {
                const bool is_number = !value.empty() && value.size() < 20 &&
                                       value.find_first_not_of("0123456789") == value.npos;
                if (++lengths_ > 1 || !is_number) {
                    return bad_length;
                }
            }
            break;
        case 17:
            if (equals_ignoring_case(name, "transfer-encoding")) {
                if (++encodings_ > 1 || !equals_ignoring_case(value, "chunked")) {
                    return bad_encoding;
                }
            }
            break;
        default:
            break;
    }
    return {};
}

Refusal RequestReader::check_fields() {
    if (hosts_ > 1 || (is_http11_ && hosts_ == 0)) {
        return bad_host;
    }
    if (encodings_ > 0 && (lengths_ > 0 || !is_http11_)) {
        return two_lengths;
    }
    if (lengths_ > 0) {
        announced_ = parser_->content_length() ? *parser_->content_length() : 0;
    }
    return {};
}

RequestReader::Step RequestReader::read_body(std::string_view bytes, BodyReceiver& receiver) {
    parser_->receiver = &receiver;
    error_code error;
    const std::size_t consumed = bytes.empty() ? 0 : parser_->put({bytes.data(), bytes.size()}, error);
    if (error == http::error::body_limit) {
        return refused(body_too_large);
    }
    if (error && error != http::error::need_more) {
        return refused(malformed);
    }
    if (parser_->is_done()) {
        return {consumed, Progress::whole, {}};
    }
    if (bytes.size() - consumed > longest_chunk_head) {
        return refused(malformed);
    }
    return {consumed, Progress::more, {}};
}

}  // namespace hookline::net
