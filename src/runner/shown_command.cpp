#include "runner/shown_command.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "services/redact.hpp"

namespace hookline::runner {

namespace {

using Words = std::vector<std::string>;

constexpr std::string_view hidden = "***";
constexpr std::size_t longest_shown = 600;

/// What an option's word is, which is nobody's business.
enum class Kind { open, assignment, mount, address, whole };
struct Hiding {
    std::string_view name;
    Kind kind;
};
constexpr std::array<Hiding, 9> hiding{{{"--build-arg", Kind::assignment},
                                        {"-e", Kind::assignment},
                                        {"--env", Kind::assignment},
                                        {"--secret", Kind::mount},
                                        {"--to", Kind::address},
                                        {"--creds", Kind::whole},
                                        {"--password", Kind::whole},
                                        {"--token", Kind::whole},
                                        {"--build-args", Kind::whole}}};

bool is_named_like_a_secret(std::string_view name) {
    const std::string line = std::string(name) + "=x";
    return services::without_secrets(line) != line;
}

Kind kind_of(std::string_view option) {
    const auto* const listed =
        std::find_if(hiding.begin(), hiding.end(), [&](const Hiding& row) { return row.name == option; });
    if (listed != hiding.end()) {
        return listed->kind;
    }
    const bool takes_a_word = !option.starts_with("--no-") && !option.ends_with("-stdin");
    return option.starts_with("--") && takes_a_word && is_named_like_a_secret(option) ? Kind::whole
                                                                                      : Kind::open;
}

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
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

/// Hides, and remembers what.
class Hider {
public:
    Hider(const Environment& environment, Secrets& secrets) : environment_(environment), secrets_(secrets) {}

    /// What is shown of an option's word.
    std::string value(Kind kind, std::string_view value) {
        switch (kind) {
            case Kind::assignment:
                return assignment(value);
            case Kind::mount:
                add_mounted(value);
                break;
            case Kind::address:
                if (value.find("://") == std::string_view::npos) {
                    return quoted(value);  // another program's
                }
                break;
            case Kind::open:
                return quoted(value);
            case Kind::whole:
                if (const std::size_t colon = value.find(':'); colon != std::string_view::npos) {
                    secrets_.add(value.substr(colon + 1));  // user:password
                }
                break;
        }
        add_parts(value);
        secrets_.add(value);
        return std::string(hidden);
    }

    /// What is shown of any other word: of `--name=value` and `NAME=value` nothing of the value, if the name
    /// is a secret's.
    std::string word(const std::string& word) {
        const std::size_t sign = word.find('=');
        const std::size_t space = word.find_first_of(" \n\t");
        const std::string parts = add_parts(word);
        if (sign != std::string::npos && sign < space && is_named_like_a_secret(word.substr(0, sign))) {
            secrets_.add(word.substr(sign + 1));
            return quoted(word.substr(0, sign + 1) + std::string(hidden));
        }
        return quoted(parts);
    }

    /// "NAME=value" as "NAME=***"; NAME alone takes it from the environment.
    std::string assignment(std::string_view value) {
        const std::size_t sign = value.find('=');
        const std::string parts = add_parts(value);
        if (sign == std::string_view::npos) {
            add_variable(value);
            return quoted(parts);
        }
        if (!value.starts_with("BUILDKIT_")) {  // BuildKit's own switches
            secrets_.add(value.substr(sign + 1));
        }
        return quoted(std::string(value.substr(0, sign + 1)) + std::string(hidden));
    }

private:
    std::string add_parts(std::string_view text) {
        services::Redacted redacted = services::redact(text);
        for (const std::string& secret : redacted.hidden) {
            secrets_.add(secret);
        }
        return std::move(redacted.text);
    }

    void add_variable(std::string_view name) {
        if (is_name(name)) {
            secrets_.add(environment_(name).value_or(""));
        }
    }

    /// "id=npm,env=NPM_TOKEN", "type=env,id=npm,src=NPM_TOKEN"; "id=NPM_TOKEN" alone is a variable where
    /// there is such a one (Docker, "docker buildx build", --secret).
    void add_mounted(std::string_view mount) {
        for (const std::string_view part : split(mount, ',')) {
            const std::size_t sign = part.find('=');
            const std::string_view key = part.substr(0, sign);
            if (sign != std::string_view::npos &&
                (key == "env" || key == "id" || key == "src" || key == "source")) {
                add_variable(part.substr(sign + 1));
            }
        }
    }

    const Environment& environment_;
    Secrets& secrets_;
};

/// What is shown of the option at `at`, and of its own word: moves `at` to the last that is taken.
std::optional<std::string> option(const Words& command, std::size_t& at, Hider& hider) {
    const std::string& word = command[at];
    // "-eNAME=value", not "-exec"
    const bool is_joined =
        word.starts_with("-e") && word.size() > 2 && (word[2] == '_' || (word[2] >= 'A' && word[2] <= 'Z'));
    if (is_joined) {
        return "-e" + hider.assignment(std::string_view(word).substr(2));
    }
    const std::string name = word.substr(0, word.find('='));
    const Kind kind = kind_of(name);
    if (kind == Kind::open) {
        return std::nullopt;
    }
    if (word.size() > name.size()) {
        return name + "=" + hider.value(kind, std::string_view(word).substr(name.size() + 1));
    }
    if (at + 1 >= command.size()) {
        return std::nullopt;
    }
    ++at;  // `sh -e script` is shown as it is: a script is no assignment
    return name + " " + hider.value(kind, command[at]);
}

}  // namespace

ShownCommand show_command(const Words& command, const Environment& environment, const Secrets& known) {
    ShownCommand result;
    Hider hider(environment, result.secrets);
    for (std::size_t at = 0; at < command.size(); ++at) {
        const auto part = option(command, at, hider);
        const std::string shown = part ? *part : hider.word(command[at]);
        if (result.shown.size() < 8 * longest_shown) {
            result.shown += (result.shown.empty() ? "" : " ") + shown;
        }
    }
    result.shown = shorten(repair_utf8(known.without(std::move(result.shown))), longest_shown);
    result.secrets.add(known);
    return result;
}

}  // namespace hookline::runner
