// An outbox in memory, for tests: keeps what dispatch::Outbox promises, counts what is asked of it, and fails
// when told to. A second Dispatcher over the same one is a restart.
#pragma once

#include <map>
#include <set>

#include "dispatch/shared_send.hpp"

namespace hookline::dispatch {

class FakeOutbox final : public Outbox {
public:
    DestinationId add_destination(DestinationKind kind, bool resends_ambiguous = true) {
        DestinationInfo info;
        info.id = DestinationId(static_cast<std::int64_t>(infos.size()) + 1);
        info.kind = kind;
        info.channel = Snowflake(100 + infos.size());
        info.resends_ambiguous = resends_ambiguous;
        infos[info.id] = info;
        return info.id;
    }
    OutboxId add(DestinationId destination, std::string content, TimePoint now,
                 Operation operation = Operation::create) {
        Entry entry;
        entry.id = OutboxId(++last_id);
        entry.message = MessageId(last_id);
        entry.destination = destination;
        entry.operation = operation;
        entry.body.content = std::move(content);
        entry.created_at = now;
        entries[entry.id] = entry;
        return entry.id;
    }
    /// Messages of one embed each, titled by their ids.
    void add_embeds(DestinationId destination, int count, TimePoint now) {
        for (int i = 0; i < count; ++i) {
            Entry& entry = entries.at(add(destination, "", now));
            entry.not_before = now;
            entry.body.embeds.emplace_back();
            entry.body.embeds.back().title = std::to_string(entry.id.value);
        }
    }
    [[nodiscard]] bool has(OutboxId id) const { return entries.contains(id); }

    Result<std::vector<DestinationId>> destinations_with_work() override {
        if (is_broken) {
            return fail(Errc::storage, "disk full");
        }
        std::set<DestinationId> ids;
        for (const auto& [id, entry] : entries) {
            if (!parked.contains(id)) {
                ids.insert(entry.destination);
            }
        }
        return std::vector<DestinationId>(ids.begin(), ids.end());
    }
    Result<DestinationInfo> destination(DestinationId id) override {
        return is_broken ? Result<DestinationInfo>(fail(Errc::storage, "disk full")) : infos.at(id);
    }
    Result<std::optional<Entry>> head(DestinationId destination) override {
        ++heads_read;
        if (is_broken) {
            return fail(Errc::storage, "disk full");
        }
        for (const auto& [id, entry] : entries) {
            if (entry.destination == destination && !parked.contains(id)) {
                return std::optional(entry);
            }
        }
        return std::optional<Entry>();
    }
    Result<std::size_t> backlog(DestinationId destination, std::size_t most) override {
        return std::min(most, waiting(destination).size());
    }
    Task<Result<void>> begin_attempt(OutboxId id, TimePoint now, bool may_share) override {
        if (on_begin) {
            on_begin(id);
        }
        if (is_broken) {
            co_return fail(Errc::storage, "disk full");
        }
        Entry& entry = entries.at(id);
        const std::vector<Entry> lane = waiting(entry.destination);
        const std::size_t count = may_share ? shared_count(lane, now) : 1;
        entry.body = count > 1 ? shared_body(std::span(lane).first(count)) : entry.body;
        for (std::size_t i = 1; i < count; ++i) {
            joined[lane[i].message] = entry.message;
            entries.erase(lane[i].id);
        }
        ++entry.attempts;
        entry.first_attempt_at = entry.first_attempt_at.value_or(now);
        co_return Result<void>();
    }
    Task<Result<void>> record(OutboxId id, Step step, TimePoint now) override {
        if (is_broken || records_fail) {
            co_return fail(Errc::storage, "disk full");
        }
        steps.emplace_back(id, step);
        Entry& entry = entries.at(id);
        if (const auto* retry = std::get_if<RetryAt>(&step)) {
            entry.not_before = retry->when;
            entry.last_error = retry->why;
        } else if (const auto* fallback = std::get_if<Fallback>(&step)) {
            entry.is_fallback = true;
            entry.last_error = fallback->why;
        } else if (const auto* why = std::get_if<Parked>(&step)) {
            parked[id] = why->why;
        } else if (const auto* held = std::get_if<Held>(&step)) {
            entry.last_error = held->why;
            set_held(entry.destination, held->reason, held->why, now);
        } else if (const auto* replace = std::get_if<Replace>(&step)) {
            entry.operation = Operation::create;
            entry.attempts = 0;
            entry.first_attempt_at.reset();
            entry.last_error.clear();
            entry.replaced += replace->was_deleted ? 1 : 0;
        } else {
            entries.erase(id);
        }
        co_return Result<void>();
    }
    Task<Result<void>> hold(DestinationId id, HoldReason reason, std::string detail, TimePoint now) override {
        if (is_broken) {
            co_return fail(Errc::storage, "disk full");
        }
        set_held(id, reason, detail, now);
        co_return Result<void>();
    }

    std::map<DestinationId, DestinationInfo> infos;
    std::map<OutboxId, Entry> entries;
    std::map<OutboxId, std::string> parked;
    std::map<MessageId, MessageId> joined;  // whose send carries it
    std::vector<std::pair<OutboxId, Step>> steps;
    std::int64_t last_id = 0;
    std::size_t heads_read = 0;
    bool is_broken = false;
    bool records_fail = false;
    std::function<void(OutboxId)> on_begin;

private:
    [[nodiscard]] std::vector<Entry> waiting(DestinationId destination) const {
        std::vector<Entry> lane;
        for (const auto& [id, entry] : entries) {
            if (entry.destination == destination && !parked.contains(id)) {
                lane.push_back(entry);
            }
        }
        return lane;
    }
    void set_held(DestinationId id, HoldReason reason, const std::string& detail, TimePoint now) {
        DestinationInfo& info = infos.at(id);
        if (info.held != reason) {
            info.held_since = now;
        }
        info.held = reason;
        info.held_detail = detail;
    }
};

}  // namespace hookline::dispatch
