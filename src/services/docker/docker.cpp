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
            EventName{"build", "", "builds that started and ended"},
            EventName{"build.started", "", "a build started"},
            EventName{"build.completed", "", "a build completed"},
            EventName{"build.failed", "", "a build failed"},
            EventName{"build.cancelled", "", "a build was cancelled"},
            EventName{"start", "", "containers started"},
            EventName{"start.started", "", "a container started"},
            EventName{"start.restarted", "", "a container restarted by somebody"},
            EventName{"start.retried", "", "a container started again by its restart policy"},
            EventName{"start.unpaused", "", "a container goes on after a pause"},
            EventName{"stop", "", "containers stopped, or done"},
            EventName{"stop.stopped", "", "a container stopped by somebody"},
            EventName{"stop.finished", "", "a container ended by itself, well"},
            EventName{"stop.gone", "", "a container was removed while nobody could listen"},
            EventName{"stop.paused", "", "a container paused"},
            EventName{"error", "", "containers that crashed or ran out of memory"},
            EventName{"error.crashed", "", "a container ended by itself, badly"},
            EventName{"error.oom", "", "a container ran out of memory and was killed"},
            EventName{"error.process_oom", "", "a process was killed for memory, its container goes on"},
            EventName{"error.not_started", "", "a container could not be started"},
            EventName{"health", "", "what health checks say"},
            EventName{"health.unhealthy", "", "a container's health check fails"},
            EventName{"health.healthy", "", "a container is healthy again"},
            EventName{"health.ready", "", "a container is healthy for the first time"},
            EventName{"engine", "", "an engine that cannot be reached"},
            EventName{"engine.away", "", "an engine cannot be reached"},
            EventName{"engine.back", "", "an engine can be reached again"},
            EventName{"image", "", "images pushed to a registry"},
            EventName{"image.pushed", "", "an image pushed, with its tag"},
            EventName{"image.deleted", "", "an image deleted from a registry or an engine"},
            EventName{"image.pulled", "", "an image pulled"},
            EventName{"image.mounted", "", "an image made of parts of another repository"},
            EventName{"image.tagged", "", "an image of an engine got a tag"},
            EventName{"image.untagged", "", "an image of an engine lost a tag"},
            EventName{"image.loaded", "", "an image loaded from an archive"},
            EventName{"image.imported", "", "an image made of a file system"},
            EventName{"image.built", "", "an image built (Podman): another name of build.completed"},
        };
        return rows;
    }

    std::span<const Sample> samples() const override {
        static const NamedSamples named(sample_files(), *this, "image.pushed");
        return named.all();
    }

    std::string setup_head() const override {
        return "🐳 **Docker Monitoring Active**\n\n"
               "Watching: All containers\n"
               "Events: build, start, stop, error, health";
    }

    std::vector<std::string> setup_steps() const override {
        return {
            "Containers of the engine that Hookline is given (`DOCKER_HOST`, else "
            "`/var/run/docker.sock`) are told without another step.",
            "Builds are told where the engine says so (Docker 24 and newer), and wherever they are run as "
            "`hookline run -- docker build -t app .`",
            "Images pushed to a registry are told where that sends them here. Registries sign nothing: the "
            "secret is the last part of the URL, which goes to you alone. One of:",
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
