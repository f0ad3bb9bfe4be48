#include "ingest/webhook_path.hpp"

namespace hookline::ingest {
namespace {

std::string read(std::string_view target) {
    const auto path = parse_webhook_path(target);
    if (!path) {
        return "none";
    }
    return fmt::format("{} {} {}{}", path->service, path->hook.value_or("-"),
                       path->secret.empty() ? "-" : path->secret.reveal(),
                       path->has_two_secrets ? " twice" : "");
}

TEST(WebhookPath, HasThreeForms) {
    EXPECT_EQ(read("/webhook/github"), "github - -");
    EXPECT_EQ(read("/webhook/github/hook_001"), "github hook_001 -");
    EXPECT_EQ(read("/webhook/custom/hook_001/s3cret"), "custom hook_001 s3cret");
    EXPECT_EQ(read("/webhook/custom/hook_001?token=s3cret"), "custom hook_001 s3cret");
    EXPECT_EQ(read("/webhook/custom/hook_001?a=b&token=a%2Fb%3d&c"), "custom hook_001 a/b=");
    EXPECT_EQ(read("/webhook/custom/hook_001/a%20b?x"), "custom hook_001 a b");
}

TEST(WebhookPath, ASecretGivenTwiceIsTold) {
    EXPECT_EQ(read("/webhook/custom/hook_001/a?token=b"), "custom hook_001 b twice");
    EXPECT_EQ(read("/webhook/custom/hook_001?token=a&token=a"), "custom hook_001 a twice");
}

TEST(WebhookPath, OtherShapesAreNone) {
    for (const std::string_view target :
         {"/webhook/", "/webhook//", "/webhook/github/", "/webhook//hook_001", "/webhook/github//secret",
          "/webhook/github/hook_001/", "/webhook/github/hook_001/secret/", "/webhook/github/hook_001/a/b",
          "/webhook/?token=a", "/webhook/github/hook_001/%00", "/webhook/github/hook_001/%",
          "/webhook/github/hook_001/%4", "/webhook/github/hook_001/%zz",
          "/webhook/github/hook_001?token=%0"}) {
        EXPECT_EQ(read(target), "none") << target;
    }
    // These have the shape, but name nothing: only a secret is ever decoded.
    EXPECT_EQ(read("/webhook/%2e%2e/api"), "%2e%2e api -");
    EXPECT_EQ(read("/webhook/../hook_001"), ".. hook_001 -");
}

TEST(PercentDecode, TakesFormsAndPathsApart) {
    EXPECT_EQ(percent_decode("a+b%2B", true), "a b+");
    EXPECT_EQ(percent_decode("a+b%2B", false), "a+b+");
    EXPECT_EQ(percent_decode("%F0%9F%9A%80", false), "\xF0\x9F\x9A\x80");
    EXPECT_EQ(percent_decode("", false), "");
    EXPECT_EQ(percent_decode("%-1", false), std::nullopt);
    EXPECT_EQ(percent_decode("%+1", false), std::nullopt);
    EXPECT_EQ(percent_decode("%0", false), std::nullopt);
}

}  // namespace
}  // namespace hookline::ingest
