// Names of jobs out of Jenkins' URLs, and the end of a log.
#include "services/jenkins/build.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "services/jenkins/log_tail.hpp"

namespace hookline::services::jenkins {
namespace {

TEST(Build, AJobsPlaceIsInItsUrl) {
    const struct {
        std::string_view url, name, built, project, leaf, branch;
    } cases[] = {
        {"job/app/", "app", "main", "app", "app", ""},
        {"job/team/job/app/", "app", "main", "team/app", "app", ""},
        {"job/team/job/app/job/main/", "main", "main", "team/app", "app", "main"},
        {"job/app/job/feature%252Foauth/", "feature%2Foauth", "feature/oauth", "app", "app", "feature/oauth"},
        {"job/job/job/job/", "job", "", "job/job", "job", ""},
        {"job/my%20app/", "my app", "", "my app", "my app", ""},
        {"job/app/12/", "app", "", "app", "app", ""},
        {"", "app", "", "app", "app", ""},
        {"", "", "", "", "", ""},
        {"job/main/", "main", "main", "main", "main", ""},  // a job that is called like its branch
        {"job/100%/", "100%", "", "100%", "100%", ""},
    };
    for (const auto& [url, name, built, project, leaf, branch] : cases) {
        const JobPath path = job_path(url, name, built);
        EXPECT_EQ(path.project, project) << url;
        EXPECT_EQ(path.leaf, leaf) << url;
        EXPECT_EQ(path.branch, branch) << url;
    }
    std::string deep;
    for (int i = 0; i < 10'000; ++i) {
        deep += "job/x/";
    }
    EXPECT_LT(job_path(deep, "", "").project.size(), 100U);
}

TEST(Build, TheEndOfALogSaysWhatWentWrong) {
    EXPECT_EQ(log_tail("+ make\n\x1b[31merror: x\x1b[0m\r\n[Pipeline] }\n\nFinished: FAILURE\n"),
              "+ make\nerror: x");
    EXPECT_EQ(log_tail(""), "");
    EXPECT_EQ(log_tail("[Pipeline] End\nFinished: FAILURE"), "");
    std::string many;
    for (int i = 0; i < 100'000; ++i) {
        many += fmt::format("line {}\n", i);
    }
    EXPECT_EQ(log_tail(many), "line 99994\nline 99995\nline 99996\nline 99997\nline 99998\nline 99999");
    EXPECT_TRUE(is_utf8(log_tail("a\xFF\nb\xC3")));
    EXPECT_LT(log_tail(std::string(5'000'000, 'x')).size(), 2'000U);
    EXPECT_EQ(log_tail("\x1b[\n\x1b"), "");
}

TEST(Build, ALogsSecretsAreLeftOut) {
    EXPECT_EQ(log_tail("export API_TOKEN=abc123 done\nKeyError: 'x'"),
              "export API_TOKEN=… done\nKeyError: 'x'");
}

}  // namespace
}  // namespace hookline::services::jenkins
