// How replies are made, and what more than one command says.
#pragma once

#include "commands/command.hpp"
#include "message/markdown.hpp"
#include "pipeline/destinations.hpp"

namespace hookline::commands {

/// A value, or the reply that says why not.
template <class T>
using Found = tl::expected<T, Reply>;

[[nodiscard]] message::Message message_of(const message::Markdown& text);
[[nodiscard]] Reply fine(const message::Markdown& text);
/// "❌ …": `text` is whole sentences of Markdown: what is wrong, what to do.
[[nodiscard]] Reply refused(std::string_view text);
/// The same with "Example: `!hook …`".
[[nodiscard]] Reply refused(const Request& request, std::string_view text, std::string_view example);
/// The store cannot be read or written; the cause goes to the log.
[[nodiscard]] Reply store_trouble(const Request& request, const Error& error);

/// `!hook list` as a code span, in the caller's way of saying it.
[[nodiscard]] std::string say(const Request& request, std::string_view words);

/// Writes `changes` and the act "who said what about `hook`" as one transaction.
Task<Result<void>> commit(Request request, store::Changes changes, HookId hook);
[[nodiscard]] store::Act act_of(const Request& request, HookId hook);

/// "<#123>", "the terminal", "a channel webhook".
[[nodiscard]] std::string place_text(const dispatch::DestinationInfo* destination);
/// "on", "off", "paused", "on, but <#1> takes no messages: …".
[[nodiscard]] std::string state_text(const store::Hook& hook, const dispatch::DestinationInfo* destination);
/// One line of `log` and `show`: "`1204` push · sent <t:…:R>".
[[nodiscard]] std::string outcome_line(const Request& request, const store::Outcome& outcome,
                                       std::string_view event_type);
/// What became of it, in words: "sent", "waiting", "given up: …", "filtered: …".
[[nodiscard]] std::string outcome_text(const Request& request, const store::Outcome& outcome);

/// The last `count` deliveries of a hook, as outcome lines; empty where there was none.
[[nodiscard]] Result<std::vector<std::string>> last_deliveries(const Request& request,
                                                               const store::Hook& hook, std::size_t count);

}  // namespace hookline::commands
