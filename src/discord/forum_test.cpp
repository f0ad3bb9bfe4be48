#include "discord/forum.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/text.hpp"

namespace hookline::discord {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::optional<Forum> read(std::string_view text) { return read_forum(boost::json::parse(text).as_object()); }

Forum with_tags(bool needs_tag = false) {
    return Forum{{{Snowflake(1), "Open"}, {Snowflake(2), "Merged"}, {Snowflake(3), "pull request"}},
                 needs_tag};
}

dispatch::Entry titled(std::string title, std::string thread_name = {}) {
    dispatch::Entry entry;
    entry.body.embeds.resize(1);
    entry.body.embeds[0].title = std::move(title);
    entry.thread_name = std::move(thread_name);
    return entry;
}

}  // namespace

TEST(Forum, IsReadFromItsChannel) {
    const auto forum = read(R"({"id":"5","type":15,"flags":16,"available_tags":[
        {"id":"1","name":"Open","moderated":false,"emoji_id":null},{"name":"no id"},7]})");
    ASSERT_TRUE(forum);
    EXPECT_TRUE(forum->needs_tag);
    ASSERT_EQ(forum->tags.size(), 1U);
    EXPECT_EQ(forum->tags[0].name, "Open");
    EXPECT_TRUE(read(R"({"type":16})"));
    EXPECT_FALSE(read(R"({"type":16,"flags":4})")->needs_tag);
    EXPECT_FALSE(read(R"({"type":0,"available_tags":[]})"));
    EXPECT_FALSE(read("{}"));
}

TEST(Forum, TagsAreChosenByNameWhateverTheirCase) {
    EXPECT_THAT(choose_tags(with_tags(), {"merged", "PULL REQUEST", "unheard of", "Merged"}),
                ElementsAre(Snowflake(2), Snowflake(3)));
    EXPECT_THAT(choose_tags(with_tags(), {"unheard of"}), IsEmpty());
    EXPECT_THAT(choose_tags(with_tags(true), {"unheard of"}), ElementsAre(Snowflake(1)));
    EXPECT_THAT(choose_tags(with_tags(true), {"merged"}), ElementsAre(Snowflake(2)));
    EXPECT_THAT(choose_tags(Forum{{}, true}, {"merged"}), IsEmpty());
    Forum many;
    std::vector<std::string> names;
    for (std::uint64_t i = 1; i <= 9; ++i) {
        names.push_back(std::to_string(i));
        many.tags.push_back(ForumTag{Snowflake(i), names.back()});
    }
    EXPECT_EQ(choose_tags(many, names).size(), 5U);
}

TEST(Forum, APostIsCalledAsItsEntrySaysOrAsItsEmbed) {
    EXPECT_EQ(post_name(titled("ignored", " #45 A title ")), "#45 A title");
    EXPECT_EQ(post_name(titled("\\[octo/app\\] #45 \\*bold\\* a\\b")), "[octo/app] #45 *bold* a\\b");
    EXPECT_EQ(post_name(titled("")), "Hookline");
    EXPECT_EQ(post_name(dispatch::Entry()), "Hookline");
    EXPECT_EQ(code_points(post_name(titled(std::string(250, 'x')))), 100U);
}

}  // namespace hookline::discord
