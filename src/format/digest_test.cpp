// What a summary calls what happened.
#include "format/digest.hpp"

#include <gtest/gtest.h>

namespace hookline::format {

TEST(Digest, CallsADeploymentsEndWhatPeopleCallIt) {
    event::Event event;
    event.name = "deployment";
    event.deployment.emplace();
    event.deployment->environment = "production";
    struct Case {
        const char* action;
        event::Conclusion conclusion;
        const char* word;
    };
    for (const Case& c : {Case{"success", event::Conclusion::success, "succeeded"},
                          Case{"error", event::Conclusion::failure, "failed"},
                          Case{"cancelled", event::Conclusion::cancelled, "cancelled"},
                          Case{"in_progress", event::Conclusion::none, "in progress"}}) {
        event.action = c.action;
        event.deployment->conclusion = c.conclusion;
        EXPECT_EQ(digest_item(event).what, c.word);
        EXPECT_EQ(digest_item(event).label, "production");
    }
}

}  // namespace hookline::format
