#include "services/gitlab/gitlab.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "services/gitlab/kind.hpp"
#include "services/gitlab/names.hpp"
#include "services/gitlab/parse.hpp"
#include "services/gitlab/proof.hpp"
#include "services/gitlab/samples.hpp"
#include "services/payload.hpp"

namespace hookline::services::gitlab {

namespace {

constexpr std::size_t longest_header = 200;  // an event's name or a UUID, not a story
constexpr std::string_view event_header = "X-Gitlab-Event";

bool is_word(std::string_view value, std::string_view more) {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:{}";
    return value.size() <= longest_header && std::all_of(value.begin(), value.end(), [&](char c) {
               return allowed.find(c) != std::string_view::npos || more.find(c) != std::string_view::npos;
           });
}

/// Without its header, as from a relay that drops it, the payload names the event.
std::string kind_in(std::string_view payload) {
    const auto document = Document::parse(payload);
    if (!document) {
        return {};
    }
    std::string kind = document->root()["object_kind"].text(longest_header);
    if (kind.empty()) {
        kind = document->root()["event_name"].text(longest_header);
    }
    return is_word(kind, "") ? kind : std::string();
}

Result<std::string> event_type_of(const event::Headers& headers, std::string_view payload) {
    const auto value = headers.get(event_header);
    if (!value || trim(*value).empty()) {
        std::string kind = kind_in(payload);
        if (kind.empty()) {
            return fail(Errc::malformed, fmt::format("the header {} is missing", event_header));
        }
        return kind;
    }
    if (headers.count(event_header) != 1 || !is_word(*value, " ")) {
        return fail(Errc::malformed, fmt::format("the header {} is not the name of an event", event_header));
    }
    return kind_of_header(*value);
}

/// The key that stays the same when GitLab sends again; older versions know only the id of the request, and
/// the oldest none.
Result<std::string> delivery_id_of(const event::Headers& headers) {
    for (const std::string_view name : {"Idempotency-Key", "webhook-id", "X-Gitlab-Webhook-UUID"}) {
        const auto value = headers.get(name);
        if (!value || value->empty()) {
            continue;
        }
        if (headers.count(name) != 1 || !is_word(*value, "")) {
            return fail(Errc::malformed, fmt::format("the header {} is not a single word", name));
        }
        return std::string(*value);
    }
    return std::string();
}

/// A test that names an event shows the first of that name: not one that only some channels may see.
std::vector<Sample> typical_first() {
    std::vector<Sample> samples = typed_by_name(sample_files());
    std::stable_partition(samples.begin(), samples.end(), [](const Sample& sample) {
        return !sample.event_type.starts_with("confidential_");
    });
    return samples;
}

class GitLab final : public ServiceAdapter {
public:
    event::Service service() const override { return event::Service::gitlab; }

    std::unique_ptr<ProofCheck> check(const Credentials& credentials,
                                      std::span<const Key* const> keys) const override {
        return check_proof(credentials, keys);
    }

    Result<Envelope> envelope(const event::Headers& headers, std::string_view payload) const override {
        auto event_type = event_type_of(headers, payload);
        if (!event_type) {
            return tl::unexpected(event_type.error());
        }
        auto delivery_id = delivery_id_of(headers);
        if (!delivery_id) {
            return tl::unexpected(delivery_id.error());
        }
        Envelope envelope;
        envelope.event_type = std::move(*event_type);
        envelope.delivery_id = std::move(*delivery_id);
        return envelope;
    }

    Result<event::Event> parse(const event::Delivery& delivery) const override {
        return gitlab::parse(delivery);
    }

    std::span<const EventName> event_names() const override { return names(); }
    std::span<const Sample> samples() const override {
        static const NamedSamples named(typical_first(), *this, "push");
        return named.all();
    }

    std::vector<std::string> setup_steps() const override {
        return {
            "Add this to your project or group: **Settings → Webhooks → Add new webhook**",
            "**URL** and **Secret token**: those above",
            "**SSL verification**: enabled, unless your address is plain http",
            "**Trigger**: tick those below; confidential issues are told only in channels that not everyone "
            "sees",
            "Then **Test → Push events** sends a first delivery",
        };
    }

    std::vector<std::string_view> recommended_events() const override {
        return {"push", "merge_request", "issue", "note", "pipeline", "deployment", "release"};
    }

    Secret new_secret(Random& random) const override {
        constexpr std::size_t length = 40;  // of 5 bits each
        return Secret("gl_" + random.token(length));
    }

    /// With the token, as every GitLab can: a signature would need the time of sending.
    event::Headers sign(std::string_view event_type, std::string_view delivery_id,
                        std::string_view /*payload*/, const Secret& secret) const override {
        event::Headers headers;
        headers.add("Content-Type", "application/json");
        headers.add("User-Agent", "GitLab/hookline");
        headers.add(event_header, header_of_kind(kind_of_header(event_type)));
        headers.add("X-Gitlab-Webhook-UUID", delivery_id);
        headers.add("Idempotency-Key", delivery_id);
        headers.add(token_header, secret.reveal());
        return headers;
    }
};

}  // namespace

const ServiceAdapter& adapter() {
    static const GitLab gitlab;
    return gitlab;
}

}  // namespace hookline::services::gitlab
