// An event as a message: one layout per kind of event, the same for every service.
#pragma once

#include "base/result.hpp"
#include "event/event.hpp"
#include "message/message.hpp"
#include "message/style.hpp"

namespace hookline::format {

using message::Style;

/// What the payload did not tell and the code host was asked for (room forge); every part may be missing.
struct Enrichment {
    struct File {
        std::string name;
        std::int64_t additions = 0, deletions = 0;
    };
    std::vector<File> files;  // of a push
    bool files_are_partial = false;
    std::vector<event::Stage> stages;  // of a pipeline whose sender does not tell them
    std::string stopped_at;            // the stage that failed or was cancelled
    std::string error;                 // of that stage
    [[nodiscard]] bool empty() const { return files.empty() && stages.empty(); }
};

/// The message for `event` in that style, within Discord's limits, every text of the payload made safe. The
/// embed's timestamp is the event's time; the caller may move it. Never fails: where a layout throws, see
/// plain_message.
[[nodiscard]] message::Message to_message(const event::Event& event, const Enrichment& enrichment = {},
                                          Style style = Style::normal);

/// One line with its link: what is sent when a layout failed or Discord refused the embed.
[[nodiscard]] message::Message plain_message(const event::Event& event);

/// `message` marked as a test, with a line on what the filters would have done.
[[nodiscard]] message::Message mark_as_test(message::Message message, std::string_view verdict);

}  // namespace hookline::format
