// copy: the same hook for another channel; URL and secret are shared.
#include <fmt/format.h>

#include "commands/channel_argument.hpp"
#include "commands/find_hook.hpp"
#include "commands/setup_reply.hpp"

namespace hookline::commands {

Task<Reply> copy(Request request) {
    std::string target = request.arguments.words()[1];
    const auto place = co_await place_named(request, std::move(target));
    if (!place) {
        co_return place.error();
    }
    const auto turn = co_await request.bench.turn.take();
    const auto original = find_hook(request, request.arguments.words()[0]);
    if (!original) {
        co_return original.error();
    }
    auto destinations = destinations_of(request);
    if (!destinations) {
        co_return destinations.error();
    }
    store::Changes changes;
    store::Hook hook = *original;
    hook.destination =
        destinations->find_or_make(place->kind, place->guild, place->channel, place->address, changes).id;
    if (hook.destination == original->destination) {
        co_return refused(fmt::format("`{}` announces to {} already.", to_string(original->id),
                                      place_text(destinations->find(hook.destination))));
    }
    hook.id = request.store().next_hook_id();
    hook.guild = place->guild ? to_string(place->guild) : request.guild();
    hook.command_channel = place->channel ? place->channel : request.caller.channel;
    hook.user = request.caller.user;
    hook.setup_reply = MessageId();
    hook.created_at = request.now();
    changes.emplace_back(store::PutHook{hook});
    const auto written = co_await commit(request, std::move(changes), hook.id);
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    co_return shared_reply(request, hook, *original, place->warning);
}

}  // namespace hookline::commands
