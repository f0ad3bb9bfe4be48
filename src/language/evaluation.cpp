#include "language/evaluation.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>
#include <cmath>

#include "language/arithmetic.hpp"
#include "language/callables.hpp"
#include "language/characters.hpp"
#include "language/loop.hpp"
#include "message/markdown.hpp"

namespace hookline::language {

namespace {

std::string_view name_of_missing(const Value& value) {
    const auto* missing = value.as_undefined();
    return missing == nullptr || missing->name.empty() ? std::string_view("this") : missing->name;
}

std::string is_missing(const Value& value) {
    return fmt::format("{} is not there: nothing tells it", name_of_missing(value));
}

/// An index or the end of a slice; nothing where it is no whole number.
std::optional<std::int64_t> position(const Value& value) {
    const auto whole = whole_number(value);
    if (!whole) {
        return std::nullopt;
    }
    constexpr Integer furthest = 1'000'000'000;
    return static_cast<std::int64_t>(std::clamp(*whole, -furthest, furthest));
}

std::string_view character_at(std::string_view text, std::int64_t index) {
    std::int64_t at = 0;
    for (const std::string_view character : Characters(text)) {
        if (at++ == index) {
            return character;
        }
    }
    return {};
}

std::int64_t length_of(std::string_view text) {
    std::int64_t length = 0;
    for ([[maybe_unused]] const std::string_view character : Characters(text)) {
        ++length;
    }
    return length;
}

struct Bounds {
    std::int64_t from = 0, to = 0, step = 1;
};

/// Python's slice.indices(): what [from:to:step] means for `size` items.
Bounds bounds_of(std::optional<std::int64_t> from, std::optional<std::int64_t> to, std::int64_t step,
                 std::int64_t size) {
    const std::int64_t lowest = step < 0 ? -1 : 0;
    const std::int64_t highest = step < 0 ? size - 1 : size;
    const auto settle = [&](std::int64_t at) { return std::clamp(at < 0 ? at + size : at, lowest, highest); };
    Bounds bounds;
    bounds.step = step;
    bounds.from = from ? settle(*from) : (step < 0 ? highest : lowest);
    bounds.to = to ? settle(*to) : (step < 0 ? lowest : highest);
    return bounds;
}

template <class Take>
void walk(const Bounds& bounds, Take take) {
    for (std::int64_t i = bounds.from; bounds.step > 0 ? i < bounds.to : i > bounds.to; i += bounds.step) {
        take(static_cast<std::size_t>(i));
    }
}

std::string_view sign_of(Comparison comparison) {
    constexpr std::array<std::string_view, 8> signs{{"==", "!=", "<", "<=", ">", ">=", "in", "not in"}};
    return signs[static_cast<std::size_t>(comparison)];
}

bool is_satisfied(Comparison comparison, Order order) {
    switch (comparison) {
        case Comparison::less:
            return order == Order::less;
        case Comparison::less_equal:
            return order == Order::less || order == Order::equal;
        case Comparison::greater:
            return order == Order::greater;
        case Comparison::greater_equal:
            return order == Order::greater || order == Order::equal;
        default:
            return false;
    }
}

}  // namespace

bool Evaluation::spend(std::size_t steps, Place place) {
    spent_ += steps;
    if (spent_ > limits_.steps) {
        fail(place, "this takes too long: it was stopped after 100,000 steps");
    }
    return !has_failed();
}

Value Evaluation::fail(Place place, std::string sentence) {
    if (!trouble_) {
        trouble_ = Trouble{std::move(sentence), place};
    }
    return {};
}

std::optional<std::vector<Value>> Evaluation::items(const Value& value, Place place) {
    // Asked before anything is made of it: a payload may hold millions.
    const std::size_t most = limits_.items;
    const auto* list = value.as_list();
    const auto* text = value.as_text();
    const auto* map = value.as_map();
    const bool is_too_long = (list != nullptr && size_of(*list) > most) ||
                             (text != nullptr && text->view.size() > 4 * most) ||
                             (map != nullptr && map->json->size() > most);
    if (is_too_long) {
        fail(place, fmt::format("{} is too long to be gone over: at most 10,000 items", kind_of(value)));
        return std::nullopt;
    }
    auto found = items_of(value);
    if (!found) {
        fail(place, fmt::format("{} has no items", kind_of(value)));
        return std::nullopt;
    }
    return spend(found->size(), place) ? std::move(found) : std::nullopt;
}

Value Evaluation::made(std::string text, Place place) {
    if (text.size() > limits_.text) {
        return fail(place, "this makes a text that is too long");
    }
    spend(text.size() / 64, place);
    return Value::text(std::move(text));
}

Value Evaluation::made(std::vector<Value> items, Place place) {
    if (items.size() > limits_.items) {
        return fail(place, "this makes a list that is too long");
    }
    spend(items.size(), place);
    return Value::list(std::move(items));
}

std::string Evaluation::printed(const Value& value) const {
    const auto* text = value.as_text();
    if (escaping_ == Escaping::none || value.is_number() || (text != nullptr && text->is_markup)) {
        return to_text(value);
    }
    return message::escape(to_text(value), true);
}

Value Evaluation::evaluate(const Node& node) {
    Value value = run(node);
    return has_failed() ? Value() : value;
}

Value Evaluation::run(const Node& node) {
    if (!spend(1, node.place)) {
        return {};
    }
    switch (node.kind) {
        case NodeKind::constant:
            // The tree outlives the value.
            if (const auto* text = node.constant.as_text(); text != nullptr && !text->is_markup) {
                return Value::borrowed(text->view);
            }
            return node.constant;
        case NodeKind::name:
            return Value::undefined(node.path);
        case NodeKind::field: {
            const Value::Object& root = surroundings_.root;
            Value value = node.field != nullptr ? node.field->read(root.thing)
                                                : root.schema->read_other(root.thing, node.name);
            return value.is_undefined() ? Value::undefined(node.path) : value;
        }
        case NodeKind::local:
            return locals_[node.slot];
        case NodeKind::attribute: {
            const Value thing = run(*node.kids[0]);
            const auto* object = thing.as_object();
            Value value = object != nullptr && node.field != nullptr && object->schema == node.owner
                              ? node.field->read(object->thing)
                              : member_of(thing, node.name);
            return value.is_undefined() ? Value::undefined(node.path) : value;
        }
        case NodeKind::item:
            return item(node);
        case NodeKind::slice:
            return slice(node);
        case NodeKind::list:
        case NodeKind::tuple:
            return sequence(node);
        case NodeKind::negate:
        case NodeKind::plus:
        case NodeKind::arithmetic:
            return arithmetic(node);
        case NodeKind::concatenate:
            return concatenate(node);
        case NodeKind::compare:
            return compare(node);
        case NodeKind::both:
            return both(node);
        case NodeKind::either:
            return either(node);
        case NodeKind::negation: {
            const Value value = run(*node.kids[0]);
            return missing_is_open_ && value.is_undefined() ? value : Value::boolean(!is_true(value));
        }
        case NodeKind::choice:
            return choice(node);
        case NodeKind::call:
        case NodeKind::filter:
            return call(node);
        case NodeKind::test:
            return test(node);
    }
    return {};
}

Value Evaluation::sequence(const Node& node) {
    std::vector<Value> items;
    items.reserve(node.kids.size());
    for (const NodePtr& kid : node.kids) {
        items.push_back(run(*kid));
    }
    return Value::list(std::move(items), node.kind == NodeKind::tuple);
}

Value Evaluation::arithmetic(const Node& node) {
    const Value left = run(*node.kids[0]);
    const Value right = node.kids.size() > 1 ? run(*node.kids[1]) : Value();
    if (has_failed()) {
        return {};
    }
    const bool fills_in = node.kind == NodeKind::arithmetic && node.arithmetic == Arithmetic::modulo &&
                          left.as_text() != nullptr;
    for (const Value* side : {&left, &right}) {
        if (!fills_in && side->is_undefined() && (side == &left || node.kids.size() > 1)) {
            return missing_is_open_ ? *side : fail(node.place, is_missing(*side));
        }
    }
    const bool joins_texts = node.kind == NodeKind::arithmetic && node.arithmetic == Arithmetic::add &&
                             left.as_text() != nullptr && right.as_text() != nullptr;
    if (joins_texts && (left.as_text()->is_markup || right.as_text()->is_markup)) {
        const Value joined = made(printed(left) + printed(right), node.place);
        return has_failed() ? Value() : Value::markup(to_text(joined));
    }
    auto result = node.kind == NodeKind::arithmetic ? calculate(node.arithmetic, left, right, limits_)
                                                    : signed_number(left, node.kind == NodeKind::negate);
    if (!result) {
        return fail(node.place, std::move(result.error()));
    }
    if (const auto* text = result->as_text()) {
        spend(text->view.size() / 64, node.place);
    }
    if (const auto* list = result->as_list()) {
        spend(size_of(*list), node.place);
    }
    return std::move(*result);
}

Value Evaluation::concatenate(const Node& node) {
    std::vector<Value> parts;
    bool is_markup = false;
    for (const NodePtr& kid : node.kids) {
        parts.push_back(run(*kid));
        const auto* text = parts.back().as_text();
        is_markup = is_markup || (text != nullptr && text->is_markup);
        if (missing_is_open_ && parts.back().is_undefined()) {
            return parts.back();
        }
    }
    std::string whole;
    for (const Value& part : parts) {
        whole += is_markup ? printed(part) : to_text(part);
        if (whole.size() > limits_.text) {
            return fail(node.place, "this makes a text that is too long");
        }
    }
    spend(whole.size() / 64, node.place);
    return is_markup ? Value::markup(std::move(whole)) : Value::text(std::move(whole));
}

std::optional<bool> Evaluation::compare_two(Comparison comparison, const Value& left, const Value& right,
                                            const Node& node) {
    if (missing_is_open_ && (left.is_undefined() || right.is_undefined())) {
        return std::nullopt;
    }
    switch (comparison) {
        case Comparison::equal:
            return are_equal(left, right);
        case Comparison::unequal:
            return !are_equal(left, right);
        case Comparison::in:
        case Comparison::not_in: {
            if (const auto* list = right.as_list()) {
                spend(size_of(*list), node.place);
            }
            const auto held = holds(right, left);
            if (!held) {
                fail(node.place, fmt::format("{} cannot be looked for in {}", kind_of(left), kind_of(right)));
                return std::nullopt;
            }
            return *held == (comparison == Comparison::in);
        }
        default:
            break;
    }
    if (left.is_undefined() || right.is_undefined()) {
        fail(node.place, is_missing(left.is_undefined() ? left : right));
        return std::nullopt;
    }
    const auto order = order_of(left, right);
    if (!order) {
        fail(node.place, fmt::format("{} and {} cannot be compared by \"{}\"", kind_of(left), kind_of(right),
                                     sign_of(comparison)));
        return std::nullopt;
    }
    return is_satisfied(comparison, *order);
}

Value Evaluation::compare(const Node& node) {
    Value left = run(*node.kids[0]);
    bool is_open = false;
    for (std::size_t i = 0; i < node.comparisons.size(); ++i) {
        Value right = run(*node.kids[i + 1]);
        if (has_failed()) {
            return {};
        }
        const auto satisfied = compare_two(node.comparisons[i], left, right, node);
        if (has_failed()) {
            return {};
        }
        if (satisfied && !*satisfied) {
            return Value::boolean(false);
        }
        is_open = is_open || !satisfied;
        left = std::move(right);
    }
    return is_open ? Value() : Value::boolean(true);
}

Value Evaluation::both(const Node& node) {
    Value last;
    bool is_open = false;
    for (const NodePtr& kid : node.kids) {
        last = run(*kid);
        if (has_failed()) {
            return {};
        }
        if (missing_is_open_ && last.is_undefined()) {
            is_open = true;
        } else if (!is_true(last)) {
            return last;
        }
    }
    return is_open ? Value() : last;
}

Value Evaluation::either(const Node& node) {
    Value last;
    bool is_open = false;
    for (const NodePtr& kid : node.kids) {
        last = run(*kid);
        if (has_failed() || is_true(last)) {
            return last;
        }
        is_open = is_open || (missing_is_open_ && last.is_undefined());
    }
    return is_open ? Value() : last;
}

Value Evaluation::choice(const Node& node) {
    const Value condition = run(*node.kids[0]);
    if (has_failed() || (missing_is_open_ && condition.is_undefined())) {
        return {};
    }
    if (is_true(condition)) {
        return run(*node.kids[1]);
    }
    return node.kids[2] ? run(*node.kids[2]) : Value();
}

Value Evaluation::item(const Node& node) {
    const Value thing = run(*node.kids[0]);
    const Value key = run(*node.kids[1]);
    Value found;
    const auto index = position(key);
    if (const auto* name = key.as_text()) {
        found = is_reserved(name->view) ? Value() : member_of(thing, name->view);
    } else if (const auto* list = thing.as_list(); list != nullptr && index) {
        const auto size = static_cast<std::int64_t>(size_of(*list));
        const std::int64_t at = *index < 0 ? *index + size : *index;
        found = at >= 0 && at < size ? item_of(*list, static_cast<std::size_t>(at)) : Value();
    } else if (const auto* text = thing.as_text(); text != nullptr && index) {
        spend(text->view.size() / 16, node.place);
        const std::int64_t at = *index < 0 ? *index + length_of(text->view) : *index;
        const std::string_view character = at < 0 ? std::string_view() : character_at(text->view, at);
        found = character.empty() ? Value() : Value::text(std::string(character));
    }
    return found.is_undefined() ? Value::undefined(node.path) : found;
}

Value Evaluation::slice(const Node& node) {
    const Value thing = run(*node.kids[0]);
    std::optional<std::int64_t> parts[3];
    for (std::size_t i = 0; i < 3; ++i) {
        const Value part = node.kids[i + 1] ? run(*node.kids[i + 1]) : Value::none();
        parts[i] = position(part);
        if (!parts[i] && !part.is_none()) {
            return fail(node.place, "the ends of a slice are whole numbers");
        }
    }
    if (has_failed()) {
        return {};
    }
    const std::int64_t step = parts[2].value_or(1);
    if (thing.is_undefined()) {
        return thing;
    }
    if (step == 0) {
        return fail(node.place, "a slice goes by steps of at least one");
    }
    if (const auto* list = thing.as_list()) {
        if (size_of(*list) > limits_.items) {
            return fail(node.place, "this list is too long: at most 10,000 items");
        }
        std::vector<Value> items;
        walk(bounds_of(parts[0], parts[1], step, static_cast<std::int64_t>(size_of(*list))),
             [&](std::size_t i) { items.push_back(item_of(*list, i)); });
        spend(items.size(), node.place);
        return Value::list(std::move(items), list->is_tuple);
    }
    const auto* text = thing.as_text();
    if (text == nullptr) {
        return fail(node.place, fmt::format("{} cannot be cut into a slice", kind_of(thing)));
    }
    spend(text->view.size() / 16, node.place);
    std::vector<std::string_view> characters;
    for (const std::string_view character : Characters(text->view)) {
        characters.push_back(character);
    }
    std::string cut;
    walk(bounds_of(parts[0], parts[1], step, static_cast<std::int64_t>(characters.size())),
         [&](std::size_t i) { cut += characters[i]; });
    return Value::text(std::move(cut));
}

Value Evaluation::call(const Node& node) {
    const Callable& callable = *node.callable;
    std::vector<Value> values(node.bound.size());
    for (std::size_t i = 0; i < node.bound.size(); ++i) {
        if (node.bound[i] < 0) {
            continue;
        }
        values[i] = run(*node.kids[static_cast<std::size_t>(node.bound[i])]);
        if (missing_is_open_ && values[i].is_undefined() && !callable.takes_missing) {
            return values[i];
        }
    }
    if (has_failed()) {
        return {};
    }
    return callable.run(*this, Arguments(node, values));
}

Value Evaluation::test(const Node& node) {
    std::vector<Value> values;
    for (const NodePtr& kid : node.kids) {
        values.push_back(run(*kid));
        if (missing_is_open_ && values.back().is_undefined() && !node.test->takes_missing) {
            return values.back();
        }
    }
    if (has_failed()) {
        return {};
    }
    return Value::boolean(node.test->run(*this, Arguments(node, values)));
}

void Evaluation::append(std::string& out, std::string_view text, Place place) {
    if (out.size() + text.size() > limits_.output) {
        fail(place, "this prints too much: it was stopped after 64 KiB");
        return;
    }
    out += text;
}

void Evaluation::print(const Node& node, std::string& out) {
    const Value value = run(node);
    if (!has_failed()) {
        append(out, printed(value), node.place);
    }
}

void Evaluation::render(const Pieces& pieces, std::string& out) {
    for (const Piece& piece : pieces) {
        if (!spend(1, {})) {
            return;
        }
        switch (piece.kind) {
            case Piece::Kind::text:
                append(out, piece.text, {});
                break;
            case Piece::Kind::print:
                print(*piece.expression, out);
                break;
            case Piece::Kind::loop:
                loop(piece, out);
                break;
            case Piece::Kind::branch:
                for (const Piece::Arm& arm : piece.arms) {
                    if (!arm.condition || is_true(run(*arm.condition))) {
                        render(arm.body, out);
                        break;
                    }
                    if (has_failed()) {
                        return;
                    }
                }
                break;
        }
    }
}

/// Gives the loop's variables what `item` holds: itself, or one part each.
bool Evaluation::bind(const Piece& piece, const Value& item) {
    if (piece.targets.size() == 1) {
        locals_[piece.first_slot + 1] = item;
        return true;
    }
    const auto parts = items_of(item);
    if (!parts || parts->size() != piece.targets.size()) {
        fail(piece.expression->place,
             fmt::format("an item here does not have {} parts", piece.targets.size()));
        return false;
    }
    std::copy(parts->begin(), parts->end(),
              locals_.begin() + static_cast<std::ptrdiff_t>(piece.first_slot + 1));
    return true;
}

void Evaluation::loop(const Piece& piece, std::string& out) {
    const Value over = run(*piece.expression);
    if (has_failed()) {
        return;
    }
    auto found = items(over, piece.expression->place);
    if (!found) {
        return;
    }
    std::vector<Value>& items = *found;
    locals_.resize(std::max(locals_.size(), piece.first_slot + 1 + piece.targets.size()));
    if (piece.condition) {
        std::vector<Value> kept;
        for (const Value& item : items) {
            if (!spend(1, piece.expression->place) || !bind(piece, item)) {
                return;
            }
            if (is_true(run(*piece.condition))) {
                kept.push_back(item);
            }
        }
        items = std::move(kept);
    }
    if (items.empty()) {
        return render(piece.otherwise, out);
    }
    LoopState state{items, 0};
    for (; state.at < items.size() && spend(1, piece.expression->place); ++state.at) {
        locals_[piece.first_slot] = Value::object(loop_schema(), &state);
        if (!bind(piece, items[state.at])) {
            return;
        }
        render(piece.body, out);
    }
}

std::optional<bool> holds(const Value& haystack, const Value& needle) {
    if (const auto* text = haystack.as_text()) {
        const auto* part = needle.as_text();
        return part == nullptr ? std::nullopt : std::optional(text->view.find(part->view) != text->view.npos);
    }
    if (const auto* list = haystack.as_list()) {
        const std::size_t size = size_of(*list);
        for (std::size_t i = 0; i < size; ++i) {
            if (are_equal(item_of(*list, i), needle)) {
                return true;
            }
        }
        return false;
    }
    if (haystack.as_map() != nullptr || haystack.as_object() != nullptr) {
        if (needle.as_list() != nullptr || needle.as_map() != nullptr) {
            return std::nullopt;
        }
        const auto* name = needle.as_text();
        return name != nullptr && !member_of(haystack, name->view).is_undefined();
    }
    return haystack.is_undefined() ? std::optional(false) : std::nullopt;
}

}  // namespace hookline::language
