// custom: an endpoint for any service that sends JSON. The URL says whose events they will be; it is kept for
// people and never asked, unless it is a stream that is to be read.
#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/channel_argument.hpp"
#include "commands/find_hook.hpp"
#include "commands/new_hook.hpp"
#include "commands/setup_reply.hpp"

namespace hookline::commands {

namespace {

constexpr std::size_t longest_url = 500;
constexpr std::size_t longest_name = 50;

/// What the member said of the hook beside its place.
struct Wish {
    std::string url, name;
    bool is_stream = false;
};

Found<std::string> read_url(const Request& request) {
    const std::string& word = request.arguments.words().front();
    const bool is_url = word.starts_with("https://") || word.starts_with("http://");
    if (!is_url || word.size() > longest_url || message::safe_url(word).empty()) {
        return tl::unexpected(
            refused(request,
                    "Say the address of the service whose events shall come here: it begins with `https://`, "
                    "and holds no user and no password.",
                    request.command.example));
    }
    return word;
}

Found<Wish> read_wish(const Request& request) {
    const auto url = read_url(request);
    if (!url) {
        return tl::unexpected(url.error());
    }
    Wish wish;
    wish.url = *url;
    wish.name = trim(request.arguments.value("--name").value_or(std::string()));
    wish.is_stream = request.arguments.has("--stream");
    if (wish.name.size() > longest_name || wish.name.find('\n') != std::string::npos) {
        return tl::unexpected(
            refused(fmt::format("A name is one line of at most {} characters.", longest_name)));
    }
    if (wish.is_stream && wish.url.find('#') != std::string::npos) {
        return tl::unexpected(refused("The address of a stream has no `#`."));
    }
    return wish;
}

/// The hook that the same words made before, so that saying them again makes no second one.
Found<std::optional<store::Hook>> made_before(const Request& request, const std::string& url,
                                              Snowflake channel) {
    auto hooks = visible_hooks(request);
    if (!hooks) {
        return tl::unexpected(hooks.error());
    }
    std::erase_if(*hooks, [&](const store::Hook& hook) { return hook.command_channel != channel; });
    if (!request.arguments.has("--new")) {
        for (store::Hook& hook : *hooks) {
            if (hook.service == event::Service::custom && hook.url == url) {
                return std::optional(std::move(hook));
            }
        }
    }
    if (hooks->size() >= most_hooks_in_a_channel) {
        return tl::unexpected(
            refused(fmt::format("There are {} hooks here already, more are not made. {} removes one.",
                                hooks->size(), say(request, "delete <id>"))));
    }
    return std::optional<store::Hook>();
}

Task<Reply> make(Request request, const services::ServiceAdapter* adapter, Wish wish, Place place) {
    auto destinations = destinations_of(request);
    if (!destinations) {
        co_return destinations.error();
    }
    store::Changes changes;
    store::Hook hook;
    hook.id = request.store().next_hook_id();
    hook.service = adapter->service();
    hook.user = request.caller.user;
    hook.created_at = request.now();
    hook.url = wish.url;
    hook.name = wish.name;
    hook.is_stream = wish.is_stream;
    aim(hook, request, place, *destinations, changes);
    const store::Endpoint endpoint = new_endpoint(request, *adapter, hook.id);
    hook.endpoint = endpoint.id;
    changes.emplace_back(store::PutEndpoint{endpoint});
    changes.emplace_back(store::PutHook{hook});
    const auto written = co_await commit(request, std::move(changes), hook.id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    co_return setup_reply(request, hook, endpoint, place.warning);
}

/// The same reply once more: perhaps the secret never reached the member. Switched on, whatever it was.
Task<Reply> repeat(Request request, store::Hook hook, Wish wish, std::string warning) {
    const auto endpoint = endpoint_of(request, hook);
    if (!endpoint) {
        co_return endpoint.error();
    }
    hook.is_enabled = true;
    hook.is_paused = false;
    hook.is_stream = wish.is_stream;
    if (!wish.name.empty()) {
        hook.name = wish.name;
    }
    store::Changes changes;
    changes.emplace_back(store::PutHook{hook});
    const auto written = co_await commit(request, std::move(changes), hook.id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    co_return setup_reply(request, hook, *endpoint, warning);
}

}  // namespace

Task<Reply> custom(Request request) {
    const auto adapter = offered_service(request, event::name_of(event::Service::custom));
    if (!adapter) {
        co_return adapter.error();
    }
    const auto wish = read_wish(request);
    if (!wish) {
        co_return wish.error();
    }
    const auto channel = request.arguments.value("--channel");
    Found<Place> place = Place();
    if (channel) {
        std::string text = *channel;
        place = co_await place_named(request, std::move(text));
    } else {
        place = place_here(request);
    }
    if (!place) {
        co_return place.error();
    }
    const auto turn = co_await request.bench.turn.take();
    const auto before =
        made_before(request, wish->url, place->channel ? place->channel : request.caller.channel);
    if (!before) {
        co_return before.error();
    }
    if (*before) {
        store::Hook hook = **before;
        std::string warning = place->warning;
        Wish same = *wish;
        auto again =
            co_await repeat(std::move(request), std::move(hook), std::move(same), std::move(warning));
        co_return again;
    }
    const services::ServiceAdapter* offered = *adapter;
    Wish wished = *wish;
    Place here = *place;
    auto made = co_await make(std::move(request), offered, std::move(wished), std::move(here));
    co_return made;
}

}  // namespace hookline::commands
