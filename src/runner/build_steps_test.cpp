// At which step a build failed, by what its tool printed.
#include "runner/build_steps.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace hookline::runner {
namespace {

BuildSteps after(std::string_view output) {
    BuildSteps steps;
    for (const std::string_view line : split(output, '\n')) {
        steps.on_line(line);
    }
    return steps;
}

TEST(BuildSteps, TheClassicBuilder) {
    const BuildSteps failed = after(
        "Sending build context to Docker daemon  2.048kB\nStep 1/5 : FROM demo:1\n ---> 3a09b2588478\n"
        "Step 2/5 : COPY a .\n ---> Using cache\n ---> 4a2\nStep 3/5 : RUN make -j\n ---> Running in "
        "9ae4f7c0c6b5\n"
        "make: *** Error 1\nThe command '/bin/sh -c make -j' returned a non-zero code: 2\n");
    EXPECT_EQ(failed.failed(), "RUN make -j");
    EXPECT_EQ(failed.total(), 5);
    EXPECT_EQ(failed.done(true), 2);
    EXPECT_EQ(failed.cached(), 1);
    EXPECT_EQ(failed.error(), "The command '/bin/sh -c make -j' returned a non-zero code: 2");
    const BuildSteps built =
        after("Step 1/1 : FROM a\nSuccessfully built 4f53cda18c2b\nSuccessfully tagged a:1\n");
    EXPECT_EQ(built.image_id(), "4f53cda18c2b");
    EXPECT_EQ(built.failed(), "") << "what came after the build failed";
    EXPECT_EQ(built.done(false), 1);
}

TEST(BuildSteps, ASecondBuildBeginsAnew) {
    const BuildSteps steps = after("Step 1/1 : FROM a\nSuccessfully built 4f53cda18c2b\nStep 1/2 : FROM b\n");
    EXPECT_EQ(steps.image_id(), "");
    EXPECT_EQ(steps.failed(), "FROM b");
    EXPECT_EQ(steps.total(), 2);
}

TEST(BuildSteps, BuildKitWithoutATerminal) {
    const BuildSteps steps = after(
        "#0 building with \"default\" instance using docker driver\n#1 [internal] load build definition\n#1 "
        "DONE 0.0s\n"
        "#4 [builder 1/3] FROM docker.io/library/alpine\n#4 CACHED\n#5 [builder 2/3] COPY . .\n#5 DONE 0.1s\n"
        "#6 [builder 3/3] RUN make\n#6 0.312 make: not found\n"
        "#6 ERROR: process \"/bin/sh -c make\" did not complete successfully: exit code: 127\n------\n"
        " > [builder 3/3] RUN make:\n0.312 make: not found\n------\n"
        "ERROR: failed to solve: process \"/bin/sh -c make\" did not complete successfully: exit code: "
        "127\n");
    EXPECT_EQ(steps.failed(), "RUN make");
    EXPECT_EQ(steps.total(), 3);
    EXPECT_EQ(steps.done(true), 2);
    EXPECT_EQ(steps.cached(), 1);
    EXPECT_EQ(steps.error(),
              "failed to solve: process \"/bin/sh -c make\" did not complete successfully: exit code: 127");
}

TEST(BuildSteps, BuildKitOnATerminal) {
    const BuildSteps steps = after(
        "[+] Building 0.5s (6/7)\n => [1/3] FROM docker.io/library/alpine          0.0s\n"
        " => CACHED [2/3] COPY . .     0.0s\n => ERROR [3/3] RUN make           0.3s\n");
    EXPECT_EQ(steps.failed(), "RUN make");
    EXPECT_EQ(steps.total(), 3);
    EXPECT_EQ(steps.done(true), std::nullopt);
    EXPECT_EQ(after(" => => writing image "
                    "sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945   0.0s")
                  .image_id(),
              "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945");
}

TEST(BuildSteps, Podman) {
    const BuildSteps steps = after(
        "STEP 1/2: FROM alpine\nSTEP 2/2: RUN make\n"
        "Error: building at STEP \"RUN make\": while running runtime: exit status 127\n");
    EXPECT_EQ(steps.failed(), "RUN make");
    EXPECT_EQ(steps.error(), "building at STEP \"RUN make\": while running runtime: exit status 127");
    const std::string id = "4e2bd872fdd7e73495ae82502f7e91ca790fe29218cd11d1944959a1a975fa0e";
    EXPECT_EQ(
        after("STEP 1/1: FROM scratch\nCOMMIT a:1\n--> 4e2bd872fdd\nSuccessfully tagged localhost/a:1\n" + id)
            .image_id(),
        id);
    EXPECT_EQ(after(id).image_id(), "");
}

TEST(BuildSteps, OtherOutputMeansNothing) {
    for (const char* output :
         {"", "Step one\n", "#define x\n# Heading\n#8\n#8 [\n#8 []\n", "=> \n=> ERROR\n",
          "Step 99999999999999999999/5 : x\n", "Successfully built yesterday\n", "[1/2] a\n"}) {
        const BuildSteps steps = after(output);
        EXPECT_EQ(steps.failed(), "") << output;
        EXPECT_EQ(steps.total(), std::nullopt) << output;
        EXPECT_EQ(steps.image_id(), "") << output;
    }
}

}  // namespace
}  // namespace hookline::runner
