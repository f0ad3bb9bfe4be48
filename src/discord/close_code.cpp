#include "discord/close_code.hpp"

namespace hookline::discord {

namespace {

using std::chrono::seconds;

// Discord, "Gateway Close Event Codes". Codes that are not here: resume, and an invalid session decides.
constexpr std::array close_rules{
    CloseRule{4000, AfterClose::resume, "unknown error"},
    CloseRule{4001, AfterClose::resume, "unknown opcode"},
    CloseRule{4002, AfterClose::resume, "decode error"},
    CloseRule{4003, AfterClose::resume, "not authenticated"},
    CloseRule{4005, AfterClose::resume, "already authenticated"},
    CloseRule{4008, AfterClose::resume, "rate limited", seconds(10)},
    CloseRule{4007, AfterClose::identify, "invalid seq"},
    CloseRule{4009, AfterClose::identify, "session timed out"},
    CloseRule{4004, AfterClose::fatal, "bad token"},
    CloseRule{4010, AfterClose::fatal, "invalid shard"},
    CloseRule{4011, AfterClose::fatal, "the bot is in too many servers for one connection"},
    CloseRule{4012, AfterClose::fatal, "version 10 of the gateway is not offered any more"},
    CloseRule{4013, AfterClose::fatal, "invalid intents"},
    CloseRule{4014, AfterClose::fatal, "intents that are not switched on for this bot"},
};

}  // namespace

const CloseRule* find_rule(int code) {
    const auto found = std::find_if(close_rules.begin(), close_rules.end(),
                                    [code](const CloseRule& rule) { return rule.code == code; });
    return found == close_rules.end() ? nullptr : &*found;
}

std::string spell_close(int code, const CloseRule* rule) {
    if (rule != nullptr) {
        return fmt::format("closed with {} {}", code, rule->text);
    }
    return code == 0 || code == 1006 ? "connection lost" : fmt::format("closed with {}", code);
}

}  // namespace hookline::discord
