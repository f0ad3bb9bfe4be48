#include "store/sqlite/rules.hpp"

#include "store/sqlite/messages.hpp"

namespace hookline::store {

namespace {

constexpr std::int64_t most_counted = 10'000;

Rule rule_of(const Query& row) {
    Rule rule;
    rule.id = row.id<RuleId>(0);
    rule.hook = row.id<HookId>(1);
    rule.kind = parse_rule_kind(row.view(2)).value_or(RuleKind::filter);
    rule.source = row.text(3);
    rule.text = row.text(4);
    rule.created_at = row.time(5);
    rule.options = row.text(6);
    return rule;
}

}  // namespace

void put_rule(Batch& batch, const Rule& rule) {
    Query(
        batch.db,
        "INSERT INTO rules (id, hook, kind, position, source, template, created_at, options) VALUES (?1, ?2, "
        "?3, ?1, ?4, ?5, ?6, ?7)")
        .with(rule.id, rule.hook, name_of(rule.kind), rule.source, rule.text, rule.created_at, rule.options)
        .run();
}

void drop_rule(Batch& batch, const DropRule& drop) {
    Query(batch.db, "DELETE FROM rules WHERE id = ?").with(drop.rule).run();
    Query(batch.db, "DELETE FROM alert_states WHERE rule = ?").with(drop.rule).run();
}

void put_template(Batch& batch, const Template& form) {
    Query(batch.db, "INSERT OR REPLACE INTO templates (hook, event, source) VALUES (?, ?, ?)")
        .with(form.hook, form.event, form.source)
        .run();
}

void drop_template(Batch& batch, const DropTemplate& drop) {
    Query(batch.db, "DELETE FROM templates WHERE hook = ? AND event = ?").with(drop.hook, drop.event).run();
}

void mirror_rules(Batch& batch, const MirrorRules& mirror) {
    Query(batch.db, "UPDATE webhooks SET filters = ?, template = NULLIF(?, '') WHERE number = ?")
        .with(mirror.filters, mirror.form, mirror.hook)
        .run();
}

void put_entity(Batch& batch, const PutEntity& put) {
    Query(
        batch.db,
        "INSERT OR REPLACE INTO entities (endpoint, repository, kind, name, state, updated_at) VALUES (?, ?, "
        "?, ?, ?, ?)")
        .with(put.key.endpoint, put.key.repository, put.key.kind, put.key.name, put.state, put.at)
        .run();
}

void put_alert_state(Batch& batch, const AlertState& state) {
    Query(batch.db,
          "INSERT OR REPLACE INTO alert_states (rule, entity, is_true, value, event, at) "
          "VALUES (?, ?, ?, ?, ?, ?)")
        .with(state.rule, state.entity, state.is_true, state.value, state.event, state.at)
        .run();
}

void put_timer(Batch& batch, const Timer& timer) {
    Query(batch.db, "INSERT OR REPLACE INTO timers (kind, what, due) VALUES (?, ?, ?)")
        .with(timer.kind, timer.what, timer.due)
        .run();
}

void drop_timer(Batch& batch, const DropTimer& drop) {
    Query(batch.db, "DELETE FROM timers WHERE kind = ? AND what = ?").with(drop.kind, drop.what).run();
}

void put_window(Batch& batch, const Window& window) {
    Query(batch.db,
          "INSERT OR REPLACE INTO windows (id, hook, key, opened_at, closes_at, first_event, state) VALUES "
          "(?, ?, ?, ?, ?, ?, ?)")
        .with(window.message, window.hook, window.key, window.opened_at, window.closes_at, window.first_event,
              window.state)
        .run();
}

void drop_window(Batch& batch, const DropWindow& drop) {
    Query(batch.db, "DELETE FROM windows WHERE hook = ? AND key = ?").with(drop.hook, drop.key).run();
}

Result<std::optional<Window>> SqliteKnowledge::window(HookId hook, const std::string& key) {
    return guarded([&]() -> std::optional<Window> {
        Query row(
            reader_,
            "SELECT id, opened_at, closes_at, first_event, state FROM windows WHERE hook = ? AND key = ?");
        row.with(hook, key);
        return row.step() ? std::optional(Window{hook, row.id<MessageId>(0), row.time(1), row.time(2),
                                                 row.id<EventId>(3), row.text(4), key})
                          : std::nullopt;
    });
}

Result<std::optional<StoredMessage>> SqliteKnowledge::card(DestinationId destination,
                                                           const std::string& key) {
    return guarded([&] { return read_card(reader_, destination, key); });
}

Result<std::vector<Rule>> SqliteKnowledge::rules() {
    return guarded([&] {
        Query row(
            reader_,
            "SELECT r.id, r.hook, r.kind, r.source, r.template, r.created_at, r.options FROM rules r JOIN "
            "webhooks w ON w.number = r.hook WHERE w.deleted_at IS NULL ORDER BY r.hook, r.position");
        std::vector<Rule> rules;
        while (row.step()) {
            rules.push_back(rule_of(row));
        }
        return rules;
    });
}

Result<std::vector<Template>> SqliteKnowledge::templates() {
    return guarded([&] {
        Query row(reader_,
                  "SELECT t.hook, t.event, t.source FROM templates t JOIN webhooks w ON w.number = t.hook "
                  "WHERE w.deleted_at IS NULL ORDER BY t.hook, t.event");
        std::vector<Template> templates;
        while (row.step()) {
            templates.push_back(Template{row.id<HookId>(0), row.text(1), row.text(2)});
        }
        return templates;
    });
}

Result<std::optional<std::string>> SqliteKnowledge::entity(const EntityKey& key) {
    return guarded([&]() -> std::optional<std::string> {
        Query row(
            reader_,
            "SELECT state FROM entities WHERE endpoint = ? AND repository = ? AND kind = ? AND name = ?");
        row.with(key.endpoint, key.repository, key.kind, key.name);
        return row.step() ? std::optional(row.text(0)) : std::nullopt;
    });
}

Result<std::optional<AlertState>> SqliteKnowledge::alert_state(RuleId rule, const std::string& entity) {
    return guarded([&]() -> std::optional<AlertState> {
        Query row(reader_,
                  "SELECT is_true, value, event, at FROM alert_states WHERE rule = ? AND entity = ?");
        row.with(rule, entity);
        return row.step() ? std::optional(AlertState{rule, entity, row.flag(0), row.text(1),
                                                     row.id<EventId>(2), row.time(3)})
                          : std::nullopt;
    });
}

Result<std::int64_t> SqliteKnowledge::count_events(HookId hook, const std::string& name, TimePoint since) {
    return guarded([&] {
        // Newest first, up to the first that is too old: the index by hook has them in order.
        Query row(reader_, "SELECT at, event_name FROM outcomes WHERE hook = ? ORDER BY sequence DESC");
        row.with(hook);
        const std::string prefix = name + ".";
        std::int64_t count = 0;
        while (count < most_counted && row.step() && row.time(0) >= since) {
            const std::string_view found = row.view(1);
            count += found == name || found.starts_with(prefix) ? 1 : 0;
        }
        return count;
    });
}

Result<std::vector<Timer>> SqliteKnowledge::due_timers(TimePoint now, std::size_t limit) {
    return guarded([&] {
        Query row(reader_, "SELECT kind, what, due FROM timers WHERE due <= ? ORDER BY due LIMIT ?");
        row.with(now, limit);
        std::vector<Timer> timers;
        while (row.step()) {
            timers.push_back(Timer{row.text(0), row.text(1), row.time(2)});
        }
        return timers;
    });
}

Result<std::optional<TimePoint>> SqliteKnowledge::next_due() {
    return guarded([&] {
        Query row(reader_, "SELECT min(due) FROM timers");
        return row.step() ? row.optional_time(0) : std::nullopt;
    });
}

}  // namespace hookline::store
