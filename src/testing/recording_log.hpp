// A log that a test can read: "warn [dispatch] destination held id=12".
#pragma once

#include <mutex>

#include "base/log.hpp"

namespace hookline {

class RecordingLog final : public Log {
public:
    void write(LogLevel level, std::string_view room, std::string_view what,
               const std::vector<LogField>& fields) override;
    [[nodiscard]] bool is_on(LogLevel) const override { return true; }
    [[nodiscard]] std::vector<std::string> lines() const;

private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

}  // namespace hookline
