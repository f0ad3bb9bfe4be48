#include "commands/arguments.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace hookline::commands {

namespace {

constexpr std::size_t longest_shown = 40;

std::string unknown_option(std::string_view name, std::span<const Option> known) {
    const std::string shown = shorten(name, longest_shown);
    if (known.empty()) {
        return fmt::format("This command has no option {}.", shown);
    }
    std::vector<std::string_view> names;
    for (const Option& option : known) {
        names.push_back(option.name);
    }
    if (const auto nearest = nearest_word(name, names)) {
        return fmt::format("There is no option {}. Did you mean {}?", shown, *nearest);
    }
    return fmt::format("There is no option {}. There are: {}.", shown, fmt::join(names, ", "));
}

const Option* find_option(std::span<const Option> known, std::string_view name) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const Option& option) {
        return equals_ignoring_case(option.name, name);
    });
    return found != known.end() ? &*found : nullptr;
}

}  // namespace

std::optional<std::string> Arguments::value(std::string_view option) const {
    const auto found = options_.find(option);
    return found != options_.end() ? std::optional(found->second) : std::nullopt;
}

Result<Arguments> parse_arguments(std::span<const Option> known, std::span<const std::string> words) {
    Arguments arguments;
    for (std::size_t at = 0; at < words.size(); ++at) {
        const std::string_view word = words[at];
        if (!word.starts_with("--")) {
            arguments.words_.emplace_back(word);
            continue;
        }
        const auto equals = word.find('=');
        const std::string_view name = word.substr(0, equals);
        const Option* option = find_option(known, name);
        if (option == nullptr) {
            return fail(Errc::invalid_argument, unknown_option(name, known));
        }
        std::string value;
        if (equals != std::string_view::npos) {
            value = word.substr(equals + 1);
        } else if (!option->value.empty() && at + 1 < words.size() && !words[at + 1].starts_with("--")) {
            value = words[++at];
        }
        if (option->value.empty() != value.empty()) {
            return fail(Errc::invalid_argument,
                        option->value.empty()
                            ? fmt::format("{} stands alone, nothing follows it.", option->name)
                            : fmt::format("{0} needs a value: {0} {1}.", option->name, option->value));
        }
        if (!arguments.options_.emplace(option->name, std::move(value)).second) {
            return fail(Errc::invalid_argument, fmt::format("{} is given twice.", option->name));
        }
    }
    return arguments;
}

}  // namespace hookline::commands
