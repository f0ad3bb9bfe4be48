#include "services/runs.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace hookline::services {

namespace {

constexpr std::chrono::seconds longest = std::chrono::hours(24) * 3650;
constexpr std::size_t longest_remote = 2000;

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

std::string_view without_suffix(std::string_view text, std::string_view suffix) {
    return text.ends_with(suffix) ? text.substr(0, text.size() - suffix.size()) : text;
}

/// "host" and "owner/name" of a remote.
struct Place {
    std::string_view host, path;
    bool has_page = false;
};

std::optional<Place> place_of(std::string_view remote) {
    Place place;
    std::string_view rest = remote;
    const std::size_t scheme = remote.find("://");
    if (scheme != std::string_view::npos) {
        const std::string_view name = remote.substr(0, scheme);
        place.has_page = name == "https" || name == "http";
        if (!place.has_page && name != "ssh" && name != "git" && name != "git+ssh") {
            return std::nullopt;
        }
        rest = remote.substr(scheme + 3);
        const std::size_t slash = rest.find('/');
        if (slash == std::string_view::npos) {
            return std::nullopt;
        }
        place.host = rest.substr(0, slash);
        place.path = rest.substr(slash + 1);
    } else {
        // git's short form: user@host:path (git, "GIT URLS")
        const std::size_t colon = rest.find(':');
        const std::size_t at = rest.find('@');
        if (colon == std::string_view::npos || at == std::string_view::npos || at > colon) {
            return std::nullopt;
        }
        place.host = rest.substr(0, colon);
        place.path = without_prefix(rest.substr(colon + 1), "/");
    }
    if (const std::size_t at = place.host.rfind('@'); at != std::string_view::npos) {
        place.host.remove_prefix(at + 1);
    }
    return place;
}

}  // namespace

RunEnding ending_of(std::span<const RunEnding> endings, std::string_view word) {
    const auto found = std::find_if(endings.begin(), endings.end(), [&](const RunEnding& ending) {
        return equals_ignoring_case(ending.word, word);
    });
    return found != endings.end() ? *found : RunEnding{"", event::Conclusion::neutral, "neutral"};
}

std::optional<std::chrono::seconds> duration_between(const std::optional<TimePoint>& begin,
                                                     const std::optional<TimePoint>& end) {
    if (!begin || !end) {
        return std::nullopt;
    }
    return std::clamp(std::chrono::duration_cast<std::chrono::seconds>(*end - *begin),
                      std::chrono::seconds(0), longest);
}

std::optional<std::chrono::seconds> duration_of_milliseconds(std::optional<std::int64_t> ms) {
    if (!ms) {
        return std::nullopt;
    }
    constexpr std::int64_t most = std::chrono::milliseconds(longest).count();
    return std::chrono::round<std::chrono::seconds>(
        std::chrono::milliseconds(std::clamp<std::int64_t>(*ms, 0, most)));
}

std::optional<event::Repository> repository_of_remote(std::string_view remote) {
    remote = trim(remote);
    const auto place = remote.size() <= longest_remote ? place_of(remote) : std::nullopt;
    if (!place || place->host.empty()) {
        return std::nullopt;
    }
    std::string_view path = place->path.substr(0, place->path.find_first_of("?#"));
    path = without_suffix(without_suffix(path, "/"), ".git");
    if (path.find('/') == std::string_view::npos || path.front() == '/' || path.back() == '/') {
        return std::nullopt;
    }
    event::Repository repository;
    repository.full_name = path;
    if (place->has_page) {
        repository.url = "https://" + std::string(place->host) + "/" + std::string(path);
    }
    return repository;
}

std::string branch_of_ref(std::string_view ref) {
    std::string_view name = trim(ref);
    for (const std::string_view prefix : {"refs/heads/", "refs/remotes/", "origin/", "*/"}) {
        name = without_prefix(name, prefix);
    }
    return std::string(name);
}

std::string commit_page(const event::Repository& repository, std::string_view commit) {
    struct Host {
        std::string_view prefix, path;
    };
    static constexpr std::array hosts{Host{"https://github.com/", "/commit/"},
                                      Host{"https://gitlab.com/", "/-/commit/"},
                                      Host{"https://bitbucket.org/", "/commits/"}};
    const bool is_id =
        !commit.empty() && commit.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    for (const Host& host : hosts) {
        if (is_id && repository.url.starts_with(host.prefix)) {
            return repository.url + std::string(host.path) + std::string(commit);
        }
    }
    return {};
}

}  // namespace hookline::services
