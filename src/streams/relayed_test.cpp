#include "streams/relayed.hpp"

#include <gtest/gtest.h>

namespace hookline::streams {
namespace {

TEST(Relayed, ARequestThatARelayTookIn) {
    const Relayed relayed = unwrap(R"({"host":"smee.io","x-github-event":"star","x-github-delivery":"d1",
        "content-type":"application/json","timestamp":1763892011000,"query":{},"body":{"action":"created","n":1}})");
    EXPECT_EQ(relayed.payload, R"({"action":"created","n":1})");
    EXPECT_EQ(relayed.headers.get("X-GitHub-Event"), "star");
    EXPECT_EQ(relayed.headers.get("X-GitHub-Delivery"), "d1");
    EXPECT_FALSE(relayed.headers.get("timestamp"));
}

TEST(Relayed, AnyOtherJsonIsThePayload) {
    for (const std::string data : {R"({"body":"x"})", R"({"title":"Disk full"})", "[1,2]", "3"}) {
        EXPECT_EQ(unwrap(data).payload, data);
        EXPECT_TRUE(unwrap(data).headers.all().empty());
    }
}

TEST(Relayed, ATextIsAMessage) {
    EXPECT_EQ(unwrap("Disk \"full\"").payload, R"({"message":"Disk \"full\""})");
    EXPECT_EQ(unwrap("").payload, R"({"message":""})");
}

}  // namespace
}  // namespace hookline::streams
