#include "commands/new_hook.hpp"

namespace hookline::commands {

void aim(store::Hook& hook, const Request& request, const Place& place, pipeline::Destinations& destinations,
         store::Changes& changes) {
    hook.destination =
        destinations.find_or_make(place.kind, place.guild, place.channel, place.address, changes).id;
    hook.command_channel = place.channel ? place.channel : request.caller.channel;
    hook.guild = place.guild ? to_string(place.guild) : request.guild();
}

store::Endpoint new_endpoint(const Request& request, const services::ServiceAdapter& adapter, HookId hook) {
    store::Endpoint endpoint;
    endpoint.id = request.store().next_endpoint_id();
    endpoint.service = adapter.service();
    endpoint.made_with = hook;
    endpoint.secret = adapter.new_secret(request.bench.parts.random);
    endpoint.created_at = request.now();
    return endpoint;
}

}  // namespace hookline::commands
