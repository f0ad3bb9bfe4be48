// Thousands of expressions and templates made at random give what Debian's Jinja2 gives (tests/language).
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <cstdlib>

#include "language/program.hpp"

namespace hookline::language {

namespace {

namespace json = boost::json;

Value read_context(const void* thing, std::string_view name) {
    const auto& context = *static_cast<const json::object*>(thing);
    const json::value* found = context.if_contains(json::string_view(name.data(), name.size()));
    return found != nullptr ? Value::json(*found) : Value();
}
const Schema open_schema{"context", {}, read_context};

/// Lines that the oracle prints; empty where it did not run to its end.
std::vector<std::string> ask_oracle(const std::string& arguments) {
    const std::string command = "/usr/bin/python3 " HOOKLINE_LANGUAGE_FOLDER "/jinja2_oracle.py " + arguments;
    std::vector<std::string> lines;
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) {
        return lines;
    }
    std::string line;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
        if (c == '\n') {
            lines.push_back(std::exchange(line, {}));
        } else {
            line += static_cast<char>(c);
        }
    }
    return pclose(pipe) == 0 ? lines : std::vector<std::string>();
}

struct Ours {
    std::optional<std::string> answer;
    std::string trouble;
};

Ours ours(std::string_view kind, std::string_view source, const json::object& context) {
    const Surroundings surroundings{{&open_schema, &context}, TimePoint(), nullptr};
    CompileOptions options;
    options.checks_types = false;
    if (kind == "template") {
        const auto form = Template::compile(source, open_schema, Escaping::none, options);
        if (!form) {
            return {std::nullopt, form.error().sentence};
        }
        const Rendering rendering = form->render(surroundings);
        return rendering.trouble ? Ours{std::nullopt, rendering.trouble->sentence} : Ours{rendering.text, {}};
    }
    const auto expression = Expression::compile(source, open_schema, options);
    if (!expression) {
        return {std::nullopt, expression.error().sentence};
    }
    const Outcome outcome = expression->evaluate(surroundings);
    return outcome.trouble ? Ours{std::nullopt, outcome.trouble->sentence}
                           : Ours{to_source(outcome.value), {}};
}

/// Where docs/language.md says that we refuse what Python does: whole numbers beyond 64 bits, "%" on a text,
/// complex numbers, texts of more than 256 KiB.
bool is_ours_alone(const std::string& trouble) {
    return trouble.find("64 bits") != std::string::npos || trouble.find("by \"%\"") != std::string::npos ||
           trouble.find("root of a negative") != std::string::npos ||
           trouble.find("too long") != std::string::npos;
}

void compare_with_jinja2(int seed, int count) {
    const auto lines = ask_oracle(std::to_string(seed) + " " + std::to_string(count));
    ASSERT_FALSE(lines.empty()) << "the oracle did not run to its end: it needs Debian's python3-jinja2";
    const json::value context = json::parse(lines.front());
    int values = 0;
    int shown = 0;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const json::value test = json::parse(lines[i]);
        const std::string source(test.at("source").as_string());
        const bool is_error = test.at("answer").is_null();
        const Ours got = ours(std::string_view(test.at("kind").as_string()), source, context.as_object());
        values += is_error ? 0 : 1;
        if ((!got.answer && (is_error || is_ours_alone(got.trouble))) ||
            (got.answer && !is_error && *got.answer == test.at("answer").as_string())) {
            continue;
        }
        ADD_FAILURE() << source << "\n  Jinja2: " << json::serialize(test.at("answer"))
                      << "\n  ours:   " << got.answer.value_or("an error: " + got.trouble);
        if (++shown == 20) {
            break;
        }
    }
    EXPECT_GT(values, count / 4) << "most cases must be more than errors";
}

}  // namespace

/// Of another seed: HOOKLINE_SEED=7 HOOKLINE_CASES=100000 language_test --gtest_filter='Differential.*'
TEST(Differential, GivesWhatJinja2Gives) {
    const char* seed = std::getenv("HOOKLINE_SEED");
    const char* cases = std::getenv("HOOKLINE_CASES");
    compare_with_jinja2(seed == nullptr ? 20261129 : std::atoi(seed),
                        cases == nullptr ? 12000 : std::atoi(cases));
}

}  // namespace hookline::language
