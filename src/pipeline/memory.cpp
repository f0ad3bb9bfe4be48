#include "pipeline/memory.hpp"

namespace hookline::pipeline {

std::optional<std::string> Memory::Repository::load(std::string_view kind, std::string_view name) {
    const Key key(endpoint_, repository_, std::string(kind), std::string(name));
    const auto fresh = memory_.entities_.find(key);
    if (fresh != memory_.entities_.end()) {
        return fresh->second;
    }
    auto stored = memory_.store_.knowledge().entity(
        store::EntityKey{endpoint_, repository_, std::string(kind), std::string(name)});
    if (!stored) {
        memory_.trouble_ = stored.error().detail;
        return std::nullopt;
    }
    return std::move(*stored);
}

void Memory::Repository::save(std::string_view kind, std::string_view name, std::string document) {
    store::EntityKey key{endpoint_, repository_, std::string(kind), std::string(name)};
    memory_.entities_[Key(endpoint_, repository_, key.kind, key.name)] = document;
    changes_.emplace_back(store::PutEntity{std::move(key), std::move(document), now_});
}

std::optional<store::AlertState> Memory::alert_state(RuleId rule, const std::string& entity) {
    const auto fresh = alerts_.find({rule, entity});
    if (fresh != alerts_.end()) {
        return fresh->second;
    }
    auto stored = store_.knowledge().alert_state(rule, entity);
    if (!stored) {
        trouble_ = stored.error().detail;
        return std::nullopt;
    }
    return std::move(*stored);
}

void Memory::put(store::AlertState state, store::Changes& changes) {
    alerts_[{state.rule, state.entity}] = state;
    changes.emplace_back(store::PutAlertState{std::move(state)});
}

std::optional<store::Window> Memory::window(HookId hook, const std::string& key) {
    const auto fresh = windows_.find({hook, key});
    if (fresh != windows_.end()) {
        return fresh->second;
    }
    auto stored = store_.knowledge().window(hook, key);
    if (!stored) {
        trouble_ = stored.error().detail;
        return std::nullopt;
    }
    return std::move(*stored);
}

void Memory::put(store::Window window) {
    std::pair<HookId, std::string> name(window.hook, window.key);
    windows_[std::move(name)] = std::move(window);
}

void Memory::drop_window(HookId hook, const std::string& key, store::Changes& changes) {
    windows_[{hook, key}] = std::nullopt;
    changes.emplace_back(store::DropWindow{hook, key});
}

void Memory::flush(store::Changes& changes) {
    for (auto& [name, window] : windows_) {
        if (window) {
            changes.emplace_back(store::PutWindow{*window});
        }
    }
    windows_.clear();
}

std::optional<store::StoredMessage> Memory::card(DestinationId destination, const std::string& key) {
    const auto fresh = cards_.find({destination, key});
    if (fresh != cards_.end()) {
        return fresh->second;
    }
    auto stored = store_.knowledge().card(destination, key);
    if (!stored) {
        trouble_ = stored.error().detail;
        return std::nullopt;
    }
    return std::move(*stored);
}

std::optional<store::StoredMessage> Memory::message(MessageId id) {
    const auto fresh = messages_.find(id);
    if (fresh != messages_.end()) {
        return fresh->second;
    }
    auto stored = store_.message(id);
    if (!stored) {
        trouble_ = stored.error().detail;
        return std::nullopt;
    }
    return std::move(*stored);
}

void Memory::put(store::StoredMessage message, store::Changes& changes) {
    if (!message.card_key.empty()) {
        cards_[{message.destination, message.card_key}] = message;
    }
    messages_[message.id] = message;
    changes.emplace_back(store::PutMessage{std::move(message)});
}

void Memory::withdraw(store::Withdraw withdrawal, store::Changes& changes) {
    if (auto gone = message(withdrawal.message)) {
        gone->state = store::MessageState::deleted;
        messages_[withdrawal.message] = std::move(*gone);
    }
    changes.emplace_back(std::move(withdrawal));
}

std::size_t Memory::backlog(DestinationId destination, std::size_t most) {
    auto known = stored_backlogs_.find(destination);
    if (known == stored_backlogs_.end()) {
        const auto stored = store_.outbox().backlog(destination, most);
        if (!stored) {
            trouble_ = stored.error().detail;
            return 0;
        }
        known = stored_backlogs_.emplace(destination, *stored).first;
    }
    const auto added = added_.find(destination);
    return known->second + (added != added_.end() ? added->second : 0);
}

bool Memory::note(const std::string& key, std::string value, store::Changes& changes) {
    const auto fresh = notes_.find(key);
    if (fresh != notes_.end() && fresh->second == value) {
        return false;
    }
    const auto stored = fresh == notes_.end() ? store_.meta(key) : Result<std::optional<std::string>>();
    if (stored && *stored && **stored == value) {
        return false;
    }
    notes_[key] = value;
    changes.emplace_back(store::PutMeta{key, std::move(value)});
    return true;
}

void Memory::note_event(HookId hook, std::string name, TimePoint at) {
    if (!name.empty()) {
        events_.push_back(Noted{hook, std::move(name), at});
    }
}

std::int64_t Memory::count_events(HookId hook, const std::string& name, TimePoint since) {
    const auto stored = store_.knowledge().count_events(hook, name, since);
    if (!stored) {
        trouble_ = stored.error().detail;
        return 0;
    }
    const std::string prefix = name + ".";
    return *stored + std::count_if(events_.begin(), events_.end(), [&](const Noted& event) {
        return event.hook == hook && event.at >= since &&
               (event.name == name || event.name.starts_with(prefix));
    });
}

}  // namespace hookline::pipeline
