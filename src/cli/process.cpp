#include "cli/process.hpp"

#include <fmt/format.h>

#include <cstring>
#include <fstream>
#include <istream>
#include <ostream>

#include "base/text.hpp"

namespace hookline::cli {

namespace {

constexpr std::size_t most_bytes = 25U << 20U;

Result<std::string> read_stream(std::istream& stream, const std::string& name) {
    std::string text;
    std::array<char, 65536> piece{};
    while (stream.read(piece.data(), piece.size()) || stream.gcount() > 0) {
        text.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
        if (text.size() > most_bytes) {
            return fail(Errc::too_large, fmt::format("{} holds more than 25 MiB", name));
        }
    }
    return text;
}

}  // namespace

Result<std::string> read_input(const Process& process, const std::string& file) {
    if (file == "-") {
        return read_stream(process.in, "standard input");
    }
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return fail(Errc::not_found, fmt::format("cannot read {}: {}", file, std::strerror(errno)));
    }
    return read_stream(stream, file);
}

Result<std::optional<std::string>> secret_from_environment(const Process& process, std::string_view name) {
    if (auto value = process.environment(name); value && !value->empty()) {
        return value;
    }
    const auto file = process.environment(std::string(name) + "_FILE");
    if (!file || file->empty()) {
        return std::optional<std::string>();
    }
    const auto text = read_input(process, *file);
    if (!text) {
        return fail(text.error().code, fmt::format("{}_FILE: {}", name, text.error().detail));
    }
    return std::optional(std::string(trim(*text)));
}

int complain(const Process& process, int code, std::string_view what) {
    process.err << "hookline: " << what << '\n';
    return code;
}

}  // namespace hookline::cli
