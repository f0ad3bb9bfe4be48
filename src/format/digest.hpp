// What happened in a while, in one message: counts by kind and by what was done, with links and names.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"
#include "message/message.hpp"

namespace hookline::format {

/// One event as a digest keeps it.
struct DigestItem {
    std::string kind;   // "push", "pr"
    std::string what;   // "opened"; "" where the kind says it all
    std::string label;  // "main", "#45"
    std::string url, who;
};
[[nodiscard]] DigestItem digest_item(const event::Event& event);

struct Digest {
    event::Service service = event::Service::github;
    std::string name;  // of a custom source; "": the service's
    bool has_merge_requests = false;
    std::chrono::seconds window{0};
    bool is_storm = false;  // summed up because it was more than the channel takes
    /// Of what happened while nobody could listen: the first and the last of it.
    std::optional<TimePoint> missed_from, missed_until;
    /// How many there were of each kind and what was done: "pr" → "opened" → 3.
    std::map<std::string, std::map<std::string, std::int64_t>> counts;
    std::vector<DigestItem> items;  // those that are linked; may be fewer than were counted
    std::vector<std::string> who;
    [[nodiscard]] std::int64_t total() const;
};
[[nodiscard]] message::Message digest_message(const Digest& digest);

}  // namespace hookline::format
