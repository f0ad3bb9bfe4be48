// The parts that GitHub's payloads share.
#pragma once

#include "event/event.hpp"
#include "services/payload.hpp"

namespace hookline::services::github {

/// The login of a user object; "ghost" where it is null, as GitHub shows a deleted account; "" where the
/// payload has no such field.
[[nodiscard]] std::string login_of(const Node& user);
[[nodiscard]] std::string url_of(const Node& user);
/// A login ending in "[bot]" is an App (GitHub, "sender").
[[nodiscard]] bool is_bot(const Node& user);
[[nodiscard]] std::optional<event::Actor> actor_of(const Node& sender);
[[nodiscard]] std::optional<event::Repository> repository_of(const Node& repository);
/// The `key` of each element that has one.
[[nodiscard]] std::vector<std::string> texts_of(const Node& list, std::string_view key);

[[nodiscard]] event::PullRequest pull_request_of(const Node& pull_request);
[[nodiscard]] event::Issue issue_of(const Node& issue);
[[nodiscard]] event::Comment comment_of(const Node& comment);

/// What `edited`, `labeled` and the like are about: the label's name, the keys of `changes`, a reason.
[[nodiscard]] std::string what_changed(const Node& payload);

/// `name` as a part of a URL's path, slashes kept: a branch may hold "#" and "%".
[[nodiscard]] std::string path_encoded(std::string_view name);

/// Moves the event's time to the first of `times` that there is.
void set_time(event::Event& event, std::initializer_list<Node> times);

}  // namespace hookline::services::github
