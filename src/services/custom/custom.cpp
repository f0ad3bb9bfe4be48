#include "services/custom/custom.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "services/custom/proof.hpp"
#include "services/custom/sender.hpp"
#include "services/samples.hpp"

namespace hookline::services::custom {

namespace {

/// A sample's file is named after its event type: "gitea.pull_request.json" is "gitea:pull_request", and
/// "json.nested.json" a second sample of "json".
struct Unnamed {
    std::deque<std::string> event_types;  // what `samples` looks into
    std::vector<Sample> samples;

    explicit Unnamed(std::span<const SampleFile> files) {
        for (const SampleFile& file : files) {
            const std::string_view key = file.name.substr(0, file.name.find('.'));
            const auto known = senders();
            const bool is_told = std::any_of(known.begin(), known.end(), [&](const Sender& sender) {
                return sender.key == key && !sender.event_header.empty() && key != "cloudevents";
            });
            std::string& type = event_types.emplace_back(is_told ? file.name : key);
            std::replace(type.begin(), type.end(), '.', ':');
            samples.push_back(Sample{type, "", file.text});
        }
        // A test that names no event shows what most senders are: JSON that nobody described.
        std::stable_partition(samples.begin(), samples.end(),
                              [](const Sample& sample) { return sample.event_type == "json"; });
    }
};

/// The header in which the sender of `event_type` names its event, with that name.
void add_event_header(event::Headers& headers, std::string_view event_type, std::string_view delivery_id) {
    const std::string_view kind = kind_of(event_type);
    for (const Sender& sender : senders()) {
        const bool is_sender = event_type.substr(0, event_type.find(':')) == sender.key;
        if (is_sender && !kind.empty() && !sender.event_header.empty()) {
            headers.add(sender.event_header, kind);
            headers.add(sender.id_header, delivery_id);
            return;
        }
    }
}

class Custom final : public ServiceAdapter {
public:
    event::Service service() const override { return event::Service::custom; }

    std::unique_ptr<ProofCheck> check(const Credentials& credentials,
                                      std::span<const Key* const> keys) const override {
        return check_any(credentials, keys);
    }

    Result<Envelope> envelope(const event::Headers& headers, std::string_view payload) const override {
        auto document = Document::parse(payload);
        if (!document) {
            return tl::unexpected(document.error());
        }
        return envelope_of(headers, document->root());
    }

    Result<event::Event> parse(const event::Delivery& delivery) const override {
        return custom::parse(delivery);
    }

    std::span<const EventName> event_names() const override { return names(); }

    std::span<const Sample> samples() const override {
        static const Unnamed unnamed(sample_files());
        static const NamedSamples named(unnamed.samples, *this, "notice");
        return named.all();
    }

    std::vector<std::string> setup_steps() const override {
        return {
            "POST any JSON to it. The secret proves the sender, in whichever way it can:",
            "• at the end of the URL, as `?token=`, as `Authorization: Bearer`, or as the password of Basic",
            "• as the key of `X-Hub-Signature-256` (Gitea, Forgejo, Bitbucket: their field *Secret*)",
            "• as the key of a Standard Webhooks signature (`webhook-signature`)",
            "Alertmanager, Grafana, Sentry, Uptime Kuma, Argo CD, Gitea, Forgejo, Bitbucket, Azure DevOps, "
            "CloudEvents, and what speaks to Slack or Discord are known by name.",
        };
    }

    std::vector<std::string_view> recommended_events() const override { return {}; }
    SecretPlace secret_place() const override { return SecretPlace::url; }

    /// Of the form of Standard Webhooks ("whsec_" and base64 of 30 bytes), and fit for a URL: the letters of
    /// a token are letters of base64 too.
    Secret new_secret(Random& random) const override {
        constexpr std::size_t length = 40;
        return Secret("whsec_" + random.token(length));
    }

    event::Headers sign(std::string_view event_type, std::string_view delivery_id,
                        std::string_view /*payload*/, const Secret& secret) const override {
        event::Headers headers;
        headers.add("Content-Type", "application/json");
        headers.add("Authorization", "Bearer " + secret.reveal());
        add_event_header(headers, event_type, delivery_id);
        return headers;
    }
};

}  // namespace

const ServiceAdapter& adapter() {
    static const Custom custom;
    return custom;
}

}  // namespace hookline::services::custom
