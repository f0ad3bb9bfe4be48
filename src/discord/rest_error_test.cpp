#include "discord/rest_error.hpp"

#include <gtest/gtest.h>

namespace hookline::discord {

namespace {

RestError answered(int status, int code, std::string message = "Words") {
    RestError error(RestError::Cause::answered, status, std::move(message));
    error.code = code;
    return error;
}

}  // namespace

TEST(RestError, SaysStatusWordsAndCode) {
    EXPECT_EQ(answered(403, 50013, "Missing Permissions").text(), "403 Missing Permissions (50013)");
    EXPECT_EQ(answered(502, 0, "").text(), "502");
    EXPECT_EQ(RestError(RestError::Cause::no_answer, 0, "cannot connect").text(), "cannot connect");
}

TEST(RestError, MeansForTheDestinationWhatDiscordDocuments) {
    using Kind = dispatch::Answer::Kind;
    using Hold = dispatch::HoldReason;
    struct Case {
        int status;
        int code;
        Credential credential;
        Kind kind;
        Hold hold;
    };
    const auto bot = Credential::bot;
    const auto webhook = Credential::webhook;
    for (const Case& c : {
             Case{400, 50035, bot, Kind::refused_content, Hold::none},
             Case{400, 50006, bot, Kind::refused_content, Hold::none},
             Case{400, 0, bot, Kind::refused_content, Hold::none},
             Case{413, 0, bot, Kind::refused_content, Hold::none},
             Case{413, 40005, bot, Kind::refused_content, Hold::none},
             Case{400, 200000, bot, Kind::refused_content, Hold::none},
             Case{400, 240000, webhook, Kind::refused_content, Hold::none},
             Case{401, 0, bot, Kind::held, Hold::bad_token},
             Case{401, 0, webhook, Kind::held, Hold::webhook_gone},
             Case{401, 50027, webhook, Kind::held, Hold::webhook_gone},
             Case{403, 50001, bot, Kind::held, Hold::missing_access},
             Case{403, 50013, bot, Kind::held, Hold::missing_permission},
             Case{403, 0, bot, Kind::held, Hold::missing_permission},
             Case{403, 50007, bot, Kind::held, Hold::missing_access},
             Case{404, 10003, bot, Kind::held, Hold::channel_gone},
             Case{404, 10015, webhook, Kind::held, Hold::webhook_gone},
             Case{404, 0, webhook, Kind::held, Hold::webhook_gone},
             Case{404, 10008, bot, Kind::gone, Hold::none},
             Case{429, 30046, bot, Kind::gone, Hold::none},
             Case{400, 30046, bot, Kind::gone, Hold::none},
             Case{400, 50083, bot, Kind::gone, Hold::none},
             Case{400, 160005, bot, Kind::held, Hold::missing_permission},
             Case{400, 220001, webhook, Kind::held, Hold::missing_access},
             Case{429, 20016, bot, Kind::rate_limited, Hold::none},
             Case{403, 20028, bot, Kind::rate_limited, Hold::none},
             Case{503, 130000, bot, Kind::failed, Hold::none},
             Case{500, 0, bot, Kind::failed, Hold::none},
             Case{302, 0, bot, Kind::failed, Hold::none},
             Case{407, 0, bot, Kind::failed, Hold::none},
         }) {
        const auto answer = answer_of(answered(c.status, c.code), c.credential);
        EXPECT_EQ(answer.kind, c.kind) << c.status << " " << c.code;
        EXPECT_EQ(answer.hold, c.hold) << c.status << " " << c.code;
    }
}

TEST(RestError, TellsForHowLongAndWhetherItMayHaveArrived) {
    RestError limited(RestError::Cause::rate_limited, 429, "");
    limited.retry_after = std::chrono::milliseconds(1'500);
    EXPECT_EQ(answer_of(limited, Credential::bot).retry_after, std::chrono::milliseconds(1'500));
    EXPECT_EQ(answer_of(answered(403, 20028), Credential::bot).retry_after, std::chrono::seconds(5));
    RestError lost(RestError::Cause::no_answer, 0, "timed out");
    lost.may_have_arrived = true;
    EXPECT_EQ(answer_of(lost, Credential::bot).kind, dispatch::Answer::Kind::failed);
    EXPECT_TRUE(answer_of(lost, Credential::bot).may_have_arrived);
}

TEST(RestError, IsAnErrorForWhoKnowsNoDiscord) {
    EXPECT_EQ(answered(401, 0).to_error().code, Errc::unauthorized);
    EXPECT_EQ(answered(404, 10015).to_error().code, Errc::not_found);
    EXPECT_EQ(answered(500, 0).to_error().code, Errc::unavailable);
}

}  // namespace hookline::discord
