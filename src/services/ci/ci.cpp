#include "services/ci/ci.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>

#include "services/builds.hpp"
#include "services/ci/names.hpp"
#include "services/ci/platform.hpp"
#include "services/ci/tell.hpp"
#include "services/samples.hpp"

namespace hookline::services::ci {

namespace {

using event::Service;

constexpr std::array platforms{Service::github, Service::circleci, Service::jenkins, Service::gitlab};

event::Delivery platform_delivery(const event::Delivery& delivery, const PlatformEvent& known) {
    event::Delivery inner = delivery;
    inner.service = known.platform;
    inner.event_type = known.event_type;
    return inner;
}

/// What `hookline run` tells, in Hookline's own form.
std::optional<Envelope> build_envelope(std::string_view payload) {
    const auto document = Document::parse(payload);
    const bool is_one = document && is_build(document->root());
    return is_one ? std::optional(envelope_of_build(document->root())) : std::nullopt;
}

void read_build(const event::Delivery& delivery, event::Event& event) {
    const auto document = Document::parse(delivery.payload);
    if (document && is_build(document->root())) {
        parse_build(document->root(), event);
    }
}

Result<event::Event> parse_any(const event::Delivery& delivery) {
    const auto known = platform_event(delivery.event_type);
    const ServiceAdapter* platform = known ? find_adapter(known->platform) : nullptr;
    event::Event event;
    if (platform != nullptr) {
        const event::Delivery inner = platform_delivery(delivery, *known);
        auto told = platform->parse(inner);
        if (!told) {
            return told;
        }
        event = as_ci_event(std::move(*told), inner);
    }
    event.id = delivery.id;
    event.service = delivery.service;
    event.is_test = delivery.is_test;
    event.provider_name = delivery.event_type;
    if (event.time == TimePoint{}) {
        event.time = delivery.received_at;
    }
    if (delivery.event_type == build_delivery) {
        read_build(delivery, event);
    }
    return event;
}

/// The platforms' own samples: of each, one for every event of CI that it tells.
struct PlatformSamples {
    std::deque<std::string> event_types;  // what `samples` looks into
    std::vector<Sample> samples;

    PlatformSamples() {
        for (const Service platform : platforms) {
            if (const ServiceAdapter* adapter = find_adapter(platform)) {
                add(*adapter);
            }
        }
        add_builds();
    }

    /// They are the same wherever they are told.
    void add_builds() {
        const ServiceAdapter* const docker = find_adapter(Service::docker);
        for (const Sample& sample : docker != nullptr ? docker->samples() : std::span<const Sample>()) {
            if (sample.event_type == build_delivery) {
                event_types.emplace_back(build_delivery);
                samples.push_back(Sample{event_types.back(), "", sample.payload});
            }
        }
    }

    void add(const ServiceAdapter& adapter) {
        std::vector<std::string> known;
        for (const Sample& sample : adapter.samples()) {
            event::Delivery delivery;
            delivery.service = Service::ci;
            delivery.event_type = fmt::format("{}:{}", event::name_of(adapter.service()), sample.event_type);
            delivery.payload = sample.payload;
            const auto event = parse_any(delivery);
            if (!event || !is_ci_event(event->name) ||
                std::find(known.begin(), known.end(), event->full_name()) != known.end()) {
                continue;
            }
            known.push_back(event->full_name());
            event_types.push_back(delivery.event_type);
            samples.push_back(Sample{event_types.back(), "", sample.payload});
        }
    }
};

class Ci final : public ServiceAdapter {
public:
    Service service() const override { return Service::ci; }

    std::unique_ptr<ProofCheck> check(const Credentials& credentials,
                                      std::span<const Key* const> keys) const override {
        return check_any(credentials, keys);
    }

    Result<Envelope> envelope(const event::Headers& headers, std::string_view payload) const override {
        const auto platform = platform_of(headers, payload);
        // Jenkins' plugins tell a "build" too.
        if (!platform || *platform == Service::jenkins) {
            if (auto build = build_envelope(payload)) {
                return std::move(*build);
            }
        }
        const ServiceAdapter* adapter = platform ? find_adapter(*platform) : nullptr;
        if (adapter == nullptr) {
            Envelope unknown;
            unknown.event_type = "unknown";
            return unknown;
        }
        auto envelope = adapter->envelope(headers, payload);
        if (envelope) {
            envelope->event_type = fmt::format("{}:{}", event::name_of(*platform), envelope->event_type);
        }
        return envelope;
    }

    Result<event::Event> parse(const event::Delivery& delivery) const override { return parse_any(delivery); }

    std::span<const EventName> event_names() const override { return names(); }

    std::span<const Sample> samples() const override {
        static const PlatformSamples known;
        static const NamedSamples named(known.samples, *this, "pipeline.started");
        return named.all();
    }

    std::string setup_head() const override {
        return "🔧 **CI/CD Webhook Ready**\n\n"
               "Supported platforms:\n- Jenkins\n- GitLab CI\n- CircleCI\n- GitHub Actions";
    }

    std::vector<std::string> setup_steps() const override {
        return {
            "What to set where:",
            "• **GitHub Actions**: repository → **Settings → Webhooks → Add webhook**: content type "
            "`application/json`, the secret, and of the individual events *Workflow runs* and *Workflow "
            "jobs*",
            "• **GitLab CI**: project → **Settings → Webhooks**: the secret as *Secret token*; tick "
            "*Pipeline "
            "events*, *Job events*, *Deployment events*",
            "• **CircleCI**: **Project Settings → Webhooks → Add Webhook**: the secret as *Secret token*; "
            "tick *Workflow Completed* and *Job Completed*",
            "• **Jenkins** signs nothing: give its Notification plugin (job → **Job Notifications → Add "
            "Endpoint**: JSON, HTTP, *All Events*) the URL that ends in the secret, which goes to you alone",
        };
    }

    std::vector<std::string_view> recommended_events() const override { return {}; }
    SecretPlace secret_place() const override { return SecretPlace::either; }

    Secret new_secret(Random& random) const override {
        constexpr std::size_t length = 40;  // of 5 bits each
        return Secret("ci_" + random.token(length));
    }

    event::Headers sign(std::string_view event_type, std::string_view delivery_id, std::string_view payload,
                        const Secret& secret) const override {
        const auto known = platform_event(event_type);
        const ServiceAdapter* platform = known ? find_adapter(known->platform) : nullptr;
        if (platform != nullptr) {
            return platform->sign(known->event_type, delivery_id, payload, secret);
        }
        event::Headers headers;
        headers.add("Content-Type", "application/json");
        headers.add("Authorization", "Bearer " + secret.reveal());
        return headers;
    }
};

}  // namespace

const ServiceAdapter& adapter() {
    static const Ci ci;
    return ci;
}

}  // namespace hookline::services::ci
