#include "docker/lines.hpp"

#include "base/text.hpp"

namespace hookline::docker {

Result<std::vector<std::string>> Lines::feed(std::string_view bytes) {
    std::vector<std::string> lines;
    for (;;) {
        const std::size_t end = bytes.find('\n');
        begun_.append(bytes.substr(0, end));
        if (begun_.size() > limit) {
            return fail(Errc::too_large, "an event of the engine is larger than what is read");
        }
        if (end == std::string_view::npos) {
            return lines;
        }
        constexpr char record_separator = 0x1E;  // RFC 7464
        std::string_view line = trim(begun_);
        if (line.starts_with(record_separator)) {
            line.remove_prefix(1);
        }
        if (!line.empty()) {
            lines.emplace_back(line);
        }
        begun_.clear();
        bytes.remove_prefix(end + 1);
    }
}

}  // namespace hookline::docker
