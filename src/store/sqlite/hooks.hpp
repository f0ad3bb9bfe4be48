// The rows of endpoints, webhooks, destinations, acts and meta. Secrets come in and go out sealed by
// changes.cpp and by the readers here, each bound to its row.
#pragma once

#include "base/crypto.hpp"
#include "store/sqlite/writer.hpp"
#include "store/store.hpp"

namespace hookline::store {

/// What a sealed text is bound to: moved to another row it does not open.
[[nodiscard]] std::string seal_context(EndpointId endpoint);
[[nodiscard]] std::string seal_context(DestinationId destination);

/// Secrets of the row, sealed; empty: none.
void put_endpoint(Batch& batch, const Endpoint& endpoint, const std::string& sealed,
                  const std::string& sealed_previous);
void mark_connected(Batch& batch, const MarkConnected& mark);
void set_setup_reply(Batch& batch, const SetSetupReply& set);
void put_hook(Batch& batch, const Hook& hook);
void put_destination(Batch& batch, const dispatch::DestinationInfo& destination, const std::string& sealed);
void put_act(Batch& batch, const Act& act);
void put_meta(Batch& batch, const PutMeta& meta);

[[nodiscard]] Result<std::vector<Endpoint>> read_endpoints(Connection& db, const Sealer& sealer,
                                                           bool with_deleted);
[[nodiscard]] std::vector<Hook> read_hooks(Connection& db, bool with_deleted);
[[nodiscard]] Result<std::vector<dispatch::DestinationInfo>> read_destinations(Connection& db,
                                                                               const Sealer& sealer);
[[nodiscard]] Result<dispatch::DestinationInfo> read_destination(Connection& db, const Sealer& sealer,
                                                                 DestinationId id);
[[nodiscard]] std::optional<std::string> read_meta(Connection& db, const std::string& key);
/// Newest first.
[[nodiscard]] std::vector<Act> read_acts(Connection& db, const std::string& guild, std::size_t limit);

}  // namespace hookline::store
