// The rows of the outbox: what waits to be posted, and what each attempt did to it and to its message.
#pragma once

#include "base/crypto.hpp"
#include "store/sqlite/writer.hpp"
#include "store/store.hpp"

namespace hookline::store {

/// `body` is the entry's message, serialized; `timestamp` the newest of its embeds.
void enqueue(Batch& batch, const dispatch::Entry& entry, const std::string& body,
             std::optional<TimePoint> timestamp);
/// See rows.hpp. Errc::not_found where there is no such message. Nothing happens where it is deleted or about
/// to be.
[[nodiscard]] Result<void> revise(Batch& batch, const Revise& change, const std::string& body,
                                  std::optional<TimePoint> timestamp);
void withdraw(Batch& batch, const Withdraw& change);

class SqliteOutbox final : public dispatch::Outbox {
public:
    /// `reader` is the core's connection; none of its calls may come after it is gone.
    SqliteOutbox(Connection& reader, Writer& writer, const Sealer& sealer)
        : reader_(reader), writer_(writer), sealer_(sealer) {}

    [[nodiscard]] Result<std::vector<DestinationId>> destinations_with_work() override;
    [[nodiscard]] Result<dispatch::DestinationInfo> destination(DestinationId id) override;
    [[nodiscard]] Result<std::optional<dispatch::Entry>> head(DestinationId id) override;
    [[nodiscard]] Result<std::size_t> backlog(DestinationId id, std::size_t most) override;
    Task<Result<void>> begin_attempt(OutboxId id, TimePoint now, bool may_share) override;
    Task<Result<void>> record(OutboxId id, dispatch::Step step, TimePoint now) override;
    Task<Result<void>> hold(DestinationId id, dispatch::HoldReason reason, std::string detail,
                            TimePoint now) override;

private:
    Task<Result<void>> commit(Writer::Action action);

    Connection& reader_;
    Writer& writer_;
    const Sealer& sealer_;
};

}  // namespace hookline::store
