#include "pipeline/digest.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "state/document.hpp"

namespace hookline::pipeline {

namespace json = boost::json;

namespace {

constexpr std::size_t most_items = 200;
constexpr std::size_t most_people = 100;

std::string to_document(const format::Digest& digest) {
    json::object object;
    state::put(object, "service", event::name_of(digest.service));
    state::put(object, "name", digest.name);
    object["merge_requests"] = digest.has_merge_requests;
    object["window"] = digest.window.count();
    state::put_time(object, "missed_from", digest.missed_from);
    state::put_time(object, "missed_until", digest.missed_until);
    json::object counts;
    for (const auto& [kind, by_what] : digest.counts) {
        json::object row;
        for (const auto& [what, count] : by_what) {
            row[what] = count;
        }
        counts[kind] = std::move(row);
    }
    object["counts"] = std::move(counts);
    json::array items;
    for (const format::DigestItem& item : digest.items) {
        json::object row;
        state::put(row, "kind", item.kind);
        state::put(row, "what", item.what);
        state::put(row, "label", item.label);
        state::put(row, "url", item.url);
        items.emplace_back(std::move(row));
    }
    object["items"] = std::move(items);
    state::put_texts(object, "who", digest.who);
    return json::serialize(object);
}

}  // namespace

bool counts_in_digest(const event::Event& event) {
    return event.name == "pr" && (event.action == "synchronize" || event.action == "edited");
}

format::Digest parse_digest(std::string_view document) {
    format::Digest digest;
    const json::object object = state::parse_document(document);
    digest.service = event::parse_service(state::text_at(object, "service")).value_or(event::Service::custom);
    digest.name = state::text_at(object, "name");
    digest.has_merge_requests = state::truth_at(object, "merge_requests");
    digest.window = std::chrono::seconds(state::number_at(object, "window").value_or(0));
    digest.missed_from = state::time_at(object, "missed_from");
    digest.missed_until = state::time_at(object, "missed_until");
    if (const json::object* counts = state::object_at(object, "counts")) {
        for (const auto& kind : *counts) {
            if (!kind.value().is_object()) {
                continue;
            }
            for (const auto& what : kind.value().get_object()) {
                digest.counts[std::string(kind.key())][std::string(what.key())] =
                    what.value().is_int64() ? what.value().get_int64() : 0;
            }
        }
    }
    if (const json::array* items = state::array_at(object, "items")) {
        for (const json::value& item : *items) {
            if (const json::object* row = item.if_object()) {
                digest.items.push_back({state::text_at(*row, "kind"),
                                        state::text_at(*row, "what"),
                                        state::text_at(*row, "label"),
                                        state::text_at(*row, "url"),
                                        {}});
            }
        }
    }
    digest.who = state::texts_at(object, "who");
    return digest;
}

std::string fold(std::string_view document, const store::Hook& hook, const event::Event& event) {
    format::Digest digest = parse_digest(document);
    digest.service = hook.service;
    digest.name = hook.name;
    digest.window = hook.window;
    digest.has_merge_requests = digest.has_merge_requests || event.has_merge_requests;
    if (event.is_late) {
        digest.missed_from = std::min(digest.missed_from.value_or(event.time), event.time);
        digest.missed_until = std::max(digest.missed_until.value_or(event.time), event.time);
    }
    format::DigestItem item = format::digest_item(event);
    ++digest.counts[item.kind][item.what];
    const bool is_known = std::find(digest.who.begin(), digest.who.end(), item.who) != digest.who.end();
    if (!item.who.empty() && !is_known && digest.who.size() < most_people) {
        digest.who.push_back(item.who);
    }
    if (digest.items.size() < most_items) {
        digest.items.push_back(std::move(item));
    }
    return to_document(digest);
}

}  // namespace hookline::pipeline
