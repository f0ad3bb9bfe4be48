#include "dispatch/destination.hpp"

namespace hookline::dispatch {

Task<void> Destination::ready(DestinationInfo, Operation) { co_return; }

}  // namespace hookline::dispatch
