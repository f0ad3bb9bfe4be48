// The rows of rules, templates, entities, alert states, timers and windows.
#pragma once

#include "store/knowledge.hpp"
#include "store/sqlite/writer.hpp"

namespace hookline::store {

void put_rule(Batch& batch, const Rule& rule);
void drop_rule(Batch& batch, const DropRule& drop);
void put_template(Batch& batch, const Template& form);
void drop_template(Batch& batch, const DropTemplate& drop);
void mirror_rules(Batch& batch, const MirrorRules& mirror);
void put_entity(Batch& batch, const PutEntity& put);
void put_alert_state(Batch& batch, const AlertState& state);
void put_timer(Batch& batch, const Timer& timer);
void drop_timer(Batch& batch, const DropTimer& drop);
void put_window(Batch& batch, const Window& window);
void drop_window(Batch& batch, const DropWindow& drop);

class SqliteKnowledge final : public Knowledge {
public:
    explicit SqliteKnowledge(Connection& reader) : reader_(reader) {}
    Result<std::vector<Rule>> rules() override;
    Result<std::vector<Template>> templates() override;
    Result<std::optional<std::string>> entity(const EntityKey& key) override;
    Result<std::optional<AlertState>> alert_state(RuleId rule, const std::string& entity) override;
    Result<std::int64_t> count_events(HookId hook, const std::string& name, TimePoint since) override;
    Result<std::optional<Window>> window(HookId hook, const std::string& key) override;
    Result<std::optional<StoredMessage>> card(DestinationId destination, const std::string& key) override;
    Result<std::vector<Timer>> due_timers(TimePoint now, std::size_t limit) override;
    Result<std::optional<TimePoint>> next_due() override;

private:
    Connection& reader_;
};

}  // namespace hookline::store
