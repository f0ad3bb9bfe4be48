// What an exit code of a container or a command says (Docker, "docker run", Exit status; shells: 128 and the
// signal's number).
#pragma once

#include <cstdint>
#include <string>

namespace hookline::services {

/// "OOM", "segmentation fault", "SIGKILL", "command not found"; "" where the number says nothing by itself.
[[nodiscard]] std::string meaning_of(std::int64_t exit_code, bool is_out_of_memory);

}  // namespace hookline::services
