// The builds that are told of already, or that were over before anybody listened: an engine says all that it
// remembers each time it is asked. Bounded: what completed no later than the oldest that was forgotten here
// is known too. Only the engine's own times are compared with each other.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace hookline::docker {

class KnownBuilds {
public:
    static constexpr std::size_t most = 256;  // an engine keeps 50, unless it is told otherwise

    /// What text() gave; nothing for anything else.
    [[nodiscard]] static std::optional<KnownBuilds> from(std::string_view text);
    [[nodiscard]] std::string text() const;

    /// `completed`: Unix nanoseconds, by the engine's clock.
    [[nodiscard]] bool is_known(const std::string& ref, std::int64_t completed) const;
    void add(const std::string& ref, std::int64_t completed);

private:
    std::int64_t forgotten_until_ = -1;
    std::unordered_map<std::string, std::int64_t> builds_;
    std::set<std::pair<std::int64_t, std::string>> by_time_;
};

}  // namespace hookline::docker
