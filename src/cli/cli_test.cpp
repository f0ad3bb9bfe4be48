#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "cli/calls.hpp"
#include "cli/daemon.hpp"

namespace hookline::cli {

using testing::HasSubstr;
using testing::StartsWith;

namespace {

class CommandLine : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("hookline_cli_" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string file(const std::string& name, const std::string& text) {
        const auto path = folder_ / name;
        std::ofstream(path, std::ios::binary) << text;
        return path.string();
    }

    std::filesystem::path folder_;
    std::map<std::string, std::string> variables_;
    std::istringstream in_;
    std::ostringstream out_, err_;
    Process process_{[this](std::string_view name) -> std::optional<std::string> {
                         const auto found = variables_.find(std::string(name));
                         return found == variables_.end() ? std::nullopt : std::optional(found->second);
                     },
                     in_, out_, err_};
};

constexpr const char* issue =
    R"({"action":"opened","issue":{"number":7,"title":"Crash on start","html_url":"https://github.com/o/r/issues/7",
        "state":"open","user":{"login":"ann"},"body":"It crashes."},
        "repository":{"id":1,"full_name":"o/r","html_url":"https://github.com/o/r"},"sender":{"login":"ann"}})";

}  // namespace

TEST_F(CommandLine, FindsTheDaemonByItsVariables) {
    variables_["HOOKLINE_ADMIN_TOKEN"] = "t";
    EXPECT_EQ(find_daemon(process_)->url, "http://127.0.0.1:8080");
    variables_["HOOKLINE_LISTEN"] = "127.0.0.1:9";
    EXPECT_EQ(find_daemon(process_)->url, "http://127.0.0.1:9");
    variables_["HOOKLINE_URL"] = "https://hooks.example";
    EXPECT_EQ(find_daemon(process_)->url, "https://hooks.example");
}

TEST_F(CommandLine, TheAdminTokenComesFromTheDataFolderWithoutItsLineEnd) {
    file("admin.token", "secret-token\n");
    variables_["HOOKLINE_DATA_DIR"] = folder_.string();
    const auto daemon = find_daemon(process_);
    ASSERT_TRUE(daemon);
    EXPECT_EQ(daemon->admin_token.reveal(), "secret-token");
}

TEST_F(CommandLine, TheAdminTokenNeverTravelsReadable) {
    variables_["HOOKLINE_ADMIN_TOKEN"] = "t";
    variables_["HOOKLINE_URL"] = "http://hooks.example";
    EXPECT_EQ(
        find_daemon(process_).error().detail,
        "HOOKLINE_URL: plain http is only for this machine, since the admin token would travel readable; "
        "use https.");
}

TEST_F(CommandLine, SaysWhatToDoWhereNothingAnswers) {
    variables_["HOOKLINE_ADMIN_TOKEN"] = "t";
    variables_["HOOKLINE_URL"] = "http://127.0.0.1:1";
    EXPECT_EQ(hook(process_, {"list"}), did_not_hold);
    EXPECT_THAT(err_.str(), StartsWith("hookline: the daemon at http://127.0.0.1:1 does not answer ("));
    EXPECT_THAT(err_.str(), HasSubstr("Is `hookline serve` running?"));
}

TEST_F(CommandLine, RendersAPayloadOffline) {
    RenderOptions options;
    options.payload.service = "github";
    options.payload.event = "issues";
    options.payload.file = file("issue.json", issue);
    EXPECT_EQ(render(process_, options), fine) << err_.str();
    EXPECT_THAT(out_.str(), HasSubstr("Crash on start"));
    EXPECT_EQ(out_.str().find('\x1b'), std::string::npos) << "no colours where it is no terminal";
}

TEST_F(CommandLine, RendersFromStandardInputWithTheEventFromAHeader) {
    in_.str(issue);
    RenderOptions options;
    options.payload.service = "github";
    options.payload.file = "-";
    options.as = "json";
    options.payload.headers = {"X-GitHub-Event: issues"};
    EXPECT_EQ(render(process_, options), fine) << err_.str();
    EXPECT_THAT(out_.str(), HasSubstr("\"allowed_mentions\""));
}

TEST_F(CommandLine, RenderSaysWhatIsWrong) {
    RenderOptions options;
    options.payload.service = "github";
    options.payload.event = "issues";
    options.payload.file = (folder_ / "missing.json").string();
    EXPECT_EQ(render(process_, options), usage_error);
    EXPECT_EQ(err_.str(), "hookline: cannot read " + options.payload.file + ": No such file or directory\n");
    err_.str("");
    options.payload.service = "githib";
    EXPECT_EQ(render(process_, options), usage_error);
    EXPECT_EQ(err_.str().rfind("hookline: --service \"githib\" is not offered; there is: github, ", 0), 0U)
        << err_.str();
    err_.str("");
    options.payload.service = "github";
    options.as = "html";
    EXPECT_EQ(render(process_, options), usage_error);
    EXPECT_EQ(err_.str(), "hookline: --as \"html\" is not a form; there are terminal, text and json\n");
    err_.str("");
    options.as = "";
    options.style = "short";
    EXPECT_EQ(render(process_, options), usage_error);
    EXPECT_EQ(err_.str(), "hookline: --style \"short\" is no style; there are compact, normal and full\n");
    err_.str("");
    options.style = "";
    options.payload.event = "issues";
    options.payload.file = file("broken.json", "{\"action\":");
    EXPECT_EQ(render(process_, options), usage_error);
    EXPECT_THAT(err_.str(), StartsWith("hookline: "));
}

TEST_F(CommandLine, RendersATemplateOfOnesOwnAndSaysWhatItDoesNotKnow) {
    RenderOptions options;
    options.payload.service = "github";
    options.payload.event = "issues";
    options.payload.file = file("issue.json", issue);
    options.form = "**{{ title }}** {{ titel }}";
    EXPECT_EQ(render(process_, options), fine) << err_.str();
    EXPECT_THAT(out_.str(), HasSubstr("Crash on start"));
    EXPECT_THAT(err_.str(), HasSubstr("Note: there is no field \"titel\"; did you mean \"title\"?"));
    options.form = "{{ title";
    EXPECT_EQ(render(process_, options), usage_error);
    EXPECT_THAT(err_.str(), HasSubstr("--template: \"}}\" is missing at the end\n{{ title\n^^"));
    options.form = "@" + file("form.toml", "title = \"{{ title }}\"\ncolour = \"red\"\n");
    options.as = "json";
    EXPECT_EQ(render(process_, options), fine) << err_.str();
    EXPECT_THAT(out_.str(), HasSubstr("\"color\":15158332"));
}

TEST_F(CommandLine, EvalGivesTheValueAndSaysByItsExitCodeWhetherItIsTrue) {
    EvalOptions options;
    options.payload.service = "github";
    options.payload.event = "issues";
    options.payload.file = file("issue.json", issue);
    options.expression = "title ~ '!'";
    EXPECT_EQ(eval(process_, options), fine) << err_.str();
    EXPECT_EQ(out_.str(), "Crash on start!\n");
    options.expression = "title == 'Other'";
    EXPECT_EQ(eval(process_, options), did_not_hold);
    options.expression = "titel == 'Other'";
    EXPECT_EQ(eval(process_, options), usage_error);
    EXPECT_EQ(err_.str(),
              "hookline: there is no field \"titel\"; did you mean \"title\"?\ntitel == 'Other'\n^^^^^\n");
    err_.str("");
    options.expression = "";
    EXPECT_EQ(eval(process_, options), usage_error);
    EXPECT_EQ(err_.str(), "hookline: the expression is empty\n\n^\n");
}

TEST_F(CommandLine, FieldsListsWhatConditionsCanName) {
    FieldsOptions options;
    options.service = "github";
    options.event = "pr.merged";
    EXPECT_EQ(fields(process_, options), fine) << err_.str();
    EXPECT_THAT(out_.str(), HasSubstr("pr.status"));
    EXPECT_EQ(out_.str().find("push.commits"), std::string::npos);
    options.event = "psh";
    EXPECT_EQ(fields(process_, options), usage_error);
    EXPECT_EQ(err_.str(), "hookline: there is no event \"psh\"; did you mean \"push\"?\n");
}

}  // namespace hookline::cli
