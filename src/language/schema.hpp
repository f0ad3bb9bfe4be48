// What the names of an expression may be: the fields of each thing, with their types, an example and a
// sentence. A field is written once, with the function that reads it; the checker, `hookline fields`, the
// documentation and completion all read the same table.
#pragma once

#include <span>
#include <string_view>

#include "language/value.hpp"

namespace hookline::language {

enum class Type { any, boolean, integer, number, text, list, map, object, duration };

struct Field {
    std::string_view name;
    Type type = Type::any;
    std::string_view example;                      // as an expression would hold it: 'main', 45
    std::string_view sentence;                     // "the branch pushed to, or a request's base"
    Value (*read)(const void*) = nullptr;          // undefined where the event does not tell
    const Schema* of = nullptr;                    // of an object, or of a list's items
    std::span<const std::string_view> words = {};  // where it is one of few: draft, approved, …
};

struct Schema {
    std::string_view name;  // "pr"
    std::span<const Field> fields;
    /// Reads names that are no field (custom payloads); null: there are none. Makes every name known.
    Value (*read_other)(const void*, std::string_view) = nullptr;
};

[[nodiscard]] const Field* find_field(const Schema& schema, std::string_view name);
/// "a text", "a number", "a list": for people.
[[nodiscard]] std::string_view name_of(Type type);

}  // namespace hookline::language
