#include "commands/find_hook.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace hookline::commands {

namespace {

constexpr std::size_t longest_shown = 40;

bool is_visible(const Request& request, const store::Hook& hook) {
    const Caller& caller = request.caller;
    if (caller.kind == Caller::Kind::administrator) {
        return true;
    }
    if (!caller.guild || hook.guild != request.guild()) {
        return false;
    }
    return hook.command_channel == caller.channel ||
           (caller.may_manage_channel && caller.may_manage_channel(hook.command_channel));
}

std::string shown(std::string_view word) {
    return message::Markdown().code(shorten(word, longest_shown)).str();
}

Reply no_such_hook(const Request& request, std::string_view word) {
    return refused(fmt::format("There is no hook {} here. {} shows which there are.", shown(word),
                               say(request, "list")));
}

Reply say_the_id(const Request& request, event::Service service, const std::vector<store::Hook>& hooks) {
    std::vector<std::string> ids;
    for (const store::Hook& hook : hooks) {
        ids.push_back(fmt::format("`{}`", to_string(hook.id)));
    }
    return refused(request,
                   fmt::format("There are {} {} hooks here: {}. Say the id in place of `{}`.", hooks.size(),
                               event::display_name(service), fmt::join(ids, ", "), event::name_of(service)),
                   fmt::format("show {}", to_string(hooks.front().id)));
}

Found<store::Hook> hook_of_service(const Request& request, event::Service service) {
    auto here = hooks_here(request);
    if (!here) {
        return tl::unexpected(here.error());
    }
    std::erase_if(*here, [&](const store::Hook& hook) { return hook.service != service; });
    if (here->empty()) {
        return tl::unexpected(
            refused(fmt::format("There is no {} hook here yet. {} makes one.", event::display_name(service),
                                say(request, fmt::format("{} on", event::name_of(service))))));
    }
    if (here->size() > 1) {
        return tl::unexpected(say_the_id(request, service, *here));
    }
    return std::move(here->front());
}

}  // namespace

Found<std::vector<store::Hook>> visible_hooks(const Request& request, bool with_deleted) {
    auto hooks = request.store().hooks(with_deleted);
    if (!hooks) {
        return tl::unexpected(store_trouble(request, hooks.error()));
    }
    std::erase_if(*hooks, [&](const store::Hook& hook) { return !is_visible(request, hook); });
    std::sort(hooks->begin(), hooks->end(),
              [](const store::Hook& left, const store::Hook& right) { return left.id < right.id; });
    return std::move(*hooks);
}

Found<std::vector<store::Hook>> hooks_here(const Request& request) {
    auto hooks = visible_hooks(request);
    if (hooks && request.caller.channel) {
        std::erase_if(
            *hooks, [&](const store::Hook& hook) { return hook.command_channel != request.caller.channel; });
    }
    return hooks;
}

Found<store::Hook> find_hook(const Request& request, std::string_view word) {
    if (const auto service = event::parse_service(to_lower_ascii(word))) {
        return hook_of_service(request, *service);
    }
    const auto id = parse_hook_id(to_lower_ascii(word));
    if (!id) {
        return tl::unexpected(
            refused(request, fmt::format("{} names no hook: say its id, or the service.", shown(word)),
                    fmt::format("{} hook_001", request.command.word)));
    }
    const auto hooks = visible_hooks(request);
    if (!hooks) {
        return tl::unexpected(hooks.error());
    }
    const auto found =
        std::find_if(hooks->begin(), hooks->end(), [&](const store::Hook& hook) { return hook.id == *id; });
    if (found == hooks->end()) {
        return tl::unexpected(no_such_hook(request, word));
    }
    return *found;
}

Found<store::Endpoint> endpoint_of(const Request& request, const store::Hook& hook, bool with_deleted) {
    const auto endpoints = request.store().endpoints(with_deleted);
    if (!endpoints) {
        return tl::unexpected(store_trouble(request, endpoints.error()));
    }
    const auto found =
        std::find_if(endpoints->begin(), endpoints->end(),
                     [&](const store::Endpoint& endpoint) { return endpoint.id == hook.endpoint; });
    if (found == endpoints->end()) {
        return tl::unexpected(store_trouble(
            request, Error(Errc::internal, fmt::format("{} has no endpoint", to_string(hook.id)))));
    }
    return *found;
}

Found<pipeline::Destinations> destinations_of(const Request& request) {
    auto destinations = request.store().destinations();
    if (!destinations) {
        return tl::unexpected(store_trouble(request, destinations.error()));
    }
    return pipeline::Destinations(std::move(*destinations), request.store());
}

Found<FoundEvent> find_event(const Request& request, std::string_view word) {
    const auto number = parse_snowflake(word.starts_with('#') ? word.substr(1) : word);
    if (!number || number->value > static_cast<std::uint64_t>(INT64_MAX)) {
        return tl::unexpected(refused(request, fmt::format("{} is no event id: it is a number.", shown(word)),
                                      request.command.example));
    }
    const Reply unknown =
        refused(fmt::format("There is no event {} here. {} lists the last ones with their ids.", shown(word),
                            say(request, "log <hook>")));
    const auto event = request.store().event(EventId(static_cast<std::int64_t>(number->value)));
    if (!event) {
        return tl::unexpected(store_trouble(request, event.error()));
    }
    auto hooks = visible_hooks(request);
    if (!hooks) {
        return tl::unexpected(hooks.error());
    }
    if (!*event) {
        return tl::unexpected(unknown);
    }
    FoundEvent found;
    found.event = **event;
    found.hooks = std::move(*hooks);
    std::erase_if(found.hooks,
                  [&](const store::Hook& hook) { return hook.endpoint != found.event.endpoint; });
    if (found.hooks.empty()) {
        return tl::unexpected(unknown);
    }
    auto outcomes = request.store().outcomes(found.event.id);
    if (!outcomes) {
        return tl::unexpected(store_trouble(request, outcomes.error()));
    }
    found.outcomes = std::move(*outcomes);
    std::erase_if(found.outcomes, [&](const store::Outcome& outcome) {
        return std::none_of(found.hooks.begin(), found.hooks.end(),
                            [&](const store::Hook& hook) { return hook.id == outcome.hook; });
    });
    return found;
}

Found<const services::ServiceAdapter*> offered_service(const Request& request, std::string_view word) {
    const auto service = event::parse_service(to_lower_ascii(word));
    const services::ServiceAdapter* adapter = service ? services::find_adapter(*service) : nullptr;
    if (adapter != nullptr) {
        return adapter;
    }
    std::vector<std::string> offered;
    for (const services::ServiceAdapter* known : services::all_adapters()) {
        offered.push_back(fmt::format("`{}`", event::name_of(known->service())));
    }
    const std::string name = service ? std::string(event::display_name(*service)) : shown(word);
    return tl::unexpected(refused(
        request,
        fmt::format("{} is not offered by this version of Hookline. It offers: {}.", name,
                    fmt::join(offered, ", ")),
        fmt::format("{} on", offered.empty() ? "github"
                                             : event::name_of(services::all_adapters().front()->service()))));
}

}  // namespace hookline::commands
