#include "services/jenkins/jenkins.hpp"

#include "services/jenkins/parse.hpp"
#include "services/proof.hpp"

namespace hookline::services::jenkins {

namespace {

class Jenkins final : public ServiceAdapter {
public:
    event::Service service() const override { return event::Service::jenkins; }

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
        return jenkins::parse(delivery);
    }

    std::span<const EventName> event_names() const override { return names(); }

    std::span<const Sample> samples() const override {
        static const NamedSamples named(sample_files(), *this, "pipeline.passed");
        return named.all();
    }

    std::vector<std::string> setup_steps() const override {
        return {
            "Jenkins signs nothing: the secret is the last part of the URL, which goes to you alone. One of:",
            "• plugin **Notification**: job → **Job Notifications → Add Endpoint**: JSON, HTTP, event *All "
            "Events*, log lines 20",
            "• plugin **Outbound WebHook** (freestyle jobs): **Post-build Actions → Outbound Webhook**: tick "
            "*start*, *success*, *failure*, *unstable*",
            "• plugin **Generic Event** (all of a Jenkins): **Manage Jenkins → System → Generic Event**: the "
            "URL as receiver",
        };
    }

    std::vector<std::string_view> recommended_events() const override { return {}; }
    SecretPlace secret_place() const override { return SecretPlace::url; }

    Secret new_secret(Random& random) const override {
        constexpr std::size_t length = 40;  // of 5 bits each
        return Secret("jk_" + random.token(length));
    }

    event::Headers sign(std::string_view /*event_type*/, std::string_view /*delivery_id*/,
                        std::string_view /*payload*/, const Secret& secret) const override {
        event::Headers headers;
        headers.add("Content-Type", "application/json;charset=UTF-8");
        headers.add("User-Agent", "Java/17");
        headers.add("Authorization", "Basic " + to_base64("hook:" + secret.reveal()));
        return headers;
    }
};

}  // namespace

const ServiceAdapter& adapter() {
    static const Jenkins jenkins;
    return jenkins;
}

}  // namespace hookline::services::jenkins
