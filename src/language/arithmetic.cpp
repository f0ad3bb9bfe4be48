#include "language/arithmetic.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace hookline::language {

namespace {

using Answer = tl::expected<Value, std::string>;

tl::unexpected<std::string> no(std::string sentence) { return tl::unexpected(std::move(sentence)); }

constexpr Integer lowest = std::numeric_limits<std::int64_t>::min();
constexpr Integer highest = std::numeric_limits<std::uint64_t>::max();
constexpr std::string_view too_large = "the result is too large: whole numbers have 64 bits";

Answer whole(Integer value) {
    if (value < lowest || value > highest) {
        return no(std::string(too_large));
    }
    return Value::integer(value);
}

Answer division_by_zero() { return no("this divides by zero"); }

Integer floor_divided(Integer left, Integer right) {
    const Integer quotient = left / right;
    return left % right != 0 && (left < 0) != (right < 0) ? quotient - 1 : quotient;
}

Answer whole_power(Integer base, Integer exponent) {
    if (base == 0 || base == 1 || base == -1) {
        const bool is_odd = exponent % 2 != 0;
        return Value::integer(exponent == 0 ? 1 : (base == -1 && !is_odd ? 1 : base));
    }
    Integer product = 1;
    for (Integer i = 0; i < exponent; ++i) {
        if (__builtin_mul_overflow(product, base, &product) || product < lowest || product > highest) {
            return no(std::string(too_large));
        }
    }
    return Value::integer(product);
}

double divided(Integer left, Integer right) {
    constexpr Integer exact = Integer(1) << 53;
    if (left >= -exact && left <= exact && right >= -exact && right <= exact) {
        return static_cast<double>(left) / static_cast<double>(right);
    }
    return static_cast<double>(static_cast<long double>(left) / static_cast<long double>(right));
}

Answer calculate_whole(Arithmetic operation, Integer left, Integer right);
Answer calculate_real(Arithmetic operation, double left, double right);

Answer calculate_whole(Arithmetic operation, Integer left, Integer right) {
    Integer result = 0;
    switch (operation) {
        case Arithmetic::add:
            return whole(left + right);
        case Arithmetic::subtract:
            return whole(left - right);
        case Arithmetic::multiply:
            return __builtin_mul_overflow(left, right, &result) ? no(std::string(too_large)) : whole(result);
        case Arithmetic::divide:
            return right == 0 ? division_by_zero() : Answer(Value::real(divided(left, right)));
        case Arithmetic::floor_divide:
            return right == 0 ? division_by_zero() : whole(floor_divided(left, right));
        case Arithmetic::modulo:
            return right == 0 ? division_by_zero() : whole(left - floor_divided(left, right) * right);
        case Arithmetic::power:
            return right >= 0
                       ? whole_power(left, right)
                       : calculate_real(operation, static_cast<double>(left), static_cast<double>(right));
    }
    return no("this cannot be worked out");
}

/// CPython's float_divmod (Objects/floatobject.c): the remainder has the divisor's sign.
std::pair<double, double> float_divmod(double left, double right) {
    double mod = std::fmod(left, right);
    double div = (left - mod) / right;
    if (mod != 0.0) {
        if ((right < 0) != (mod < 0)) {
            mod += right;
            div -= 1.0;
        }
    } else {
        mod = std::copysign(0.0, right);
    }
    double floor_div = 0.0;
    if (div != 0.0) {
        floor_div = std::floor(div);
        floor_div += div - floor_div > 0.5 ? 1.0 : 0.0;
    } else {
        floor_div = std::copysign(0.0, left / right);
    }
    return {floor_div, mod};
}

Answer calculate_real(Arithmetic operation, double left, double right) {
    switch (operation) {
        case Arithmetic::add:
            return Value::real(left + right);
        case Arithmetic::subtract:
            return Value::real(left - right);
        case Arithmetic::multiply:
            return Value::real(left * right);
        case Arithmetic::divide:
            return right == 0.0 ? division_by_zero() : Answer(Value::real(left / right));
        case Arithmetic::floor_divide:
            return right == 0.0 ? division_by_zero() : Answer(Value::real(float_divmod(left, right).first));
        case Arithmetic::modulo:
            return right == 0.0 ? division_by_zero() : Answer(Value::real(float_divmod(left, right).second));
        case Arithmetic::power:
            break;
    }
    if (left == 0.0 && right < 0.0) {
        return division_by_zero();
    }
    const double result = std::pow(left, right);
    if (std::isfinite(left) && std::isfinite(right) && !std::isfinite(result)) {
        return no(std::isnan(result) ? "the root of a negative number is no number"
                                     : "the result is too large");
    }
    return Value::real(result);
}

std::string_view verb_of(Arithmetic operation) {
    switch (operation) {
        case Arithmetic::add:
            return "added";
        case Arithmetic::subtract:
            return "subtracted";
        case Arithmetic::multiply:
            return "multiplied";
        case Arithmetic::power:
            return "raised to a power";
        default:
            return "divided";
    }
}

Answer mismatch(Arithmetic operation, const Value& left, const Value& right) {
    const bool has_text = left.as_text() != nullptr || right.as_text() != nullptr;
    if (operation == Arithmetic::modulo && left.as_text() != nullptr) {
        return no("a text is not filled in by \"%\" here: join texts with \"~\"");
    }
    return no(fmt::format("{} and {} cannot be {}{}", kind_of(left), kind_of(right), verb_of(operation),
                          operation == Arithmetic::add && has_text ? "; \"~\" joins anything as text" : ""));
}

Answer repeated(const Value& value, Integer times, const Limits& limits) {
    times = std::max<Integer>(times, 0);
    if (const auto* text = value.as_text()) {
        if (static_cast<Integer>(text->view.size()) * times > static_cast<Integer>(limits.text)) {
            return no("this makes a text that is too long");
        }
        std::string out;
        for (Integer i = 0; i < times && !text->view.empty(); ++i) {
            out += text->view;
        }
        return Value::text(std::move(out));
    }
    const Value::List& list = *value.as_list();
    if (static_cast<Integer>(size_of(list)) * times > static_cast<Integer>(limits.items)) {
        return no("this makes a list that is too long");
    }
    std::vector<Value> items;
    for (Integer i = 0; i < times && size_of(list) > 0; ++i) {
        for (std::size_t at = 0; at < size_of(list); ++at) {
            items.push_back(item_of(list, at));
        }
    }
    return Value::list(std::move(items), list.is_tuple);
}

bool is_repeatable(const Value& value) { return value.as_text() != nullptr || value.as_list() != nullptr; }

Answer joined(const Value::List& left, const Value::List& right, const Limits& limits) {
    if (size_of(left) + size_of(right) > limits.items) {
        return no("this makes a list that is too long");
    }
    std::vector<Value> items;
    for (const Value::List* list : {&left, &right}) {
        for (std::size_t at = 0; at < size_of(*list); ++at) {
            items.push_back(item_of(*list, at));
        }
    }
    return Value::list(std::move(items), left.is_tuple);
}

Answer scaled(Value::Duration duration, double factor) {
    const double count = static_cast<double>(duration.count()) * factor;
    constexpr double longest = 1e15;
    if (!(std::abs(count) < longest)) {
        return no("this duration is too long");
    }
    return Value::duration(Value::Duration(static_cast<std::int64_t>(count)));
}

/// Durations add to durations and are multiplied by numbers; a quotient of two is a number.
std::optional<Answer> calculate_duration(Arithmetic operation, const Value& left, const Value& right) {
    const auto* a = left.as_duration();
    const auto* b = right.as_duration();
    if (a != nullptr && b != nullptr) {
        switch (operation) {
            case Arithmetic::add:
                return Answer(Value::duration(*a + *b));
            case Arithmetic::subtract:
                return Answer(Value::duration(*a - *b));
            case Arithmetic::divide:
                return b->count() == 0 ? division_by_zero()
                                       : Answer(Value::real(static_cast<double>(a->count()) /
                                                            static_cast<double>(b->count())));
            default:
                return std::nullopt;
        }
    }
    const auto number = real_number(a != nullptr ? right : left);
    if (!number || (a == nullptr && operation != Arithmetic::multiply)) {
        return std::nullopt;
    }
    const Value::Duration duration = a != nullptr ? *a : *b;
    if (operation == Arithmetic::multiply) {
        return scaled(duration, *number);
    }
    if (operation == Arithmetic::divide) {
        return *number == 0.0 ? division_by_zero() : scaled(duration, 1.0 / *number);
    }
    return std::nullopt;
}

}  // namespace

Answer calculate(Arithmetic operation, const Value& left, const Value& right, const Limits& limits) {
    if (left.is_number() && right.is_number()) {
        const auto a = whole_number(left);
        const auto b = whole_number(right);
        return a && b ? calculate_whole(operation, *a, *b)
                      : calculate_real(operation, *real_number(left), *real_number(right));
    }
    if (left.as_duration() != nullptr || right.as_duration() != nullptr) {
        auto answer = calculate_duration(operation, left, right);
        return answer ? std::move(*answer) : mismatch(operation, left, right);
    }
    if (operation == Arithmetic::add && left.as_text() != nullptr && right.as_text() != nullptr) {
        if (left.as_text()->view.size() + right.as_text()->view.size() > limits.text) {
            return no("this makes a text that is too long");
        }
        return Value::text(std::string(left.as_text()->view).append(right.as_text()->view));
    }
    if (operation == Arithmetic::add && left.as_list() != nullptr && right.as_list() != nullptr &&
        left.as_list()->is_tuple == right.as_list()->is_tuple) {
        return joined(*left.as_list(), *right.as_list(), limits);
    }
    if (operation == Arithmetic::multiply && is_repeatable(left) && whole_number(right)) {
        return repeated(left, *whole_number(right), limits);
    }
    if (operation == Arithmetic::multiply && is_repeatable(right) && whole_number(left)) {
        return repeated(right, *whole_number(left), limits);
    }
    return mismatch(operation, left, right);
}

Answer signed_number(const Value& value, bool is_negative) {
    if (const auto number = whole_number(value)) {
        return whole(is_negative ? -*number : *number);
    }
    if (const auto* real = value.as_real()) {
        return Value::real(is_negative ? -*real : *real);
    }
    if (const auto* duration = value.as_duration()) {
        return Value::duration(is_negative ? -*duration : *duration);
    }
    return no(fmt::format("{} has no sign", kind_of(value)));
}

double rounded(double value, int digits) {
    if (!std::isfinite(value) || digits > 300) {
        return value;
    }
    if (digits < 0) {
        const double unit = std::pow(10.0, std::min(-digits, 308));
        return std::nearbyint(value / unit) * unit;
    }
    // printf rounds the number's exact value half to even, as Python does.
    char buffer[700];
    std::snprintf(buffer, sizeof buffer, "%.*f", digits, value);
    return std::strtod(buffer, nullptr);
}

}  // namespace hookline::language
