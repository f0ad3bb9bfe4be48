// What a stream's server can say: any bytes, in any cuts, are the same events, within the bound. Run:
// tools/fuzz.sh sse
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "net/sse_parser.hpp"

namespace {

using hookline::net::ServerSentEvent;
using hookline::net::SseParser;

/// Every event that `bytes` hold, said in pieces of `step`.
std::string read(std::string_view bytes, std::size_t step) {
    SseParser parser;
    std::string text;
    while (!bytes.empty()) {
        const auto events = parser.feed(bytes.substr(0, step));
        if (!events) {
            return "too large";
        }
        for (const ServerSentEvent& event : *events) {
            text += event.type + '\0' + event.data + '\0' + event.id + '\0';
        }
        bytes.remove_prefix(std::min(step, bytes.size()));
    }
    return text + parser.last_id();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const std::string whole = read(bytes, std::max<std::size_t>(size, 1));
    for (const std::size_t step : {1, 2, 7}) {
        if (read(bytes, step) != whole) {
            std::fprintf(stderr, "cut into pieces of %zu it means something else\n", step);
            std::abort();
        }
    }
    return 0;
}
