#include "docker/fetched.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace hookline::docker {

namespace {

constexpr std::size_t most_images = 500;
constexpr std::int64_t counts_for = 600LL * 1'000'000'000;

}  // namespace

void Fetched::on(const EngineEvent& event) {
    constexpr std::array<std::string_view, 3> actions{{"pull", "load", "import"}};
    const bool is_image =
        event.type == "image" && std::find(actions.begin(), actions.end(), event.action) != actions.end();
    const bool is_commit = event.type == "container" && event.action == "commit";
    std::string what(is_commit ? event.attribute("imageID") : std::string_view(event.id));
    if ((!is_image && !is_commit) || what.empty()) {
        return;
    }
    images_.push_back(Image{std::move(what), event.nanos});
    if (images_.size() > most_images) {
        images_.pop_front();
    }
}

bool Fetched::holds(const EngineEvent& event, const std::vector<std::string>& names) const {
    const std::string_view given = event.attribute("name");
    return std::any_of(images_.begin(), images_.end(), [&](const Image& image) {
        // A build may take the name of what was pulled.
        const bool is_it =
            image.what == event.id ||
            (image.what != given && std::find(names.begin(), names.end(), image.what) != names.end());
        return is_it && std::abs(event.nanos - image.at) <= counts_for;
    });
}

}  // namespace hookline::docker
