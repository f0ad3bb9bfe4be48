// A payload in a file, understood: what `render` and `eval` begin with.
#pragma once

#include "base/result.hpp"
#include "cli/calls.hpp"
#include "event/event.hpp"
#include "services/service.hpp"
#include "state/correlate.hpp"

namespace hookline::cli {

struct ReadPayload {
    const services::ServiceAdapter* adapter = nullptr;
    std::string text;
    event::Event event;
    state::Known known;  // what this one event tells
};

[[nodiscard]] Result<const services::ServiceAdapter*> adapter_of(const std::string& name);
/// Errors are whole sentences for the terminal.
[[nodiscard]] Result<ReadPayload> read_payload(const Process& process, const PayloadOptions& options);

}  // namespace hookline::cli
