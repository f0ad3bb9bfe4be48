#include "services/redact.hpp"

#include <gtest/gtest.h>

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
    };
    for (const auto& [line, shown] : cases) {
        EXPECT_EQ(without_secrets(line), shown);
    }
}

TEST(Redact, ErrorsAreLeftToBeRead) {
    for (const char* line : {"3 tests failed: see report", "KeyError: 'name'", "passed: 210", "",
                             "SyntaxError: Unexpected token: }", "fatal: not a git repository: https://a/b",
                             "mail me@example.org: no", "a:b=c", "http://", ":", "="}) {
        EXPECT_EQ(without_secrets(line), line);
    }
}

}  // namespace
}  // namespace hookline::services
