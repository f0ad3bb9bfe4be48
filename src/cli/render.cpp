#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <ostream>

#include "base/text.hpp"
#include "cli/calls.hpp"
#include "format/format.hpp"
#include "message/json.hpp"
#include "services/announced.hpp"
#include "services/service.hpp"
#include "terminal/draw.hpp"

namespace hookline::cli {

namespace {

Result<event::Headers> headers_of(const RenderOptions& options) {
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

Result<event::Event> event_of(const Process& process, const RenderOptions& options,
                              const services::ServiceAdapter& adapter) {
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
    return adapter.parse(delivery);
}

}  // namespace

int render(const Process& process, const RenderOptions& options) {
    static constexpr std::array<std::string_view, 3> forms{"terminal", "text", "json"};
    const std::string as = !options.as.empty() ? options.as : process.out_is_terminal ? "terminal" : "text";
    if (std::find(forms.begin(), forms.end(), as) == forms.end()) {
        return complain(process, usage_error,
                        fmt::format("--as \"{}\" is not a form; there are terminal, text and json", as));
    }
    const auto adapter = adapter_of(options.service);
    if (!adapter) {
        return complain(process, usage_error, adapter.error().detail);
    }
    const auto event = event_of(process, options, **adapter);
    if (!event) {
        return complain(process, usage_error, event.error().detail);
    }
    if (event->name.empty()) {
        return complain(
            process, did_not_hold,
            fmt::format("{} makes no message: Hookline stores such an event and announces nothing",
                        event->provider_name));
    }
    const std::string silent = services::silent_by_default(*event);
    if (!silent.empty()) {
        process.err << "Note: " << silent << '\n';
    }
    const message::Message message = format::to_message(*event);
    if (as == "json") {
        process.out << boost::json::serialize(message::to_discord(message)) << '\n';
        return fine;
    }
    terminal::DrawOptions draw;
    draw.colour = as == "terminal";
    draw.width = process.width;
    process.out << terminal::draw(message, draw);
    return fine;
}

}  // namespace hookline::cli
