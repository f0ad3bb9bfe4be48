#include "rules/facts.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include "rules/fields.hpp"

namespace hookline::rules {

namespace json = boost::json;

const json::value& Facts::payload() const {
    if (!parsed_) {
        json::parse_options options;
        options.max_depth = 101;  // as many levels as ingest lets in
        options.allow_invalid_utf8 = true;
        json::error_code error;
        json::value value = json::parse(json::string_view(payload_.data(), payload_.size()), error,
                                        json::make_shared_resource<json::monotonic_resource>(), options);
        parsed_ = std::make_shared<const json::value>(error ? json::value() : std::move(value));
    }
    return *parsed_;
}

language::Surroundings Facts::surroundings() const {
    return {{&schema_of(event_.service), this}, now_, count_events ? &count_events : nullptr};
}

Facts facts_of(const event::Event& event, std::string_view payload, TimePoint now,
               const state::Known& known) {
    Facts facts(event, payload, now);
    facts.pull = known.pulls.empty() ? nullptr : &known.pulls.front();
    facts.build = known.build ? &*known.build : nullptr;
    facts.run = known.run ? &*known.run : nullptr;
    facts.baseline = known.baseline;
    return facts;
}

}  // namespace hookline::rules
