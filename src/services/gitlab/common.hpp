// The parts that GitLab's payloads share.
#pragma once

#include "event/event.hpp"
#include "services/payload.hpp"

namespace hookline::services::gitlab {

/// "jdoe"; the name where there is no account, as in a job's payload; "" where nobody is told.
[[nodiscard]] std::string login_of(const Node& user);
/// The page of an account: GitLab tells only those of projects, so it is made from the project's.
[[nodiscard]] std::string user_url(const event::Event& event, std::string_view login);
/// Accounts that belong to a token or to GitLab itself (GitLab, "Bot users for projects").
[[nodiscard]] bool is_bot(std::string_view login);
[[nodiscard]] std::optional<event::Actor> actor_of(const Node& user, const event::Event& event);
/// From `project`, or from what older payloads tell instead.
[[nodiscard]] std::optional<event::Repository> repository_of(const Node& payload);
/// The login among `users` with that id, or "": payloads tell an author only by number.
[[nodiscard]] std::string login_of_id(std::initializer_list<Node> users, const Node& id);

/// The `key` of each element that has one.
[[nodiscard]] std::vector<std::string> texts_of(const Node& list, std::string_view key);
[[nodiscard]] event::PullRequest merge_request_of(const Node& attributes, const event::Event& event);
[[nodiscard]] event::Issue issue_of(const Node& attributes);

/// What an `update` is, as Hookline names it, and what it is about: {"labeled", "bug"}.
struct Change {
    std::string action, about;
};
[[nodiscard]] Change change_of(const Node& payload);

/// `name` as a part of a URL's path, slashes kept: a branch may hold "#" and "%".
[[nodiscard]] std::string path_encoded(std::string_view name);
/// "https://gitlab.example/group/project" + `path`, or "" without a project.
[[nodiscard]] std::string page(const event::Event& event, std::string_view path);
[[nodiscard]] bool is_zeros(std::string_view id);

/// Moves the event's time to the first of `times` that there is.
void set_time(event::Event& event, std::initializer_list<Node> times);

/// "opened" of "open": GitLab's word for an act in the words of Hookline; unknown words stay.
[[nodiscard]] std::string past_of(std::string_view action);

}  // namespace hookline::services::gitlab
