#include <fmt/format.h>

#include <set>

#include "base/text.hpp"
#include "format/layouts.hpp"
#include "format/parts.hpp"
#include "message/limits.hpp"

namespace hookline::format {

using event::Commit;
using event::Push;
using message::Embed;
using message::Markdown;

namespace {

constexpr std::size_t longest_subject = 100;
constexpr std::size_t longest_path = 100;

std::string subject_of(const Commit& commit) {
    return shorten(trim(first_line(trim(commit.message))), longest_subject);
}

std::int64_t new_commits(const Push& push) {
    return std::count_if(push.commits.begin(), push.commits.end(),
                         [](const Commit& commit) { return commit.is_distinct; });
}

/// Commits that were pushed and that the payload does not list: GitLab lists the newest 20.
std::int64_t unlisted_commits(const Push& push) {
    return std::max<std::int64_t>(0, push.commit_count - static_cast<std::int64_t>(push.commits.size()));
}

void add_counts(const Push& push, Embed& embed) {
    if (push.commit_count <= 0) {
        return;
    }
    std::string text = grouped(push.commit_count) + (push.count_is_at_least ? "+" : "");
    const std::int64_t known_elsewhere = push.commit_count - new_commits(push) - unlisted_commits(push);
    if (known_elsewhere > 0) {
        text += fmt::format(" ({} new)", grouped(new_commits(push)));
    }
    add(embed, "Commits", Markdown().markup(text));
}

void add_latest(const Push& push, Embed& embed) {
    if (!push.head || push.kind == Push::Kind::deleted) {
        return;
    }
    Markdown latest;
    const std::string subject = subject_of(*push.head);
    if (!subject.empty()) {
        latest.markup("\"").text(subject).markup("\" ");
    }
    if (!push.head->id.empty()) {
        latest.code_link(message::short_commit(push.head->id), push.head->url);
    }
    add(embed, "Latest", latest, Width::full);
}

/// The names that the payload tells, each once; line counts are the code host's to tell.
std::vector<std::string> files_of(const Push& push) {
    constexpr std::size_t most_collected = 1000;
    std::vector<std::string> result;
    std::set<std::string_view> seen;
    for (const Commit& commit : push.commits) {
        if (!commit.is_distinct && new_commits(push) > 0) {
            continue;
        }
        for (const auto* list : {&commit.added, &commit.modified, &commit.removed}) {
            for (const std::string& name : *list) {
                if (result.size() < most_collected && !trim(name).empty() && seen.insert(name).second) {
                    result.push_back(name);
                }
            }
        }
    }
    return result;
}

void add_files(const Push& push, const Enrichment& enrichment, std::size_t most_files, Embed& embed) {
    Markdown files;
    std::size_t shown = 0;
    if (enrichment.empty()) {
        const auto names = files_of(push);
        for (const std::string& name : names) {
            if (shown == most_files) {
                break;
            }
            if (shown++ > 0) {
                files.newline();
            }
            files.code(shorten(name, longest_path));
        }
        files.and_more(names.size(), shown);
    } else {
        for (const Enrichment::File& file : enrichment.files) {
            if (shown == most_files) {
                break;
            }
            if (shown++ > 0) {
                files.newline();
            }
            files.code(shorten(file.name, longest_path));
            files.markup(fmt::format(" ({})", line_counts(file.additions, file.deletions)));
        }
        if (enrichment.files_are_partial) {
            files.newline().markup(fmt::format("…and more than {} more", enrichment.files.size() - shown));
        } else {
            files.and_more(enrichment.files.size(), shown);
        }
    }
    add(embed, "Files", files, Width::full);
}

/// Newest first.
std::vector<const Commit*> news_of(const Push& push, bool with_latest) {
    std::vector<const Commit*> news;
    for (auto commit = push.commits.rbegin(); commit != push.commits.rend(); ++commit) {
        if (commit->is_distinct && (with_latest || !push.head || commit->id != push.head->id)) {
            news.push_back(&*commit);
        }
    }
    return news;
}

Markdown list_of(const std::vector<const Commit*>& news, const event::Event& event, std::size_t most) {
    Markdown list;
    std::size_t shown = 0;
    for (const Commit* commit : news) {
        if (shown == most) {
            break;
        }
        if (shown++ > 0) {
            list.newline();
        }
        list.code_link(message::short_commit(commit->id), commit->url);
        list.markup(" ").text(subject_of(*commit));
        const bool is_pushers = event.actor && event.actor->login == commit->author;
        if (!is_pushers && !commit->author.empty()) {
            list.markup(" · ").text(shorten(commit->author, longest_subject));
        }
    }
    const std::size_t unlisted = shown > 0 ? static_cast<std::size_t>(unlisted_commits(*event.push)) : 0;
    return list.and_more(news.size() + unlisted, shown);
}

/// The commits before the latest: the latest stands above.
void add_earlier(const event::Event& event, const Measure& measure, Embed& embed) {
    add(embed, "Before that", list_of(news_of(*event.push, false), event, measure.commits), Width::full);
}

void add_move(const event::Event& event, Embed& embed) {
    const Push& push = *event.push;
    const bool is_moved =
        push.kind == Push::Kind::forced || (push.ref == Push::Ref::tag && push.kind == Push::Kind::commits);
    if (!is_moved || push.before.empty() || push.after.empty()) {
        return;
    }
    const auto url_of = [&](const std::string& id) {
        const bool has_url = event.repo && !event.repo->url.empty() && message::short_commit(id) != id;
        const std::string_view path = event.has_merge_requests ? "/-/commit/" : "/commit/";
        return has_url ? event.repo->url + std::string(path) + id : std::string();
    };
    Markdown move;
    move.code_link(shorten(message::short_commit(push.before), longest_path), url_of(push.before));
    move.markup(" → ");
    move.code_link(shorten(message::short_commit(push.after), longest_path), url_of(push.after));
    add(embed, push.ref == Push::Ref::tag ? "Moved" : "History rewritten", move, Width::full);
}

void add_view(const event::Event& event, Embed& embed) {
    const Push& push = *event.push;
    if (push.kind == Push::Kind::deleted || message::safe_url(event.url).empty()) {
        return;
    }
    std::string_view what = "Branch";
    if (push.ref == Push::Ref::tag) {
        what = "Tag";
    } else if (push.commit_count == 1 && push.head && event.url == push.head->url) {
        what = "Commit";
    } else if (push.commit_count > 0) {
        what = "Changes";
    }
    add(embed, "View", Markdown().link(fmt::format("{} on {}", what, place_of(event)), event.url),
        Width::full);
}

}  // namespace

void lay_out_push(const event::Event& event, const Enrichment& enrichment, const Measure& measure,
                  Embed& embed) {
    const Push& push = *event.push;
    const auto news = measure.tells_all ? news_of(push, true) : std::vector<const Commit*>();
    add(embed, "Repo", repository(event));
    add(embed, "Author", actor(event));
    add_counts(push, embed);
    add_move(event, embed);
    if (news.empty()) {
        add_latest(push, embed);
    } else {  // all of them in one list, for which only a description has the room
        embed.description = list_of(news, event, measure.commits).cut_to(message::limits::description);
    }
    add_files(push, enrichment, measure.files, embed);
    if (news.empty()) {
        add_earlier(event, measure, embed);
    }
    add_view(event, embed);
}

}  // namespace hookline::format
