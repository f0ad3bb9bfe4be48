// What a service's folder offers. One class a service, one line in registry.cpp.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.hpp"
#include "base/result.hpp"
#include "event/delivery.hpp"
#include "event/event.hpp"

namespace hookline::services {

/// A secret as ingest keeps it ready: the HMAC is keyed once (measured in bench/).
struct Key {
    explicit Key(Secret secret) : text(std::move(secret)), hmac(text) {}
    Secret text;
    HmacSha256 hmac;
};

/// What a request shows as proof: its headers, and the secret in its URL (path segment or ?token=), if any.
struct Credentials {
    const event::Headers& headers;
    std::string_view url_secret;
    TimePoint now;
};

/// Checks one request against the keys of one endpoint while its body arrives.
class ProofCheck {
public:
    virtual ~ProofCheck() = default;
    /// The raw bytes of the body, before any decoding, in pieces.
    virtual void feed(std::string_view bytes) = 0;
    /// Once, at the end. Constant time.
    [[nodiscard]] virtual bool holds() = 0;
};

/// What the door must know of a delivery.
struct Envelope {
    std::string event_type;
    std::string delivery_id;
    bool is_ping = false;
};

struct Sample {
    std::string_view event_type;  // "push"
    std::string_view name;        // of the event in Hookline's words: "push", "pr.merged"
    std::string_view payload;     // a real payload, for !hook test and --demo
};

struct EventName {
    std::string_view name;           // "pr" or "pr.merged"
    std::string_view provider_name;  // "pull_request"; several by comma; of a sub-event: only where it
                                     // comes by another way than the rest of its event
    std::string_view sentence;       // for help: "pull requests opened, merged, closed …"
};

/// Where a member puts an endpoint's secret: into a field of the service's settings, or, where the service
/// signs nothing, into the URL.
enum class SecretPlace { settings, url, either };

class ServiceAdapter {
public:
    virtual ~ServiceAdapter() = default;
    [[nodiscard]] virtual event::Service service() const = 0;

    /// Never null; a request without proof gets a check that does not hold. `keys`: the endpoint's current
    /// secret and, during a rotation, the previous one.
    [[nodiscard]] virtual std::unique_ptr<ProofCheck> check(const Credentials& credentials,
                                                            std::span<const Key* const> keys) const = 0;
    /// From headers and, where the service puts it there, the payload. Errors: a header missing that the
    /// service always sends.
    [[nodiscard]] virtual Result<Envelope> envelope(const event::Headers& headers,
                                                    std::string_view payload) const = 0;

    /// What the delivery means. An event that is not known is an Event with an empty name, never an error;
    /// an error is a payload that is not what its event says it is.
    [[nodiscard]] virtual Result<event::Event> parse(const event::Delivery& delivery) const = 0;

    [[nodiscard]] virtual std::span<const EventName> event_names() const = 0;
    [[nodiscard]] virtual std::span<const Sample> samples() const = 0;
    /// What to do at the service, for the reply to `on`: lines of Discord Markdown.
    [[nodiscard]] virtual std::vector<std::string> setup_steps() const = 0;
    /// How the reply to `on` begins, where the service has words of its own for it: Discord Markdown, lines.
    [[nodiscard]] virtual std::string setup_head() const { return {}; }
    [[nodiscard]] virtual SecretPlace secret_place() const { return SecretPlace::settings; }
    /// Events to subscribe to at the service: shown in the reply, compared with what the ping lists.
    [[nodiscard]] virtual std::vector<std::string_view> recommended_events() const = 0;
    /// A fresh secret in the service's usual look ("gh_" and 40 characters).
    [[nodiscard]] virtual Secret new_secret(Random& random) const = 0;
    /// The headers with which the service would send `payload`, for `hookline send` and `!hook test`.
    [[nodiscard]] virtual event::Headers sign(std::string_view event_type, std::string_view delivery_id,
                                              std::string_view payload, const Secret& secret) const = 0;
};

/// Null where this service is not offered (yet).
[[nodiscard]] const ServiceAdapter* find_adapter(event::Service service);
[[nodiscard]] std::span<const ServiceAdapter* const> all_adapters();

}  // namespace hookline::services
