#include "format/digest.hpp"

#include <fmt/format.h>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "format/look.hpp"
#include "message/limits.hpp"
#include "message/markdown.hpp"

namespace hookline::format {

using message::Markdown;

namespace {

constexpr std::size_t most_labels = 12;
constexpr std::size_t most_names = 8;
constexpr std::size_t longest_label = 40;

struct Heading {
    std::string_view kind, heading;
};
/// In the order in which they are told.
constexpr std::array<Heading, 25> headings{{{"push", "Pushes"},
                                            {"pr", "PRs"},
                                            {"review", "Reviews"},
                                            {"issue", "Issues"},
                                            {"comment", "Comments"},
                                            {"discussion", "Discussions"},
                                            {"release", "Releases"},
                                            {"workflow", "Workflows"},
                                            {"pipeline", "Pipelines"},
                                            {"stage", "Stages"},
                                            {"job", "Jobs"},
                                            {"check", "Checks"},
                                            {"deployment", "Deployments"},
                                            {"build", "Builds"},
                                            {"image", "Images"},
                                            {"error", "Crashes"},
                                            {"health", "Health"},
                                            {"stop", "Stops"},
                                            {"start", "Starts"},
                                            {"engine", "Engines"},
                                            {"branch", "Branches"},
                                            {"tag", "Tags"},
                                            {"star", "Stars"},
                                            {"fork", "Forks"},
                                            {"security", "Security alerts"}}};

std::string heading_of(std::string_view kind, bool has_merge_requests) {
    if (kind == "pr" && has_merge_requests) {
        return "MRs";
    }
    for (const Heading& row : headings) {
        if (row.kind == kind) {
            return std::string(row.heading);
        }
    }
    std::string word(kind);
    std::replace(word.begin(), word.end(), '_', ' ');
    if (!word.empty() && word[0] >= 'a' && word[0] <= 'z') {
        word[0] = static_cast<char>(word[0] - 'a' + 'A');
    }
    return word;
}

/// "opened": what people call it.
std::string what_was_done(const event::Event& event) {
    if (event.name == "push") {
        return event.action == "forced" ? "forced" : "";
    }
    if (event.action == "synchronize" || event.action == "edited") {
        return "updated";
    }
    if (event.name == "comment" && event.action == "created") {
        return "";  // "Comments: 2" says it
    }
    if (event.deployment && event.deployment->conclusion == event::Conclusion::success) {
        return "succeeded";
    }
    if (event.deployment && event::is_failure(event.deployment->conclusion)) {
        return "failed";
    }
    std::string word = event.action;
    std::replace(word.begin(), word.end(), '_', ' ');
    return word;
}

/// Where something failed is what people ask next; that it passed is enough.
std::string run_label(const event::Event& event, const event::Run& run) {
    return event.action == "failed" && !run.branch.empty() ? fmt::format("{} on {}", run.name, run.branch)
                                                           : run.name;
}

std::string label_of(const event::Event& event) {
    if (event.pr && event.pr->number > 0) {
        return fmt::format("{}{}", event.has_merge_requests ? '!' : '#', event.pr->number);
    }
    if (event.issue && event.issue->number > 0) {
        return fmt::format("#{}", event.issue->number);
    }
    if (event.push) {
        return event.push->name;
    }
    if (event.release) {
        return event.release->tag;
    }
    if (event.pipeline) {
        return run_label(event, event.pipeline->run);
    }
    if (event.workflow) {
        return run_label(event, *event.workflow);
    }
    if (event.deployment) {
        return event.deployment->environment;
    }
    if (event.subject) {
        return event.subject->name;
    }
    return event.title;
}

/// "(main ×2, feature-oauth)": each label once, with its link, in the order of their coming.
void add_labels(Markdown& text, const Digest& digest, std::string_view kind, std::string_view what,
                std::int64_t count) {
    struct Label {
        const DigestItem* item = nullptr;
        std::int64_t times = 0;
    };
    std::vector<Label> labels;
    std::int64_t counted = 0;
    for (const DigestItem& item : digest.items) {
        if (item.kind != kind || item.what != what || item.label.empty()) {
            continue;
        }
        ++counted;
        const auto known = std::find_if(labels.begin(), labels.end(),
                                        [&](const Label& label) { return label.item->label == item.label; });
        if (known != labels.end()) {
            known->item = &item;  // the latest page of it
            ++known->times;
        } else {
            labels.push_back({&item, 1});
        }
    }
    if (labels.empty()) {
        return;
    }
    text.markup(" (");
    std::int64_t shown = 0;
    for (std::size_t i = 0; i < std::min(labels.size(), most_labels); ++i) {
        const DigestItem& item = *labels[i].item;
        text.markup(i == 0 ? "" : ", ").link(shorten(item.label, longest_label), item.url);
        text.markup(labels[i].times > 1 ? fmt::format(" ×{}", labels[i].times) : std::string());
        shown += labels[i].times;
    }
    const std::int64_t left = std::max(count, counted) - shown;
    text.markup(left > 0 ? fmt::format(" and {} more)", left) : std::string(")"));
}

void add_kind(Markdown& text, const Digest& digest, const std::string& kind) {
    const auto& counts = digest.counts.at(kind);
    text.markup(text.empty() ? "" : "\n")
        .markup(fmt::format("{}: ", heading_of(kind, digest.has_merge_requests)));
    bool is_first = true;
    for (const auto& [what, count] : counts) {
        text.markup(is_first ? "" : ", ").markup(grouped(count)).markup(what.empty() ? "" : " ").text(what);
        add_labels(text, digest, kind, what, count);
        is_first = false;
    }
}

std::string headline(const Digest& digest) {
    if (digest.is_storm) {
        return fmt::format("🌊 {} in {}, summed up: more came than this channel can take",
                           counted(digest.total(), "event"), spell_duration(digest.window));
    }
    const std::string name =
        digest.name.empty() ? std::string(event::display_name(digest.service)) : digest.name;
    const std::string when = digest.missed_from ? std::string("while nobody could listen")
                                                : fmt::format("(last {})", short_duration(digest.window));
    return fmt::format("📊 {} Activity {}", message::escape(shorten(name, 80)), when);
}

}  // namespace

std::int64_t Digest::total() const {
    std::int64_t sum = 0;
    for (const auto& [kind, by_what] : counts) {
        for (const auto& [what, count] : by_what) {
            sum += count;
        }
    }
    return sum;
}

DigestItem digest_item(const event::Event& event) {
    DigestItem item;
    item.kind = event.name;
    item.what = what_was_done(event);
    item.label = shorten(trim(first_line(label_of(event))), longest_label);
    item.url = event.push && !event.push->compare_url.empty() ? event.push->compare_url : event.url;
    item.who = event.actor ? event.actor->login : std::string();
    return item;
}

message::Message digest_message(const Digest& digest) {
    message::Embed embed;
    embed.title = headline(digest);
    embed.color = color::news;
    Markdown text;
    if (digest.missed_from && digest.missed_until) {
        text.time(*digest.missed_from, 'f').markup(" to ").time(*digest.missed_until, 'f');
    }
    std::vector<std::string> told;
    for (const Heading& row : headings) {
        if (digest.counts.contains(std::string(row.kind))) {
            add_kind(text, digest, std::string(row.kind));
            told.emplace_back(row.kind);
        }
    }
    for (const auto& [kind, by_what] : digest.counts) {
        if (std::find(told.begin(), told.end(), kind) == told.end()) {
            add_kind(text, digest, kind);
        }
    }
    for (std::size_t i = 0; i < std::min(digest.who.size(), most_names); ++i) {
        text.markup(i == 0 ? "\n\nBy " : ", ").text("@" + shorten(digest.who[i], longest_label));
    }
    if (digest.who.size() > most_names) {
        text.markup(fmt::format(" and {} more", digest.who.size() - most_names));
    }
    embed.description = text.cut_to(message::limits::description);
    message::Message message;
    message.embeds.push_back(std::move(embed));
    return message::fit(std::move(message));
}

}  // namespace hookline::format
