// Structured log: a line says where (room), what, and fields. Passed in, so that a test can read it.
// Nothing secret can get in by type: fields are texts and numbers, a Secret is neither.
#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace hookline {

enum class LogLevel { debug, info, warn, error };

struct LogField {
    LogField(std::string_view field_key, std::string_view field_value) : key(field_key), value(field_value) {}
    template <std::integral Number>
    LogField(std::string_view field_key, Number number)
        : key(field_key), value(std::to_string(number)), is_number(true) {}
    std::string key;
    std::string value;
    bool is_number = false;
};

class Log {
public:
    virtual ~Log() = default;
    virtual void write(LogLevel level, std::string_view room, std::string_view what,
                       const std::vector<LogField>& fields) = 0;
    [[nodiscard]] virtual bool is_on(LogLevel level) const = 0;

    void debug(std::string_view room, std::string_view what, std::vector<LogField> fields = {});
    void info(std::string_view room, std::string_view what, std::vector<LogField> fields = {});
    void warn(std::string_view room, std::string_view what, std::vector<LogField> fields = {});
    void error(std::string_view room, std::string_view what, std::vector<LogField> fields = {});
};

/// To stderr, one line each: readable text, or JSON for a collector. Safe from every thread.
[[nodiscard]] std::unique_ptr<Log> make_log(LogLevel level, bool json);
/// "debug", "info", "warn", "error".
[[nodiscard]] Result<LogLevel> parse_log_level(std::string_view text);

}  // namespace hookline
