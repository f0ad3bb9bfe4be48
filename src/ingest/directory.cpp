#include "ingest/directory.hpp"

namespace hookline::ingest {

namespace {

std::shared_ptr<const services::Key> key_for(const Secret& secret, const KnownEndpoint* before) {
    if (secret.empty()) {
        return nullptr;
    }
    if (before != nullptr) {
        for (const auto& key : {before->current, before->previous}) {
            if (key && key->text.equals(secret.reveal())) {
                return key;
            }
        }
    }
    return std::make_shared<const services::Key>(secret);
}

}  // namespace

const services::Key* KnownEndpoint::previous_at(TimePoint now) const {
    return previous_until && now < *previous_until ? previous.get() : nullptr;
}

Directory::Directory(std::span<const store::Endpoint> endpoints, const Directory& before) {
    by_hook_.reserve(endpoints.size());
    for (const store::Endpoint& endpoint : endpoints) {
        if (endpoint.deleted_at || endpoint.secret.empty()) {
            continue;
        }
        const KnownEndpoint* const known = before.find(endpoint.service, endpoint.made_with);
        KnownEndpoint entry;
        entry.id = endpoint.id;
        entry.service = endpoint.service;
        entry.made_with = endpoint.made_with;
        entry.current = key_for(endpoint.secret, known);
        entry.previous = key_for(endpoint.previous_secret, known);
        entry.previous_until = endpoint.previous_until;
        entry.limit = known != nullptr ? known->limit : std::make_shared<RateLimit>();
        by_hook_.insert_or_assign(endpoint.made_with, std::move(entry));
    }
    for (const auto& [hook, entry] : by_hook_) {
        by_service_.at(static_cast<std::size_t>(entry.service)).push_back(&entry);
    }
    for (auto& entries : by_service_) {
        std::sort(entries.begin(), entries.end(),
                  [](const KnownEndpoint* left, const KnownEndpoint* right) { return left->id > right->id; });
    }
}

const KnownEndpoint* Directory::find(event::Service service, HookId hook) const {
    const auto place = by_hook_.find(hook);
    return place != by_hook_.end() && place->second.service == service ? &place->second : nullptr;
}

std::span<const KnownEndpoint* const> Directory::of(event::Service service) const {
    return by_service_.at(static_cast<std::size_t>(service));
}

}  // namespace hookline::ingest
