// What a command line says of the build that it asks for: docker build, docker buildx build, docker compose
// build, podman build.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hookline::runner {

struct BuildWords {
    bool is_image = false;              // it builds an image, as far as its words tell
    std::vector<std::string> tags;      // as they are asked for, as people say them
    std::string context, file, target;  // of an image
    bool is_compose = false;
    std::vector<std::string> services;  // of Compose
    std::string project;                // of Compose, where it is named

    /// Of several images that one call makes none is the one.
    [[nodiscard]] bool makes_one_image() const { return !is_compose || services.size() == 1; }
};
[[nodiscard]] BuildWords read_words(const std::vector<std::string>& command);

/// What a reader would call it: the image without registry and tag, what Compose builds, else the folder
/// (`folder`: where it runs), else the program.
[[nodiscard]] std::string usual_name(const BuildWords& words, const std::vector<std::string>& command,
                                     std::string_view folder, std::string_view home);

}  // namespace hookline::runner
