#include <fmt/format.h>

#include "base/duration.hpp"
#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "language/callables.hpp"
#include "language/times.hpp"

namespace hookline::language {

namespace {

/// Whether `is_so` for a text, or for one of a list's items; what is not there is not so.
template <class Predicate>
Value any_text(Evaluation& evaluation, const Arguments& arguments, Predicate is_so) {
    const Value& value = arguments[0];
    if (const auto* text = value.as_text()) {
        evaluation.spend(1 + text->view.size() / 64, arguments.place(0));
        return Value::boolean(is_so(text->view));
    }
    const auto* list = value.as_list();
    if (list == nullptr) {
        return Value::boolean(!value.is_undefined() && !value.is_none() && is_so(to_text(value)));
    }
    for (std::size_t i = 0; i < size_of(*list); ++i) {
        const std::string text = to_text(item_of(*list, i));
        if (!evaluation.spend(1 + text.size() / 64, arguments.place(0))) {
            return {};
        }
        if (is_so(text)) {
            return Value::boolean(true);
        }
    }
    return Value::boolean(false);
}

Value matches(Evaluation& evaluation, const Arguments& arguments) {
    std::shared_ptr<const RE2> pattern = arguments.node().pattern;
    if (!pattern) {
        if (!evaluation.spend(1000, arguments.place(1))) {
            return {};
        }
        pattern = compile_pattern(to_text(arguments[1]));
        if (!pattern->ok()) {
            return evaluation.fail(arguments.place(1),
                                   fmt::format("this is no pattern: {}", pattern->error()));
        }
    }
    return any_text(evaluation, arguments, [&](std::string_view text) {
        return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern);
    });
}

/// The second argument as texts: one, or each of a list.
std::vector<std::string> wanted(const Value& value) {
    std::vector<std::string> texts;
    if (const auto* list = value.as_list()) {
        for (std::size_t i = 0; i < size_of(*list); ++i) {
            texts.push_back(to_text(item_of(*list, i)));
        }
    } else {
        texts.push_back(to_text(value));
    }
    return texts;
}

template <class Predicate>
Value any_pair(Evaluation& evaluation, const Arguments& arguments, Predicate is_so) {
    const std::vector<std::string> patterns = wanted(arguments[1]);
    evaluation.spend(patterns.size(), arguments.place(1));
    return any_text(evaluation, arguments, [&](std::string_view text) {
        return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
            return is_so(text, std::string_view(pattern));
        });
    });
}

Value glob(Evaluation& evaluation, const Arguments& arguments) {
    if (arguments.given(2) && is_true(arguments[2])) {
        return any_pair(evaluation, arguments, [](std::string_view text, std::string_view pattern) {
            return glob_matches(to_lower_ascii(pattern), to_lower_ascii(text));
        });
    }
    return any_pair(evaluation, arguments, [](std::string_view text, std::string_view pattern) {
        return glob_matches(pattern, text);
    });
}

Value startswith(Evaluation& evaluation, const Arguments& arguments) {
    return any_pair(evaluation, arguments,
                    [](std::string_view text, std::string_view part) { return text.starts_with(part); });
}

Value endswith(Evaluation& evaluation, const Arguments& arguments) {
    return any_pair(evaluation, arguments,
                    [](std::string_view text, std::string_view part) { return text.ends_with(part); });
}

Value contains(Evaluation& evaluation, const Arguments& arguments) {
    const auto held = holds(arguments[0], arguments[1]);
    if (!held) {
        return evaluation.fail(arguments.place(1), fmt::format("{} cannot be looked for in {}",
                                                               kind_of(arguments[1]), kind_of(arguments[0])));
    }
    return Value::boolean(*held);
}

Value any_or_all(Evaluation& evaluation, const Arguments& arguments, bool is_any) {
    const auto items = evaluation.items(arguments[0], arguments.place(0));
    if (!items) {
        return {};
    }
    return Value::boolean(is_any ? std::any_of(items->begin(), items->end(), is_true)
                                 : std::all_of(items->begin(), items->end(), is_true));
}

Value any(Evaluation& evaluation, const Arguments& arguments) {
    return any_or_all(evaluation, arguments, true);
}
Value all(Evaluation& evaluation, const Arguments& arguments) {
    return any_or_all(evaluation, arguments, false);
}

Value count_in_time(Evaluation& evaluation, const Arguments& arguments) {
    std::optional<std::chrono::seconds> span;
    if (const auto* duration = arguments[1].as_duration()) {
        span = std::chrono::duration_cast<std::chrono::seconds>(*duration);
    } else if (const auto* text = arguments[1].as_text()) {
        const auto parsed = parse_duration(text->view);
        span = parsed ? std::optional(*parsed) : std::nullopt;
    }
    const auto* name = arguments[0].as_text();
    if (!span || name == nullptr) {
        return evaluation.fail(arguments.node().place,
                               "how many events there were is asked so: count('workflow.failed', '10m')");
    }
    const auto* count = evaluation.surroundings().count_events;
    if (count == nullptr) {
        return evaluation.fail(arguments.node().place, "how many events there were cannot be told here");
    }
    evaluation.spend(200, arguments.node().place);
    return Value::integer((*count)(name->view, evaluation.surroundings().now - *span));
}

Value count(Evaluation& evaluation, const Arguments& arguments) {
    if (arguments.given(1)) {
        return count_in_time(evaluation, arguments);
    }
    return find_filter("length")->run(evaluation, arguments);
}

Value age(Evaluation& evaluation, const Arguments& arguments) {
    const Value& thing = arguments[0];
    if (thing.is_undefined()) {
        return evaluation.fail(arguments.place(0), "what is not there has no age");
    }
    const auto time = time_of(thing);
    if (!time) {
        return evaluation.fail(arguments.place(0), "nothing tells since when this is");
    }
    return Value::duration(std::max(evaluation.surroundings().now - *time, Value::Duration(0)));
}

constexpr std::array<Parameter, 2> text_and_pattern{{{"text"}, {"pattern"}}};
constexpr std::array<Parameter, 3> glob_parameters{
    {{"text"}, {"pattern"}, {"ignore_case", Type::boolean, false}}};
constexpr std::array<Parameter, 2> list_and_item{{{"list"}, {"item"}}};
constexpr std::array<Parameter, 1> list_alone{{{"list", Type::list}}};
constexpr std::array<Parameter, 2> list_or_event{{{"list"}, {"time", Type::any, false}}};
constexpr std::array<Parameter, 1> thing{{{"thing"}}};

constexpr std::array<Callable, 9> rows{{
    {"matches", text_and_pattern, Type::boolean, matches, "matches(title, '(?i)^fix')",
     "whether a pattern (RE2) is found in a text, or in one of a list's"},
    {"glob", glob_parameters, Type::boolean, glob, "glob(branch, 'release/*')",
     "whether a text, or one of a list's, is of this form: * any run of characters, ? one"},
    {"startswith", text_and_pattern, Type::boolean, startswith, "startswith(branch, 'release/')",
     "whether a text, or one of a list's, begins so"},
    {"endswith", text_and_pattern, Type::boolean, endswith, "endswith(author, '[bot]')",
     "whether a text, or one of a list's, ends so"},
    {"contains", list_and_item, Type::boolean, contains, "contains(labels, 'bug')",
     "whether a list has an item, or a text a part"},
    {"any", list_alone, Type::boolean, any, "any([pr.is_draft, is_bot])",
     "whether one of a list's items is true"},
    {"all", list_alone, Type::boolean, all, "all([title, author])",
     "whether every one of a list's items is true"},
    {"count", list_or_event, Type::integer, count, "count('container.die', '10m')",
     "how many items a list has; or how many events of that name the hook had in that time"},
    {"age", thing, Type::duration, age, "age(pr)", "how long ago a thing began, or a time was"},
}};

}  // namespace

std::span<const Callable> functions() { return rows; }

std::shared_ptr<const RE2> compile_pattern(const std::string& pattern) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    return std::make_shared<const RE2>(pattern, options);
}

}  // namespace hookline::language
