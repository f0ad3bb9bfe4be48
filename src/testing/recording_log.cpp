#include "testing/recording_log.hpp"

#include <fmt/format.h>

namespace hookline {

void RecordingLog::write(LogLevel level, std::string_view room, std::string_view what,
                         const std::vector<LogField>& fields) {
    static constexpr std::array<std::string_view, 4> names{"debug", "info", "warn", "error"};
    std::string line = fmt::format("{} [{}] {}", names.at(static_cast<std::size_t>(level)), room, what);
    for (const LogField& field : fields) {
        line += fmt::format(" {}={}", field.key, field.value);
    }
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
}

std::vector<std::string> RecordingLog::lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
}

}  // namespace hookline
