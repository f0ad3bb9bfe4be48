// What a stranger's bytes reach before and after the proof: the request reader, the path, the content
// codings, the JSON check. The first byte chooses. Build: tools/build.sh fuzz ingest_fuzz; run:
// build/fuzz/tests/fuzz/ingest_fuzz
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/text.hpp"
#include "ingest/content.hpp"
#include "ingest/json_text.hpp"
#include "ingest/webhook_path.hpp"
#include "net/http_request_reader.hpp"

namespace {

using namespace hookline;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

struct Collecting final : net::BodyReceiver {
    void on_body(std::string_view bytes) override { body += bytes; }
    std::string body;
};

/// What came of the requests in `bytes`, cut into pieces of `piece` bytes.
std::string requests_in(std::string_view bytes, std::size_t piece) {
    const net::ServerLimits limits;
    net::RequestReader reader(limits);
    Collecting collecting;
    std::string seen, pending;
    bool is_in_body = false;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        pending.append(bytes.substr(at, piece));
        for (;;) {
            const auto step = is_in_body ? reader.read_body(pending, collecting) : reader.read_head(pending);
            require(step.consumed <= pending.size());
            if (step.progress == net::RequestReader::Progress::refused) {
                return seen + "refused";
            }
            if (step.progress == net::RequestReader::Progress::whole && !is_in_body) {
                seen.append(reader.method()).append(reader.target());
                reader.limit_body(1000);
                is_in_body = reader.has_body();
            } else if (step.progress == net::RequestReader::Progress::whole) {
                is_in_body = false;
            }
            pending.erase(0, step.consumed);
            if (step.progress == net::RequestReader::Progress::more) {
                break;
            }
            if (!is_in_body) {
                seen += std::exchange(collecting.body, {}) + "|";
                reader.reset();
            }
            if (pending.empty()) {
                break;
            }
        }
    }
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    constexpr std::size_t limit = 100'000;
    switch (data[0] % 6) {
        case 0: {
            // However the network cuts it, the same requests are seen: else a proxy could be fooled.
            const std::string whole = requests_in(text, text.size() + 1);
            require(requests_in(text, 1) == whole);
            require(requests_in(text, 7) == whole);
            break;
        }
        case 1:
            (void)ingest::parse_webhook_path(text);
            break;
        case 2:
        case 3: {
            const auto coding = data[0] % 6 == 2 ? ingest::Coding::gzip : ingest::Coding::deflate;
            const auto unpacked = ingest::unpack(text, coding, limit);
            require(!unpacked || unpacked->size() <= limit);
            break;
        }
        case 4: {
            const auto payload = ingest::payload_of_form(text);
            require(!payload || payload->size() <= text.size());
            break;
        }
        default: {
            const auto json = ingest::json_object(std::string(text), limit);
            if (json) {
                require(is_utf8(*json));
                require(ingest::json_object(*json, limit) == *json);  // mended once, it stays
            }
            break;
        }
    }
    return 0;
}
