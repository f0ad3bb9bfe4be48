// What the store keeps, as the API shows it. No secret is in any of these.
#pragma once

#include <boost/json/object.hpp>

#include "commands/commands.hpp"
#include "store/rows.hpp"

namespace hookline::api {

[[nodiscard]] boost::json::object view_of(const store::Hook& hook, const store::Endpoint& endpoint,
                                          const dispatch::DestinationInfo& destination);
[[nodiscard]] boost::json::object view_of(const store::StoredEvent& event);
[[nodiscard]] boost::json::object view_of(const store::Outcome& outcome);
[[nodiscard]] boost::json::object view_of(const store::StoredMessage& message);
/// The reply with its messages in the outbox's form, so that a caller can draw them (message::parse).
[[nodiscard]] boost::json::object view_of(const commands::Reply& reply);

}  // namespace hookline::api
