#include "ingest/delivery_door.hpp"

#include "base/text.hpp"
#include "ingest/content.hpp"
#include "ingest/delivery_sink.hpp"
#include "ingest/webhook_path.hpp"

namespace hookline::ingest {

namespace {

// What every HTTP client sends and no service's proof or envelope looks at: not worth a copy.
constexpr std::array<std::string_view, 10> plumbing{
    "host",         "accept", "user-agent",        "connection", "content-length", "accept-encoding",
    "content-type", "expect", "transfer-encoding", "cookie"};

struct Fields {
    event::Headers headers;
    std::string_view type, encoding;
    int types = 0, encodings = 0;
};

/// Who wants to deliver and asks before (CloudEvents, "HTTP 1.1 Web Hooks", section 4); empty: nobody.
std::string_view who_asks(const net::RequestHead& head) {
    constexpr std::size_t longest = 253;  // of a host's name
    for (const auto& [name, value] : head.fields) {
        if (head.method == "OPTIONS" && equals_ignoring_case(name, "WebHook-Request-Origin") &&
            value.size() <= longest) {
            return value;
        }
    }
    return {};
}

Fields read_fields(const net::RequestHead& head) {
    Fields fields;
    for (const auto& [name, value] : head.fields) {
        if (equals_ignoring_case(name, "content-type")) {
            fields.type = value;
            ++fields.types;
        } else if (equals_ignoring_case(name, "content-encoding")) {
            fields.encoding = value;
            ++fields.encodings;
        } else if (std::none_of(plumbing.begin(), plumbing.end(), [&name = name](std::string_view known) {
                       return known.size() == name.size() && equals_ignoring_case(known, name);
                   })) {
            fields.headers.add(name, value);
        }
    }
    return fields;
}

}  // namespace

DeliveryDoor::DeliveryDoor(DoorParts parts, Random& random)
    : parts_(std::move(parts)), no_key_(Secret(random.token(40))) {}

void DeliveryDoor::refresh(std::span<const store::Endpoint> endpoints) {
    const auto before = directory();
    auto next = std::make_shared<const Directory>(endpoints, *before);
    const std::lock_guard lock(mutex_);
    directory_ = std::move(next);
}

std::shared_ptr<const Directory> DeliveryDoor::directory() const {
    const std::lock_guard lock(mutex_);
    return directory_;
}

void DeliveryDoor::count(event::Service service, Outcome outcome) {
    parts_.metrics.count("hookline_deliveries_total",
                         {{"service", event::name_of(service)}, {"outcome", name_of(outcome)}});
}

void DeliveryDoor::refused(EndpointId endpoint) {
    const std::int64_t second =
        std::chrono::duration_cast<std::chrono::seconds>(parts_.clock.steady().time_since_epoch()).count();
    if (refused_second_.exchange(second) != second && parts_.on_refused) {
        parts_.on_refused(endpoint);
    }
}

void DeliveryDoor::note(LogLevel level, std::string_view what, std::vector<LogField> fields) {
    const auto second =
        std::chrono::duration_cast<std::chrono::seconds>(parts_.clock.steady().time_since_epoch()).count();
    std::int64_t noted = noted_second_.load();
    if (noted == second || !noted_second_.compare_exchange_strong(noted, second)) {
        ++not_noted_;
        return;
    }
    if (const std::int64_t others = not_noted_.exchange(0); others > 0) {
        fields.emplace_back("others_before", others);
    }
    parts_.log.write(level, "ingest", what, fields);
}

std::variant<net::Response, net::Admitted> DeliveryDoor::admit(const net::RequestHead& head) {
    const auto path = parse_webhook_path(head.target);
    const auto service = path ? event::parse_service(path->service) : std::nullopt;
    const services::ServiceAdapter* const adapter = service ? parts_.find_adapter(*service) : nullptr;
    if (adapter == nullptr) {
        return unknown_path_answer();
    }
    const std::string_view asker = who_asks(head);
    if (!asker.empty() && *service == event::Service::custom) {
        return consent_answer(asker);
    }
    if (head.method != "POST") {
        return method_answer();
    }
    Fields fields = read_fields(head);
    const auto content = fields.types > 1 || fields.encodings > 1
                             ? fail(Errc::unsupported, "Content-Type or Content-Encoding is given twice")
                             : read_content(fields.type, fields.encoding);
    if (!content) {
        count(*service, Outcome::unsupported);
        return error_answer(415, content.error().detail);
    }
    DeliveryFrom from{*adapter,
                      directory(),
                      *content,
                      std::move(fields.headers),
                      path->has_two_secrets ? Secret() : path->secret,
                      std::string(head.client)};
    if (!path->hook) {
        return net::Admitted{
            std::make_unique<DeliverySink>(*this, std::move(from), std::nullopt, head.announced),
            shared_body_limit};
    }
    // A hook that does not exist is read to its end and refused like a wrong signature: id 0 is nobody's.
    const HookId hook = parse_hook_id(*path->hook).value_or(HookId{});
    return net::Admitted{std::make_unique<DeliverySink>(*this, std::move(from), hook, head.announced),
                         body_limit};
}

}  // namespace hookline::ingest
