// Which jobs are deployments, and where they deploy to.
#include "services/jenkins/deployment.hpp"

#include <gtest/gtest.h>

namespace hookline::services::jenkins {
namespace {

TEST(Deployment, AJobIsOneByAWordOfItsName) {
    for (const char* name : {"deploy", "deploy-production", "api_deploy", "DeployToStaging", "Deploy to prod",
                             "app.deployment", "ROLLOUT", "deploys"}) {
        EXPECT_TRUE(is_deployment(name)) << name;
    }
    for (const char* name : {"", "undeploy", "deployer", "build", "redeploy", "employ", "main"}) {
        EXPECT_FALSE(is_deployment(name)) << name;
    }
}

std::string environment(std::string_view name, std::string_view parameters = "{}") {
    const auto document = Document::parse(parameters);
    return environment_of(name, document->root());
}

TEST(Deployment, WhereToIsInAParameterOrInTheName) {
    EXPECT_EQ(environment("deploy", R"({"VERSION":"1","ENVIRONMENT":"production"})"), "production");
    EXPECT_EQ(environment("deploy-staging", R"({"env":" eu-west "})"), "eu-west");
    EXPECT_EQ(environment("deploy-staging", R"({"ENV":"", "ENVIRONMENT": null})"), "staging");
    EXPECT_EQ(environment("DeployToStaging"), "staging");
    EXPECT_EQ(environment("production-deploy"), "production");
    EXPECT_EQ(environment("deploy to EU West"), "EU-West");
    EXPECT_EQ(environment("api-deploy"), "");
    EXPECT_EQ(environment("deploy", R"(["ENV"])"), "");
}

event::Event pipeline(std::string_view action) {
    event::Event event;
    event.name = "pipeline";
    event.action = action;
    event.pipeline.emplace().project = "ops/deploy";
    event.pipeline->run.number = 7;
    return event;
}

TEST(Deployment, OnlyWhatStartsSucceedsOrFailsIsTold) {
    for (const auto& [action, told] :
         {std::pair{"started", "deployment.in_progress"}, std::pair{"passed", "deployment.success"},
          std::pair{"failed", "deployment.failure"}, std::pair{"cancelled", "pipeline.cancelled"},
          std::pair{"skipped", "pipeline.skipped"}, std::pair{"queued", "pipeline.queued"},
          std::pair{"completed", "pipeline.completed"}}) {
        event::Event event = pipeline(action);
        tell_deployment(event, "deploy", Node());
        EXPECT_EQ(event.full_name(), told);
        EXPECT_NE(event.pipeline.has_value(), event.deployment.has_value());
    }
    event::Event build = pipeline("passed");
    tell_deployment(build, "build", Node());
    EXPECT_EQ(build.full_name(), "pipeline.passed");
}

}  // namespace
}  // namespace hookline::services::jenkins
