#include <boost/json/value.hpp>

#include "language/arithmetic.hpp"
#include "language/callables.hpp"
#include "language/characters.hpp"

namespace hookline::language {

namespace {

using Run = bool (*)(Evaluation&, const Arguments&);

/// `value % divisor`, compared with `rest`; what has no remainder is trouble.
bool leaves(Evaluation& e, const Arguments& a, const Value& divisor, Integer rest) {
    if (!a[0].is_number()) {
        e.fail(a.place(0), std::string(kind_of(a[0])) + " is no number");
        return false;
    }
    const auto result = calculate(Arithmetic::modulo, a[0], divisor, e.limits());
    if (!result) {
        e.fail(a.node().place, result.error());
        return false;
    }
    return are_equal(*result, Value::integer(rest));
}

bool is_defined(Evaluation&, const Arguments& a) { return !a[0].is_undefined(); }
bool is_undefined(Evaluation&, const Arguments& a) { return a[0].is_undefined(); }
bool is_none(Evaluation&, const Arguments& a) { return a[0].is_none(); }
bool is_string(Evaluation&, const Arguments& a) { return a[0].as_text() != nullptr; }
bool is_number(Evaluation&, const Arguments& a) { return a[0].is_number(); }
bool is_boolean(Evaluation&, const Arguments& a) { return a[0].as_boolean() != nullptr; }
bool is_integer(Evaluation&, const Arguments& a) { return a[0].as_integer() != nullptr; }
bool is_float(Evaluation&, const Arguments& a) { return a[0].as_real() != nullptr; }
bool is_true_test(Evaluation&, const Arguments& a) {
    return a[0].as_boolean() != nullptr && *a[0].as_boolean();
}
bool is_false_test(Evaluation&, const Arguments& a) {
    return a[0].as_boolean() != nullptr && !*a[0].as_boolean();
}
bool is_mapping(Evaluation&, const Arguments& a) {
    return a[0].as_map() != nullptr || a[0].as_object() != nullptr;
}
bool is_iterable(Evaluation&, const Arguments& a) { return items_of(a[0]).has_value(); }
bool is_odd(Evaluation& e, const Arguments& a) { return leaves(e, a, Value::integer(2), 1); }
bool is_even(Evaluation& e, const Arguments& a) { return leaves(e, a, Value::integer(2), 0); }
bool is_divisible(Evaluation& e, const Arguments& a) { return leaves(e, a, a[1], 0); }

/// Cased letters there are, and all of them are of that case.
bool has_case(const Value& value, std::string (*wanted)(std::string_view),
              std::string (*other)(std::string_view)) {
    const std::string text = to_text(value);
    return text == wanted(text) && text != other(text);
}
bool is_lower(Evaluation&, const Arguments& a) { return has_case(a[0], lower, upper); }
bool is_upper(Evaluation&, const Arguments& a) { return has_case(a[0], upper, lower); }

bool is_in(Evaluation& e, const Arguments& a) {
    const auto held = holds(a[1], a[0]);
    if (!held) {
        e.fail(a.node().place,
               std::string(kind_of(a[0])) + " cannot be looked for in " + std::string(kind_of(a[1])));
    }
    return held.value_or(false);
}

bool is_equal(Evaluation&, const Arguments& a) { return are_equal(a[0], a[1]); }
bool is_unequal(Evaluation&, const Arguments& a) { return !are_equal(a[0], a[1]); }

template <Order first, Order second>
bool is_ordered(Evaluation& e, const Arguments& a) {
    const auto order = a[0].is_undefined() || a[1].is_undefined() ? std::nullopt : order_of(a[0], a[1]);
    if (!order) {
        e.fail(a.node().place,
               std::string(kind_of(a[0])) + " and " + std::string(kind_of(a[1])) + " cannot be compared");
        return false;
    }
    return *order == first || *order == second;
}

constexpr std::array<Test, 24> rows{{
    {"defined", false, is_defined, "whether it is there", true},
    {"undefined", false, is_undefined, "whether it is not there", true},
    {"none", false, is_none, "whether it is there and holds nothing (null)", true},
    {"string", false, is_string, "whether it is a text"},
    {"number", false, is_number, "whether it is a number"},
    {"odd", false, is_odd, "whether it is odd"},
    {"even", false, is_even, "whether it is even"},
    {"in", true, is_in, "whether it is in a list or text"},
    {"boolean", false, is_boolean, "whether it is true or false"},
    {"integer", false, is_integer, "whether it is a whole number"},
    {"float", false, is_float, "whether it is a number with a point"},
    {"true", false, is_true_test, "whether it is true itself"},
    {"false", false, is_false_test, "whether it is false itself"},
    {"mapping", false, is_mapping, "whether it has fields"},
    {"iterable", false, is_iterable, "whether a loop can go over it"},
    {"divisibleby", true, is_divisible, "whether a number divides it"},
    {"lower", false, is_lower, "whether it is in small letters"},
    {"upper", false, is_upper, "whether it is in capitals"},
    {"eq", true, is_equal, "the same as =="},
    {"ne", true, is_unequal, "the same as !="},
    {"lt", true, is_ordered<Order::less, Order::less>, "the same as <"},
    {"le", true, is_ordered<Order::less, Order::equal>, "the same as <="},
    {"gt", true, is_ordered<Order::greater, Order::greater>, "the same as >"},
    {"ge", true, is_ordered<Order::greater, Order::equal>, "the same as >="},
}};

}  // namespace

std::span<const Test> tests() { return rows; }

}  // namespace hookline::language
