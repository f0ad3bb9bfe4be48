#include "language/loop.hpp"

namespace hookline::language {

namespace {

template <class Read>
Value with_state(const void* thing, Read read) {
    return read(*static_cast<const LoopState*>(thing));
}

Value counted(std::size_t number) { return Value::integer(static_cast<Integer>(number)); }

Value index(const void* t) {
    return with_state(t, [](const LoopState& l) { return counted(l.at + 1); });
}
Value index0(const void* t) {
    return with_state(t, [](const LoopState& l) { return counted(l.at); });
}
Value revindex(const void* t) {
    return with_state(t, [](const LoopState& l) { return counted(l.items.size() - l.at); });
}
Value revindex0(const void* t) {
    return with_state(t, [](const LoopState& l) { return counted(l.items.size() - l.at - 1); });
}
Value length(const void* t) {
    return with_state(t, [](const LoopState& l) { return counted(l.items.size()); });
}
Value first(const void* t) {
    return with_state(t, [](const LoopState& l) { return Value::boolean(l.at == 0); });
}
Value last(const void* t) {
    return with_state(t, [](const LoopState& l) { return Value::boolean(l.at + 1 == l.items.size()); });
}
Value previtem(const void* t) {
    return with_state(t, [](const LoopState& l) { return l.at == 0 ? Value() : l.items[l.at - 1]; });
}
Value nextitem(const void* t) {
    return with_state(
        t, [](const LoopState& l) { return l.at + 1 < l.items.size() ? l.items[l.at + 1] : Value(); });
}

constexpr std::array<Field, 9> fields{{
    {"index", Type::integer, "1", "how often it has gone round, from 1", index},
    {"index0", Type::integer, "0", "the same from 0", index0},
    {"revindex", Type::integer, "3", "how often it goes round yet, to 1", revindex},
    {"revindex0", Type::integer, "2", "the same to 0", revindex0},
    {"first", Type::boolean, "true", "whether this is the first item", first},
    {"last", Type::boolean, "false", "whether this is the last item", last},
    {"length", Type::integer, "3", "how many items there are", length},
    {"previtem", Type::any, "'a'", "the item before", previtem},
    {"nextitem", Type::any, "'c'", "the item after", nextitem},
}};

}  // namespace

const Schema& loop_schema() {
    static const Schema schema{"loop", fields};
    return schema;
}

}  // namespace hookline::language
