#include "services/docker/docker.hpp"

#include <array>

#include "services/docker/parse.hpp"
#include "services/proof.hpp"

namespace hookline::services::docker {

namespace {

class Docker final : public ServiceAdapter {
public:
    event::Service service() const override { return event::Service::docker; }

    std::unique_ptr<ProofCheck> check(const Credentials& credentials,
                                      std::span<const Key* const> keys) const override {
        return check_secret(shown_secret(credentials), keys);
    }

    Result<Envelope> envelope(const event::Headers& /*headers*/, std::string_view payload) const override {
        auto document = Document::parse(payload);
        if (!document) {
            return tl::unexpected(document.error());
        }
        return envelope_of(document->root());
    }

    Result<event::Event> parse(const event::Delivery& delivery) const override {
        return docker::parse(delivery);
    }

    // Without names of the registries' own: which events are sent is not chosen there by name.
    std::span<const EventName> event_names() const override {
        static constexpr std::array rows{
            EventName{"image", "", "images pushed to a registry"},
            EventName{"image.pushed", "", "an image pushed, with its tag"},
            EventName{"image.deleted", "", "an image deleted from a registry"},
            EventName{"image.pulled", "", "an image pulled"},
            EventName{"image.mounted", "", "an image made of parts of another repository"},
        };
        return rows;
    }

    std::span<const Sample> samples() const override {
        static const NamedSamples named(sample_files(), *this, "image.pushed");
        return named.all();
    }

    std::vector<std::string> setup_steps() const override {
        return {
            "Registries sign nothing: the secret is the last part of the URL, which goes to you alone. One "
            "of:",
            "• **Docker Hub**: repository → **Webhooks**: any name, and the URL",
            "• **a registry of your own** (Distribution): in its configuration, under "
            "`notifications: endpoints:`, `name`, `url`, `timeout: 5s`, `threshold: 5`, `backoff: 10s`",
        };
    }

    std::vector<std::string_view> recommended_events() const override { return {}; }
    SecretPlace secret_place() const override { return SecretPlace::url; }

    Secret new_secret(Random& random) const override {
        constexpr std::size_t length = 40;  // of 5 bits each
        return Secret("dk_" + random.token(length));
    }

    event::Headers sign(std::string_view event_type, std::string_view /*delivery_id*/,
                        std::string_view /*payload*/, const Secret& secret) const override {
        const bool is_registry = event_type == "registry";
        event::Headers headers;
        headers.add("Content-Type",
                    is_registry ? "application/vnd.docker.distribution.events.v2+json" : "application/json");
        headers.add("Authorization", "Bearer " + secret.reveal());
        return headers;
    }
};

}  // namespace

const ServiceAdapter& adapter() {
    static const Docker docker;
    return docker;
}

}  // namespace hookline::services::docker
