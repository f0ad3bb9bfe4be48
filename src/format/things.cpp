#include "base/text.hpp"
#include "format/layouts.hpp"
#include "format/parts.hpp"

namespace hookline::format {

using message::Embed;
using message::Markdown;

void lay_out_thing(const event::Event& event, const Measure& measure, Embed& embed) {
    add(embed, "By", actor(event));
    if (event.name == "deployment") {
        if (!trim(event.branch).empty()) {
            add(embed, "Branch", Markdown().code(shorten(message::short_commit(event.branch), 100)));
        }
        if (!trim(event.commit).empty() && event.commit != event.branch) {
            const std::string url = event.repo && !event.repo->url.empty()
                                        ? event.repo->url + "/commit/" + event.commit
                                        : std::string();
            add(embed, "Commit", commit_link(event.commit, url));
        }
    }
    if (!event.subject) {
        return;
    }
    if (event.name != "repo") {
        std::string about = event.change == event.subject->name ? "" : event.change;
        std::replace(about.begin(), about.end(), '_', ' ');
        add_text(embed, "About", about);
    }
    add_text(embed, "Details", event.subject->detail, Width::full,
             measure.tells_all ? measure.quote.code_points : 300);
}

}  // namespace hookline::format
