// The deliveries of timelines: a sample of GitHub as a table names it, with a few values of its own.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace hookline::timeline {

struct SampleDelivery {
    std::string event_type, payload;
    std::string delivery_id;  // empty: one of its own
};

/// "pr.opened number=7 title=Rooms": the sample of that name, or the first of that type as GitHub calls it
/// ("issue_comment"), with these values wherever its kind of payload has them, and with `now` as the time at
/// which it happened ("ago=30": seconds earlier). "delivery=d1" is its id, so that it may come again. Values
/// hold no spaces; "_" stands for one. Throws std::invalid_argument for a name or a key that is not known.
[[nodiscard]] SampleDelivery sample_delivery(std::string_view words, TimePoint now);

}  // namespace hookline::timeline
