#include "pipeline/requests.hpp"

#include <fmt/format.h>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/text.hpp"

namespace hookline::pipeline {

namespace asio = boost::asio;

namespace {

constexpr std::string_view test_prefix = "test-";

Result<services::Sample> find_sample(const services::ServiceAdapter& adapter, std::string_view name) {
    const auto samples = adapter.samples();
    for (const services::Sample& sample : samples) {
        if (equals_ignoring_case(sample.name, name) || equals_ignoring_case(sample.event_type, name)) {
            return sample;
        }
    }
    // "pr" means whichever of its samples comes first.
    std::vector<std::string_view> known;
    for (const services::Sample& sample : samples) {
        const std::string_view whole = sample.name.substr(0, sample.name.find('.'));
        if (equals_ignoring_case(whole, name)) {
            return sample;
        }
        known.push_back(sample.name);
    }
    const auto nearest = nearest_word(name, known);
    return fail(Errc::not_found, nearest.value_or(std::string()));
}

/// The delivery as ingest would have let it in.
Result<services::Envelope> pass_the_door(const services::ServiceAdapter& adapter, const Secret& secret,
                                         const services::Sample& sample, std::string_view delivery_id,
                                         TimePoint now) {
    const event::Headers headers = adapter.sign(sample.event_type, delivery_id, sample.payload, secret);
    const services::Key key(secret);
    const std::array<const services::Key*, 1> keys{&key};
    const auto check = adapter.check(services::Credentials{headers, secret.reveal(), now}, keys);
    check->feed(sample.payload);
    if (!check->holds()) {
        return fail(Errc::internal, "the sample's signature does not hold");
    }
    return adapter.envelope(headers, sample.payload);
}

/// Calls the journal and hands its answer back on the caller's executor.
template <class Token>
auto async_append(store::Journal& journal, event::Delivery delivery, Token&& token) {
    return asio::async_initiate<Token, void(Result<store::Appended>)>(
        [](auto handler, store::Journal* where, event::Delivery what) {
            // A std::function must be copyable; the handler is not.
            auto shared = std::make_shared<decltype(handler)>(std::move(handler));
            where->append(std::move(what), [shared](Result<store::Appended> answer) {
                const auto executor = asio::get_associated_executor(*shared);
                asio::post(executor, [shared, answer = std::move(answer)]() mutable {
                    std::move (*shared)(std::move(answer));
                });
            });
        },
        token, &journal, std::move(delivery));
}

}  // namespace

Result<event::Delivery> make_test_delivery(const store::Endpoint& endpoint, HookId hook,
                                           std::string_view name, Random& random, TimePoint now) {
    const services::ServiceAdapter* adapter = services::find_adapter(endpoint.service);
    if (adapter == nullptr) {
        return fail(Errc::unsupported,
                    fmt::format("{} is not offered", event::display_name(endpoint.service)));
    }
    const auto sample = find_sample(*adapter, name);
    if (!sample) {
        return tl::unexpected(sample.error());
    }
    const std::string delivery_id = fmt::format("{}{}-{}", test_prefix, to_string(hook), random.token(16));
    const auto envelope = pass_the_door(*adapter, endpoint.secret, *sample, delivery_id, now);
    if (!envelope) {
        return tl::unexpected(envelope.error());
    }
    event::Delivery delivery;
    delivery.endpoint = endpoint.id;
    delivery.service = endpoint.service;
    delivery.event_type = envelope->event_type;
    delivery.delivery_id = delivery_id;
    delivery.payload = std::string(sample->payload);
    delivery.received_at = now;
    delivery.is_test = true;
    return delivery;
}

HookId tested_hook(std::string_view delivery_id) {
    if (!delivery_id.starts_with(test_prefix)) {
        return {};
    }
    delivery_id.remove_prefix(test_prefix.size());
    return parse_hook_id(delivery_id.substr(0, delivery_id.find('-'))).value_or(HookId());
}

Task<Result<store::Appended>> append(store::Journal& journal, event::Delivery delivery) {
    auto answer = co_await async_append(journal, std::move(delivery), asio::use_awaitable);
    co_return answer;
}

Task<Result<void>> replay(store::Store& store, EventId event, std::vector<HookId> hooks) {
    store::Changes changes;
    for (const HookId hook : hooks) {
        changes.emplace_back(store::ForgetOutcome{event, hook});
    }
    auto written = co_await store.write(std::move(changes));
    co_return written;
}

}  // namespace hookline::pipeline
