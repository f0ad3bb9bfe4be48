#include "discord/limit_report.hpp"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>

namespace hookline::discord {

namespace {

using std::chrono::milliseconds;

const TimePoint now{milliseconds(1'700'000'000'000)};  // 2023-11-14T22:13:20Z

net::Response response_of(int status, std::string body, net::Fields fields) {
    net::Response response(status);
    response.body = std::move(body);
    response.fields = std::move(fields);
    return response;
}

}  // namespace

TEST(ReadLimits, TakesTheFieldsOfAnyAnswer) {
    const auto report = read_limits(response_of(200, "{}",
                                                {{"X-RateLimit-Limit", "5"},
                                                 {"x-ratelimit-remaining", "3"},
                                                 {"X-RateLimit-Reset", "1700000001.5"},
                                                 {"X-RateLimit-Reset-After", "0.3301"},
                                                 {"X-RateLimit-Bucket", "abc"}}),
                                    now);
    EXPECT_EQ(report.limit, 5);
    EXPECT_EQ(report.remaining, 3);
    EXPECT_EQ(report.reset_after, milliseconds(331));  // rounded up: never early
    EXPECT_EQ(report.bucket, "abc");
    EXPECT_FALSE(report.limited);
}

TEST(ReadLimits, NonsenseReadsAsNothing) {
    for (const char* text : {"", "x", "nan", "inf", "-1", "1e", "0x10", "5 "}) {
        const auto report = read_limits(response_of(200, "", {{"X-RateLimit-Reset-After", text}}), now);
        EXPECT_FALSE(report.reset_after) << text;
    }
    EXPECT_FALSE(
        read_limits(response_of(200, "", {{"X-RateLimit-Limit", "99999999999999999999"}}), now).limit);
    const auto huge = read_limits(response_of(200, "", {{"X-RateLimit-Reset-After", "1e300"}}), now);
    EXPECT_EQ(huge.reset_after, milliseconds(longest_wait));
}

TEST(ReadLimits, EveryShapeOf429) {
    using Kind = Limited::Kind;
    struct Case {
        const char* body;
        net::Fields fields;
        Kind kind;
        milliseconds wait;
    };
    const std::pair<std::string, std::string> remaining{"X-RateLimit-Remaining", "0"};
    for (const Case& c : {
             Case{R"({"message":"","retry_after":0.376,"global":false})",
                  {remaining},
                  Kind::bucket,
                  milliseconds(376)},
             Case{R"({"retry_after":65,"global":false})",
                  {remaining, {"Retry-After", "65"}},
                  Kind::bucket,
                  milliseconds(65'000)},
             Case{R"({"retry_after":1336.57})",
                  {remaining, {"Retry-After", "1"}},
                  Kind::bucket,
                  milliseconds(1'336'570)},
             Case{R"({"retry_after":1})",
                  {remaining, {"Retry-After", "9"}},
                  Kind::bucket,
                  milliseconds(9'000)},
             Case{R"({"retry_after":2,"global":true})", {}, Kind::global, milliseconds(2'000)},
             Case{
                 R"({"retry_after":2})", {{"X-RateLimit-Global", "true"}}, Kind::global, milliseconds(2'000)},
             Case{R"({"retry_after":2})",
                  {{"X-RateLimit-Scope", "global"}},
                  Kind::global,
                  milliseconds(2'000)},
             Case{R"({"retry_after":30})",
                  {{"X-RateLimit-Scope", "shared"}},
                  Kind::shared,
                  milliseconds(30'000)},
             Case{"not json", {remaining, {"Retry-After", "3"}}, Kind::bucket, milliseconds(3'000)},
             Case{"", {remaining, {"Retry-After", "3"}}, Kind::bucket, milliseconds(3'000)},
             Case{"{}", {remaining}, Kind::bucket, milliseconds(5'000)},
             Case{R"({"retry_after":-1})",
                  {remaining, {"Retry-After", "NaN"}},
                  Kind::bucket,
                  milliseconds(5'000)},
             Case{R"({"retry_after":1e9})", {remaining}, Kind::bucket, milliseconds(longest_wait)},
             Case{"{}", {remaining, {"Retry-After", "1e9"}}, Kind::bucket, milliseconds(longest_wait)},
             Case{R"({"retry_after":"soon"})",
                  {remaining, {"Retry-After", "2"}},
                  Kind::bucket,
                  milliseconds(2'000)},
             Case{"{}",
                  {remaining, {"Retry-After", "Tue, 14 Nov 2023 22:13:50 GMT"}},
                  Kind::bucket,
                  milliseconds(30'000)},
             Case{"{}",
                  {remaining, {"Retry-After", "Tue, 14 Nov 2000 22:13:50 GMT"}},
                  Kind::bucket,
                  milliseconds(0)},
             Case{"<html>", {}, Kind::ban, milliseconds(0)},
             Case{"error code: 1015", {{"Retry-After", "3600"}}, Kind::ban, milliseconds(3'600'000)},
             Case{R"({"code":0,"message":"You are being blocked from accessing our API temporarily"})",
                  {},
                  Kind::ban,
                  milliseconds(0)},
             Case{"", {}, Kind::ban, milliseconds(0)},
         }) {
        const auto report = read_limits(response_of(429, c.body, c.fields), now);
        ASSERT_TRUE(report.limited) << c.body;
        EXPECT_EQ(report.limited->kind, c.kind) << c.body;
        EXPECT_EQ(report.limited->wait, c.wait) << c.body;
    }
}

TEST(ReadLimits, ABanHasOtherStatusesToo) {
    for (const net::Response& page :
         {response_of(403, "error code: 1015", {}), response_of(503, "<html>Error 1015</html>", {}),
          response_of(403, R"({"message":"internal network error","code":40333})", {})}) {
        const auto report = read_limits(page, now);
        ASSERT_TRUE(report.limited) << page.body;
        EXPECT_EQ(report.limited->kind, Limited::Kind::ban);
    }
    for (const net::Response& other :
         {response_of(403, R"({"code":50013,"message":"Missing Permissions"})", {}),
          response_of(403, "<html>Forbidden</html>", {}), response_of(503, "<html>upstream</html>", {}),
          response_of(502, "error code: 1015", {}), response_of(200, "error code: 1015", {})}) {
        EXPECT_FALSE(read_limits(other, now).limited) << other.body;
    }
}

TEST(ErrorBody, IsBoundedAndAnObject) {
    EXPECT_TRUE(error_body(response_of(400, R"({"code":1})", {})));
    for (const std::string& body :
         {std::string("[]"), std::string("1"), std::string("<html>"), std::string(),
          "{\"a\":\"" + std::string(70'000, 'x') + "\"}", std::string(100'000, '[')}) {
        EXPECT_FALSE(error_body(response_of(400, body, {})));
    }
}

}  // namespace hookline::discord
