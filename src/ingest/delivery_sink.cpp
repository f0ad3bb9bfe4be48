#include "ingest/delivery_sink.hpp"

#include "ingest/json_text.hpp"

namespace hookline::ingest {

namespace {

constexpr std::size_t reserved_at_once = 256U << 10U;  // what is announced is no reason to reserve more

Outcome outcome_of_status(int status) {
    switch (status) {
        case 413:
            return Outcome::too_large;
        case 503:
            return Outcome::unavailable;
        default:
            return Outcome::malformed;
    }
}

}  // namespace

DeliverySink::DeliverySink(DeliveryDoor& door, DeliveryFrom from, std::optional<HookId> hook,
                           std::optional<std::uint64_t> announced)
    : door_(door), from_(std::move(from)), now_(door.parts().clock.now()), is_shared_(!hook) {
    if (hook) {
        endpoint_ = from_.directory->find(from_.adapter.service(), *hook);
    }
    key_ = {endpoint_ != nullptr ? endpoint_->current.get() : &door_.no_key()};
    if (!is_shared_) {
        check_ = from_.adapter.check(credentials(), key_);
    }
    body_.reserve(std::min<std::uint64_t>(announced.value_or(0), reserved_at_once));
}

DeliverySink::~DeliverySink() { door_.parts().budget.release(charged_); }

services::Credentials DeliverySink::credentials() const {
    return {from_.headers, from_.url_secret.reveal(), now_};
}

void DeliverySink::feed(std::string_view bytes) {
    if (check_) {
        check_->feed(bytes);
    }
    body_.append(bytes);
}

void DeliverySink::aborted(int status) {
    if (status != 0) {
        door_.count(from_.adapter.service(), outcome_of_status(status));
    }
}

bool DeliverySink::is_proven_by(std::span<const services::Key* const> keys) const {
    const auto check = from_.adapter.check(credentials(), keys);
    check->feed(body_);
    return check->holds();
}

/// The previous secret of a rotation is tried over the whole body only if the current one does not hold;
/// where there is none, or no such hook, the key that nobody has is tried instead, so that every refusal
/// takes the same time.
const KnownEndpoint* DeliverySink::proven_endpoint() {
    if (is_shared_) {
        return proven_of_service();
    }
    bool holds = check_->holds();
    if (!holds) {
        const services::Key* const previous = endpoint_ != nullptr ? endpoint_->previous_at(now_) : nullptr;
        const std::array<const services::Key*, 1> second{previous != nullptr ? previous : &door_.no_key()};
        holds = is_proven_by(second);
    }
    return holds ? endpoint_ : nullptr;
}

const KnownEndpoint* DeliverySink::proven_of_service() const {
    const auto known = from_.directory->of(from_.adapter.service());
    for (const KnownEndpoint* const endpoint : known.first(std::min(known.size(), shared_endpoints))) {
        const services::Key* const previous = endpoint->previous_at(now_);
        const std::array<const services::Key*, 2> keys{endpoint->current.get(), previous};
        if (is_proven_by(std::span(keys).first(previous == nullptr ? 1 : 2))) {
            return endpoint;
        }
    }
    return nullptr;
}

net::Response DeliverySink::refuse_stranger(EndpointId addressed) {
    door_.refused(addressed);
    const event::Service service = from_.adapter.service();
    door_.count(service, Outcome::unauthorized);
    door_.note(LogLevel::info, "a delivery without proof was refused",
               {{"service", event::name_of(service)}, {"client", from_.client}});
    return unauthorized_answer();
}

Result<std::string> DeliverySink::payload() {
    const std::size_t limit = is_shared_ ? shared_body_limit : body_limit;
    std::string text = std::move(body_);
    if (from_.content.coding != Coding::none) {
        net::BodyBudget& budget = door_.parts().budget;
        if (!budget.has_room()) {
            return fail(Errc::unavailable, "no room to unpack the body");
        }
        auto unpacked = unpack(text, from_.content.coding, limit);
        if (!unpacked) {
            return unpacked;
        }
        text = std::move(*unpacked);
        charged_ = text.size();
        budget.charge(charged_);
    }
    if (from_.content.shape == Shape::form) {
        auto field = payload_of_form(text);
        if (!field) {
            return field;
        }
        text = std::move(*field);
    }
    return json_object(std::move(text), limit);
}

net::Response DeliverySink::refuse_content(const Error& error) {
    const event::Service service = from_.adapter.service();
    if (error.code == Errc::unavailable) {
        door_.count(service, Outcome::unavailable);
        return unavailable_answer();
    }
    const bool is_too_large = error.code == Errc::too_large;
    door_.count(service, is_too_large ? Outcome::too_large : Outcome::malformed);
    door_.note(LogLevel::info, "a delivery was refused",
               {{"service", event::name_of(service)},
                {"hook", to_string(endpoint_->made_with)},
                {"why", error.detail}});
    return error_answer(is_too_large ? 413 : 400, error.detail);
}

std::optional<net::Response> DeliverySink::finish(net::Responder later) {
    const EndpointId addressed = endpoint_ != nullptr ? endpoint_->id : EndpointId();
    endpoint_ = proven_endpoint();
    if (endpoint_ == nullptr) {
        return refuse_stranger(addressed);
    }
    // Only now: whoever knows a hook's id could otherwise use up its limit without knowing its secret.
    if (const std::int64_t most = door_.parts().deliveries_per_second; most > 0) {
        if (const auto wait = endpoint_->limit->take(door_.parts().clock.steady(), most)) {
            door_.count(from_.adapter.service(), Outcome::throttled);
            return throttled_answer(*wait);
        }
    }
    auto text = payload();
    if (!text) {
        return refuse_content(text.error());
    }
    auto envelope = from_.adapter.envelope(from_.headers, *text);
    if (!envelope) {
        return refuse_content(Error(Errc::malformed, envelope.error().detail));
    }
    event::Delivery delivery;
    delivery.endpoint = endpoint_->id;
    delivery.service = from_.adapter.service();
    delivery.event_type = std::move(envelope->event_type);
    delivery.delivery_id = std::move(envelope->delivery_id);
    delivery.payload = std::move(*text);
    delivery.received_at = door_.parts().clock.now();
    store(std::move(delivery), envelope->is_ping, std::move(later));
    return std::nullopt;
}

void DeliverySink::store(event::Delivery delivery, bool is_ping, net::Responder later) {
    const event::Service service = delivery.service;
    const HookId hook = endpoint_->made_with;
    // On the writer's thread, or at once where the journal is full.
    auto done = [&door = door_, later, service, hook, is_ping](const Result<store::Appended>& appended) {
        if (!appended) {
            door.count(service, Outcome::unavailable);
            door.note(LogLevel::error, "a delivery could not be stored",
                      {{"error", appended.error().detail}});
            later.put(unavailable_answer());
            return;
        }
        const Outcome outcome = outcome_of(*appended, is_ping);
        door.count(service, outcome);
        if (outcome == Outcome::conflicting) {
            door.note(LogLevel::warn, "a delivery id came again with another body; the first one is kept",
                      {{"hook", to_string(hook)}, {"event", appended->id.value}});
        }
        later.put(stored_answer(*appended, is_ping));
    };
    door_.parts().journal.append(std::move(delivery), std::move(done),
                                 [later = std::move(later)] { later.wake(); });
}

}  // namespace hookline::ingest
