#include "commands/options.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "services/event_names.hpp"

namespace hookline::commands {

namespace {

constexpr std::size_t most_globs = 50;
constexpr std::size_t longest_glob = 200;

/// "https://github.com/owner/name.git" as people copy it is "owner/name".
std::string_view without_url(std::string_view text) {
    const auto scheme = text.find("://");
    if (scheme == std::string_view::npos) {
        return text;
    }
    text.remove_prefix(scheme + 3);
    text.remove_prefix(std::min(text.find('/') + 1, text.size()));
    if (text.ends_with('/')) {
        text.remove_suffix(1);
    }
    if (text.ends_with(".git")) {
        text.remove_suffix(4);
    }
    return text;
}

bool is_repository_glob(std::string_view glob) {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./*?";
    const auto parts = split(glob, '/');
    return glob == "*" || (glob.size() <= longest_glob && parts.size() == 2 && !parts[0].empty() &&
                           !parts[1].empty() && glob.find_first_not_of(allowed) == std::string_view::npos);
}

}  // namespace

Found<std::vector<std::string>> read_events(const Request& request, std::string_view text,
                                            const services::ServiceAdapter& adapter) {
    if (equals_ignoring_case(text, "default")) {
        return std::vector<std::string>();
    }
    auto events = services::parse_event_names(text, adapter);
    if (!events) {
        return tl::unexpected(
            refused(request, message::escape(events.error().detail),
                    fmt::format("{} events push,pr.merged,release", event::name_of(adapter.service()))));
    }
    return std::move(*events);
}

Found<std::vector<std::string>> read_repositories(const Request& request, std::string_view text) {
    const auto no = [&](std::string_view why) {
        return tl::unexpected(refused(request, why, "github on --repo owner/name,org/*,!org/noisy"));
    };
    std::vector<std::string> globs;
    if (equals_ignoring_case(text, "all")) {
        return globs;
    }
    for (std::string_view word : split(text, ',')) {
        word = trim(word);
        if (word.empty()) {
            continue;
        }
        const bool is_exclusion = word.starts_with('!');
        const std::string_view glob = without_url(word.substr(is_exclusion ? 1 : 0));
        if (!is_repository_glob(glob)) {
            return no(fmt::format("{} is no repository: write `owner/name`, `org/*` or `!org/noisy`.",
                                  message::Markdown().code(shorten(word, 60)).str()));
        }
        globs.push_back(fmt::format("{}{}", is_exclusion ? "!" : "", glob));
        if (globs.size() > most_globs) {
            return no(fmt::format("A hook takes at most {} repositories; `org/*` is one.", most_globs));
        }
    }
    if (globs.empty()) {
        return no("No repository was named.");
    }
    return globs;
}

}  // namespace hookline::commands
