// Containers of an engine: what they ended with, and their last words.
#include <fmt/format.h>

#include "base/byte_size.hpp"
#include "base/duration.hpp"
#include "base/text.hpp"
#include "format/layouts.hpp"
#include "format/parts.hpp"

namespace hookline::format {

using event::Container;
using message::Embed;
using message::Markdown;

namespace {

constexpr std::size_t longest_name = 100;
constexpr std::size_t lines_of_a_check = 3;

std::string spell_time(std::chrono::seconds time) {
    return time.count() == 0 ? std::string("under a second") : spell_duration(time);
}

/// "137 (OOM)".
Markdown exit_of(const Container& container) {
    Markdown code;
    if (container.exit_code) {
        code.markup(fmt::format("{}", *container.exit_code));
        if (!container.exit_meaning.empty()) {
            code.markup(fmt::format(" ({})", container.exit_meaning));
        }
    }
    return code;
}

/// "7 times in 1m 4s": with this time.
Markdown times_of(const Container& container) {
    Markdown times;
    if (container.is_in_loop()) {
        times.markup(fmt::format("{} times", grouped(container.ends)));
        if (container.ends_for) {
            times.markup(" in " + spell_time(*container.ends_for));
        }
    }
    return times;
}

/// "256 MiB": a limit is set in these units; any other number of bytes as sizes are told.
Markdown memory_of(std::int64_t bytes) {
    constexpr std::int64_t mebibyte = 1 << 20;
    const bool is_round = bytes >= mebibyte && bytes % mebibyte == 0;
    return Markdown().markup(is_round ? fmt::format("{} MiB", grouped(bytes / mebibyte))
                                      : spell_bytes(bytes));
}

void add_image(const event::Event& event, const Measure& measure, Embed& embed) {
    const Container& container = *event.container;
    Markdown image;
    if (!trim(container.image).empty()) {
        image.code(shorten(trim(container.image), longest_name));
        if (container.image_created) {
            image.markup(", made ").time(*container.image_created);
        }
    }
    add(embed, "Image", image, Width::full);
    if (measure.tells_all && container.memory_limit) {
        add(embed, "Memory limit", memory_of(*container.memory_limit));
    }
}

void add_place(const Container& container, const Measure& measure, Embed& embed) {
    Markdown place;
    if (!trim(container.project).empty() && !trim(container.service).empty()) {
        place.text(shorten(trim(container.project), longest_name)).markup(" / ");
        place.text(shorten(trim(container.service), longest_name));
    }
    add(embed, "Service", place);
    // Whoever follows several has named them; the one of DOCKER_HOST needs no name.
    if (container.engine != "docker") {
        add_text(embed, "Engine", container.engine);
    }
    if (measure.tells_all) {
        add(embed, "Labels", names(container.labels, {}, measure.names), Width::full);
    }
}

}  // namespace

void lay_out_container(const event::Event& event, const Measure& measure, Embed& embed) {
    const Container& container = *event.container;
    if (event.action == "gone") {
        embed.description = "It was removed while Hookline could not listen; how it ended is not known.";
    } else if (container.is_found) {
        embed.description = "The engine had forgotten this; comparing its containers showed it.";
    }
    add(embed, "Exit code", exit_of(container));
    if (container.uptime) {
        add(embed, "Uptime", Markdown().markup(spell_time(*container.uptime)));
    }
    add(embed, "Stopped", times_of(container));
    const bool is_of_memory = container.is_out_of_memory && container.memory_limit && !measure.tells_all;
    if (is_of_memory) {
        add(embed, "Memory limit", memory_of(*container.memory_limit));
    }
    const bool starts_again = container.ends > 0 && !trim(container.restart_policy).empty();
    if (starts_again && event.name != "start") {
        add_text(embed, "Restart policy", container.restart_policy);
    }
    add_place(container, measure, embed);
    if (event.action == "not_started") {
        add(embed, "Error", last_lines({event.message}, 1), Width::full);
    }
    if (event.name == "health") {
        add(embed, "Check", last_lines(container.health_output, lines_of_a_check), Width::full);
    }
    add_image(event, measure, embed);
    const bool tells_logs = event.name == "error" || measure.tells_all || container.is_in_loop();
    if (tells_logs) {
        add(embed, "Last logs", last_lines(container.logs, measure.error_lines), Width::full);
    }
}

}  // namespace hookline::format
