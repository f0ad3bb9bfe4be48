#include "services/circleci/circleci.hpp"

#include "services/circleci/parse.hpp"
#include "services/circleci/signature.hpp"

namespace hookline::services::circleci {

namespace {

constexpr std::string_view workflow_completed = "workflow-completed";
constexpr std::string_view job_completed = "job-completed";
constexpr std::size_t longest_word = 100;

bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= longest_word &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") == std::string_view::npos;
}

/// The payload's word counts before the header's: it is signed, the header is not.
std::string type_of(const Node& payload, const event::Headers& headers) {
    std::string type = payload["type"].text(longest_word + 1);
    if (type.empty()) {
        type = headers.get(event_header).value_or("");
    }
    return is_word(type) ? type : "unknown";
}

class CircleCi final : public ServiceAdapter {
public:
    event::Service service() const override { return event::Service::circleci; }

    std::unique_ptr<ProofCheck> check(const Credentials& credentials,
                                      std::span<const Key* const> keys) const override {
        return check_signature(credentials.headers, keys);
    }

    Result<Envelope> envelope(const event::Headers& headers, std::string_view payload) const override {
        auto document = Document::parse(payload);
        if (!document) {
            return tl::unexpected(document.error());
        }
        constexpr std::size_t longest_id = 200;
        const Node root = document->root();
        Envelope envelope;
        envelope.event_type = type_of(root, headers);
        envelope.delivery_id = root["id"].text(longest_id);
        // The test button sends a body that is cut short, and which type it bears is not documented.
        const bool is_cut_short =
            !root["workflow"].exists() && !root["pipeline"].exists() && !root["job"].exists() &&
            (envelope.event_type == workflow_completed || envelope.event_type == job_completed);
        envelope.is_ping = envelope.event_type == "ping" || is_cut_short;
        if (envelope.is_ping) {
            envelope.event_type = "ping";
        }
        return envelope;
    }

    Result<event::Event> parse(const event::Delivery& delivery) const override {
        return circleci::parse(delivery);
    }

    std::span<const EventName> event_names() const override { return names(); }

    std::span<const Sample> samples() const override {
        static const NamedSamples named(sample_files(), *this, "pipeline.passed");
        return named.all();
    }

    std::vector<std::string> setup_steps() const override {
        return {
            "Add this to each project: **Project Settings → Webhooks → Add Webhook**",
            "**Secret token**: the secret; **Certificate verification**: enabled, unless your address is "
            "plain http",
            "**Events**: those below. CircleCI tells only what has ended: starts do not arrive",
        };
    }

    std::vector<std::string_view> recommended_events() const override { return {workflow_completed}; }

    Secret new_secret(Random& random) const override {
        constexpr std::size_t length = 40;  // of 5 bits each
        return Secret("cc_" + random.token(length));
    }

    event::Headers sign(std::string_view event_type, std::string_view /*delivery_id*/,
                        std::string_view payload, const Secret& secret) const override {
        event::Headers headers;
        headers.add("Content-Type", "application/json");
        headers.add("User-Agent", "CircleCI-Webhook/1.0");
        headers.add(event_header, event_type);
        headers.add(signature_header, signature_of(payload, secret));
        return headers;
    }
};

}  // namespace

bool recognises(const Node& payload) {
    const std::string type = payload["type"].text(longest_word);
    return (type == workflow_completed || type == job_completed || type == "ping") &&
           payload["webhook"].is_object();
}

const ServiceAdapter& adapter() {
    static const CircleCi circleci;
    return circleci;
}

}  // namespace hookline::services::circleci
