// The schemas of the things that an event can hold.
#pragma once

#include "language/schema.hpp"

namespace hookline::rules {

extern const language::Schema push_schema;        // of event::Push
extern const language::Schema pull_schema;        // of state::PullRequest
extern const language::Schema review_schema;      // of event::Review
extern const language::Schema comment_schema;     // of event::Comment
extern const language::Schema issue_schema;       // of event::Issue
extern const language::Schema release_schema;     // of event::Release
extern const language::Schema run_schema;         // of event::Run
extern const language::Schema pipeline_schema;    // of rules::Facts
extern const language::Schema job_schema;         // of rules::Facts
extern const language::Schema deployment_schema;  // of event::Deployment
extern const language::Schema image_schema;       // of event::Image
extern const language::Schema container_schema;   // of rules::Facts
extern const language::Schema notice_schema;      // of event::Notice
extern const language::Schema subject_schema;     // of event::Subject
extern const language::Schema build_schema;       // of rules::Facts

}  // namespace hookline::rules
