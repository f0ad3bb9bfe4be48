// A build from its start to its end: of an image, or any command that `hookline run` ran.
#include "format/builds.hpp"

#include <fmt/format.h>

#include "base/byte_size.hpp"
#include "base/duration.hpp"
#include "base/text.hpp"
#include "format/layouts.hpp"
#include "format/parts.hpp"

namespace hookline::format {

using event::Build;
using message::Embed;
using message::Markdown;
using Status = event::Build::Status;

namespace {

constexpr std::size_t longest_name = 100;
constexpr std::size_t longest_command = 300;

Markdown code(std::string_view untrusted, std::size_t longest = longest_name) {
    Markdown text;
    const std::string shown = shorten(trim(first_line(trim(untrusted))), longest);
    return shown.empty() ? text : text.code(shown);
}

/// Each on a line of its own.
Markdown tags_of(const Build& build, std::size_t most) {
    Markdown list;
    std::size_t shown = 0;
    for (const std::string& tag : build.tags) {
        if (shown == most) {
            break;
        }
        if (shown++ > 0) {
            list.newline();
        }
        list.code(shorten(trim(tag), longest_name));
    }
    return shown > 0 ? list.and_more(build.tags.size(), shown) : list;
}

/// "4f53cda18c2b", as Docker shows it.
std::string short_id(const Build& build) {
    constexpr std::size_t shown = 12;
    const std::string& whole = build.image_id.empty() ? build.image_digest : build.image_id;
    return whole.substr(whole.find(':') + 1).substr(0, shown);
}

/// What was built of what; of what builds no image, what was run.
void add_source(const Build& build, const Measure& measure, Embed& embed) {
    const bool is_image = !build.tags.empty() || !trim(build.context).empty();
    add(embed, "Image", tags_of(build, measure.names), build.tags.size() > 1 ? Width::full : Width::third);
    add(embed, "Context", code(build.context));
    if (build.file != "Dockerfile") {
        add(embed, "Dockerfile", code(build.file));
    }
    add(embed, "Target", code(build.target));
    if (!is_image || measure.tells_all) {
        add(embed, "Command", code(build.command, longest_command), Width::full);
    }
}

void add_place(const Build& build, const Measure& measure, Embed& embed) {
    add_text(embed, "Stage", build.stage);
    add_text(embed, "Host", build.host);
    if (measure.tells_all) {
        add_text(embed, "Engine", build.engine);
        add_text(embed, "Repository", build.repository, Width::full);
        add(embed, "Commit", commit_link(build.revision, {}));
    }
}

void add_duration(const Build& build, Embed& embed) {
    add(embed, "Duration", Markdown().markup(took(build)));
}

/// "3 of 5".
void add_steps(const Build& build, const Measure& measure, Embed& embed) {
    if (!build.steps || !build.steps_done) {
        return;
    }
    const std::int64_t cached = build.steps_cached.value_or(0);
    const std::string done = build.steps_done == build.steps
                                 ? grouped(*build.steps)
                                 : fmt::format("{} of {}", grouped(*build.steps_done), grouped(*build.steps));
    const bool is_over = build.status == Status::completed;
    if (!is_over || measure.tells_all) {
        add(embed, "Steps",
            Markdown().markup(cached > 0 && measure.tells_all
                                  ? fmt::format("{}, {} from cache", done, grouped(cached))
                                  : done));
    }
}

void lay_out_end(const Build& build, const Measure& measure, Embed& embed) {
    add_duration(build, embed);
    if (build.size) {
        add(embed, "Size", Markdown().markup(spell_bytes(*build.size)));
    }
    if (build.layers) {
        add(embed, "Layers", Markdown().markup(grouped(*build.layers)));
    }
    if (!build.has_image()) {
        add_source(build, measure, embed);
    }
    add_place(build, measure, embed);
    add_steps(build, measure, embed);
    if (build.has_image()) {
        if (measure.tells_all) {
            add(embed, "Id", Markdown().code(short_id(build)));
            add(embed, "Command", code(build.command, longest_command), Width::full);
        }
        const Markdown tags = tags_of(build, measure.names);
        add(embed, "Ready to deploy", tags.empty() ? Markdown().code(short_id(build)) : tags, Width::full);
    }
}

void lay_out_failure(const Build& build, const Measure& measure, Embed& embed) {
    add(embed, "Step", code(build.failed_step, longest_command), Width::full);
    add(embed, "Exit code", exit_of(build));
    add_duration(build, embed);
    add_steps(build, measure, embed);
    add_place(build, measure, embed);
    add_source(build, measure, embed);
    if (build.logs.empty() || measure.tells_all) {
        add(embed, "Error", code(build.error, longest_command), Width::full);
    }
    add(embed, "Last logs", last_lines(build.logs, measure.error_lines), Width::full);
}

}  // namespace

Markdown exit_of(const Build& build) {
    Markdown text;
    if (build.signal) {
        const std::string name =
            build.exit_meaning.empty() ? fmt::format("signal {}", *build.signal) : build.exit_meaning;
        return text.markup(fmt::format("{} ({})", 128 + *build.signal, name));
    }
    if (build.exit_code) {
        text.markup(fmt::format("{}", *build.exit_code));
        text.markup(build.exit_meaning.empty() ? "" : fmt::format(" ({})", build.exit_meaning));
    }
    return text;
}

std::string took(const Build& build) {
    if (!build.duration) {
        return {};
    }
    return build.duration->count() > 0 ? spell_duration(*build.duration) : "under a second";
}

void lay_out_build(const event::Event& event, const Measure& measure, Embed& embed) {
    const Build& build = *event.build;
    switch (build.status) {
        case Status::started:
            add_source(build, measure, embed);
            return add_place(build, measure, embed);
        case Status::completed:
            return lay_out_end(build, measure, embed);
        case Status::failed:
            return lay_out_failure(build, measure, embed);
        case Status::cancelled:
            add_duration(build, embed);
            add_steps(build, measure, embed);
            add_source(build, measure, embed);
            return add_place(build, measure, embed);
    }
}

}  // namespace hookline::format
