// A stored delivery's meaning. Never fails: what the adapter cannot read is read for the little that every
// payload of that service holds, so that something which would have been announced is not lost.
#pragma once

#include <string>

#include "event/event.hpp"
#include "services/service.hpp"
#include "store/rows.hpp"

namespace hookline::pipeline {

struct Understanding {
    event::Event event;
    std::string error;  // why the adapter could not read it; empty: it could. For people and the log.
};

/// `adapter` null: a service that this version does not offer.
[[nodiscard]] Understanding understand(const store::StoredEvent& stored,
                                       const services::ServiceAdapter* adapter);

}  // namespace hookline::pipeline
