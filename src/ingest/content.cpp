#include "ingest/content.hpp"

#include <zlib.h>

#include "base/text.hpp"
#include "ingest/webhook_path.hpp"

namespace hookline::ingest {

namespace {

constexpr std::string_view types =
    "send application/json, or application/x-www-form-urlencoded with a field payload";
constexpr int gzip_window = 15 + 16;  // zlib's way to say: a gzip frame
constexpr int bare_window = -15;      // … and: no frame
constexpr std::size_t piece = 64U << 10U;
constexpr std::size_t most_fields = 1000;

std::string_view unquoted(std::string_view text) {
    return text.size() >= 2 && text.front() == '"' && text.back() == '"' ? text.substr(1, text.size() - 2)
                                                                         : text;
}

bool is_utf8_charset(std::string_view parameter) {
    const std::size_t equal = parameter.find('=');
    if (equal == std::string_view::npos ||
        !equals_ignoring_case(trim(parameter.substr(0, equal)), "charset")) {
        return true;  // another parameter
    }
    const std::string_view charset = unquoted(trim(parameter.substr(equal + 1)));
    return equals_ignoring_case(charset, "utf-8") || equals_ignoring_case(charset, "utf8") ||
           equals_ignoring_case(charset, "us-ascii");
}

// Frees zlib's state on every way out.
class Inflater {
public:
    explicit Inflater(int window) { is_open_ = inflateInit2(&stream_, window) == Z_OK; }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater() { inflateEnd(&stream_); }
    Result<std::string> unpack(std::string_view bytes, std::size_t limit, bool has_members);

private:
    z_stream stream_{};
    bool is_open_ = false;
};

Result<std::string> Inflater::unpack(std::string_view bytes, std::size_t limit, bool has_members) {
    const auto broken = [] {
        return fail(Errc::malformed, "the body does not unpack: it is damaged or incomplete");
    };
    if (!is_open_) {
        return fail(Errc::unavailable, "no memory to unpack the body");
    }
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    std::string text;
    for (;;) {
        const std::size_t before = text.size();
        text.resize(std::min(before + std::max(piece, before / 2), limit + 1));
        stream_.next_out = reinterpret_cast<Bytef*>(text.data() + before);
        stream_.avail_out = static_cast<uInt>(text.size() - before);
        const int result = inflate(&stream_, Z_NO_FLUSH);
        text.resize(text.size() - stream_.avail_out);
        if (text.size() > limit) {
            return fail(Errc::too_large, "the body unpacks to more than is allowed");
        }
        if (result == Z_STREAM_END) {
            if (stream_.avail_in == 0) {
                return text;
            }
            if (!has_members || inflateReset(&stream_) != Z_OK) {
                return broken();
            }
        } else if (result != Z_OK || (stream_.avail_in == 0 && stream_.avail_out > 0)) {
            return broken();
        }
    }
}

}  // namespace

Result<Content> read_content(std::string_view type, std::string_view encoding) {
    Content content;
    const auto parts = split(type, ';');
    const std::string media = to_lower_ascii(trim(parts.front()));
    if (media == "application/x-www-form-urlencoded") {
        content.shape = Shape::form;
    } else if (media.empty()) {
        return fail(Errc::unsupported, fmt::format("Content-Type is missing; {}", types));
    } else if (media != "application/json" &&
               !(media.starts_with("application/") && media.ends_with("+json"))) {
        return fail(Errc::unsupported, fmt::format("this Content-Type is not understood; {}", types));
    }
    if (!std::all_of(parts.begin() + 1, parts.end(), is_utf8_charset)) {
        return fail(Errc::unsupported, "this charset is not understood; send UTF-8");
    }
    const std::string coding = to_lower_ascii(trim(encoding));
    if (coding == "gzip" || coding == "x-gzip") {
        content.coding = Coding::gzip;
    } else if (coding == "deflate") {
        content.coding = Coding::deflate;
    } else if (!coding.empty() && coding != "identity") {
        return fail(Errc::unsupported, "this Content-Encoding is not understood; send gzip, deflate or none");
    }
    return content;
}

Result<std::string> unpack(std::string_view bytes, Coding coding, std::size_t limit) {
    if (coding == Coding::gzip) {
        return Inflater(gzip_window).unpack(bytes, limit, true);
    }
    // RFC 1950: the first two bytes of zlib's frame are a multiple of 31, and the low four bits say deflate.
    const bool is_framed =
        bytes.size() >= 2 && (static_cast<unsigned char>(bytes[0]) & 0x0fU) == Z_DEFLATED &&
        (static_cast<unsigned char>(bytes[0]) * 256U + static_cast<unsigned char>(bytes[1])) % 31 == 0;
    return Inflater(is_framed ? MAX_WBITS : bare_window).unpack(bytes, limit, false);
}

Result<std::string> payload_of_form(std::string_view form) {
    std::optional<std::string> payload;
    std::size_t fields = 0;
    while (!form.empty()) {
        if (++fields > most_fields) {
            return fail(Errc::malformed, "the form has too many fields");
        }
        const std::size_t end = form.find('&');
        const std::string_view field = form.substr(0, end);
        form = end == std::string_view::npos ? std::string_view{} : form.substr(end + 1);
        if (!field.starts_with("payload=")) {
            continue;
        }
        if (payload) {
            return fail(Errc::malformed, "the form has two fields payload");
        }
        payload = percent_decode(field.substr(8), true);
        if (!payload) {
            return fail(Errc::malformed, "the form's field payload is not percent-encoded text");
        }
    }
    if (!payload) {
        return fail(Errc::malformed, "the form has no field payload; JSON is sent as application/json");
    }
    return std::move(*payload);
}

}  // namespace hookline::ingest
