#include "pipeline/setup_message.hpp"

#include <fmt/format.h>

#include "message/markdown.hpp"
#include "services/event_names.hpp"
#include "services/service.hpp"

namespace hookline::pipeline {

namespace {

// GitHub, settings of a webhook, "Let me select individual events"; the first five as the request words them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 22> labels{
    {{"push", "Push events"},
     {"pull_request", "Pull requests"},
     {"issues", "Issues"},
     {"release", "Releases"},
     {"workflow_run", "Workflow runs"},
     {"pull_request_review", "Pull request reviews"},
     {"pull_request_review_comment", "Pull request review comments"},
     {"issue_comment", "Issue comments"},
     {"commit_comment", "Commit comments"},
     {"create", "Branch or tag creation"},
     {"delete", "Branch or tag deletion"},
     {"star", "Stars"},
     {"fork", "Forks"},
     {"gollum", "Wiki"},
     // GitLab, "Webhooks", the boxes under "Trigger"
     {"tag_push", "Tag push events"},
     {"merge_request", "Merge request events"},
     {"issue", "Issues events"},
     {"note", "Comments"},
     {"pipeline", "Pipeline events"},
     {"job", "Job events"},
     // CircleCI, the same
     {"workflow-completed", "Workflow Completed"},
     {"job-completed", "Job Completed"}}};

/// "workflow.timed_out" as "Workflow timed out".
std::string as_title(std::string name) {
    std::replace(name.begin(), name.end(), '.', ' ');
    std::replace(name.begin(), name.end(), '_', ' ');
    if (!name.empty() && name.front() >= 'a' && name.front() <= 'z') {
        name.front() = static_cast<char>(name.front() - 'a' + 'A');
    }
    return name;
}

/// What should be subscribed to and the service's ping does not list.
std::vector<std::string> lacking(const std::vector<std::string>& wanted,
                                 const std::optional<event::Ping>& ping) {
    std::vector<std::string> missing;
    if (!ping || ping->sends_everything || ping->events.empty()) {
        return missing;
    }
    for (const std::string& name : wanted) {
        if (std::find(ping->events.begin(), ping->events.end(), name) == ping->events.end()) {
            missing.push_back(subscription_label(name));
        }
    }
    return missing;
}

/// A hook for the service at an address that a member named.
void add_address(message::Markdown& text, const SetupFacts& setup) {
    const std::string id = to_string(setup.hook.id);
    text.markup(fmt::format("🔗 **{} {} Added**", event::display_name(setup.endpoint.service),
                            setup.hook.is_stream ? "Stream" : "Webhook"));
    text.newline();
    text.markup("ID: " + id).newline();
    if (!setup.hook.name.empty()) {
        text.markup("Name: ").text(setup.hook.name).newline();
    }
    text.markup("URL: ").code(setup.hook.url).newline();
    text.markup(setup.hook.is_stream ? "Format: a stream of events, which is read" : "Format: JSON");
    text.newline().newline();
    text.markup(fmt::format("Send test: `{} test {}`", setup.prefix, id));
}

void add_connection(message::Markdown& text, const SetupFacts& setup,
                    const std::vector<std::string>& wanted) {
    const std::string_view service = event::display_name(setup.endpoint.service);
    if (!setup.endpoint.connected_at && setup.hook.is_stream) {
        text.markup("Waiting for the first event: this message will say when it is there.");
        return;
    }
    if (!setup.endpoint.connected_at) {
        text.markup(fmt::format("Waiting for {} first delivery: this message will say when it is there.",
                                setup.hook.url.empty() ? fmt::format("{}'s", service) : std::string("the")));
        return;
    }
    text.markup("✅ **Connected** ").time(*setup.endpoint.connected_at);
    const auto missing = lacking(wanted, setup.ping);
    if (!missing.empty()) {
        text.newline().markup(
            fmt::format("⚠️ {} does not send yet: {}. Tick them in the webhook's settings.", service,
                        fmt::join(missing, ", ")));
    }
}

}  // namespace

std::string webhook_url(const std::string& public_url, const store::Endpoint& endpoint) {
    return fmt::format("{}/webhook/{}/{}", public_url, event::name_of(endpoint.service),
                       to_string(endpoint.made_with));
}

std::string subscription_label(std::string_view provider_event) {
    for (const auto& [name, label] : labels) {
        if (name == provider_event) {
            return std::string(label);
        }
    }
    return as_title(std::string(provider_event));
}

std::string events_text(const std::vector<std::string>& events) {
    if (events.empty()) {
        return "what is announced by default";
    }
    std::vector<std::string> titles;
    for (const std::string& event : events) {
        const bool is_short = event == "pr" || event.starts_with("pr.");
        titles.push_back(as_title(is_short ? "PR" + event.substr(2) : event));
    }
    return fmt::format("{} only", fmt::join(titles, ", "));
}

std::string repositories_text(const std::vector<std::string>& globs) {
    if (globs.empty()) {
        return "all";
    }
    std::vector<std::string> texts;
    for (const std::string& glob : globs) {
        texts.push_back(glob.starts_with('!') ? fmt::format("not `{}`", glob.substr(1))
                                              : fmt::format("`{}`", glob));
    }
    return fmt::format("{}", fmt::join(texts, ", "));
}

message::Message setup_message(const SetupFacts& setup) {
    const services::ServiceAdapter* adapter = services::find_adapter(setup.endpoint.service);
    message::Markdown text;
    const std::string head = adapter != nullptr ? adapter->setup_head() : std::string();
    if (!setup.hook.url.empty()) {
        add_address(text, setup);
    } else if (head.empty()) {
        text.markup(fmt::format("🔗 **{} Webhook Setup**", event::display_name(setup.endpoint.service)));
    } else {
        text.markup(head);
    }
    if (!setup.hook.is_stream) {
        text.newline().newline();
        text.markup(head.empty() ? "Webhook URL: " : "Webhook: ")
            .code(webhook_url(setup.public_url, setup.endpoint))
            .newline();
        text.markup("Secret: ").markup(setup.secret_note).newline().newline();
    }
    std::vector<std::string> wanted;
    if (adapter != nullptr && !setup.hook.is_stream) {
        for (const std::string& step : adapter->setup_steps()) {
            text.markup(step).newline();
        }
        wanted = services::subscriptions_for(setup.hook.events, *adapter);
    }
    if (!wanted.empty()) {
        text.newline().markup("Events to subscribe:").newline();
        for (const std::string& name : wanted) {
            text.markup("✓ ").text(subscription_label(name)).newline();
        }
    }
    if (!setup.hook.events.empty()) {
        text.newline().markup("Events: ").text(events_text(setup.hook.events));
    }
    if (!setup.hook.repos.empty()) {
        text.newline().markup("Repositories: " + repositories_text(setup.hook.repos));
    }
    text.newline();
    add_connection(text, setup, wanted);
    message::Message reply;
    constexpr std::size_t longest = 1700;  // leaves room for a line that a command adds
    reply.content = text.cut_to(longest);
    reply.hides_previews = true;
    return reply;
}

}  // namespace hookline::pipeline
