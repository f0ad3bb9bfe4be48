#include "dispatch/destination.hpp"

#include "dispatch/shared_send.hpp"

namespace hookline::dispatch {

Task<void> Destination::ready(DestinationInfo, Operation) { co_return; }

bool Destination::shares_sends(const DestinationInfo& destination) const {
    return is_channel(destination.kind);
}

}  // namespace hookline::dispatch
