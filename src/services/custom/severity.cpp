#include "services/custom/severity.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace hookline::services::custom {

namespace {

using Severity = event::Notice::Severity;

struct Row {
    std::string_view word;
    Severity severity;
};

constexpr std::array rows{
    Row{"critical", Severity::critical},
    Row{"crit", Severity::critical},
    Row{"fatal", Severity::critical},
    Row{"emergency", Severity::critical},
    Row{"disaster", Severity::critical},
    Row{"panic", Severity::critical},
    Row{"p0", Severity::critical},
    Row{"p1", Severity::critical},
    Row{"sev0", Severity::critical},
    Row{"sev1", Severity::critical},
    Row{"page", Severity::critical},
    Row{"error", Severity::error},
    Row{"err", Severity::error},
    Row{"failed", Severity::error},
    Row{"failure", Severity::error},
    Row{"fail", Severity::error},
    Row{"failing", Severity::error},
    Row{"down", Severity::error},
    Row{"firing", Severity::error},
    Row{"alerting", Severity::error},
    Row{"alert", Severity::error},
    Row{"alarm", Severity::error},
    Row{"problem", Severity::error},
    Row{"major", Severity::error},
    Row{"high", Severity::error},
    Row{"triggered", Severity::error},
    Row{"unhealthy", Severity::error},
    Row{"broken", Severity::error},
    Row{"danger", Severity::error},
    Row{"p2", Severity::error},
    Row{"sev2", Severity::error},
    Row{"warning", Severity::warning},
    Row{"warn", Severity::warning},
    Row{"degraded", Severity::warning},
    Row{"minor", Severity::warning},
    Row{"medium", Severity::warning},
    Row{"average", Severity::warning},
    Row{"unstable", Severity::warning},
    Row{"nodata", Severity::warning},
    Row{"p3", Severity::warning},
    Row{"sev3", Severity::warning},
    Row{"success", Severity::success},
    Row{"succeeded", Severity::success},
    Row{"successful", Severity::success},
    Row{"ok", Severity::success},
    Row{"okay", Severity::success},
    Row{"up", Severity::success},
    Row{"passed", Severity::success},
    Row{"resolved", Severity::success},
    Row{"recovered", Severity::success},
    Row{"recovery", Severity::success},
    Row{"healthy", Severity::success},
    Row{"good", Severity::success},
    Row{"cleared", Severity::success},
    Row{"normal", Severity::success},
    Row{"completed", Severity::success},
    Row{"info", Severity::info},
    Row{"information", Severity::info},
    Row{"informational", Severity::info},
    Row{"notice", Severity::info},
    Row{"debug", Severity::info},
    Row{"low", Severity::info},
    Row{"p4", Severity::info},
    Row{"p5", Severity::info},
};

}  // namespace

std::optional<Severity> severity_of(std::string_view word) {
    constexpr std::size_t longest = 30;
    if (word.size() > longest) {
        return std::nullopt;
    }
    std::string plain = to_lower_ascii(trim(word));
    std::erase_if(plain, [](char c) { return c == '-' || c == '_' || c == ' '; });
    const auto* const found =
        std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.word == plain; });
    return found != rows.end() ? std::optional(found->severity) : std::nullopt;
}

std::string_view word_of(Severity severity) {
    switch (severity) {
        case Severity::critical:
            return "critical";
        case Severity::error:
            return "error";
        case Severity::warning:
            return "warning";
        case Severity::success:
            return "success";
        case Severity::info:
            return "info";
        case Severity::none:
            break;
    }
    return "";
}

}  // namespace hookline::services::custom
