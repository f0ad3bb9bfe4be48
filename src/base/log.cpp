#include "base/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/text.hpp"

namespace hookline {

namespace {

/// A log line stays one line, whatever a payload holds.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : repair_utf8(text)) {
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        } else {
            out.push_back(c);
        }
    }
    return out + "\"";
}

bool is_plain(std::string_view text) {
    return !text.empty() && text.find_first_of(" \"\\=\n\r\t\x1b") == std::string_view::npos &&
           std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warn:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

class StderrLog final : public Log {
public:
    StderrLog(LogLevel level, bool json)
        : logger_("hookline", std::make_shared<spdlog::sinks::stderr_sink_mt>()), json_(json) {
        logger_.set_level(level_of(level));
        const auto utc = spdlog::pattern_time_type::utc;
        logger_.set_pattern(
            json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %-5l %v",
            utc);
    }

    void write(LogLevel level, std::string_view room, std::string_view what,
               const std::vector<LogField>& fields) override {
        if (is_on(level)) {
            logger_.log(level_of(level), "{}",
                        json_ ? as_json(room, what, fields) : as_text(room, what, fields));
        }
    }

    bool is_on(LogLevel level) const override { return logger_.should_log(level_of(level)); }

private:
    static std::string as_json(std::string_view room, std::string_view what,
                               const std::vector<LogField>& fields) {
        std::string line = fmt::format(R"("room":{},"what":{})", quoted(room), quoted(what));
        for (const LogField& field : fields) {
            line +=
                fmt::format(",{}:{}", quoted(field.key), field.is_number ? field.value : quoted(field.value));
        }
        return line;
    }

    static std::string as_text(std::string_view room, std::string_view what,
                               const std::vector<LogField>& fields) {
        std::string line = fmt::format("[{}] {}", room, what);
        for (const LogField& field : fields) {
            line +=
                fmt::format(" {}={}", field.key, is_plain(field.value) ? field.value : quoted(field.value));
        }
        return line;
    }

    spdlog::logger logger_;
    bool json_;
};

}  // namespace

void Log::debug(std::string_view room, std::string_view what, std::vector<LogField> fields) {
    write(LogLevel::debug, room, what, fields);
}
void Log::info(std::string_view room, std::string_view what, std::vector<LogField> fields) {
    write(LogLevel::info, room, what, fields);
}
void Log::warn(std::string_view room, std::string_view what, std::vector<LogField> fields) {
    write(LogLevel::warn, room, what, fields);
}
void Log::error(std::string_view room, std::string_view what, std::vector<LogField> fields) {
    write(LogLevel::error, room, what, fields);
}

std::unique_ptr<Log> make_log(LogLevel level, bool json) { return std::make_unique<StderrLog>(level, json); }

Result<LogLevel> parse_log_level(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, LogLevel>, 4> levels{
        {{"debug", LogLevel::debug},
         {"info", LogLevel::info},
         {"warn", LogLevel::warn},
         {"error", LogLevel::error}}};
    for (const auto& [name, level] : levels) {
        if (text == name) {
            return level;
        }
    }
    return fail(
        Errc::invalid_argument,
        fmt::format("\"{}\" is not a log level; there are debug, info, warn and error", text.substr(0, 40)));
}

}  // namespace hookline
