// What a service sent, before anybody asks what it means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "event/service.hpp"

namespace hookline::event {

/// The request's headers as they came. Names compare without regard to case.
class Headers {
public:
    void add(std::string_view name, std::string_view value) { fields_.emplace_back(name, value); }
    /// The first of that name, or nothing.
    [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

struct Delivery {
    EventId id;  // given by the journal; 0 before
    EndpointId endpoint;
    Service service = Service::github;
    std::string event_type;   // as the service names it: "pull_request"; for `ci`: "github:workflow_run"
    std::string delivery_id;  // the sender's, for dedupe; empty where it sends none
    std::string payload;      // the JSON as it came (a form's payload field already taken out)
    TimePoint received_at;
    bool is_test = false;  // from !hook test: always announced, changes no state
};

}  // namespace hookline::event
