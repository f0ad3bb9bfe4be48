#include "cli/payload.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace hookline::cli {

namespace {

Result<event::Headers> headers_of(const PayloadOptions& options) {
    event::Headers headers;
    for (const std::string& header : options.headers) {
        const std::size_t colon = header.find(':');
        if (colon == std::string::npos || colon == 0) {
            return fail(Errc::invalid_argument,
                        fmt::format("--header \"{}\" is not of the form \"Name: value\"", header));
        }
        headers.add(trim(std::string_view(header).substr(0, colon)),
                    trim(std::string_view(header).substr(colon + 1)));
    }
    return headers;
}

/// With what the service sends beside the headers that were given, such as an id of the delivery: nobody
/// needs it here.
event::Headers completed(event::Headers headers, const services::ServiceAdapter& adapter,
                         const std::string& payload) {
    const event::Headers sent = adapter.sign("", "render", payload, Secret("render"));
    for (const auto& [name, value] : sent.all()) {
        if (!value.empty() && headers.count(name) == 0) {
            headers.add(name, value);
        }
    }
    return headers;
}

}  // namespace

Result<const services::ServiceAdapter*> adapter_of(const std::string& name) {
    const auto service = event::parse_service(name);
    const auto* adapter = service ? services::find_adapter(*service) : nullptr;
    if (adapter != nullptr) {
        return adapter;
    }
    std::string offered;
    for (const auto* known : services::all_adapters()) {
        offered += (offered.empty() ? "" : ", ") + std::string(event::name_of(known->service()));
    }
    return fail(Errc::invalid_argument,
                fmt::format("--service \"{}\" is not offered; there is: {}", name, offered));
}

Result<ReadPayload> read_payload(const Process& process, const PayloadOptions& options) {
    const auto found = adapter_of(options.service);
    if (!found) {
        return tl::unexpected(found.error());
    }
    const services::ServiceAdapter& adapter = **found;
    const auto headers = headers_of(options);
    if (!headers) {
        return tl::unexpected(headers.error());
    }
    auto payload = read_input(process, options.file);
    if (!payload) {
        return tl::unexpected(payload.error());
    }
    event::Delivery delivery;
    delivery.service = adapter.service();
    delivery.event_type = options.event;
    if (options.event.empty()) {
        const auto envelope = adapter.envelope(completed(*headers, adapter, *payload), *payload);
        if (!envelope) {
            return fail(Errc::invalid_argument,
                        fmt::format("{}; name the event with --event, such as --event push",
                                    envelope.error().detail));
        }
        delivery.event_type = envelope->event_type;
    }
    delivery.payload = std::move(*payload);
    delivery.received_at = SystemClock().now();
    auto event = adapter.parse(delivery);
    if (!event) {
        return tl::unexpected(event.error());
    }
    ReadPayload read;
    read.adapter = &adapter;
    read.text = std::move(delivery.payload);
    read.event = std::move(*event);
    state::NoEntities nothing;
    read.known = state::correlate(read.event, nothing);
    return read;
}

}  // namespace hookline::cli
