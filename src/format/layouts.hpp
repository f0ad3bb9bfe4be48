// A layout fills in what an embed says below its title. One for each part of an Event; to_message() chooses.
#pragma once

#include "event/event.hpp"
#include "format/format.hpp"
#include "format/measure.hpp"
#include "message/message.hpp"

namespace hookline::format {

void lay_out_push(const event::Event& event, const Enrichment& enrichment, const Measure& measure,
                  message::Embed& embed);
void lay_out_request(const event::Event& event, const Measure& measure, message::Embed& embed);
void lay_out_review(const event::Event& event, const Measure& measure, message::Embed& embed);
void lay_out_run(const event::Event& event, const Measure& measure, message::Embed& embed);
void lay_out_pipeline(const event::Event& event, const Measure& measure,
                      message::Embed& embed);  // and a stage, and a job
void lay_out_deployment(const event::Event& event, const Measure& measure, message::Embed& embed);
void lay_out_image(const event::Event& event, const Measure& measure, message::Embed& embed);
void lay_out_container(const event::Event& event, const Measure& measure, message::Embed& embed);
void lay_out_build(const event::Event& event, const Measure& measure, message::Embed& embed);
void lay_out_notice(const event::Event& event, const Measure& measure, message::Embed& embed);
void lay_out_issue(const event::Event& event, const Measure& measure, message::Embed& embed);
void lay_out_comment(const event::Event& event, const Measure& measure, message::Embed& embed);
void lay_out_release(const event::Event& event, const Measure& measure, message::Embed& embed);
void lay_out_discussion(const event::Event& event, const Measure& measure, message::Embed& embed);
void lay_out_thing(const event::Event& event, const Measure& measure, message::Embed& embed);

}  // namespace hookline::format
