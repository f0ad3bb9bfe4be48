// What can come where an engine tells of its builds: any bytes as HTTP/2, as messages of gRPC in any cuts, as
// protobuf, end as events, errors or nothing, and what is told of them is JSON within its bounds. Run:
// tools/fuzz.sh builds
#include <boost/json/parse.hpp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "base/text.hpp"
#include "docker/build_log.hpp"
#include "docker/build_records.hpp"
#include "docker/build_telling.hpp"
#include "docker/known_builds.hpp"
#include "net/grpc_messages.hpp"
#include "net/http2_call.hpp"

namespace {

using namespace hookline;

void require(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "%s\n", what);
        std::abort();
    }
}

std::string messages_in(std::string_view bytes, std::size_t step) {
    net::GrpcMessages messages(1'000);
    std::string text;
    while (!bytes.empty()) {
        messages.feed(bytes.substr(0, step));
        bytes.remove_prefix(std::min(step, bytes.size()));
        for (;;) {
            const auto message = messages.next();
            if (message && !*message) {
                break;
            }
            text += message ? **message + '\0' : message.error().detail + '\0';
            if (!message && message.error().code != Errc::too_large) {
                return text;
            }
        }
    }
    return text + (messages.has_begun() ? "…" : "");
}

void answer(std::string_view bytes, std::size_t step) {
    net::Http2Request request;
    request.authority = "localhost";
    request.path = "/a.B/C";
    request.body = net::grpc_frame("x");
    net::Http2Call call(std::move(request));
    std::ignore = call.take_output();
    while (!bytes.empty() && !call.is_over()) {
        if (!call.feed(bytes.substr(0, step))) {
            return;
        }
        bytes.remove_prefix(std::min(step, bytes.size()));
        std::ignore = call.take_output();
        std::ignore = call.take_body();
    }
    std::ignore = net::grpc_failure(call.status(), call.fields());
}

void tell(std::string_view bytes) {
    const auto event = docker::read_build_event(bytes);
    const auto status = docker::read_build_status(bytes);
    docker::BuildLog log;
    if (status) {
        log.take(*status);
        log.take(*status);
    }
    if (!event) {
        return;
    }
    docker::BuildFacts facts;
    facts.failed_step = log.failed_step();
    facts.log = log.text();
    const std::string payload = docker::payload_of_build("docker", *event, facts);
    boost::system::error_code error;
    boost::json::parse(payload, error);
    require(!error && is_utf8(payload), "it is no JSON");
    require(payload.size() < 200'000, "it is too large");
    require(docker::images_of(event->record).size() <= 3, "too many names of an image");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    tell(bytes);
    const std::string whole = messages_in(bytes, std::max<std::size_t>(size, 1));
    for (const std::size_t step : {1, 2, 7}) {
        require(messages_in(bytes, step) == whole, "cut into pieces it means something else");
        answer(bytes, step * 100);
    }
    if (const auto known = docker::KnownBuilds::from(bytes)) {
        const auto again = docker::KnownBuilds::from(known->text());
        require(again && again->text() == known->text(), "what is known is not kept");
    }
    return 0;
}
