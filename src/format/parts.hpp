// The parts that layouts share. None adds anything where there is nothing to say.
#pragma once

#include <string>
#include <string_view>

#include "event/event.hpp"
#include "format/measure.hpp"
#include "message/markdown.hpp"
#include "message/message.hpp"

namespace hookline::format {

enum class Width { full, third };  // third: beside two others where there is room

/// A field, unless `value` is empty.
void add(message::Embed& embed, std::string_view name, const message::Markdown& value,
         Width width = Width::third);
/// The same for a text of the payload, on one line of at most `longest` code points.
void add_text(message::Embed& embed, std::string_view name, std::string_view untrusted,
              Width width = Width::third, std::size_t longest = 200);

/// "@octocat", "@codecov (bot)"; plain and untrusted.
[[nodiscard]] std::string handle(std::string_view login);
/// "@octocat", linked where the URL is known; empty where nobody is.
[[nodiscard]] message::Markdown person(std::string_view login, std::string_view url = {});
/// Whoever did it; the URL comes from there where `login` is the same account.
[[nodiscard]] message::Markdown person(const event::Event& event, std::string_view login,
                                       std::string_view url);
[[nodiscard]] message::Markdown actor(const event::Event& event);
[[nodiscard]] message::Markdown repository(const event::Event& event);
/// [`42f0c7d`](url)
[[nodiscard]] message::Markdown commit_link(std::string_view id, std::string_view url);
/// "8 changed (+450, -120)"
[[nodiscard]] std::string line_counts(std::int64_t additions, std::int64_t deletions);
/// "`bug`, `help wanted`, …and 3 more"
[[nodiscard]] message::Markdown names(const std::vector<std::string>& list, std::string_view before = {},
                                      std::size_t most = normal_measure.names);

/// The last `most` lines, fenced; empty where none says anything.
[[nodiscard]] message::Markdown last_lines(const std::vector<std::string>& lines, std::size_t most);

/// What somebody wrote, quoted, as the description; `text` may be long.
void quote(message::Embed& embed, std::string_view text, const Measure& measure = normal_measure);
/// The same as a field of full width; as the description, which has more room, where the whole is asked for.
void add_quote(message::Embed& embed, std::string_view name, std::string_view text,
               const Measure& measure = normal_measure);

/// "GitHub"; of a custom hook's event the host that it is about.
[[nodiscard]] std::string place_of(const event::Event& event);
/// "octo-org/hello-hook · GitHub"
[[nodiscard]] std::string footer(const event::Event& event);

}  // namespace hookline::format
