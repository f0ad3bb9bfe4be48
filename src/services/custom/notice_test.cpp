// What is found in JSON that nobody described to us.
#include "services/custom/notice.hpp"

#include <gmock/gmock.h>

#include "base/iso_time.hpp"
#include "services/custom/custom.hpp"
#include "services/custom/severity.hpp"

namespace hookline::services::custom {
namespace {

using Severity = event::Notice::Severity;

event::Event read(std::string_view payload) {
    event::Delivery delivery;
    delivery.service = event::Service::custom;
    delivery.event_type = "json";
    delivery.payload = payload;
    return adapter().parse(delivery).value();
}

std::string facts(const event::Event& event) {
    std::string result;
    for (const auto& fact : event.notice->facts) {
        result += fmt::format("{}{}={}", result.empty() ? "" : "; ", fact.name, fact.value);
    }
    return result;
}

TEST(Notice, TitleAndTextByTheNamesThatServicesUse) {
    const struct {
        std::string_view payload, title, text;
    } cases[] = {
        {R"({"event":"Server Alert","message":"CPU usage at 95%"})", "Server Alert", "CPU usage at 95%"},
        {R"({"title":"Disk full","body":"91 %","event":"alert"})", "Disk full", "91 %"},
        {R"({"subject":"Report","text":"All is well"})", "Report", "All is well"},
        {R"({"message":"One line\nand more of it"})", "One line", "and more of it"},
        {R"({"message":"One line"})", "One line", ""},
        {R"({"type":"order.shipped","data":{"description":"On its way"}})", "Order shipped", "On its way"},
        {R"({"alert":{"summary":"Slow","details":{"msg":"8 s"}}})", "Slow", "8 s"},
        {R"({"event_type":"userCreated"})", "User created", ""},
        {R"({"name":"backup"})", "Backup", ""},
        {R"({"title":null,"subject":"","headline":"Third"})", "Third", ""},
        {R"({"Title":"Case does not matter","Message":"so"})", "Case does not matter", "so"},
        {"{}", "", ""},
    };
    for (const auto& [payload, title, text] : cases) {
        const event::Event event = read(payload);
        EXPECT_EQ(event.name, "notice") << payload;
        EXPECT_EQ(event.title, title) << payload;
        ASSERT_TRUE(event.notice);
        EXPECT_EQ(event.notice->text, text) << payload;
        EXPECT_EQ(event.message, text);
    }
}

TEST(Notice, SeverityInAnyOfItsWords) {
    const struct {
        std::string_view payload, name;
    } cases[] = {
        {R"({"severity":"CRITICAL"})", "notice.critical"},
        {R"({"level":"warn"})", "notice.warning"},
        {R"({"priority":"P1"})", "notice.critical"},
        {R"({"status":"failed"})", "notice.error"},
        {R"({"state":"ok"})", "notice.success"},
        {R"({"success":false})", "notice.error"},
        {R"({"ok":true})", "notice.success"},
        {R"({"data":{"severity":"info"}})", "notice.info"},
        {R"({"status":"open","level":"high"})", "notice.error"},
        {R"({"severity":3})", "notice"},
        {R"({"status":"banana"})", "notice"},
    };
    for (const auto& [payload, name] : cases) {
        EXPECT_EQ(read(payload).full_name(), name) << payload;
    }
    EXPECT_EQ(severity_of("  Sev-1 "), Severity::critical);
    EXPECT_EQ(severity_of(std::string(100'000, 'x')), std::nullopt);
}

TEST(Notice, LinkTimeImageAndSource) {
    const event::Event event = read(R"j({"title":"T","link":"javascript:alert(1)","data":{"html_url":
        "https://example.org/1","image_url":"https://example.org/1.png"},"service":"billing",
        "created_at":"2026-11-23T20:14:05Z"})j");
    EXPECT_EQ(event.url, "https://example.org/1");
    EXPECT_EQ(event.notice->image_url, "https://example.org/1.png");
    EXPECT_EQ(event.notice->source, "billing");
    EXPECT_EQ(iso_time(event.time), "2026-11-23T20:14:05.000Z");
    EXPECT_EQ(read(R"({"timestamp":1795428961})").time, parse_time("1795428961"));
}

TEST(Notice, WhatIsLeftBecomesFields) {
    EXPECT_EQ(facts(read(R"({"title":"T","cpu":0.95,"hostName":"web-1","is_primary":true,"tags":["a","b"],
                           "count":9007199254740993,"empty":"","nothing":null,"list":[],"inner":{"a":1}})")),
              "CPU=0.95; Host name=web-1; Is primary=yes; Tags=a, b; Count=9007199254740993");
}

TEST(Notice, SecretsAndWhatNobodyReadsIsLeftOut) {
    EXPECT_EQ(facts(read(R"({"title":"T","api_token":"x1","client-secret":"x2","password":"x3","user_id":"x4",
        "X-Signature":"x5","id":7,"request":"e4874d66-4c35-40c1-a32e-ab185f12c5ab","host":"web-1",
        "digest":"4f53cda18c2b4f53cda18c2b4f53cda18c2b4f53","session":"x6","apiKey":"x7"})")),
              "Host=web-1");
}

TEST(Notice, IsBounded) {
    std::string many = "{";
    for (int i = 0; i < 5'000; ++i) {
        many += fmt::format("{}\"field {}\":\"{}\"", i > 0 ? "," : "", i, std::string(400, 'v'));
    }
    const event::Event event = read(many + "}");
    EXPECT_EQ(event.notice->facts.size(), most_facts);
    EXPECT_LE(event.notice->facts.front().value.size(), longest_fact + 3);
    std::string deep;
    for (int i = 0; i < 90; ++i) {
        deep += R"({"data":)";
    }
    EXPECT_EQ(read(deep + "1" + std::string(90, '}')).title, "");
    const event::Event long_title = read(R"({"title":")" + std::string(1'000'000, 't') + R"("})");
    EXPECT_LE(long_title.title.size(), longest_title + 3);
    std::string wide = R"({"data":{)";
    for (int i = 0; i < 1'000; ++i) {
        wide += fmt::format("{}\"a{}\":{{}}", i > 0 ? "," : "", i);
    }
    EXPECT_EQ(read(wide + R"(},"message":"found"})").title, "found");
}

TEST(Notice, KeysAsWords) {
    EXPECT_EQ(spelled("alert_name"), "Alert name");
    EXPECT_EQ(spelled("hostName"), "Host name");
    EXPECT_EQ(spelled("url"), "URL");
    EXPECT_EQ(spelled(""), "");
    EXPECT_EQ(spelled("__x__"), "X");
}

}  // namespace
}  // namespace hookline::services::custom
