// From the bytes of a body to the text of its payload: what the two content headers promise, taken at their
// word and held to it. Everything is bounded: what unpacks to more than the limit is given up at the limit.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace hookline::ingest {

enum class Coding { none, gzip, deflate };
enum class Shape { json, form };

struct Content {
    Shape shape = Shape::json;
    Coding coding = Coding::none;
};

/// From the values of Content-Type and Content-Encoding. Errors (unsupported): what else there is, with what
/// is understood.
[[nodiscard]] Result<Content> read_content(std::string_view type, std::string_view encoding);

/// Unpacks gzip (one or more members) or deflate (with zlib's frame, or bare as some senders do it).
/// Errors: malformed, too_large.
[[nodiscard]] Result<std::string> unpack(std::string_view bytes, Coding coding, std::size_t limit);

/// The field `payload` of a form. Errors (malformed): absent, twice, badly encoded.
[[nodiscard]] Result<std::string> payload_of_form(std::string_view form);

}  // namespace hookline::ingest
