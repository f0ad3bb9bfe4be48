// What is known beyond one event while a batch of them is worked on: what the store holds, and over it what
// the batch has changed and is not written yet.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "state/entities.hpp"
#include "store/store.hpp"

namespace hookline::pipeline {

class Memory {
public:
    /// `may_take_over`: whether messages that were told may come to tell something else (once.hpp).
    explicit Memory(store::Store& store, bool may_take_over = true)
        : store_(store), may_take_over_(may_take_over) {}

    /// The entities of one repository at one endpoint; what is saved is noted as a change. Outlives neither
    /// this nor `changes`.
    class Repository final : public state::Entities {
    public:
        Repository(Memory& memory, EndpointId endpoint, std::int64_t repository, TimePoint now,
                   store::Changes& changes)
            : memory_(memory), endpoint_(endpoint), repository_(repository), now_(now), changes_(changes) {}
        std::optional<std::string> load(std::string_view kind, std::string_view name) override;
        void save(std::string_view kind, std::string_view name, std::string document) override;

    private:
        Memory& memory_;
        EndpointId endpoint_;
        std::int64_t repository_;
        TimePoint now_;
        store::Changes& changes_;
    };

    [[nodiscard]] std::optional<store::AlertState> alert_state(RuleId rule, const std::string& entity);
    void put(store::AlertState state, store::Changes& changes);

    /// What is being summed up for a hook. What is put is written by flush(), once for the whole batch.
    [[nodiscard]] std::optional<store::Window> window(HookId hook, const std::string& key = {});
    void put(store::Window window);
    void drop_window(HookId hook, const std::string& key, store::Changes& changes);
    void flush(store::Changes& changes);

    /// The newest message of that card; also one of this batch.
    [[nodiscard]] std::optional<store::StoredMessage> card(DestinationId destination, const std::string& key);
    /// Also one of this batch; nothing where it was not kept.
    [[nodiscard]] std::optional<store::StoredMessage> message(MessageId id);
    void put(store::StoredMessage message, store::Changes& changes);
    /// Another message makes that one needless.
    void withdraw(store::Withdraw withdrawal, store::Changes& changes);

    void note_event(HookId hook, std::string name, TimePoint at);
    /// Also those of this batch.
    [[nodiscard]] std::int64_t count_events(HookId hook, const std::string& name, TimePoint since);

    /// How many entries wait for a destination, those of this batch included; the stored ones count to
    /// `most`.
    [[nodiscard]] std::size_t backlog(DestinationId destination, std::size_t most);
    void note_entry(DestinationId destination) { ++added_[destination]; }

    /// Keeps a small fact (Store::meta); false where it stands so already.
    bool note(const std::string& key, std::string value, store::Changes& changes);

    [[nodiscard]] bool may_take_over() const { return may_take_over_; }

    /// Why the store could not be read, where it could not; nothing may be written then.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

private:
    using Key = std::tuple<EndpointId, std::int64_t, std::string, std::string>;
    struct Noted {
        HookId hook;
        std::string name;
        TimePoint at;
    };
    store::Store& store_;
    bool may_take_over_;
    std::map<Key, std::string> entities_;
    std::map<std::pair<RuleId, std::string>, store::AlertState> alerts_;
    std::vector<Noted> events_;
    std::map<std::pair<DestinationId, std::string>, store::StoredMessage> cards_;
    std::map<MessageId, store::StoredMessage> messages_;
    std::map<std::string, std::string> notes_;
    std::map<std::pair<HookId, std::string>, std::optional<store::Window>> windows_;  // nothing: closed
    std::map<DestinationId, std::size_t> stored_backlogs_, added_;
    std::string trouble_;
};

}  // namespace hookline::pipeline
