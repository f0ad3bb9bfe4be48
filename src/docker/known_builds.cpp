#include "docker/known_builds.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"

namespace hookline::docker {

namespace {

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
    return is_whole ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<KnownBuilds> KnownBuilds::from(std::string_view text) {
    const auto lines = split(text, '\n');
    const auto forgotten_until = lines.empty() ? std::nullopt : number_in(lines.front());
    if (!forgotten_until) {
        return std::nullopt;
    }
    KnownBuilds known;
    known.forgotten_until_ = *forgotten_until;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const std::size_t space = lines[i].find(' ');
        const auto completed = number_in(lines[i].substr(0, space));
        if (space != std::string_view::npos && completed) {
            known.add(std::string(lines[i].substr(space + 1)), *completed);
        }
    }
    return known;
}

std::string KnownBuilds::text() const {
    std::string text = std::to_string(forgotten_until_);
    for (const auto& [completed, ref] : by_time_) {
        text += fmt::format("\n{} {}", completed, ref);
    }
    return text;
}

bool KnownBuilds::is_known(const std::string& ref, std::int64_t completed) const {
    return builds_.contains(ref) || completed <= forgotten_until_;
}

void KnownBuilds::add(const std::string& ref, std::int64_t completed) {
    if (!builds_.emplace(ref, completed).second) {
        return;
    }
    by_time_.emplace(completed, ref);
    if (by_time_.size() > most) {
        const auto oldest = by_time_.begin();
        forgotten_until_ = std::max(forgotten_until_, oldest->first);
        builds_.erase(oldest->second);
        by_time_.erase(oldest);
    }
}

}  // namespace hookline::docker
