#include <gtest/gtest.h>

#include "language/testing/garden.hpp"

namespace hookline::language {

namespace {

struct Case {
    std::string_view source, answer;
};

void expect(std::span<const Case> cases) {
    for (const Case& test : cases) {
        EXPECT_EQ(print_of(test.source), test.answer) << test.source;
    }
}

}  // namespace

TEST(Template, EscapesWhatItPrintsAndNotWhatItSays) {
    constexpr std::array<Case, 10> cases{
        {{"**{{owner}}** at {{ tree.name }}", "**Jo\\*hn** at oak"},
         {"{{ owner | raw }}", "Jo*hn"},
         {"{{ '**' ~ owner ~ '**' }}", "**Jo\\*hn**"},
         {"{{ plants[1].name | code }}", "`*fern*`"},
         {"{{ plants[1].name | default('**none**') }}", "\\*fern\\*"},
         {"{{ gate | default('**none**') }}", "**none**"},
         {"{{ owner | link('https://example.org/a') }}", "[Jo∗hn](https://example.org/a)"},
         {"{{ plants | map(attribute='name') | join(' *and* ') }}", "rose *and* \\*fern\\*"},
         {"{{ payload.at | ago }}", "<t:1795946400:R>"},
         {"{{ owner | upper }} {{ tree.height }} {{ is_open }}", "JO\\*HN 12 True"}}};
    expect(cases);
}

TEST(Template, HasBranchesAndLoops) {
    constexpr std::array<Case, 6> cases{
        {{"{% if tree.height > 10 %}tall{% elif tree.height > 5 %}mid{% else %}low{% endif %}", "tall"},
         {"{% for p in plants %}{{ loop.index }}. {{ p.name }}{% if not loop.last %}, {% endif %}{% endfor "
          "%}",
          "1. rose, 2. \\*fern\\*"},
         {"{% for p in plants if p.height > 1 %}{{ p.name | raw }}{% else %}none{% endfor %}", "*fern*"},
         {"{% for p in payload.none %}x{% else %}none{% endfor %}", "none"},
         {"a  {%- if is_open -%}  b  {%- endif %}  c", "ab  c"},
         {"{% raw %}{{ owner }}{% endraw %}{# gone #}", "{{ owner }}"}}};
    expect(cases);
}

TEST(Template, PrintsNothingForAnUnknownFieldAndNamesIt) {
    const auto form =
        Template::compile("{{ ownr }}-{{ tree.heigth }}-{{ owner }}", garden_schema, Escaping::markdown);
    ASSERT_TRUE(form);
    ASSERT_EQ(form->unknown().size(), 2U);
    EXPECT_EQ(form->unknown()[0].sentence, "there is no field \"ownr\"; did you mean \"owner\"?");
    EXPECT_EQ(form->unknown()[1].sentence,
              "there is no field \"tree.heigth\"; did you mean \"tree.height\"?");
    const Garden garden;
    EXPECT_EQ(form->render(surroundings_of(garden)).text, "--Jo\\*hn");
}

TEST(Template, SaysWhereItIsWrong) {
    constexpr std::array<Case, 10> cases{{
        {"a {{ owner", "refused: \"}}\" is missing at the end\na {{ owner\n  ^^"},
        {"{% if owner %}x",
         "refused: \"{% if %}\" is not closed: \"{% endif %}\" is missing\n{% if owner %}x\n   ^^"},
        {"x{% endif %}", "refused: \"{% endif %}\" has no beginning\nx{% endif %}\n    ^^^^^"},
        {"{% for p in plants %}{% endif %}",
         "refused: \"{% endfor %}\" is missing before \"{% endif %}\"\n{% for p in plants %}{% endif %}\n    "
         "                    ^^^^^"},
        {"{% fi owner %}", "refused: there is no block \"fi\"; did you mean \"if\"?\n{% fi owner %}\n   ^^"},
        {"{% set a = 1 %}",
         "refused: \"set\" is not offered: a template has if, for and raw\n{% set a = 1 %}\n   ^^^"},
        {"{{ }}", "refused: an expression is missing between \"{{\" and \"}}\"\n{{ }}\n^^^^^"},
        {"one\ntwo {{ owner | nope }}",
         "refused: there is no filter \"nope\"\ntwo {{ owner | nope }}\n               ^^^^"},
        {"{% for plants %}",
         "refused: \"in\" is missing: a loop is written {% for commit in push.commits %}\n{% for plants %}\n "
         "             ^^"},
        {"{# open", "refused: this comment is not closed: \"#}\" is missing\n{# open\n^^"},
    }};
    expect(cases);
}

TEST(Template, StopsWhatWouldTakeTooLongOrPrintTooMuch) {
    EXPECT_TRUE(print_of("{% for a in 'x' * 10000 %}{% for b in 'x' * 10000 %}{% endfor %}{% endfor %}")
                    .starts_with("error: this takes too long"));
    EXPECT_TRUE(print_of("{{ 'x' * 100000 }}").starts_with("error: this prints too much"));
    Garden wide;
    wide.payload = boost::json::array(20'000, 1);
    EXPECT_EQ(print_of("{{ payload | sort | length }}", Escaping::none, wide),
              "error: a list is too long to be gone over: at most 10,000 items\n{{ payload | sort | length "
              "}}\n   ^^^^^^^");
    EXPECT_EQ(print_of("{{ payload | length }} {{ 1 in payload }}", Escaping::none, wide), "20000 True");
    std::string deep;
    for (int i = 0; i < 50; ++i) {
        deep += "{% if is_open %}";
    }
    EXPECT_TRUE(print_of(deep).starts_with("refused: blocks are nested too deeply"));
}

TEST(Template, IsReadWithAnyLineBreaks) { EXPECT_EQ(print_of("a\r\n{{ owner }}\r\n"), "a\nJo\\*hn"); }

}  // namespace hookline::language
