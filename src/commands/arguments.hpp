// The words of a command after its name: what was given for its options, and the rest in order. A command
// says in its row which options it knows; everything else is refused with the nearest known one.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace hookline::commands {

struct Option {
    std::string_view name;      // "--events"
    std::string_view value;     // its form, for help: "a,b"; empty: the option is a word alone
    std::string_view sentence;  // for help
};

class Arguments {
public:
    [[nodiscard]] bool has(std::string_view option) const { return options_.contains(option); }
    /// Nothing where it was not given.
    [[nodiscard]] std::optional<std::string> value(std::string_view option) const;
    [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

private:
    friend Result<Arguments> parse_arguments(std::span<const Option>, std::span<const std::string>);
    std::map<std::string, std::string, std::less<>> options_;
    std::vector<std::string> words_;
};

/// Takes "--events push,pr" and "--events=push,pr". Errors (invalid_argument) are whole sentences.
[[nodiscard]] Result<Arguments> parse_arguments(std::span<const Option> known,
                                                std::span<const std::string> words);

}  // namespace hookline::commands
