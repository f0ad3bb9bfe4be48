#include "runner/build_steps.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace hookline::runner {

namespace {

constexpr std::size_t longest_text = 300;
constexpr std::size_t longest_id = 64;

bool take_prefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) {
        return false;
    }
    text.remove_prefix(prefix.size());
    return true;
}

std::optional<std::int64_t> take_number(std::string_view& text) {
    constexpr std::int64_t most = 10'000;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number < 0 || number > most) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

/// "3/5" at the beginning of `text`.
struct Place {
    std::int64_t index = 0, total = 0;
};
std::optional<Place> take_place(std::string_view& text) {
    std::string_view rest = text;
    const auto index = take_number(rest);
    if (!index || !take_prefix(rest, "/")) {
        return std::nullopt;
    }
    const auto total = take_number(rest);
    if (!total) {
        return std::nullopt;
    }
    text = rest;
    return Place{*index, *total};
}

std::string bounded(std::string_view text) { return shorten(repair_utf8(trim(text)), longest_text); }

/// "4f53cda18c2b" at the beginning of `text`: hexadecimal, at least as long as Docker shows ids.
std::string hex_at(std::string_view text) {
    constexpr std::size_t shortest = 12;
    const std::size_t end = std::min(text.find_first_not_of("0123456789abcdef"), text.size());
    return end >= shortest && end <= longest_id ? std::string(text.substr(0, end)) : std::string();
}

/// "RUN make" of "RUN make     0.3s": on a terminal a time stands at the line's end.
std::string_view without_time(std::string_view text) {
    text = trim(text);
    const std::size_t gap = text.rfind(' ');
    if (gap == std::string_view::npos || !text.ends_with('s')) {
        return text;
    }
    const std::string_view time = text.substr(gap + 1, text.size() - gap - 2);
    const bool is_time = !time.empty() && time.find_first_not_of("0123456789.") == std::string_view::npos;
    return is_time ? trim(text.substr(0, gap)) : text;
}

}  // namespace

void BuildSteps::on_line(std::string_view line) {
    constexpr std::size_t longest_line = 2000;
    constexpr std::string_view first_letters = "STE#=->e ";                 // of all that is looked for
    if (is_tagged_ && line.size() == longest_id && hex_at(line) == line) {  // Podman prints it last
        is_built_ = true;
        image_id_ = line;
        return;
    }
    if (line.empty() || first_letters.find(line.front()) == std::string_view::npos) {
        return;
    }
    line = trim(line.substr(0, longest_line));
    if (line.empty() || take_classic(line) || take_buildkit(line)) {
        return;
    }
    take_error(line);
}

bool BuildSteps::is_progress(std::string_view line) {
    static constexpr std::array<std::string_view, 5> beginnings{
        {"---> ", "--> ", "Removing intermediate container ", "Sending build context to ", "=> "}};
    line = trim(line);
    std::string_view rest = line;
    const bool is_step =
        (take_prefix(rest, "Step ") || take_prefix(rest, "STEP ")) && take_place(rest).has_value();
    return is_step || std::any_of(beginnings.begin(), beginnings.end(),
                                  [&](std::string_view words) { return line.starts_with(words); });
}

/// "Step 3/5 : RUN make"; Podman: "STEP 3/5: RUN make".
bool BuildSteps::take_classic(std::string_view line) {
    std::string_view rest = line;
    if (take_prefix(rest, "Step ") || take_prefix(rest, "STEP ")) {
        const auto place = take_place(rest);
        rest = trim(rest);
        if (place && take_prefix(rest, ":")) {
            if (is_built_ || place->index == 1) {
                *this = BuildSteps();  // another build of the same command
            }
            current_ = bounded(rest);
            index_ = place->index;
            classic_total_ = place->total;
            return true;
        }
    }
    rest = line;
    if (line == "---> Using cache" || line.starts_with("--> Using cache")) {
        ++cached_;
        return true;
    }
    is_tagged_ = is_tagged_ || line.starts_with("Successfully tagged ");
    if (take_prefix(rest, "Successfully built ")) {
        is_built_ = true;
        image_id_ = hex_at(rest);
        return true;
    }
    return false;
}

bool BuildSteps::take_buildkit(std::string_view line) {
    std::string_view rest = line;
    if (take_prefix(rest, "#")) {
        take_vertex(line);
        return true;
    }
    if (take_prefix(rest, "=> => ")) {
        if (take_prefix(rest, "writing image sha256:")) {
            image_id_ = hex_at(rest);
        }
        return true;
    }
    if (take_prefix(rest, "=> ")) {
        const bool has_failed = take_prefix(rest, "ERROR ");
        take_prefix(rest, "CACHED ");
        take_step(without_time(rest), has_failed, {});
        return true;
    }
    if (take_prefix(rest, "> [") && rest.ends_with(':')) {
        take_step(line.substr(2, line.size() - 3), true, {});
        return true;
    }
    return false;
}

/// "#8 [builder 3/5] RUN make", "#8 CACHED", "#8 DONE 0.5s", "#8 ERROR: process … exit code: 2".
void BuildSteps::take_vertex(std::string_view line) {
    const std::string_view id = line.substr(0, line.find(' '));
    std::string_view rest = trim(line.substr(id.size()));
    if (rest.starts_with('[')) {
        return take_step(rest, false, id);
    }
    if (take_prefix(rest, "writing image sha256:")) {
        image_id_ = hex_at(rest);
        return;
    }
    const auto vertex = vertices_.find(id);
    if (vertex == vertices_.end()) {
        return;
    }
    const bool is_cached = rest == "CACHED";
    if ((is_cached || rest.starts_with("DONE")) && !vertex->second.is_done) {
        vertex->second.is_done = true;
        ++done_;
        cached_ += is_cached ? 1 : 0;
    } else if (rest.starts_with("ERROR")) {
        failed_ = vertex->second.text;
    }
}

/// "[builder 3/5] RUN make"; "[internal] load build context" is no step.
void BuildSteps::take_step(std::string_view text, bool has_failed, std::string_view vertex) {
    std::string_view rest = text;
    const std::size_t end = rest.find(']');
    if (!take_prefix(rest, "[") || end == std::string_view::npos) {
        return;
    }
    const std::string_view label = rest.substr(0, end - 1);
    const std::size_t gap = label.rfind(' ');
    std::string_view numbers = gap == std::string_view::npos ? label : label.substr(gap + 1);
    const auto place = take_place(numbers);
    if (!place || !numbers.empty()) {
        return;
    }
    const std::string stage(gap == std::string_view::npos ? "" : label.substr(0, gap));
    const std::string instruction = bounded(rest.substr(end));
    if (totals_.size() < most_vertices) {
        totals_[stage] = place->total;
    }
    if (has_failed) {
        failed_ = instruction;
    }
    if (!vertex.empty() && vertices_.size() < most_vertices) {
        vertices_.try_emplace(std::string(vertex), Vertex{instruction, false});
    }
}

void BuildSteps::take_error(std::string_view line) {
    static constexpr std::array<std::string_view, 4> before{
        {"ERROR: failed to solve", "error: failed to solve", "ERROR: failed to build",
         "Error: building at STEP"}};
    const bool is_of_buildkit = std::any_of(before.begin(), before.end(),
                                            [&](std::string_view words) { return line.starts_with(words); });
    const bool is_of_classic = line.find(" returned a non-zero code: ") != std::string_view::npos;
    if (is_of_buildkit || is_of_classic) {
        error_ = bounded(is_of_buildkit ? line.substr(line.find(' ') + 1) : line);
    }
}

std::string BuildSteps::failed() const {
    if (!failed_.empty()) {
        return failed_;
    }
    return is_built_ ? std::string() : current_;
}

std::optional<std::int64_t> BuildSteps::total() const {
    if (classic_total_ > 0) {
        return classic_total_;
    }
    std::int64_t sum = 0;
    for (const auto& [stage, total] : totals_) {
        sum += total;
    }
    return sum > 0 ? std::optional(sum) : std::nullopt;
}

std::optional<std::int64_t> BuildSteps::done(bool has_failed) const {
    const auto all = total();
    if (!all || !has_failed) {
        return all;
    }
    if (classic_total_ > 0) {
        return index_ - 1;
    }
    // On a terminal nothing says which of them are done.
    return vertices_.empty() ? std::nullopt : std::optional(done_);
}

}  // namespace hookline::runner
