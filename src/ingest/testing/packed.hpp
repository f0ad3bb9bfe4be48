// Compressed texts for tests.
#pragma once

#include <zlib.h>

#include <string>
#include <string_view>

namespace hookline::ingest {

enum class Packing { gzip, zlib, bare };

inline std::string packed(std::string_view text, Packing packing) {
    const int window = packing == Packing::gzip ? 15 + 16 : packing == Packing::zlib ? 15 : -15;
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
    std::string bytes(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    deflate(&stream, Z_FINISH);
    bytes.resize(stream.total_out);
    deflateEnd(&stream);
    return bytes;
}

}  // namespace hookline::ingest
