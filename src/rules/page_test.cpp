// docs/fields.md and the tables of docs/language.md are made from the tables that decide: this test holds
// them together. UPDATE_DOCS=1 rewrites them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "language/callables.hpp"
#include "language/program.hpp"
#include "rules/fields.hpp"
#include "services/service.hpp"

namespace hookline::rules {

namespace {

constexpr std::string_view mark =
    "<!-- What follows is made from the program's own tables: run rules_test with UPDATE_DOCS=1. -->\n";

std::string cell(std::string_view text) {
    std::string result;
    for (const char c : text) {
        result += c == '|' ? std::string("\\|") : std::string(1, c);
    }
    return result;
}

std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void hold(const std::string& path, const std::string& text) {
    if (std::getenv("UPDATE_DOCS") != nullptr) {
        std::ofstream(path, std::ios::binary) << text;
        return;
    }
    EXPECT_EQ(read(path), text) << "run rules_test with UPDATE_DOCS=1, then read " << path;
}

std::string tables() {
    std::string text = "\n## Functions\n\n| function | what it says |\n| --- | --- |\n";
    for (const language::Callable& row : language::functions()) {
        text += fmt::format("| `{}` | {} |\n", cell(row.example), cell(row.sentence));
    }
    text +=
        "\nPython's spelling is understood where people expect it: `branch.startswith('release/')`, "
        "`title.lower()`.\n";
    text += "\n## Filters\n\n| filter | what it gives |\n| --- | --- |\n";
    for (const language::Callable& row : language::filters()) {
        text += fmt::format("| `{}` | {} |\n", cell(row.example), cell(row.sentence));
    }
    text += "\n`d` is `default`, `count` is `length`, `e` is `escape`, `safe` is `raw`.\n";
    text += "\n## Tests\n\n| test | what it asks |\n| --- | --- |\n";
    for (const language::Test& row : language::tests()) {
        text +=
            fmt::format("| `is {}{}` | {} |\n", row.name, row.has_argument ? " …" : "", cell(row.sentence));
    }
    text +=
        "\n## What differs from Jinja2, and why\n\n"
        "| here | why |\n| --- | --- |\n"
        "| whole numbers have 64 bits; a larger result is an error | bounded, whatever is typed |\n"
        "| no `set`, `macro`, `include`, `block`, `call`, no `do` | a message needs none of them, and every "
        "one could run long |\n"
        "| no objects `{…}`, no `*args`, no `\"%s\" % x` | `~` joins; fewer ways to go wrong in one line of "
        "chat |\n"
        "| no methods but those named above; `payload.items` is the field of that name | a payload may hold "
        "any name |\n"
        "| `map` takes `attribute=`; no `select`, `groupby`, `batch`, … | `{% for x in list if … %}` does it "
        "|\n"
        "| `reverse`, `unique` and `map` give lists | so that they print as lists |\n"
        "| `unique` takes lists and objects too | nothing needs to be hashed |\n"
        "| `{% if a if b else c %}` needs no brackets | as everywhere else |\n"
        "| upper and lower case go letter by letter: \"ß\" stays | Unicode's simple mapping |\n"
        "| roots of negative numbers are errors | no complex numbers |\n"
        "| durations (`2d`), `age`, `glob`, `matches`, … | what rules for events need |\n"
        "| in filters, what is not there decides nothing | see above |\n"
        "\nEverything else is held to Jinja2 by thousands of expressions and templates made at random "
        "(tests/language).\n";
    return text;
}

std::string path_cell(const std::string& path, const language::Field& field, std::string_view events = {}) {
    const std::string words = fmt::format("{}", fmt::join(field.words, "`, `"));
    const std::string_view example = words.empty() ? field.example : std::string_view(words);
    return fmt::format("| `{}` | {} | {}{} | {} |\n", path, language::name_of(field.type),
                       cell(field.sentence), events.empty() ? std::string() : fmt::format(" ({})", events),
                       example.empty() ? std::string() : fmt::format("`{}`", cell(example)));
}

std::string fields_page() {
    std::string text =
        "# Fields\n\nWhat conditions and templates can name ([language.md](language.md)). This page is made "
        "from the "
        "program's own table.\nIn brackets stand the events that have a field, where not all have; "
        "`!hook fields github pr` tells of one event. Of custom webhooks every\nkey of the payload is a "
        "field as well, and wins: `{{event}}`, "
        "`{{data.cpu}}`.\n"
        "\n| field | kind | what it is | for example |\n| --- | --- | --- | --- |\n";
    std::string objects;
    for (const RootField& row : root_fields()) {
        text += path_cell(std::string(row.field.name), row.field, row.events);
        if (row.field.of == nullptr) {
            continue;
        }
        objects += fmt::format(
            "\n## {}\n\n{}{}.\n\n| field | kind | what it is | for example |\n| --- | --- | --- | --- |\n",
            row.field.name, row.field.sentence,
            row.events.empty() ? std::string() : fmt::format(" (of the events {})", row.events));
        for (const language::Field& member : row.field.of->fields) {
            objects += path_cell(fmt::format("{}.{}", row.field.name, member.name), member);
            if (member.of != nullptr && member.type == language::Type::list) {
                for (const language::Field& part : member.of->fields) {
                    objects +=
                        path_cell(fmt::format("{}.{}[0].{}", row.field.name, member.name, part.name), part);
                }
            }
        }
    }
    return text + objects;
}

}  // namespace

TEST(LanguagePage, HoldsTheProgramsTables) {
    const std::string path = HOOKLINE_DOCS_FOLDER "/language.md";
    const std::string written = read(path);
    const std::size_t at = written.find(mark);
    ASSERT_NE(at, std::string::npos);
    hold(path, written.substr(0, at + mark.size()) + tables());
}

/// Whoever copies an example must not be refused.
TEST(LanguagePage, EveryExampleIsUnderstood) {
    for (const auto rows : {language::functions(), language::filters()}) {
        for (const language::Callable& row : rows) {
            const auto expression =
                language::Expression::compile(row.example, schema_of(event::Service::github));
            EXPECT_TRUE(expression) << language::to_text(expression.error(), row.example);
        }
    }
}

TEST(FieldsPage, SaysWhatTheTableSays) { hold(HOOKLINE_DOCS_FOLDER "/fields.md", fields_page()); }

}  // namespace hookline::rules
