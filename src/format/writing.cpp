// Issues, comments, releases, discussions: what people write to each other.
#include <fmt/format.h>

#include "base/byte_size.hpp"
#include "base/text.hpp"
#include "format/excerpt.hpp"
#include "format/layouts.hpp"
#include "format/parts.hpp"
#include "message/limits.hpp"

namespace hookline::format {

using message::Embed;
using message::Markdown;

namespace {

void add_title(std::string_view title, Embed& embed) {
    if (!trim(title).empty()) {
        add(embed, "Title", Markdown().text(shorten(title, 200)), Width::full);
    }
}

void add_assets(const event::Release& release, std::size_t most_assets, Embed& embed) {
    Markdown assets;
    std::size_t shown = 0;
    for (const event::Release::Asset& asset : release.assets) {
        if (shown == most_assets) {
            break;
        }
        if (shown++ > 0) {
            assets.newline();
        }
        assets.link(shorten(asset.name, 100), asset.url);
        if (asset.size > 0) {
            assets.markup(fmt::format(" ({})", spell_bytes(asset.size)));
        }
    }
    assets.and_more(release.assets.size(), shown);
    add(embed, "Assets", assets, Width::full);
}

}  // namespace

void lay_out_issue(const event::Event& event, const Measure& measure, Embed& embed) {
    const event::Issue& issue = *event.issue;
    const bool is_new = event.action == "opened";
    add_title(issue.title, embed);
    add(embed, "Author", person(event, issue.author, issue.author_url));
    add(embed, "Status", Markdown().markup(issue.is_open ? "Open" : "Closed"));
    if (event.actor && event.actor->login != issue.author) {
        add(embed, "By", actor(event));
    }
    if (measure.tells_all || is_new) {
        add(embed, "Labels", names(issue.labels, {}, measure.names));
        add(embed, "Assignees", names(issue.assignees, "@", measure.names));
        add_text(embed, "Milestone", issue.milestone);
    }
    if (!message::safe_url(issue.moved_to).empty()) {
        add(embed, "Moved to",
            Markdown().link(event.change.empty() ? "its new place" : shorten(event.change, 150),
                            issue.moved_to),
            Width::full);
    }
    if (is_new) {
        add_quote(embed, "Description", issue.body, measure);
    }
}

void lay_out_comment(const event::Event& event, const Measure& measure, Embed& embed) {
    const event::Comment& comment = *event.comment;
    quote(embed, comment.body, measure);
    add_title(event.pr ? event.pr->title : event.issue ? event.issue->title : "", embed);
    add(embed, "Author", person(event, comment.author, comment.author_url));
    if (event.actor && event.actor->login != comment.author) {
        add(embed, "By", actor(event));
    }
    if (!trim(comment.path).empty()) {
        Markdown place;
        place.code(shorten(comment.path, 200));
        if (comment.line && *comment.line > 0) {
            place.markup(fmt::format(", line {}", *comment.line));
        }
        add(embed, "File", place);
    }
    if (measure.tells_all && (event.pr || event.issue)) {
        add(embed, "Labels", names(event.pr ? event.pr->labels : event.issue->labels, {}, measure.names));
    }
}

void lay_out_release(const event::Event& event, const Measure& measure, Embed& embed) {
    const event::Release& release = *event.release;
    const std::string notes = excerpt(release.body, measure.notes);
    if (!notes.empty()) {
        embed.description = Markdown().lines(notes).cut_to(message::limits::description);
    }
    if (trim(release.name) != trim(release.tag)) {
        add_title(release.name, embed);
    }
    add(embed, "Author", person(event, release.author, release.author_url));
    add_text(embed, "Tag", release.tag);
    if (release.is_draft || release.is_prerelease) {
        add(embed, "Status", Markdown().markup(release.is_draft ? "Draft" : "Prerelease"));
    }
    if (measure.tells_all) {
        add_text(embed, "Target", release.target);
    }
    add_assets(release, measure.assets, embed);
}

void lay_out_discussion(const event::Event& event, const Measure& measure, Embed& embed) {
    if (event.comment) {
        quote(embed, event.comment->body, measure);
    }
    if (event.issue) {
        add_title(event.issue->title, embed);
        add(embed, "Author", person(event, event.issue->author, event.issue->author_url));
    }
    if (event.comment) {
        add(embed, "Answer by", person(event, event.comment->author, event.comment->author_url));
    }
    if (event.subject) {
        add_text(embed, "Category", event.subject->detail);
    }
    if (event.action == "created" && event.issue) {
        add_quote(embed, "Description", event.issue->body, measure);
    }
}

}  // namespace hookline::format
