#include <gtest/gtest.h>

#include "language/testing/garden.hpp"

namespace hookline::language {

namespace {

struct Case {
    std::string_view source, answer;
};

void expect(std::span<const Case> cases) {
    for (const Case& test : cases) {
        EXPECT_EQ(value_of(test.source), test.answer) << test.source;
    }
}

}  // namespace

TEST(Expression, ReadsFieldsOfTheEventAndOfThePayload) {
    constexpr std::array<Case, 9> cases{{{"tree.height > 10 and owner == 'Jo*hn'", "True"},
                                         {"plants[1].name", "'*fern*'"},
                                         {"plants | map(attribute='name') | join(', ')", "'rose, *fern*'"},
                                         {"payload.big", "9007199254740993"},
                                         {"payload.big + 1", "9007199254740994"},
                                         {"'a' in payload.tags", "True"},
                                         {"payload.no.such.thing", "Undefined"},
                                         {"payload.no == 1", "False"},
                                         {"season in ['spring', 'summer']", "True"}}};
    expect(cases);
}

TEST(Expression, TakesEveryKindOfQuote) {
    constexpr std::array<Case, 5> cases{{{"owner == “Jo*hn”", "True"},
                                         {"owner == ‘Jo*hn’", "True"},
                                         {"owner == „Jo*hn“", "True"},
                                         {"owner == ”Jo*hn”", "True"},
                                         {"owner == «Jo*hn»", "True"}}};
    expect(cases);
}

TEST(Expression, HasFunctionsOfItsOwn) {
    constexpr std::array<Case, 14> cases{{{"matches(owner, '^jo')", "False"},
                                          {"matches(owner, '(?i)^jo')", "True"},
                                          {"matches(payload.tags, '^b$')", "True"},
                                          {"glob(owner, 'Jo*')", "True"},
                                          {"glob(owner, ['x', 'J?*hn'])", "True"},
                                          {"startswith(owner, 'Jo') and endswith(owner, 'hn')", "True"},
                                          {"owner.startswith('Jo')", "True"},
                                          {"contains(payload.tags, 'a')", "True"},
                                          {"any([false, 0, 'x']) and not all([1, ''])", "True"},
                                          {"count(plants)", "2"},
                                          {"owner | length", "5"},
                                          {"matches(gate, '.')", "False"},
                                          {"owner.upper()", "'JO*HN'"},
                                          {"'x y' | split", "['x', 'y']"}}};
    expect(cases);
}

TEST(Expression, ComparesDurationsWithDurationsTextsAndSeconds) {
    constexpr std::array<Case, 8> cases{{{"grown > 1h", "True"},
                                         {"grown > '2h'", "False"},
                                         {"grown == 1h30m", "True"},
                                         {"grown > 5000", "True"},
                                         {"grown > 1h * 1.5", "False"},
                                         {"grown / 1h", "1.5"},
                                         {"age(payload.at) > 2d", "False"},
                                         {"grown ~ ''", "'1h 30m'"}}};
    expect(cases);
}

TEST(Expression, SaysWhereItIsWrongAndWhatWasMeant) {
    constexpr std::array<Case, 27> cases{{
        {"", "refused: the expression is empty\n\n^"},
        {"ownr == 'x'", "refused: there is no field \"ownr\"; did you mean \"owner\"?\nownr == 'x'\n^^^^"},
        {"tree.heigth > 1",
         "refused: there is no field \"tree.heigth\"; did you mean \"tree.height\"?\ntree.heigth > 1\n     "
         "^^^^^^"},
        {"tree.colour",
         "refused: there is no field \"tree.colour\"; tree has name, height\ntree.colour\n     ^^^^^^"},
        {"owner = 'x'", "refused: one \"=\" compares nothing: write \"==\"\nowner = 'x'\n      ^"},
        {"owner == 'x' && is_open",
         "refused: \"and\" is written as a word here, not \"&&\"\nowner == 'x' && is_open\n             ^^"},
        {"owner == 'x", "refused: this quote does not end\nowner == 'x\n         ^"},
        {"(owner == 'x'", "refused: this bracket is not closed\n(owner == 'x'\n^"},
        {"owner == 'x')", "refused: \")\" was not expected here\nowner == 'x')\n            ^"},
        {"owner ==", "refused: a value is missing at the end\nowner ==\n        ^"},
        {"owner == and is_open",
         "refused: a value is missing before \"and\"\nowner == and is_open\n         ^^^"},
        {"tree.height == '12'",
         "refused: tree.height is a number and '12' is a text: they are never equal\ntree.height == "
         "'12'\n^^^^^^^^^^^^^^^^^^^"},
        {"owner > 3",
         "refused: owner is a text and 3 is a number: they cannot be compared\nowner > 3\n^^^^^^^^^"},
        {"season == 'sumer'",
         "refused: season is never \"sumer\"; did you mean \"summer\"?\nseason == 'sumer'\n          "
         "^^^^^^^"},
        {"season in ['spring', 'fall']",
         "refused: season is never \"fall\"; it is one of spring, summer, winter\nseason in ['spring', "
         "'fall']\n                     ^^^^^^"},
        {"owner.name", "refused: \"owner\" is a text: it has no \"name\"\nowner.name\n      ^^^^"},
        {"plants.name",
         "refused: \"plants\" is a list: take one item with [0], or go over it with for\nplants.name\n       "
         "^^^^"},
        {"owner | uper",
         "refused: there is no filter \"uper\"; did you mean \"upper\"?\nowner | uper\n        ^^^^"},
        {"globb(owner, 'x')",
         "refused: there is no function \"globb\"; did you mean \"glob\"?\nglobb(owner, 'x')\n^^^^^"},
        {"glob(owner)", "refused: \"glob\" is written so: glob(branch, 'release/*')\nglob(owner)\n^^^^"},
        {"upper(owner)",
         "refused: \"upper\" is a filter: write it behind a bar, \"… | upper\"\nupper(owner)\n^^^^^"},
        {"owner is strin",
         "refused: there is no test \"strin\"; did you mean \"string\"?\nowner is strin\n         ^^^^^"},
        {"matches(owner, '(')",
         "refused: this is no pattern: missing ): (\nmatches(owner, '(')\n               ^^^"},
        {"grown > 'soon'",
         "refused: a duration belongs here, such as 90s, 5m, 2h, 1d or 1h30m\ngrown > 'soon'\n        "
         "^^^^^^"},
        {"owner.__class__",
         "refused: names with two low lines are not to be had\nowner.__class__\n      ^^^^^^^^^"},
        {"owner owner",
         "refused: owner was not expected here: is \"and\", \"or\" or a sign missing before it?\nowner "
         "owner\n      ^^^^^"},
        {"'日本' == ownr",
         "refused: there is no field \"ownr\"; did you mean \"owner\"?\n'日本' == ownr\n          ^^^^"},
    }};
    expect(cases);
}

TEST(Expression, RecordsWhatGoesWrongWhileItRuns) {
    constexpr std::array<Case, 5> cases{{
        {"tree.height / 0 > 1", "error: this divides by zero\ntree.height / 0 > 1\n^^^^^^^^^^^^^^^"},
        {"payload.no > 1",
         "error: payload.no is not there: nothing tells it\npayload.no > 1\n^^^^^^^^^^^^^^"},
        {"payload.tags > 1",
         "error: a list and a number cannot be compared by \">\"\npayload.tags > 1\n^^^^^^^^^^^^^^^^"},
        {"'ab' * 9999999999",
         "error: this makes a text that is too long\n'ab' * 9999999999\n^^^^^^^^^^^^^^^^^"},
        {"9223372036854775807 * 4",
         "error: the result is too large: whole numbers have 64 bits\n9223372036854775807 * "
         "4\n^^^^^^^^^^^^^^^^^^^^^^^"},
    }};
    expect(cases);
}

TEST(Expression, IsBoundedInDepthLengthAndSteps) {
    EXPECT_TRUE(value_of(std::string(1500, '(') + "1" + std::string(1500, ')'))
                    .starts_with("refused: this is nested too deeply"));
    EXPECT_TRUE(value_of(std::string(3000, '-') + "1").starts_with("refused: this is nested too deeply"));
    std::string sum = "1";
    for (int i = 0; i < 1500; ++i) {
        sum += "+1";
    }
    EXPECT_TRUE(value_of(sum).starts_with("refused: this is nested too deeply"));
    EXPECT_TRUE(value_of(std::string(20'000, ' ')).starts_with("refused: this is too long"));
    std::string nots;
    for (int i = 0; i < 1000; ++i) {
        nots += "not ";
    }
    EXPECT_TRUE(value_of(nots + "1").starts_with("refused: this is nested too deeply"));
    EXPECT_TRUE(value_of("(['a'] * 10000) | join('x') | upper | lower | length > 1").starts_with("True"));
}

TEST(Expression, LetsWhatIsMissingDecideNothingInAFilter) {
    const Garden garden;
    const auto decided = [&](std::string_view source) {
        const auto expression = Expression::compile(source, garden_schema);
        EXPECT_TRUE(expression) << source;
        const Outcome outcome = expression->decide(surroundings_of(garden));
        EXPECT_FALSE(outcome.trouble) << source;
        return outcome.value.is_undefined() ? std::string("open") : to_source(outcome.value);
    };
    constexpr std::array<Case, 14> cases{{{"gate == 'east'", "open"},
                                          {"not gate == 'east'", "open"},
                                          {"gate", "open"},
                                          {"not gate", "open"},
                                          {"gate == 'east' and is_open", "open"},
                                          {"gate == 'east' and not is_open", "False"},
                                          {"gate == 'east' or is_open", "True"},
                                          {"gate == 'east' or not is_open", "open"},
                                          {"gate is defined", "False"},
                                          {"gate is defined and gate == 'east'", "False"},
                                          {"gate | default('west') == 'west'", "True"},
                                          {"glob(gate, 'e*')", "open"},
                                          {"payload.height > 3", "open"},
                                          {"gate in ['east']", "open"}}};
    for (const Case& test : cases) {
        EXPECT_EQ(decided(test.source), test.answer) << test.source;
    }
}

TEST(Expression, NamesTheFieldsItNeeds) {
    const auto expression = Expression::compile(
        "tree.height > 3 and owner == 'x' and payload.a.b and age(payload.at) > 1h", garden_schema);
    ASSERT_TRUE(expression);
    EXPECT_EQ(expression->names(),
              (std::vector<std::string>{"tree.height", "owner", "payload.a.b", "payload.at"}));
    EXPECT_TRUE(expression->asks_age());
    EXPECT_FALSE(expression->counts_events());
}

TEST(Expression, CountsEventsWhereItIsToldHow) {
    const Garden garden;
    const std::function<std::int64_t(std::string_view, TimePoint)> count =
        [](std::string_view name, TimePoint) { return name == "container.die" ? 3 : 0; };
    Surroundings surroundings = surroundings_of(garden);
    surroundings.count_events = &count;
    const auto expression = Expression::compile("count('container.die', '10m') >= 3", garden_schema);
    ASSERT_TRUE(expression);
    EXPECT_TRUE(is_true(expression->evaluate(surroundings).value));
    EXPECT_FALSE(Expression::compile("count('container.die', 'soon') >= 3", garden_schema));
}

}  // namespace hookline::language
