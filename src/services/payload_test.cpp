#include "services/payload.hpp"

#include <gtest/gtest.h>

namespace hookline::services {
namespace {

Document read(std::string_view json) {
    auto document = Document::parse(json);
    EXPECT_TRUE(document) << json << ": " << document.error().detail;
    return std::move(*document);
}

TEST(Payload, WhatIsMissingNullOrOfAnotherTypeReadsAsNotTold) {
    const Document document = read(R"({"a": {"b": null, "n": 7, "s": "x"}, "list": [1, "two", null]})");
    const Node root = document.root();
    EXPECT_EQ(root["a"]["b"].text(), "");
    EXPECT_EQ(root["a"]["n"].text(), "");
    EXPECT_EQ(root["a"]["s"]["deeper"]["still"].text(), "");
    EXPECT_EQ(root["nowhere"].integer(), std::nullopt);
    EXPECT_FALSE(root["a"]["s"].is_true());
    EXPECT_TRUE(root["a"]["b"].is_null());
    EXPECT_FALSE(root["a"]["c"].is_null());
    EXPECT_TRUE(root["a"].items().empty());
    EXPECT_EQ(root["list"].items().size(), 3U);
    EXPECT_EQ(root["list"].items(2).size(), 2U);
    EXPECT_EQ(Node()["x"].items().size(), 0U);
}

TEST(Payload, NumbersAreExactTo64BitsOrNotThere) {
    const Document document = read(
        R"({"max": 9223372036854775807, "over": 9223372036854775808, "forty": 1234567890123456789012345678901234567890,
            "fraction": 1.5, "zero": -0, "text": "1181927104", "words": "12a"})");
    const Node root = document.root();
    EXPECT_EQ(root["max"].integer(), 9223372036854775807);
    EXPECT_EQ(root["over"].integer(), std::nullopt);
    EXPECT_EQ(root["forty"].integer(), std::nullopt);
    EXPECT_EQ(root["fraction"].integer(), std::nullopt);
    EXPECT_EQ(root["zero"].integer(), 0);
    EXPECT_EQ(root["text"].integer(), 1181927104);
    EXPECT_EQ(root["words"].integer(), std::nullopt);
}

TEST(Payload, TheLastOfDuplicateKeysCounts) {
    EXPECT_EQ(read(R"({"action": "opened", "action": "closed"})").root()["action"].text(), "closed");
}

TEST(Payload, TextIsWholeUtf8AndBounded) {
    const Document document = read(
        "{\"bad\": \"a\xFF\x62\", \"half\": \"x\\ud800y\", \"pair\": \"\\ud83d\\ude80\","
        " \"kept\": \"\\\\ud800\", \"long\": \"ééé\"}");
    const Node root = document.root();
    EXPECT_EQ(root["bad"].text(), "a\uFFFDb");
    EXPECT_EQ(root["half"].text(), "x\uFFFDy");
    EXPECT_EQ(root["pair"].text(), "🚀");
    EXPECT_EQ(root["kept"].text(), "\\ud800");
    EXPECT_EQ(root["long"].text(3), "é");
}

TEST(Payload, TimesComeAsTextAndAsNumbers) {
    const Document document =
        read(R"({"iso": "2026-11-23T09:12:31Z", "unix": 1795425151, "bad": "yesterday"})");
    const Node root = document.root();
    EXPECT_EQ(root["iso"].time(), TimePoint(std::chrono::seconds(1795425151)));
    EXPECT_EQ(root["unix"].time(), root["iso"].time());
    EXPECT_EQ(root["bad"].time(), std::nullopt);
}

TEST(Payload, WhatIsNoJsonIsAnErrorThatNamesThePlace) {
    for (const char* text : {"", "{", "{\"a\": }", "{} {}", "nothing"}) {
        const auto document = Document::parse(text);
        ASSERT_FALSE(document) << text;
        EXPECT_EQ(document.error().code, Errc::malformed);
        EXPECT_TRUE(document.error().detail.starts_with("not JSON: ")) << document.error().detail;
    }
    EXPECT_TRUE(Document::parse("\xEF\xBB\xBF{}"));
}

TEST(Payload, DepthIsBounded) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_TRUE(Document::parse(nested(100)));
    EXPECT_FALSE(Document::parse(nested(101)));
    EXPECT_FALSE(Document::parse(std::string(1'000'000, '[')));
}

TEST(Payload, AValueAsAPersonReadsIt) {
    const auto document = Document::parse(
        R"({"a":95,"b":0.30000000000000004,"c":true,"d":"x","e":null,"f":[1],"g":18446744073709551615,"h":false})");
    ASSERT_TRUE(document);
    const Node root = document->root();
    std::string all;
    for (const std::string& key : root.keys()) {
        all += root[key].shown() + ";";
    }
    EXPECT_EQ(all, "95;0.3;yes;x;;;18446744073709551615;no;");
    EXPECT_TRUE(root.has("e"));
    EXPECT_FALSE(root.has("z"));
}

}  // namespace
}  // namespace hookline::services
