#include <fmt/format.h>

#include <boost/json/value.hpp>
#include <charconv>
#include <cmath>

#include "base/byte_size.hpp"
#include "base/duration.hpp"
#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "language/arithmetic.hpp"
#include "language/callables.hpp"
#include "language/characters.hpp"
#include "language/times.hpp"
#include "message/markdown.hpp"

namespace hookline::language {

namespace {

std::size_t length_of(std::string_view text) {
    std::size_t length = 0;
    for ([[maybe_unused]] const std::string_view character : Characters(text)) {
        ++length;
    }
    return length;
}

/// The first `count` characters, as Python counts them.
std::string_view first_characters(std::string_view text, std::size_t count) {
    std::size_t bytes = 0;
    for (const std::string_view character : Characters(text)) {
        if (count-- == 0) {
            break;
        }
        bytes += character.size();
    }
    return text.substr(0, bytes);
}

std::string text_of(Evaluation& evaluation, const Arguments& arguments, std::size_t index = 0) {
    std::string text = to_text(arguments[index]);
    evaluation.spend(text.size() / 32, arguments.place(index));
    return text;
}

/// An argument that is a whole number, or `otherwise` where it was not given.
std::optional<std::int64_t> whole_of(Evaluation& evaluation, const Arguments& arguments, std::size_t index,
                                     std::int64_t otherwise) {
    if (!arguments.given(index)) {
        return otherwise;
    }
    const auto whole = whole_number(arguments[index]);
    constexpr Integer furthest = 1'000'000'000;
    if (!whole || *whole > furthest || *whole < -furthest) {
        evaluation.fail(arguments.place(index), "a whole number belongs here");
        return std::nullopt;
    }
    return static_cast<std::int64_t>(*whole);
}

bool truth_of(const Arguments& arguments, std::size_t index) {
    return arguments.given(index) && is_true(arguments[index]);
}

std::optional<std::vector<Value>> list_of(Evaluation& evaluation, const Arguments& arguments) {
    return evaluation.items(arguments[0], arguments.place(0));
}

// ---- Anything. ----

Value length(Evaluation& e, const Arguments& a) {
    const Value& value = a[0];
    if (const auto* text = value.as_text()) {
        e.spend(text->view.size() / 32, a.place(0));
        return Value::integer(static_cast<Integer>(length_of(text->view)));
    }
    if (const auto* list = value.as_list()) {
        return Value::integer(static_cast<Integer>(size_of(*list)));
    }
    if (const auto* map = value.as_map()) {
        return Value::integer(static_cast<Integer>(map->json->size()));
    }
    return value.is_undefined() ? Value::integer(0)
                                : e.fail(a.place(0), fmt::format("{} has no length", kind_of(value)));
}

// ---- Texts. ----

Value upper_filter(Evaluation& e, const Arguments& a) { return e.made(upper(text_of(e, a)), a.node().place); }
Value lower_filter(Evaluation& e, const Arguments& a) { return e.made(lower(text_of(e, a)), a.node().place); }

std::string capitalized(std::string_view text) {
    const std::string_view first = first_characters(text, 1);
    return upper(first) + lower(text.substr(first.size()));
}

Value capitalize(Evaluation& e, const Arguments& a) {
    return e.made(capitalized(text_of(e, a)), a.node().place);
}

Value title(Evaluation& e, const Arguments& a) {
    const std::string text = text_of(e, a);
    std::string out;
    std::string word;
    for (const std::string_view character : Characters(text)) {
        const bool separates =
            is_white(character) || std::string_view("-({[<").find(character) != std::string_view::npos;
        if (separates) {
            out += capitalized(word);
            word.clear();
            out += character;
        } else {
            word += character;
        }
    }
    return e.made(out + capitalized(word), a.node().place);
}

Value trim_filter(Evaluation& e, const Arguments& a) {
    const std::string text = text_of(e, a);
    if (!a.given(1) || a[1].is_none()) {
        return e.made(std::string(stripped(text)), a.node().place);
    }
    const std::string chars = text_of(e, a, 1);
    std::vector<std::string_view> characters;
    for (const std::string_view character : Characters(text)) {
        characters.push_back(character);
    }
    const auto goes = [&](std::string_view character) { return chars.find(character) != chars.npos; };
    std::size_t from = 0;
    std::size_t to = characters.size();
    while (from < to && goes(characters[from])) {
        ++from;
    }
    while (to > from && goes(characters[to - 1])) {
        --to;
    }
    std::string out;
    for (; from < to; ++from) {
        out += characters[from];
    }
    return e.made(std::move(out), a.node().place);
}

Value truncate(Evaluation& e, const Arguments& a) {
    if (a[0].as_text() == nullptr && !a[0].is_undefined()) {
        const Value items = a[0].is_number() || a[0].is_none() ? Value() : length(e, a);
        const auto most = whole_of(e, a, 1, 255);
        if (const auto count = whole_number(items); count && most && *count <= *most) {
            return a[0];
        }
        return e.fail(a.place(0),
                      fmt::format("{} is not cut: make it a text first, with \"| string\"", kind_of(a[0])));
    }
    const std::string text = text_of(e, a);
    const auto length = whole_of(e, a, 1, 255);
    const std::string end = a.given(3) ? to_text(a[3]) : "...";
    const auto leeway = whole_of(e, a, 4, 5);
    if (!length || !leeway) {
        return {};
    }
    const auto end_length = static_cast<std::int64_t>(length_of(end));
    if (*length < end_length || *leeway < 0) {
        return e.fail(a.node().place,
                      fmt::format("a text cannot be cut to {} characters and end in \"{}\"", *length, end));
    }
    if (static_cast<std::int64_t>(length_of(text)) <= *length + *leeway) {
        return a[0];
    }
    std::string_view kept = first_characters(text, static_cast<std::size_t>(*length - end_length));
    if (!truth_of(a, 2)) {
        const std::size_t space = kept.rfind(' ');
        kept = kept.substr(0, space);
    }
    return e.made(std::string(kept) + end, a.node().place);
}

Value replace(Evaluation& e, const Arguments& a) {
    const std::string text = text_of(e, a);
    const std::string old = text_of(e, a, 1);
    const std::string fresh = text_of(e, a, 2);
    auto left = a.given(3) && !a[3].is_none() ? whole_of(e, a, 3, -1) : std::optional<std::int64_t>(-1);
    if (!left) {
        return {};
    }
    std::string out;
    std::size_t at = 0;
    while (*left != 0 && at <= text.size() && out.size() <= e.limits().text) {
        std::size_t found = text.find(old, at);
        if (found == text.npos) {
            break;
        }
        out.append(text, at, found - at);
        out += fresh;
        at = found + old.size();
        --*left;
        if (old.empty()) {  // between all characters, as Python has it
            const std::string_view next =
                first_characters(std::string_view(text).substr(std::min(at, text.size())), 1);
            if (next.empty()) {
                break;
            }
            out += next;
            at += next.size();
        }
    }
    if (at < text.size()) {
        out.append(text, at);
    }
    return e.made(std::move(out), a.node().place);
}

Value string(Evaluation& e, const Arguments& a) {
    return a[0].as_text() != nullptr ? a[0] : e.made(to_text(a[0]), a.node().place);
}

Value wordcount(Evaluation& e, const Arguments& a) {
    const std::string text = text_of(e, a);
    Integer words = 0;
    bool is_inside = false;
    for (const std::string_view character : Characters(text)) {
        const bool is_word = is_word_character(character);
        words += is_word && !is_inside ? 1 : 0;
        is_inside = is_word;
    }
    return Value::integer(words);
}

Value split_filter(Evaluation& e, const Arguments& a) {
    const std::string text = text_of(e, a);
    std::vector<Value> parts;
    if (a.given(1) && !a[1].is_none()) {
        const std::string separator = to_text(a[1]);
        if (separator.empty()) {
            return e.fail(a.place(1), "a text is not split at nothing");
        }
        std::size_t at = 0;
        for (std::size_t found = text.find(separator); found != text.npos; found = text.find(separator, at)) {
            parts.push_back(Value::text(text.substr(at, found - at)));
            at = found + separator.size();
        }
        parts.push_back(Value::text(text.substr(at)));
        return e.made(std::move(parts), a.node().place);
    }
    std::string word;
    for (const std::string_view character : Characters(text)) {
        if (!is_white(character)) {
            word += character;
        } else if (!word.empty()) {
            parts.push_back(Value::text(std::exchange(word, {})));
        }
    }
    if (!word.empty()) {
        parts.push_back(Value::text(std::move(word)));
    }
    return e.made(std::move(parts), a.node().place);
}

Value default_filter(Evaluation&, const Arguments& a) {
    if (!a[0].is_undefined() && (!truth_of(a, 2) || is_true(a[0]))) {
        return a[0];
    }
    return a.given(1) ? a[1] : Value::text({});
}

// ---- Lists. ----

/// `item.a.b.0`.
Value along_path(Value item, std::string_view path) {
    for (const std::string_view part : split(path, '.')) {
        if (is_reserved(part)) {
            return {};
        }
        std::size_t index = 0;
        const auto read = std::from_chars(part.data(), part.data() + part.size(), index);
        const bool is_index =
            !part.empty() && read.ec == std::errc{} && read.ptr == part.data() + part.size();
        const auto* list = item.as_list();
        if (is_index && list != nullptr) {
            item = index < size_of(*list) ? item_of(*list, index) : Value();
        } else {
            item = member_of(item, part);
        }
    }
    return item;
}

/// What an item is sorted or made unique by.
Value key_of(const Value& item, const Arguments& a, std::size_t attribute, bool is_case_sensitive) {
    Value key =
        a.given(attribute) && !a[attribute].is_none() ? along_path(item, to_text(a[attribute])) : item;
    const auto* text = key.as_text();
    return !is_case_sensitive && text != nullptr ? Value::text(lower(text->view)) : key;
}

Value join(Evaluation& e, const Arguments& a) {
    const auto items = list_of(e, a);
    if (!items) {
        return {};
    }
    const bool is_markup = a.given(1) && a[1].as_text() != nullptr && a[1].as_text()->is_markup;
    const std::string separator = a.given(1) ? to_text(a[1]) : std::string();
    std::string out;
    for (std::size_t i = 0; i < items->size() && out.size() <= e.limits().text; ++i) {
        out += i == 0 ? std::string_view() : std::string_view(separator);
        const Value item =
            a.given(2) && !a[2].is_none() ? along_path((*items)[i], to_text(a[2])) : (*items)[i];
        out += is_markup ? e.printed(item) : to_text(item);
    }
    const Value joined = e.made(std::move(out), a.node().place);
    return is_markup && !e.has_failed() ? Value::markup(to_text(joined)) : joined;
}

Value first(Evaluation& e, const Arguments& a) {
    const auto items = list_of(e, a);
    return items && !items->empty() ? items->front() : Value();
}

Value last(Evaluation& e, const Arguments& a) {
    const auto items = list_of(e, a);
    return items && !items->empty() ? items->back() : Value();
}

Value list_filter(Evaluation& e, const Arguments& a) {
    auto items = list_of(e, a);
    return items ? e.made(std::move(*items), a.node().place) : Value();
}

Value items_filter(Evaluation& e, const Arguments& a) {
    const auto* map = a[0].as_map();
    if (map == nullptr) {
        return a[0].is_undefined()
                   ? Value::list({})
                   : e.fail(a.place(0), fmt::format("{} has no names with values", kind_of(a[0])));
    }
    std::vector<Value> pairs;
    for (const auto& pair : *map->json) {
        std::vector<Value> two;
        two.push_back(Value::borrowed(std::string_view(pair.key().data(), pair.key().size())));
        two.push_back(Value::json(pair.value()));
        pairs.push_back(Value::list(std::move(two), true));
    }
    return e.made(std::move(pairs), a.node().place);
}

Value reverse(Evaluation& e, const Arguments& a) {
    auto items = list_of(e, a);
    if (!items) {
        return {};
    }
    std::reverse(items->begin(), items->end());
    if (a[0].as_text() == nullptr) {
        return e.made(std::move(*items), a.node().place);
    }
    std::string out;
    for (const Value& item : *items) {
        out += to_text(item);
    }
    return e.made(std::move(out), a.node().place);
}

struct Keyed {
    Value key, item;
};

/// What must hold between items: nothing; an order, where two that are the same need none; an order of any
/// two.
enum class Demand { none, order, order_of_all };

/// The items with what they are compared by; nothing, and trouble, where two of them have no order.
std::optional<std::vector<Keyed>> keyed(Evaluation& e, const Arguments& a, std::size_t attribute,
                                        bool is_case_sensitive, Demand demand) {
    auto items = list_of(e, a);
    if (!items) {
        return std::nullopt;
    }
    std::vector<Keyed> out;
    for (Value& item : *items) {
        Value key = key_of(item, a, attribute, is_case_sensitive);
        const bool is_same = out.empty() || demand == Demand::none ||
                             (demand == Demand::order && are_equal(out.front().key, key));
        const auto order = is_same ? Order::equal : order_of(out.front().key, key);
        if (!order || *order == Order::unordered) {
            e.fail(a.place(0),
                   fmt::format("{} and {} cannot be put in order", kind_of(out.front().key), kind_of(key)));
            return std::nullopt;
        }
        out.push_back(Keyed{std::move(key), std::move(item)});
    }
    return out;
}

Value only_items(Evaluation& e, const Arguments& a, std::vector<Keyed> pairs) {
    std::vector<Value> items;
    for (Keyed& pair : pairs) {
        items.push_back(std::move(pair.item));
    }
    return e.made(std::move(items), a.node().place);
}

Value sort(Evaluation& e, const Arguments& a) {
    auto pairs = keyed(e, a, 3, truth_of(a, 2), Demand::order);
    if (!pairs || !e.spend(pairs->size() * 10, a.place(0))) {
        return {};
    }
    const bool is_reverse = truth_of(a, 1);
    std::stable_sort(pairs->begin(), pairs->end(), [&](const Keyed& left, const Keyed& right) {
        return order_of(left.key, right.key) == (is_reverse ? Order::greater : Order::less);
    });
    return only_items(e, a, std::move(*pairs));
}

Value unique(Evaluation& e, const Arguments& a) {
    auto pairs = keyed(e, a, 2, truth_of(a, 1), Demand::none);
    if (!pairs) {
        return {};
    }
    std::vector<Keyed> kept;
    for (Keyed& pair : *pairs) {
        if (!e.spend(kept.size(), a.place(0))) {
            return {};
        }
        const bool is_known = std::any_of(kept.begin(), kept.end(),
                                          [&](const Keyed& other) { return are_equal(other.key, pair.key); });
        if (!is_known) {
            kept.push_back(std::move(pair));
        }
    }
    return only_items(e, a, std::move(kept));
}

Value extreme(Evaluation& e, const Arguments& a, Order wanted) {
    auto pairs = keyed(e, a, 2, truth_of(a, 1), Demand::order_of_all);
    if (!pairs || pairs->empty()) {
        return {};
    }
    const Keyed* best = &pairs->front();
    for (const Keyed& pair : *pairs) {
        best = order_of(pair.key, best->key) == wanted ? &pair : best;
    }
    return best->item;
}

Value min(Evaluation& e, const Arguments& a) { return extreme(e, a, Order::less); }
Value max(Evaluation& e, const Arguments& a) { return extreme(e, a, Order::greater); }

Value sum(Evaluation& e, const Arguments& a) {
    const auto items = list_of(e, a);
    Value total = a.given(2) ? a[2] : Value::integer(0);
    if (!items) {
        return {};
    }
    bool is_first = !a.given(2);
    for (const Value& item : *items) {
        const Value number = a.given(1) && !a[1].is_none() ? along_path(item, to_text(a[1])) : item;
        if (is_first && number.as_duration() != nullptr) {
            total = Value::duration(Value::Duration(0));
        }
        is_first = false;
        if (number.as_text() != nullptr) {
            return e.fail(a.place(0), "texts are not summed up: join them");
        }
        auto next = calculate(Arithmetic::add, total, number, e.limits());
        if (!next) {
            return e.fail(a.place(0), std::move(next.error()));
        }
        total = std::move(*next);
    }
    return total;
}

Value map_filter(Evaluation& e, const Arguments& a) {
    if (!is_true(a[0])) {
        return Value::list({});
    }
    const auto items = list_of(e, a);
    if (!items) {
        return {};
    }
    std::vector<Value> out;
    for (const Value& item : *items) {
        Value member = along_path(item, to_text(a[1]));
        out.push_back(member.is_undefined() && a.given(2) ? a[2] : std::move(member));
    }
    return e.made(std::move(out), a.node().place);
}

// ---- Numbers. ----

Value abs_filter(Evaluation& e, const Arguments& a) {
    if (const auto* duration = a[0].as_duration()) {
        return Value::duration(duration->count() < 0 ? -*duration : *duration);
    }
    if (const auto whole = whole_number(a[0])) {
        return Value::integer(*whole < 0 ? -*whole : *whole);
    }
    const auto* real = a[0].as_real();
    return real != nullptr ? Value::real(std::abs(*real))
                           : e.fail(a.place(0), fmt::format("{} is no number", kind_of(a[0])));
}

Value round_whole(Evaluation& e, const Arguments& a, Integer whole, std::int64_t precision) {
    if (precision >= 0) {
        return Value::integer(whole);
    }
    Integer unit = 1;
    for (std::int64_t i = precision; i < 0 && unit < Integer(1) << 70; ++i) {
        unit *= 10;
    }
    Integer rest = whole % unit;
    rest = rest < 0 ? rest + unit : rest;
    Integer down = whole - rest;
    const bool goes_up = rest * 2 > unit || (rest * 2 == unit && (down / unit) % 2 != 0);
    down += goes_up ? unit : 0;
    auto result = calculate(Arithmetic::add, Value::integer(down), Value::integer(0), e.limits());
    return result ? std::move(*result) : e.fail(a.node().place, std::move(result.error()));
}

Value round_filter(Evaluation& e, const Arguments& a) {
    const auto precision = whole_of(e, a, 1, 0);
    const std::string method = a.given(2) ? to_text(a[2]) : "common";
    const auto number = real_number(a[0]);
    if (!precision) {
        return {};
    }
    if (method != "common" && method != "ceil" && method != "floor") {
        return e.fail(a.place(2), "a number is rounded by 'common', 'ceil' or 'floor'");
    }
    if (!number) {
        return e.fail(a.place(0), a[0].is_undefined() ? "what is not there is no number"
                                                      : fmt::format("{} is no number", kind_of(a[0])));
    }
    if (method == "common") {
        if (const auto whole = whole_number(a[0])) {
            return round_whole(e, a, *whole, *precision);
        }
        return Value::real(
            rounded(*number, static_cast<int>(std::clamp<std::int64_t>(*precision, -400, 400))));
    }
    const double unit = std::pow(10.0, static_cast<double>(*precision));
    const double scaled = *number * unit;
    if (!std::isfinite(scaled)) {
        return e.fail(a.node().place, "the result is too large");
    }
    return Value::real((method == "ceil" ? std::ceil(scaled) : std::floor(scaled)) / unit);
}

/// What Python's int() and float() read: white space around, a sign, low lines between digits.
std::optional<std::string> plain_number(std::string_view text) {
    std::string plain;
    text = stripped(text);
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-') || text.starts_with('+')) {
            return std::nullopt;
        }
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '_') {
            plain += text[i];
            continue;
        }
        const auto is_digit = [&](std::size_t at) {
            return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
        };
        if (i == 0 || !is_digit(i - 1) || !is_digit(i + 1)) {
            return std::nullopt;
        }
    }
    return plain.empty() ? std::nullopt : std::optional(std::move(plain));
}

std::optional<double> read_real(std::string_view text) {
    const auto plain = plain_number(text);
    if (!plain || plain->find_first_of("xX") != plain->npos || plain->find('(') != plain->npos) {
        return std::nullopt;
    }
    double number = 0;
    const auto read = std::from_chars(plain->data(), plain->data() + plain->size(), number);
    if (read.ptr != plain->data() + plain->size()) {
        return std::nullopt;
    }
    if (read.ec == std::errc::result_out_of_range) {
        return std::strtod(plain->c_str(), nullptr);
    }
    return read.ec == std::errc{} ? std::optional(number) : std::nullopt;
}

enum class Reading { read, not_a_number, too_large };

Reading read_whole(std::string_view text, int base, Integer& out) {
    auto plain = plain_number(text);
    if (!plain) {
        return Reading::not_a_number;
    }
    const bool is_negative = plain->front() == '-';
    std::string_view digits = *plain;
    digits.remove_prefix(is_negative ? 1 : 0);
    const std::string_view prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "";
    if (!prefix.empty() && to_lower_ascii(digits.substr(0, 2)) == prefix) {
        digits.remove_prefix(2);
    }
    std::uint64_t number = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
    if (digits.empty() || read.ptr != digits.data() + digits.size()) {
        return Reading::not_a_number;
    }
    if (read.ec == std::errc::result_out_of_range) {
        return Reading::too_large;
    }
    out = is_negative ? -static_cast<Integer>(number) : static_cast<Integer>(number);
    return Reading::read;
}

Value whole_from_real(Evaluation& e, const Arguments& a, double number, const Value& otherwise) {
    if (std::isnan(number)) {
        return otherwise;
    }
    if (!(std::abs(number) < 1.8e19)) {
        return e.fail(a.place(0), "the result is too large: whole numbers have 64 bits");
    }
    auto whole = calculate(Arithmetic::add, Value::integer(static_cast<Integer>(number)), Value::integer(0),
                           e.limits());
    return whole ? std::move(*whole) : e.fail(a.place(0), std::move(whole.error()));
}

Value int_filter(Evaluation& e, const Arguments& a) {
    const Value otherwise = a.given(1) ? a[1] : Value::integer(0);
    const auto base = whole_of(e, a, 2, 10);
    if (!base) {
        return {};
    }
    if (*base < 2 || *base > 36) {
        return e.fail(a.place(2), "a base is 2 to 36");
    }
    if (a[0].is_undefined()) {
        return e.fail(a.place(0), "what is not there is no number");
    }
    if (const auto* text = a[0].as_text()) {
        Integer whole = 0;
        switch (read_whole(text->view, static_cast<int>(*base), whole)) {
            case Reading::read:
                return Value::integer(whole);
            case Reading::too_large:
                return e.fail(a.place(0), "this number is too large: whole numbers have 64 bits");
            case Reading::not_a_number:
                break;
        }
        const auto real = read_real(text->view);
        return real ? whole_from_real(e, a, *real, otherwise) : otherwise;
    }
    if (const auto whole = whole_number(a[0])) {
        return Value::integer(*whole);
    }
    if (const auto* duration = a[0].as_duration()) {
        return Value::integer(duration->count() / 1000);
    }
    const auto* real = a[0].as_real();
    return real != nullptr ? whole_from_real(e, a, *real, otherwise) : otherwise;
}

Value float_filter(Evaluation& e, const Arguments& a) {
    const Value otherwise = a.given(1) ? a[1] : Value::real(0.0);
    if (a[0].is_undefined()) {
        return e.fail(a.place(0), "what is not there is no number");
    }
    if (const auto* text = a[0].as_text()) {
        const auto real = read_real(text->view);
        return real ? Value::real(*real) : otherwise;
    }
    if (const auto* duration = a[0].as_duration()) {
        return Value::real(static_cast<double>(duration->count()) / 1000.0);
    }
    const auto number = real_number(a[0]);
    return number ? Value::real(*number) : otherwise;
}

// ---- Of our own. ----

Value duration_filter(Evaluation& e, const Arguments& a) {
    if (a[0].as_duration() != nullptr || a[0].is_undefined() || a[0].is_none()) {
        return e.made(a[0].is_none() ? std::string() : to_text(a[0]), a.node().place);
    }
    auto seconds = real_number(a[0]);
    if (const auto* text = a[0].as_text()) {
        seconds = read_real(text->view);
    }
    constexpr double longest = 1e11;
    if (!seconds || !(std::abs(*seconds) < longest)) {
        return e.fail(a.place(0), fmt::format("{} is no number of seconds", kind_of(a[0])));
    }
    return e.made(spell_duration(std::chrono::seconds(static_cast<std::int64_t>(std::llround(*seconds)))),
                  a.node().place);
}

Value bytes_filter(Evaluation& e, const Arguments& a) {
    auto number = real_number(a[0]);
    if (const auto* text = a[0].as_text()) {
        number = read_real(text->view);
    }
    if (!number || !(std::abs(*number) < 1e24)) {
        return a[0].is_undefined()
                   ? Value::text({})
                   : e.fail(a.place(0), fmt::format("{} is no number of bytes", kind_of(a[0])));
    }
    return e.made(spell_bytes(std::llround(std::clamp(*number, 0.0, 9e18))), a.node().place);
}

Value ago(Evaluation& e, const Arguments& a) {
    if (a[0].is_undefined() || a[0].is_none()) {
        return Value::text({});
    }
    const auto time = time_of(a[0]);
    if (!time) {
        return e.fail(a.place(0), fmt::format("{} is no time", kind_of(a[0])));
    }
    if (e.escaping() == Escaping::markdown) {
        return Value::markup(message::Markdown().time(*time).str());
    }
    const auto passed = std::chrono::duration_cast<std::chrono::seconds>(e.surroundings().now - *time);
    return e.made(passed.count() < 0 ? "in " + spell_duration(-passed) : spell_duration(passed) + " ago",
                  a.node().place);
}

Value short_filter(Evaluation& e, const Arguments& a) {
    return e.made(message::short_commit(text_of(e, a)), a.node().place);
}

Value link(Evaluation& e, const Arguments& a) {
    const std::string label = text_of(e, a);
    const std::string url = text_of(e, a, 1);
    return url.empty() ? a[0] : Value::markup(message::Markdown().link(label, url).str());
}

Value code(Evaluation& e, const Arguments& a) {
    const std::string text = text_of(e, a);
    return text.empty() ? Value::text({}) : Value::markup(message::Markdown().code(text).str());
}

Value escape(Evaluation& e, const Arguments& a) {
    const auto* text = a[0].as_text();
    return text != nullptr && text->is_markup ? a[0] : Value::markup(message::escape(text_of(e, a), true));
}

Value raw(Evaluation& e, const Arguments& a) { return Value::markup(text_of(e, a)); }

constexpr std::array<Parameter, 1> value{{{"value"}}};
constexpr std::array<Parameter, 1> number_input{{{"value", Type::number}}};
constexpr std::array<Parameter, 2> trim_input{{{"value"}, {"chars", Type::text, false}}};
constexpr std::array<Parameter, 5> truncate_input{{{"value"},
                                                   {"length", Type::integer, false},
                                                   {"killwords", Type::boolean, false},
                                                   {"end", Type::text, false},
                                                   {"leeway", Type::integer, false}}};
constexpr std::array<Parameter, 3> default_input{
    {{"value"}, {"default_value", Type::any, false}, {"boolean", Type::boolean, false}}};
constexpr std::array<Parameter, 3> join_input{
    {{"value"}, {"d", Type::text, false}, {"attribute", Type::any, false}}};
constexpr std::array<Parameter, 4> replace_input{
    {{"value"}, {"old"}, {"new"}, {"count", Type::integer, false}}};
constexpr std::array<Parameter, 3> round_input{
    {{"value", Type::number}, {"precision", Type::integer, false}, {"method", Type::text, false}}};
constexpr std::array<Parameter, 3> int_input{
    {{"value"}, {"default", Type::any, false}, {"base", Type::integer, false}}};
constexpr std::array<Parameter, 2> float_input{{{"value"}, {"default", Type::any, false}}};
constexpr std::array<Parameter, 4> sort_input{{{"value"},
                                               {"reverse", Type::boolean, false},
                                               {"case_sensitive", Type::boolean, false},
                                               {"attribute", Type::any, false}}};
constexpr std::array<Parameter, 3> unique_input{
    {{"value"}, {"case_sensitive", Type::boolean, false}, {"attribute", Type::any, false}}};
constexpr std::array<Parameter, 3> sum_input{
    {{"value"}, {"attribute", Type::any, false}, {"start", Type::any, false}}};
constexpr std::array<Parameter, 3> map_input{
    {{"value"}, {"attribute", Type::text}, {"default", Type::any, false}}};
constexpr std::array<Parameter, 2> split_input{{{"value"}, {"sep", Type::any, false}}};
constexpr std::array<Parameter, 2> link_input{{{"value"}, {"url", Type::text}}};

constexpr std::array<Callable, 36> rows{{
    {"upper", value, Type::text, upper_filter, "branch | upper", "in capitals"},
    {"lower", value, Type::text, lower_filter, "author | lower", "in small letters"},
    {"title", value, Type::text, title, "pr.status | title", "each word with a capital"},
    {"capitalize", value, Type::text, capitalize, "action | capitalize",
     "the first letter a capital, the rest small"},
    {"trim", trim_input, Type::text, trim_filter, "message | trim", "without white space at both ends"},
    {"truncate", truncate_input, Type::text, truncate, "title | truncate(40)",
     "cut at a word, with \"...\" at the end"},
    {"default", default_input, Type::any, default_filter, "branch | default('none')",
     "what to take where it is not there", true},
    {"join", join_input, Type::text, join, "labels | join(', ')", "the items of a list as one text"},
    {"length", value, Type::integer, length, "labels | length", "how many items or characters"},
    {"replace", replace_input, Type::text, replace, "branch | replace('feature/', '')",
     "a text with a part changed"},
    {"first", value, Type::any, first, "labels | first", "the first item or character"},
    {"last", value, Type::any, last, "push.commits | last", "the last item or character"},
    {"round", round_input, Type::number, round_filter, "payload.load | round(1)", "to so many digits"},
    {"int", int_input, Type::integer, int_filter, "payload.count | int", "as a whole number"},
    {"float", float_input, Type::number, float_filter, "payload.load | float", "as a number"},
    {"string", value, Type::text, string, "pr.number | string", "as a text"},
    {"sort", sort_input, Type::list, sort, "labels | sort", "in order"},
    {"unique", unique_input, Type::list, unique, "push.commits | map(attribute='author') | unique",
     "without repeats"},
    {"reverse", value, Type::any, reverse, "push.commits | reverse", "the other way round"},
    {"abs", number_input, Type::number, abs_filter, "payload.change | abs", "without its sign"},
    {"wordcount", value, Type::integer, wordcount, "message | wordcount", "how many words"},
    {"list", value, Type::list, list_filter, "payload | list", "the items, or a map's names, as a list"},
    {"items", value, Type::list, items_filter, "payload | items", "the names and values of a map"},
    {"map", map_input, Type::list, map_filter, "push.commits | map(attribute='author')",
     "one field of each item"},
    {"sum", sum_input, Type::any, sum, "payload.parts | sum(attribute='size')", "the items added up"},
    {"min", unique_input, Type::any, min, "payload.times | min", "the least item"},
    {"max", unique_input, Type::any, max, "payload.times | max", "the greatest item"},
    {"split", split_input, Type::list, split_filter, "branch | split('/')", "a text as a list of its parts"},
    {"duration", value, Type::text, duration_filter, "payload.seconds | duration", "seconds as \"3m 24s\""},
    {"bytes", value, Type::text, bytes_filter, "image.size | bytes", "a size as \"450 MB\""},
    {"ago", value, Type::text, ago, "time | ago", "how long ago, kept up to date by Discord"},
    {"short", value, Type::text, short_filter, "commit | short", "a commit's id in seven digits"},
    {"link", link_input, Type::text, link, "title | link(url)", "a link with this label"},
    {"code", value, Type::text, code, "branch | code", "in a fixed-width type"},
    {"escape", value, Type::text, escape, "title | escape",
     "so that nothing in it is Markdown; what a template does anyway"},
    {"raw", value, Type::text, raw, "message | raw", "as it came: what in it is Markdown takes effect"},
}};

}  // namespace

std::span<const Callable> filters() { return rows; }

}  // namespace hookline::language
