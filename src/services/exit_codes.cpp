#include "services/exit_codes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace hookline::services {

namespace {

struct Row {
    std::int64_t code;
    std::string_view meaning;
};
constexpr std::array rows{
    Row{125, "the engine could not run it"},
    Row{126, "the command cannot be executed"},
    Row{127, "command not found"},
    Row{129, "SIGHUP"},
    Row{130, "SIGINT"},
    Row{131, "SIGQUIT"},
    Row{132, "illegal instruction"},
    Row{134, "aborted"},
    Row{135, "bus error"},
    Row{136, "arithmetic error"},
    Row{137, "SIGKILL"},
    Row{139, "segmentation fault"},
    Row{141, "SIGPIPE"},
    Row{143, "SIGTERM"},
};

}  // namespace

std::string meaning_of(std::int64_t exit_code, bool is_out_of_memory) {
    if (is_out_of_memory) {
        return "OOM";
    }
    const auto* const found =
        std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.code == exit_code; });
    return found != rows.end() ? std::string(found->meaning) : std::string();
}

}  // namespace hookline::services
