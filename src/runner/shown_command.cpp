#include "runner/shown_command.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "services/redact.hpp"

namespace hookline::runner {

namespace {

using Words = std::vector<std::string>;

constexpr std::string_view hidden = "***";
constexpr std::size_t longest_shown = 600;

/// Options whose word is nobody's business.
constexpr std::array<std::string_view, 8> hiding{
    {"--build-arg", "--secret", "-e", "--env", "--creds", "--password", "--token", "--build-args"}};

/// "NAME=value" as "NAME=***"; what has no name is hidden as a whole.
std::string without_value(std::string_view value, bool is_assignment) {
    const std::size_t sign = value.find('=');
    if (sign != std::string_view::npos) {
        return std::string(value.substr(0, sign + 1)) + std::string(hidden);
    }
    return is_assignment ? std::string(value)
                         : std::string(hidden);  // "--build-arg NAME" takes it from outside
}

std::string quoted(std::string_view word) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=@%+,*{}…";
    if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) {
        return std::string(word);
    }
    std::string result = "'";
    for (const char c : word) {
        result += c == '\'' ? std::string("'\\''") : std::string(1, c == '\n' || c == '\t' ? ' ' : c);
    }
    return result + "'";
}

/// Of `--name=value` and `NAME=value`: the whole value, if the name is a secret's.
std::string redacted(const std::string& word) {
    const std::size_t sign = word.find('=');
    const std::size_t space = word.find_first_of(" \n\t");
    if (sign != std::string::npos && sign < space && is_named_like_a_secret(word.substr(0, sign))) {
        return word.substr(0, sign + 1) + std::string(hidden);
    }
    return services::without_secrets(word);
}

/// What is shown of the option at `at`, and of its own word: moves `at` to the last that is taken.
std::optional<std::string> hidden_option(const Words& command, std::size_t& at) {
    const std::string& word = command[at];
    // "-eNAME=value", not "-exec"
    const bool is_joined =
        word.starts_with("-e") && word.size() > 2 && (word[2] == '_' || (word[2] >= 'A' && word[2] <= 'Z'));
    if (is_joined) {
        return quoted(without_value(word, true));
    }
    const std::string name = word.substr(0, word.find('='));
    const bool is_listed = std::find(hiding.begin(), hiding.end(), name) != hiding.end();
    const bool is_like_one = name.starts_with("--") && is_named_like_a_secret(name);
    if (!is_listed && !is_like_one) {
        return std::nullopt;
    }
    const bool is_assignment = name == "--build-arg" || name == "-e" || name == "--env";
    if (word.size() > name.size()) {
        return name + "=" +
               (is_assignment ? without_value(word.substr(name.size() + 1), true) : std::string(hidden));
    }
    if (at + 1 >= command.size()) {
        return std::nullopt;
    }
    // `sh -e script` takes no word.
    if (name == "-e" && command[at + 1].find('=') == std::string::npos) {
        return std::nullopt;
    }
    ++at;
    return name + " " + quoted(is_assignment ? without_value(command[at], true) : std::string(hidden));
}

}  // namespace

bool is_named_like_a_secret(std::string_view name) {
    constexpr std::string_view probe = "=x";
    const std::string line = std::string(name) + std::string(probe);
    return services::without_secrets(line) != line;
}

std::string shown_command(const Words& command) {
    std::string shown;
    for (std::size_t at = 0; at < command.size() && shown.size() < 8 * longest_shown; ++at) {
        shown += shown.empty() ? "" : " ";
        const auto part = hidden_option(command, at);
        shown += part ? *part : quoted(redacted(command[at]));
    }
    return shorten(repair_utf8(shown), longest_shown);
}

}  // namespace hookline::runner
