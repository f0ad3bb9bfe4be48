#include "event/delivery.hpp"

#include "base/text.hpp"

namespace hookline::event {

std::optional<std::string_view> Headers::get(std::string_view name) const {
    for (const auto& [known, value] : fields_) {
        if (equals_ignoring_case(known, name)) {
            return value;
        }
    }
    return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(fields_.begin(), fields_.end(), [&](const auto& field) {
        return equals_ignoring_case(field.first, name);
    }));
}

}  // namespace hookline::event
