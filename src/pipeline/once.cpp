#include "pipeline/once.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "state/document.hpp"

namespace hookline::pipeline {

namespace {

// Later a reader has read it: an edit would go unseen.
constexpr std::chrono::minutes longest_takeover(1);

std::string name_for(HookId hook, const services::Fact& fact) {
    return fmt::format("{} {}", hook.value, fact.key);
}

}  // namespace

bool is_same(const services::Fact& fact, const event::Event& event, EventId id, const Told& told,
             TimePoint now) {
    if (told.event == id || now >= told.until || !services::may_be_one(told.course, fact.course)) {
        return false;
    }
    const bool is_another = told.provider != event.provider_name;
    return told.rank > fact.rank || (told.rank == fact.rank && (is_another || fact.is_repeated));
}

bool takes_over(const services::Fact& fact, const Told& told, TimePoint now) {
    return told.is_alone && told.message && told.rank < fact.rank && now - told.at < longest_takeover;
}

std::optional<Told> find_told(HookId hook, const services::Fact& fact, Memory::Repository& entities) {
    const auto document = entities.load(store::short_lived_kind, name_for(hook, fact));
    if (!document) {
        return std::nullopt;
    }
    const auto object = state::parse_document(*document);
    const auto at = state::time_at(object, "at");
    const auto until = state::time_at(object, "until");
    if (!at || !until) {
        return std::nullopt;
    }
    Told told;
    told.event = EventId(state::number_at(object, "event").value_or(0));
    told.by = state::text_at(object, "by");
    told.provider = state::text_at(object, "provider");
    told.message = MessageId(state::number_at(object, "message").value_or(0));
    told.is_alone = state::truth_at(object, "alone");
    told.has_rung = state::truth_at(object, "rang");
    told.rank = static_cast<int>(state::number_at(object, "rank").value_or(1));
    told.at = *at;
    told.until = *until;
    told.course.began = state::time_at(object, "began");
    told.course.ended = state::time_at(object, "ended");
    told.course.place = state::text_at(object, "place");
    told.course.has_failed = state::truth_at(object, "failed");
    return told;
}

void note_told(HookId hook, const services::Fact& fact, const Told& told, Memory::Repository& entities) {
    boost::json::object object;
    state::put_number(object, "event", told.event.value);
    state::put(object, "by", told.by);
    state::put(object, "provider", told.provider);
    state::put_number(object, "message", told.message.value);
    state::put_truth(object, "alone", told.is_alone);
    state::put_truth(object, "rang", told.has_rung);
    state::put_number(object, "rank", told.rank);
    state::put_time(object, "at", told.at);
    state::put_time(object, "until", told.until);
    state::put_time(object, "began", told.course.began);
    state::put_time(object, "ended", told.course.ended);
    state::put(object, "place", told.course.place);
    if (told.course.has_failed) {
        state::put_truth(object, "failed", true);
    }
    entities.save(store::short_lived_kind, name_for(hook, fact), boost::json::serialize(object));
}

}  // namespace hookline::pipeline
