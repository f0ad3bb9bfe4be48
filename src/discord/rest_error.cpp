#include "discord/rest_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hookline::discord {

using dispatch::Answer;
using dispatch::HoldReason;

namespace {

struct Meaning {
    int code;
    Answer::Kind kind;
    HoldReason hold = HoldReason::none;
};

// Discord, "JSON Error Codes". What is not here follows from the status.
constexpr std::array meanings{
    Meaning{10003, Answer::Kind::held, HoldReason::channel_gone},
    Meaning{10004, Answer::Kind::held, HoldReason::channel_gone},    // unknown guild
    Meaning{10008, Answer::Kind::gone},                              // unknown message
    Meaning{10013, Answer::Kind::held, HoldReason::missing_access},  // unknown user
    Meaning{10015, Answer::Kind::held, HoldReason::webhook_gone},
    Meaning{20016, Answer::Kind::rate_limited},  // slowmode
    Meaning{20022, Answer::Kind::gone},          // an announcement is edited too often
    Meaning{20028, Answer::Kind::rate_limited},  // the channel's write limit
    Meaning{20029, Answer::Kind::rate_limited},  // the server's
    Meaning{30046, Answer::Kind::gone},          // edits of a message older than an hour
    Meaning{40001, Answer::Kind::held, HoldReason::bad_token},
    Meaning{40003, Answer::Kind::rate_limited},                      // direct messages opened too fast
    Meaning{40005, Answer::Kind::refused_content},                   // too large
    Meaning{40058, Answer::Kind::held, HoldReason::missing_access},  // a forum takes only posts
    Meaning{40062, Answer::Kind::rate_limited},
    Meaning{40067, Answer::Kind::held, HoldReason::missing_access},  // a forum that needs a tag
    Meaning{40333, Answer::Kind::rate_limited},                      // Cloudflare's block
    Meaning{50001, Answer::Kind::held, HoldReason::missing_access},
    Meaning{50005, Answer::Kind::gone},                              // somebody else's message
    Meaning{50006, Answer::Kind::refused_content},                   // empty
    Meaning{50007, Answer::Kind::held, HoldReason::missing_access},  // takes no direct messages
    Meaning{50008, Answer::Kind::held, HoldReason::missing_access},  // no text channel
    Meaning{50013, Answer::Kind::held, HoldReason::missing_permission},
    Meaning{50014, Answer::Kind::held, HoldReason::bad_token},
    Meaning{50024, Answer::Kind::held, HoldReason::missing_access},  // wrong type of channel
    Meaning{50027, Answer::Kind::held, HoldReason::webhook_gone},
    Meaning{50035, Answer::Kind::refused_content},
    Meaning{50045, Answer::Kind::refused_content},  // a file is too large
    Meaning{50083, Answer::Kind::gone},             // the thread is archived: only a new message opens it
    Meaning{50109, Answer::Kind::refused_content},
    Meaning{50278, Answer::Kind::held, HoldReason::missing_access},       // no guild in common
    Meaning{130000, Answer::Kind::failed},                                // overloaded
    Meaning{160002, Answer::Kind::held, HoldReason::missing_permission},  // may not read the history
    Meaning{160005, Answer::Kind::held, HoldReason::missing_permission},  // the thread is locked
    Meaning{160006, Answer::Kind::failed},                                // too many threads at present
    Meaning{200000, Answer::Kind::refused_content},                       // AutoMod
    Meaning{220001, Answer::Kind::held, HoldReason::missing_access},  // webhook of a forum, without a thread
    Meaning{220002, Answer::Kind::held, HoldReason::missing_access},
    Meaning{220003, Answer::Kind::held, HoldReason::missing_access},
    Meaning{240000, Answer::Kind::refused_content},  // the filter of harmful links
    Meaning{400001, Answer::Kind::refused_content},  // no uploads here at present
};

constexpr std::chrono::seconds unsaid_wait(5);

Answer::Loss loss_of(int code) {
    constexpr int unknown_message = 10008, too_old = 30046, archived = 50083;
    switch (code) {
        case unknown_message:
            return Answer::Loss::deleted;
        case too_old:
        case archived:
            return Answer::Loss::not_editable;
        default:
            return Answer::Loss::other;
    }
}

Meaning meaning_of_status(int status, Credential credential) {
    const bool is_webhook = credential == Credential::webhook;
    switch (status) {
        case 401:
            return {0, Answer::Kind::held, is_webhook ? HoldReason::webhook_gone : HoldReason::bad_token};
        case 403:
            return {0, Answer::Kind::held, HoldReason::missing_permission};
        case 404:
            return {0, Answer::Kind::held, is_webhook ? HoldReason::webhook_gone : HoldReason::channel_gone};
        case 407:  // a proxy on the way
        case 408:
        case 409:
        case 425:
            return {0, Answer::Kind::failed};
        default:
            return {0, status / 100 == 4 ? Answer::Kind::refused_content : Answer::Kind::failed};
    }
}

Meaning meaning_of(const RestError& error, Credential credential) {
    const auto* const known = std::find_if(
        meanings.begin(), meanings.end(),
        [&error](const Meaning& meaning) { return error.code != 0 && meaning.code == error.code; });
    if (known != meanings.end()) {
        return *known;
    }
    switch (error.cause) {
        case RestError::Cause::rate_limited:
            return {0, Answer::Kind::rate_limited};
        case RestError::Cause::no_answer:
            return {0, Answer::Kind::failed};
        case RestError::Cause::answered:
            break;
    }
    return meaning_of_status(error.status, credential);
}

struct CodeOfStatus {
    int status;
    Errc code;
};
constexpr std::array codes_of_status{
    CodeOfStatus{400, Errc::invalid_argument}, CodeOfStatus{401, Errc::unauthorized},
    CodeOfStatus{403, Errc::forbidden},        CodeOfStatus{404, Errc::not_found},
    CodeOfStatus{409, Errc::conflict},         CodeOfStatus{413, Errc::too_large},
};

}  // namespace

std::string RestError::text() const {
    std::string words = status == 0 ? message : fmt::format("{} {}", status, message);
    if (message.empty() && status != 0) {
        words = std::to_string(status);
    }
    return code == 0 ? words : fmt::format("{} ({})", words, code);
}

Error RestError::to_error() const {
    const auto* const known = std::find_if(codes_of_status.begin(), codes_of_status.end(),
                                           [this](const CodeOfStatus& row) { return row.status == status; });
    return Error(known == codes_of_status.end() ? Errc::unavailable : known->code, text());
}

dispatch::Answer answer_of(const RestError& error, Credential credential) {
    const Meaning meaning = meaning_of(error, credential);
    Answer answer;
    answer.kind = meaning.kind;
    answer.hold = meaning.hold;
    answer.detail = error.text();
    if (meaning.kind == Answer::Kind::gone) {
        answer.loss = loss_of(error.code);
    }
    if (meaning.kind == Answer::Kind::failed) {
        answer.may_have_arrived = error.may_have_arrived;
    }
    if (meaning.kind == Answer::Kind::rate_limited) {
        answer.retry_after = error.retry_after.count() > 0 ? error.retry_after : Milliseconds(unsaid_wait);
    }
    return answer;
}

}  // namespace hookline::discord
