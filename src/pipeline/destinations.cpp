#include "pipeline/destinations.hpp"

namespace hookline::pipeline {

const dispatch::DestinationInfo* Destinations::find(DestinationId id) const {
    const auto found = std::find_if(known_.begin(), known_.end(),
                                    [&](const dispatch::DestinationInfo& known) { return known.id == id; });
    return found != known_.end() ? &*found : nullptr;
}

const dispatch::DestinationInfo* Destinations::find(dispatch::DestinationKind kind, Snowflake channel,
                                                    const Secret& address) const {
    const auto found =
        std::find_if(known_.begin(), known_.end(), [&](const dispatch::DestinationInfo& known) {
            return known.kind == kind && known.channel == channel && known.address.equals(address.reveal());
        });
    return found != known_.end() ? &*found : nullptr;
}

const dispatch::DestinationInfo& Destinations::find_or_make(dispatch::DestinationKind kind, Snowflake guild,
                                                            Snowflake channel, const Secret& address,
                                                            store::Changes& changes) {
    if (const auto* known = find(kind, channel, address)) {
        return *known;
    }
    dispatch::DestinationInfo made;
    made.id = ids_.next_destination_id();
    made.kind = kind;
    made.guild = guild;
    made.channel = channel;
    made.address = address;
    changes.emplace_back(store::PutDestination{made});
    return known_.emplace_back(std::move(made));
}

}  // namespace hookline::pipeline
