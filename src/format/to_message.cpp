#include <fmt/format.h>

#include "base/text.hpp"
#include "format/compact.hpp"
#include "format/format.hpp"
#include "format/headline.hpp"
#include "format/layouts.hpp"
#include "format/measure.hpp"
#include "format/parts.hpp"
#include "message/limits.hpp"

namespace hookline::format {

namespace {

/// What the payload itself says of an error counts more: it names the tests that failed.
event::Event with_stages(event::Event event, const Enrichment& enrichment) {
    event::Pipeline& pipeline = *event.pipeline;
    pipeline.stages = enrichment.stages;
    pipeline.stage = enrichment.stopped_at;
    pipeline.error = trim(pipeline.error).empty() ? enrichment.error : pipeline.error;
    return event;
}

void lay_out(const event::Event& event, const Enrichment& enrichment, const Measure& measure,
             message::Embed& embed) {
    if (event.push) {
        return lay_out_push(event, enrichment, measure, embed);
    }
    if (event.pipeline && !enrichment.stages.empty()) {
        return lay_out_pipeline(with_stages(event, enrichment), measure, embed);
    }
    if (event.pipeline || event.job) {
        return lay_out_pipeline(event, measure, embed);
    }
    if (event.build) {
        return lay_out_build(event, measure, embed);
    }
    if (event.image) {
        return lay_out_image(event, measure, embed);
    }
    if (event.container) {
        return lay_out_container(event, measure, embed);
    }
    if (event.notice) {
        return lay_out_notice(event, measure, embed);
    }
    if (event.workflow) {
        return lay_out_run(event, measure, embed);
    }
    if (event.deployment) {
        return lay_out_deployment(event, measure, embed);
    }
    if (event.release) {
        return lay_out_release(event, measure, embed);
    }
    if (event.review) {
        return lay_out_review(event, measure, embed);
    }
    if (event.name == "discussion") {
        return lay_out_discussion(event, measure, embed);
    }
    if (event.comment) {
        return lay_out_comment(event, measure, embed);
    }
    if (event.pr) {
        return lay_out_request(event, measure, embed);
    }
    if (event.issue) {
        return lay_out_issue(event, measure, embed);
    }
    lay_out_thing(event, measure, embed);
}

/// Whoever did it, with a face: what a reader of the channel recognises first.
void add_face(const event::Event& event, message::Embed& embed) {
    if (event.actor && !trim(event.actor->login).empty() && !event.actor->avatar_url.empty()) {
        embed.author_name = message::plain(handle(event.actor->login));
        embed.author_url = message::safe_url(event.actor->url);
        embed.author_icon = message::safe_url(event.actor->avatar_url);
    }
}

}  // namespace

message::Message to_message(const event::Event& event, const Enrichment& enrichment, Style style) {
    const Headline headline = headline_of(event);
    message::Embed embed;
    embed.title = headline.str();
    embed.url = message::safe_url(event.url);
    embed.color = headline.color;
    if (event.time != TimePoint{}) {
        embed.timestamp = event.time;
    }
    if (style == Style::compact) {
        embed.description = compact_line(event, enrichment);
    } else {
        lay_out(event, enrichment, measure_of(style), embed);
    }
    if (style == Style::full) {
        add_face(event, embed);
    }
    embed.footer = footer(event);
    message::Message message;
    message.embeds.push_back(std::move(embed));
    return message::fit(std::move(message));
}

namespace {

/// Main or somebody's own branch: of what failed that is the news, where the headline does not say it.
bool asks_for_branch(const event::Event& event, std::string_view headline) {
    const bool was_allowed = event.job && event.job->is_allowed_to_fail;
    const std::string branch(trim(event.branch));
    return event.action == "failed" && !was_allowed && !branch.empty() &&
           headline.find(branch) == std::string_view::npos;
}

}  // namespace

message::Message plain_message(const event::Event& event) {
    message::Markdown line;
    const std::string headline = headline_of(event).str();
    line.markup(headline);
    if (asks_for_branch(event, headline)) {
        line.markup(" on ").text(shorten(trim(event.branch), 100));
    }
    if (event.build && !trim(event.build->failed_step).empty()) {
        line.markup(" at ").code(shorten(trim(first_line(trim(event.build->failed_step))), 100));
    }
    const bool is_about_repo = event.repo && event.subject && event.subject->name == event.repo->full_name;
    if (event.repo && !is_about_repo) {
        line.markup(" in ").text(shorten(event.repo->full_name, 100));
    } else if (!event.repo && event.pipeline && !trim(event.pipeline->project).empty()) {
        line.markup(" in ").text(shorten(trim(event.pipeline->project), 100));
    }
    const std::string by = event.actor ? person(event.actor->login).str() : "";
    if (!by.empty()) {
        line.markup(" by " + by);
    }
    const std::string url = message::safe_url(event.url);
    if (!url.empty()) {
        line.markup(": <" + url + ">");
    }
    message::Message message;
    message.content = line.cut_to(message::limits::content);
    message.hides_previews = true;
    return message::fit(std::move(message));
}

message::Message mark_as_test(message::Message message, std::string_view verdict) {
    message::Markdown line;
    line.markup("🧪 **Test**");
    if (!trim(verdict).empty()) {
        line.markup(" · ").text(shorten(verdict, 500));
    }
    message.content = message.content.empty() ? line.str() : line.str() + "\n" + message.content;
    return message::fit(std::move(message));
}

}  // namespace hookline::format
