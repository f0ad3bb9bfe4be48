#include "services/github/github.hpp"

#include <fmt/format.h>

#include "services/github/names.hpp"
#include "services/github/parse.hpp"
#include "services/github/samples.hpp"
#include "services/github/signature.hpp"

namespace hookline::services::github {

namespace {

constexpr std::size_t longest_header = 200;  // an event's name or a GUID, not a story

/// The value of a header that must be there once and look like a word.
Result<std::string> word_in(const event::Headers& headers, std::string_view name) {
    const auto value = headers.get(name);
    if (!value || value->empty()) {
        return fail(Errc::malformed, fmt::format("the header {} is missing", name));
    }
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:{}";
    if (headers.count(name) != 1 || value->size() > longest_header ||
        value->find_first_not_of(allowed) != std::string_view::npos) {
        return fail(Errc::malformed, fmt::format("the header {} is not a single word", name));
    }
    return std::string(*value);
}

class GitHub final : public ServiceAdapter {
public:
    event::Service service() const override { return event::Service::github; }

    std::unique_ptr<ProofCheck> check(const Credentials& credentials,
                                      std::span<const Key* const> keys) const override {
        return check_signature(credentials.headers, keys);
    }

    Result<Envelope> envelope(const event::Headers& headers, std::string_view /*payload*/) const override {
        auto event_type = word_in(headers, "X-GitHub-Event");
        if (!event_type) {
            return tl::unexpected(event_type.error());
        }
        auto delivery_id = word_in(headers, "X-GitHub-Delivery");
        if (!delivery_id) {
            return tl::unexpected(delivery_id.error());
        }
        Envelope envelope;
        envelope.is_ping = *event_type == "ping";
        envelope.event_type = std::move(*event_type);
        envelope.delivery_id = std::move(*delivery_id);
        return envelope;
    }

    Result<event::Event> parse(const event::Delivery& delivery) const override {
        return github::parse(delivery);
    }

    std::span<const EventName> event_names() const override { return names(); }
    std::span<const Sample> samples() const override {
        static const NamedSamples named(typed_by_name(sample_files()), *this, "push");
        return named.all();
    }

    std::vector<std::string> setup_steps() const override {
        return {
            "Add this to your repository or organization: **Settings → Webhooks → Add webhook**",
            "**Content type**: `application/json` (the form works too)",
            "**SSL verification**: enabled, unless your address is plain http",
            "**Which events**: *Let me select individual events*, then tick those below",
        };
    }

    std::vector<std::string_view> recommended_events() const override {
        return {"push",          "pull_request", "pull_request_review", "issues",
                "issue_comment", "release",      "workflow_run"};
    }

    Secret new_secret(Random& random) const override {
        constexpr std::size_t length = 40;  // of 5 bits each
        return Secret("gh_" + random.token(length));
    }

    event::Headers sign(std::string_view event_type, std::string_view delivery_id, std::string_view payload,
                        const Secret& secret) const override {
        event::Headers headers;
        headers.add("Content-Type", "application/json");
        headers.add("User-Agent", "GitHub-Hookshot/hookline");
        headers.add("X-GitHub-Event", event_type);
        headers.add("X-GitHub-Delivery", delivery_id);
        headers.add(signature_header, signature_of(payload, secret));
        return headers;
    }
};

}  // namespace

const ServiceAdapter& adapter() {
    static const GitHub github;
    return github;
}

}  // namespace hookline::services::github
