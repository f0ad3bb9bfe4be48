#include "ingest/json_text.hpp"

#include "base/text.hpp"

namespace hookline::ingest {
namespace {

constexpr std::size_t plenty = 1U << 20U;

std::string read(std::string text) {
    const auto result = json_object(std::move(text), plenty);
    return result ? *result : result.error().detail;
}

std::string nested(std::size_t depth) {
    return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

TEST(JsonObject, StaysAsItCame) {
    for (const std::string text :
         {"{}", " {\"a\" : 1}\r\n", "{\"a\":1,\"a\":2}", "{\"n\":1e400,\"m\":-0,\"big\":9223372036854775808}",
          "{\"id\":1234567890123456789012345678901234567890}", "{\"a\":\"\\u0000\\ud83d\\ude80\"}",
          "{\"\xC3\xA9\":\"\xF0\x9F\x9A\x80\"}"}) {
        EXPECT_EQ(read(text), text);
    }
    EXPECT_EQ(read(nested(100)), nested(100));
}

TEST(JsonObject, NamesThePlaceOfAnError) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"{\"a\": 1", "it ends too early at line 1, column 8"},
        {"{\"a\": 1}}", "something follows its end at line 1, column 9"},
        {"{}{}", "something follows its end at line 1, column 3"},
        {"{\n  \"a\": tru\n}", "a syntax error at line 2, column 8"},
        {"{\n\"\xC3\xA9\": x}", "a syntax error at line 2, column 6"},
        {"{'a': 1}", "a syntax error at line 1, column 2"},
        {"{\"a\": 01}", "a syntax error at line 1, column 8"},
        {"{\"a\": 1,}", "a syntax error at line 1, column 9"},
        {"{\"a\": NaN}", "a syntax error at line 1, column 7"},
        {"{\"a\": \"\t\"}", "a syntax error at line 1, column 8"},
        {"// a\n{}", "a syntax error at line 1, column 1"},
        {nested(101), "it is nested deeper than 100 levels at line 1, column 105"},
        {nested(1'000'000), "it is nested deeper than 100 levels at line 1, column 105"},
        {std::string("{\0}", 3), "a syntax error at line 1, column 2"},
    };
    for (const auto& [text, error] : cases) {
        EXPECT_EQ(read(text), "the body is not JSON: " + error) << text.substr(0, 50);
    }
}

TEST(JsonObject, IsNoOtherValue) {
    const std::vector<std::pair<std::string, std::string>> cases{{"[]", "an array"},
                                                                 {" \"a\"", "a string"},
                                                                 {"12", "a number"},
                                                                 {"true", "a boolean"},
                                                                 {"null", "null"}};
    for (const auto& [text, kind] : cases) {
        EXPECT_EQ(read(text), "the body must be a JSON object, but it is " + kind);
    }
    EXPECT_EQ(read(""), "the body is empty");
    EXPECT_EQ(read(" \r\n\t"), "the body is empty");
    EXPECT_EQ(read("\xEF\xBB\xBF"), "the body is empty");
}

TEST(JsonObject, MendsWhatIsNotText) {
    EXPECT_EQ(read("\xEF\xBB\xBF{}"), "{}");
    EXPECT_EQ(read("{\"a\":\"caf\xE9\"}"), "{\"a\":\"caf\xEF\xBF\xBD\"}");
    EXPECT_TRUE(is_utf8(read("{\"a\":\"\xC0\xAF \xED\xA0\x80 \xFF\"}")));
    EXPECT_EQ(read("{\"a\":\"\\ud800\"}"), "{\"a\":\"\\ufffd\"}");
    EXPECT_EQ(read("{\"a\":\"\\udc00\\ud83d\\ude80\\ud83d\"}"), "{\"a\":\"\\ufffd\\ud83d\\ude80\\ufffd\"}");
    EXPECT_EQ(read("{\"a\":\"\\ud800\\ud83d\\ude80\"}"), "{\"a\":\"\\ufffd\\ud83d\\ude80\"}");
    EXPECT_EQ(read("{\"a\":\"\\\\ud800 \\ud800\"}"), "{\"a\":\"\\\\ud800 \\ufffd\"}");
    EXPECT_EQ(read("{\"a\":\"\\ud8\"}"), "the body is not JSON: a syntax error at line 1, column 11");
}

TEST(JsonObject, MendingStaysWithinTheLimit) {
    const auto result = json_object("{\"a\":\"" + std::string(50, '\xFF') + "\"}", 100);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::too_large);
}

TEST(JsonObject, OtherEncodingsAreNotJson) {
    EXPECT_EQ(read(std::string("\xFF\xFE{\0}\0", 6)),
              "the body is not JSON: a syntax error at line 1, column 1");
    EXPECT_EQ(read(std::string("\0{\0}", 4)), "the body is not JSON: a syntax error at line 1, column 1");
}

}  // namespace
}  // namespace hookline::ingest
