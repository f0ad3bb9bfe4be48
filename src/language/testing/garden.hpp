// A small schema with values for the tests of the language.
#pragma once

#include <boost/json/parse.hpp>

#include "language/program.hpp"

namespace hookline::language {

struct Plant {
    std::string name;
    std::int64_t height = 0;
};
struct Garden {
    Plant tree{"oak", 12};
    std::vector<Plant> plants{{"rose", 1}, {"*fern*", 2}};
    std::string owner = "Jo*hn";
    bool is_open = true;
    boost::json::value payload =
        boost::json::parse(R"({"big": 9007199254740993, "tags": ["a", "b"], "at": "2026-11-29T10:00:00Z"})");
};

inline const std::array<std::string_view, 3> seasons{"spring", "summer", "winter"};

inline const std::array<Field, 2> plant_fields{{
    {"name", Type::text, "'oak'", "what it is",
     [](const void* p) { return Value::borrowed(static_cast<const Plant*>(p)->name); }},
    {"height", Type::integer, "12", "in metres",
     [](const void* p) { return Value::integer(static_cast<const Plant*>(p)->height); }},
}};
inline const Schema plant_schema{"plant", plant_fields};
inline const std::array<Field, 8> garden_fields{{
    {"tree", Type::object, "", "the tree",
     [](const void* g) { return Value::object(plant_schema, &static_cast<const Garden*>(g)->tree); },
     &plant_schema},
    {"plants", Type::list, "", "all others",
     [](const void* g) {
         std::vector<Value> items;
         for (const Plant& plant : static_cast<const Garden*>(g)->plants) {
             items.push_back(Value::object(plant_schema, &plant));
         }
         return Value::list(std::move(items));
     },
     &plant_schema},
    {"owner", Type::text, "'John'", "whose it is",
     [](const void* g) { return Value::borrowed(static_cast<const Garden*>(g)->owner); }},
    {"is_open", Type::boolean, "true", "whether one may enter",
     [](const void* g) { return Value::boolean(static_cast<const Garden*>(g)->is_open); }},
    {"season", Type::text, "'spring'", "the time of year",
     [](const void*) { return Value::borrowed("summer"); }, nullptr, seasons},
    {"grown", Type::duration, "2h", "for how long",
     [](const void*) { return Value::duration(std::chrono::minutes(90)); }},
    {"gate", Type::text, "'east'", "which one is open", [](const void*) { return Value(); }},
    {"payload", Type::any, "", "as it came",
     [](const void* g) { return Value::json(static_cast<const Garden*>(g)->payload); }},
}};
inline const Schema garden_schema{"garden", garden_fields};

inline Surroundings surroundings_of(const Garden& garden) {
    return {{&garden_schema, &garden}, TimePoint(std::chrono::hours(24 * 365 * 50)), nullptr};
}

/// What it comes to; "error: …" with the place where it does not.
inline std::string value_of(std::string_view source, const Garden& garden = {}) {
    const auto expression = Expression::compile(source, garden_schema);
    if (!expression) {
        return "refused: " + to_text(expression.error(), source);
    }
    const Outcome outcome = expression->evaluate(surroundings_of(garden));
    return outcome.trouble ? "error: " + to_text(*outcome.trouble, source) : to_source(outcome.value);
}

inline std::string print_of(std::string_view source, Escaping escaping = Escaping::markdown,
                            const Garden& garden = {}) {
    const auto form = Template::compile(source, garden_schema, escaping);
    if (!form) {
        return "refused: " + to_text(form.error(), source);
    }
    const Rendering rendering = form->render(surroundings_of(garden));
    return rendering.trouble ? "error: " + to_text(*rendering.trouble, form->source()) : rendering.text;
}

}  // namespace hookline::language
