// One delivery on its way in: its bytes are fed to the proof as they arrive; once they are whole and proven,
// they are unpacked, checked to be JSON and handed to the journal.
#pragma once

#include "ingest/content.hpp"
#include "ingest/delivery_door.hpp"

namespace hookline::ingest {

/// What the head of a delivery said.
struct DeliveryFrom {
    const services::ServiceAdapter& adapter;
    std::shared_ptr<const Directory> directory;
    Content content;
    event::Headers headers;
    Secret url_secret;
    std::string client;
};

class DeliverySink final : public net::BodySink {
public:
    /// `hook`: of the URL, known or not; nothing: whichever endpoint of the service is proven.
    DeliverySink(DeliveryDoor& door, DeliveryFrom from, std::optional<HookId> hook,
                 std::optional<std::uint64_t> announced);
    ~DeliverySink() override;

    void feed(std::string_view bytes) override;
    [[nodiscard]] std::optional<net::Response> finish(net::Responder later) override;
    void aborted(int status) override;

private:
    [[nodiscard]] services::Credentials credentials() const;
    [[nodiscard]] bool is_proven_by(std::span<const services::Key* const> keys) const;
    [[nodiscard]] const KnownEndpoint* proven_endpoint();
    [[nodiscard]] const KnownEndpoint* proven_of_service() const;
    [[nodiscard]] net::Response refuse_stranger(EndpointId addressed);
    [[nodiscard]] Result<std::string> payload();
    [[nodiscard]] net::Response refuse_content(const Error& error);
    void store(event::Delivery delivery, bool is_ping, net::Responder later);

    DeliveryDoor& door_;
    DeliveryFrom from_;
    TimePoint now_;
    bool is_shared_;
    const KnownEndpoint* endpoint_ = nullptr;  // of the URL; lives with from_.directory
    std::array<const services::Key*, 1> key_;  // tried while the bytes arrive
    std::unique_ptr<services::ProofCheck> check_;
    std::string body_;
    std::uint64_t charged_ = 0;  // to the budget, for what was unpacked
};

}  // namespace hookline::ingest
