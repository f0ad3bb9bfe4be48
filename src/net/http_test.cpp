#include "net/http.hpp"

#include <gtest/gtest.h>

#include "net/http_client.hpp"

namespace hookline::net {

TEST(Fields, AreFoundWithoutRegardToCase) {
    const Fields fields{{"Content-Type", "text/plain"}, {"content-type", "second"}};
    EXPECT_EQ(field(fields, "CONTENT-TYPE"), "text/plain");
    EXPECT_EQ(field(fields, "Content"), "");
}

TEST(ParseOrigin, TakesSchemeHostPortAndPath) {
    struct Case {
        const char* url;
        const char* scheme;
        const char* host;
        const char* port;
        const char* path;
    };
    for (const Case& c : {Case{"https://discord.com/api/v10", "https", "discord.com", "443", "/api/v10"},
                          Case{"https://API.GitHub.com", "https", "api.github.com", "443", ""},
                          Case{"HTTP://127.0.0.1:8080/", "http", "127.0.0.1", "8080", ""},
                          Case{"http://[::1]:80/x//", "http", "::1", "80", "/x"},
                          Case{"https://[2001:db8::1]", "https", "2001:db8::1", "443", ""}}) {
        const auto origin = parse_origin(c.url);
        ASSERT_TRUE(origin) << c.url;
        EXPECT_EQ(origin->scheme, c.scheme) << c.url;
        EXPECT_EQ(origin->host, c.host) << c.url;
        EXPECT_EQ(origin->port, c.port) << c.url;
        EXPECT_EQ(origin->base_path, c.path) << c.url;
    }
}

TEST(ParseOrigin, RefusesWhatCouldLeadElsewhere) {
    for (const char* url : {"",
                            "discord.com",
                            "ftp://a",
                            "://a",
                            "https://",
                            "https:///path",
                            "https://user:pw@host/",
                            "https://host?x",
                            "https://host/#a",
                            "https://host:",
                            "https://host:0",
                            "https://host:65536",
                            "https://host:8x",
                            "https://ho st",
                            "https://host/a b",
                            "https://host/a\r\nb",
                            "https://[::1",
                            "https://[nonsense]",
                            "https://[::1]8",
                            "https://a:1:2",
                            "https://host/\xc3\xa4"}) {
        EXPECT_FALSE(parse_origin(url)) << url;
    }
    EXPECT_EQ(parse_origin("https://me@host").error().detail,
              "an address must hold no user, query or fragment");
    EXPECT_FALSE(parse_origin("https://" + std::string(3000, 'a')));
}

TEST(IsLoopback, IsTrueOnlyForThisMachine) {
    for (const char* url : {"http://127.0.0.1", "http://127.8.9.1:1", "http://[::1]", "http://localhost:3"}) {
        EXPECT_TRUE(is_loopback(*parse_origin(url))) << url;
    }
    for (const char* url : {"http://10.0.0.1", "http://localhost.example.org", "http://0.0.0.0",
                            "http://127.0.0.1.example.org"}) {
        EXPECT_FALSE(is_loopback(*parse_origin(url))) << url;
    }
}

}  // namespace hookline::net
