// Finds the destination of an address, or makes a new one: there is one for each address, so that whatever
// goes there keeps one order.
#pragma once

#include <vector>

#include "dispatch/outbox.hpp"
#include "store/store.hpp"

namespace hookline::pipeline {

class Destinations {
public:
    /// `known`: Store::destinations(). `ids` gives new ones their ids.
    Destinations(std::vector<dispatch::DestinationInfo> known, store::Store& ids)
        : known_(std::move(known)), ids_(ids) {}

    [[nodiscard]] const dispatch::DestinationInfo* find(DestinationId id) const;
    /// Nothing where there is none yet.
    [[nodiscard]] const dispatch::DestinationInfo* find(dispatch::DestinationKind kind, Snowflake channel,
                                                        const Secret& address = Secret()) const;
    /// Adds a PutDestination to `changes` where it is a new one. The reference holds until the next call.
    const dispatch::DestinationInfo& find_or_make(dispatch::DestinationKind kind, Snowflake guild,
                                                  Snowflake channel, const Secret& address,
                                                  store::Changes& changes);

private:
    std::vector<dispatch::DestinationInfo> known_;
    store::Store& ids_;
};

}  // namespace hookline::pipeline
