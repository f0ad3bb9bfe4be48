// What must not be told of a run, wherever it shows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hookline::runner {

class Secrets {
public:
    /// Whole, and of several lines each alone, as it would be printed. What is shorter than 6 characters
    /// ("1", "true", "prod") stands everywhere, and hides nothing. Of more than 1,000 the first ones count.
    void add(std::string_view value);
    void add(const Secrets& others);

    /// `text` with *** in place of each.
    [[nodiscard]] std::string without(std::string text) const;
    [[nodiscard]] const std::vector<std::string>& values() const { return values_; }

private:
    std::vector<std::string> values_;  // the longest first: one within another leaves nothing of it
};

}  // namespace hookline::runner
