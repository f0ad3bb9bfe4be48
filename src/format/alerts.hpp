// What an alert says where it has no template of its own: the thing, the condition, and what made it true.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "message/message.hpp"

namespace hookline::format {

struct AlertFact {
    std::string name, value;  // "pr.reviews", "2"
};

struct Alert {
    std::string thing;  // "PR #45: Add OAuth support"; "": the hook as a whole
    std::string url;
    std::string repository;
    std::string condition;  // as it was typed
    std::vector<AlertFact> facts;
    bool holds_no_more = false;
};
[[nodiscard]] message::Message alert_message(const Alert& alert);

/// Approvals and passed checks: what people wait for.
struct ReadyToMerge {
    std::string number;  // "PR #45", "MR !45"
    std::string title, url, repository;
    std::int64_t approvals = 0;
    std::optional<std::int64_t> required;
    std::vector<std::string> approvers;
    std::size_t checks = 0;  // that passed; 0: there are none
};
[[nodiscard]] message::Message ready_message(const ReadyToMerge& ready);

}  // namespace hookline::format
