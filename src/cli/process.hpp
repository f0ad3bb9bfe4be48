// What a call needs of the process it runs in: passed in, so that a test can stand in for it.
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace hookline::cli {

inline constexpr int fine = 0;
inline constexpr int did_not_hold = 1;
inline constexpr int usage_error = 2;

struct Process {
    std::function<std::optional<std::string>(std::string_view name)> environment;
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool out_is_terminal = false;
    std::size_t width = 80;  // columns
};

/// The whole of FILE, or of standard input where it is "-"; at most 25 MiB, as a delivery.
[[nodiscard]] Result<std::string> read_input(const Process& process, const std::string& file);
/// The environment variable NAME, or the content of the file that NAME_FILE names, without its line end.
[[nodiscard]] Result<std::optional<std::string>> secret_from_environment(const Process& process,
                                                                         std::string_view name);
/// "hookline: what is wrong", to stderr; returns `code`.
int complain(const Process& process, int code, std::string_view what);

}  // namespace hookline::cli
