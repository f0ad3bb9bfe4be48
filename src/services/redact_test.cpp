#include "services/redact.hpp"

#include <gmock/gmock.h>

namespace hookline::services {
namespace {

TEST(Redact, WhatIsAssignedToASecretsName) {
    const struct {
        std::string_view line, shown;
    } cases[] = {
        {"export API_TOKEN=abc123 done", "export API_TOKEN=… done"},
        {"token=abc", "token=…"},
        {"password: hunter2", "password:…"},
        {"DB_PASSWORD=\"a b\"", "DB_PASSWORD=…"},
        {"curl --user x --secret-key=a,b", "curl --user x --secret-key=…,b"},
        {"aws_secret_access_key = x y", "aws_secret_access_key =… y"},
        {"AWS_SECRET_ACCESS_KEY=", "AWS_SECRET_ACCESS_KEY="},
        {"curl -H 'Authorization: Bearer abc.def'", "curl -H 'Authorization:…"},
        {"git clone https://bot:s3cret@git.example/a/b.git", "git clone https://…@git.example/a/b.git"},
        {"npm ERR! x://user@host y", "npm ERR! x://…@host y"},
        {"me@b x://host/c", "me@b x://host/c"},
        {"HOOKLINE_TO=https://h.example/webhook/docker/hook_001/dk_abc",
         "HOOKLINE_TO=https://h.example/webhook/docker/hook_001/…"},
        {"curl 'http://u:p@h/in/webhook/ci/hook_2/ci_abc?x=1' -d a",
         "curl 'http://…@h/in/webhook/ci/hook_2/…?x=1' -d a"},
        {"curl https://discord.com/api/webhooks/123/aB-c_d -d x",
         "curl https://discord.com/api/webhooks/123/… -d x"},
        {"/webhook/docker/hook_001?token=abc", "/webhook/docker/hook_001?token=…"},
        {"POST /webhook/docker/hook_001/ and /webhook/docker/hook_001",
         "POST /webhook/docker/hook_001/ and /webhook/docker/hook_001"},
    };
    for (const auto& [line, shown] : cases) {
        EXPECT_EQ(without_secrets(line), shown);
    }
}

TEST(Redact, WhatWasHiddenIsKnown) {
    using testing::ElementsAre;
    EXPECT_THAT(redact("API_TOKEN=abc123 DB_PASSWORD=\"a b\" x").hidden, ElementsAre("abc123", "a b"));
    EXPECT_THAT(redact("curl -H 'Authorization: Bearer abc.def' -d x").hidden, ElementsAre("abc.def"));
    EXPECT_THAT(redact("authorization:abc").hidden, ElementsAre("abc"));
    EXPECT_THAT(redact("x://ann:s3cret@a x://ann@b x://ghp_0123456789abcdef@c").hidden,
                ElementsAre("s3cret", "ghp_0123456789abcdef"));
    EXPECT_THAT(redact("http://h/webhook/docker/hook_001/dk_abc?token=def").hidden,
                ElementsAre("dk_abc", "def"));
    EXPECT_THAT(redact("nothing: here, API_TOKEN=").hidden, ElementsAre());
}

TEST(Redact, ErrorsAreLeftToBeRead) {
    for (const char* line : {"3 tests failed: see report", "KeyError: 'name'", "passed: 210", "",
                             "SyntaxError: Unexpected token: }", "fatal: not a git repository: https://a/b",
                             "mail me@example.org: no", "a:b=c", "http://", ":", "="}) {
        EXPECT_EQ(without_secrets(line), line);
    }
}

TEST(Redact, ALongLineTakesNoLongTime) {
    constexpr std::size_t times = 200'000;
    for (const std::string_view part : {"://", "a@b", "/webhook/a/b/", "= :"}) {
        std::string line;
        for (std::size_t at = 0; at < times; ++at) {
            line += part;
        }
        EXPECT_GE(without_secrets(line).size(), times) << part;
    }
}

}  // namespace
}  // namespace hookline::services
