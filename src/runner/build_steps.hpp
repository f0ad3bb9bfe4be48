// Where a build of an image is, by what its tool prints: Docker's classic builder, BuildKit (plain or on a
// terminal), Podman. Looks at every line of any command: `make image` calls such a tool too.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hookline::runner {

class BuildSteps {
public:
    void on_line(std::string_view line);

    /// A line that says no more than where the build is.
    [[nodiscard]] static bool is_progress(std::string_view line);

    /// Asked of a build that failed: the instruction at which it did ("RUN make"); empty: none is known.
    [[nodiscard]] std::string failed() const;
    [[nodiscard]] const std::string& error() const { return error_; }  // in the tool's words
    [[nodiscard]] std::optional<std::int64_t> total() const;
    [[nodiscard]] std::optional<std::int64_t> done(bool has_failed) const;
    [[nodiscard]] std::int64_t cached() const { return cached_; }
    /// Of the image that was made, as it was printed: whole, or its beginning; empty: none is known.
    [[nodiscard]] const std::string& image_id() const { return image_id_; }

private:
    bool take_classic(std::string_view line);
    bool take_buildkit(std::string_view line);
    void take_vertex(std::string_view line);
    void take_step(std::string_view text, bool has_failed, std::string_view vertex);
    void take_error(std::string_view line);

    struct Vertex {
        std::string text;
        bool is_done = false;
    };
    static constexpr std::size_t most_vertices = 1000;
    std::string current_;                         // of the classic builder
    std::int64_t index_ = 0, classic_total_ = 0;  // of it
    bool is_built_ = false, is_tagged_ = false;
    std::map<std::string, std::int64_t, std::less<>> totals_;  // by the name of the Dockerfile's stage
    std::map<std::string, Vertex, std::less<>> vertices_;      // of BuildKit: "#8"
    std::int64_t done_ = 0, cached_ = 0;
    std::string failed_, error_, image_id_;
};

}  // namespace hookline::runner
