#include "commands/words.hpp"

#include <gtest/gtest.h>

#include "commands/quote.hpp"

namespace hookline::commands {

namespace {

using Words = std::vector<std::string>;

}  // namespace

TEST(SplitWords, UnderstandsWhatPhonesAndEditorsMakeOfQuotes) {
    struct Case {
        const char* text;
        Words words;
    };
    for (const Case& c : {
             Case{"", {}},
             Case{"  github   on ", {"github", "on"}},
             Case{"github on\n--events push,pr", {"github", "on", "--events", "push,pr"}},
             Case{"a \"b c\" d", {"a", "b c", "d"}},
             Case{"a 'b \"c\"' d", {"a", "b \"c\"", "d"}},
             Case{"a “b c” „d e“ «f g» ‘h i’", {"a", "b c", "d e", "f g", "h i"}},
             Case{"don't stop", {"don't", "stop"}},
             Case{"—events push", {"--events", "push"}},
             Case{"–new", {"--new"}},
             Case{"--name=\"a b\"", {"--name=a b"}},
             Case{"x ```jinja\n{{ a }}\n{{ b }}\n``` y", {"x", "{{ a }}\n{{ b }}", "y"}},
             Case{"x ```{{ a }}```", {"x", "{{ a }}"}},
             Case{R"x("matches(a, '\d+')")x", {R"x(matches(a, '\d+'))x"}},
             Case{"\"\"", {""}},
             Case{"a\"b", {"a\"b"}},
         }) {
        const auto words = split_words(c.text);
        ASSERT_TRUE(words) << c.text << ": " << words.error().detail;
        EXPECT_EQ(*words, c.words) << c.text;
    }
}

TEST(SplitWords, SaysWhatIsWrong) {
    EXPECT_EQ(split_words("a \"b c").error().detail,
              "The quote \" is opened but never closed. Close it with \".");
    EXPECT_EQ(split_words("a “b").error().detail, "The quote “ is opened but never closed. Close it with ”.");
    EXPECT_EQ(split_words(std::string(8001, 'x')).error().detail,
              "A command is at most 8,000 characters long.");
    std::string many;
    for (int n = 0; n < 201; ++n) {
        many += "x ";
    }
    EXPECT_EQ(split_words(many).error().detail, "A command has at most 200 words.");
}

TEST(SplitWords, BytesThatAreNoTextDoNoHarm) {
    const auto words = split_words("a \xff\xfe b");
    ASSERT_TRUE(words);
    EXPECT_EQ(words->size(), 3U);
}

TEST(SplitWords, ReadsBackWhatIsQuoted) {
    for (const char* word :
         {"plain", "a b", "it's", "say \"x\"", "a \"b\" 'c'", "", "back\\slash \\", "“x”"}) {
        const auto words = split_words("before " + quote(word) + " after");
        ASSERT_TRUE(words) << word;
        EXPECT_EQ(*words, (Words{"before", word, "after"})) << word;
    }
}

}  // namespace hookline::commands
