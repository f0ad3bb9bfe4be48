#include "language/times.hpp"

#include "base/iso_time.hpp"

namespace hookline::language {

std::optional<TimePoint> time_of(const Value& value) {
    if (const auto* text = value.as_text()) {
        return parse_time(text->view);
    }
    if (value.as_boolean() == nullptr && value.is_number()) {
        return parse_time(to_text(value));
    }
    if (value.as_object() != nullptr || value.as_map() != nullptr) {
        for (const std::string_view name : {"created", "created_at", "time"}) {
            const Value member = member_of(value, name);
            if (member.as_text() != nullptr) {
                return parse_time(member.as_text()->view);
            }
        }
    }
    return std::nullopt;
}

}  // namespace hookline::language
