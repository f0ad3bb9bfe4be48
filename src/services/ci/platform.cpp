#include "services/ci/platform.hpp"

#include <algorithm>
#include <array>

#include "services/circleci/circleci.hpp"
#include "services/jenkins/jenkins.hpp"
#include "services/proof.hpp"

namespace hookline::services::ci {

namespace {

using event::Service;

struct Mark {
    std::string_view header;
    Service platform;
};
constexpr std::array marks{Mark{"X-GitHub-Event", Service::github}, Mark{"X-Gitlab-Event", Service::gitlab},
                           Mark{"circleci-event-type", Service::circleci}};

/// They send X-GitHub-Event too.
constexpr std::array<std::string_view, 3> imitators{"X-Forgejo-Event", "X-Gitea-Event", "X-Gogs-Event"};

/// A header in which a platform proves itself.
struct ProofHeader {
    std::string_view header;
    Service platform;
};
constexpr std::array proof_headers{
    ProofHeader{"X-Hub-Signature-256", Service::github},
    ProofHeader{"X-Gitlab-Token", Service::gitlab},
    ProofHeader{"webhook-signature", Service::gitlab},
    ProofHeader{"circleci-signature", Service::circleci},
};

class AllOf final : public ProofCheck {
public:
    explicit AllOf(std::vector<std::unique_ptr<ProofCheck>> checks) : checks_(std::move(checks)) {}

    void feed(std::string_view bytes) override {
        for (const auto& check : checks_) {
            check->feed(bytes);
        }
    }

    bool holds() override {
        bool all = !checks_.empty();
        for (const auto& check : checks_) {
            const bool one = check->holds();
            all = all && one;
        }
        return all;
    }

private:
    std::vector<std::unique_ptr<ProofCheck>> checks_;
};

}  // namespace

std::optional<Service> platform_of(const event::Headers& headers, std::string_view payload) {
    const bool is_imitation = std::any_of(imitators.begin(), imitators.end(), [&](std::string_view name) {
        return headers.get(name).has_value();
    });
    if (is_imitation) {
        return std::nullopt;
    }
    for (const Mark& mark : marks) {
        if (headers.get(mark.header)) {
            return mark.platform;
        }
    }
    const auto document = Document::parse(payload);
    if (!document) {
        return std::nullopt;
    }
    if (circleci::recognises(document->root())) {
        return Service::circleci;
    }
    return jenkins::recognises(document->root()) ? std::optional(Service::jenkins) : std::nullopt;
}

std::unique_ptr<ProofCheck> check_any(const Credentials& credentials, std::span<const Key* const> keys) {
    std::vector<std::unique_ptr<ProofCheck>> checks;
    std::vector<Service> checked;
    for (const ProofHeader& proof : proof_headers) {
        const bool is_new = std::find(checked.begin(), checked.end(), proof.platform) == checked.end();
        if (!is_new || !credentials.headers.get(proof.header)) {
            continue;
        }
        const ServiceAdapter* adapter = find_adapter(proof.platform);
        checks.push_back(adapter != nullptr ? adapter->check(credentials, keys) : no_proof());
        checked.push_back(proof.platform);
    }
    if (checks.empty()) {
        return check_secret(shown_secret(credentials), keys);
    }
    return std::make_unique<AllOf>(std::move(checks));
}

std::optional<PlatformEvent> platform_event(std::string_view event_type) {
    const std::size_t colon = event_type.find(':');
    const auto platform = event::parse_service(event_type.substr(0, colon));
    if (colon == std::string_view::npos || !platform || *platform == Service::ci) {
        return std::nullopt;
    }
    return PlatformEvent{*platform, event_type.substr(colon + 1)};
}

}  // namespace hookline::services::ci
