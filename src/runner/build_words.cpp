#include "runner/build_words.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "services/builds.hpp"

namespace hookline::runner {

namespace {

using Words = std::vector<std::string>;

constexpr std::size_t most_words = 1000;

std::string_view file_name(std::string_view path) {
    while (path.size() > 1 && path.ends_with('/')) {
        path.remove_suffix(1);
    }
    return path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// Options before the subcommand that take a word of their own (docker, podman, docker compose).
constexpr std::array<std::string_view, 28> taking_globals{{"-H",
                                                           "--host",
                                                           "-c",
                                                           "--context",
                                                           "--config",
                                                           "-l",
                                                           "--log-level",
                                                           "--tlscacert",
                                                           "--tlscert",
                                                           "--tlskey",
                                                           "--builder",
                                                           "-f",
                                                           "--file",
                                                           "-p",
                                                           "--project-name",
                                                           "--project-directory",
                                                           "--env-file",
                                                           "--profile",
                                                           "--ansi",
                                                           "--progress",
                                                           "--parallel",
                                                           "--connection",
                                                           "--url",
                                                           "--root",
                                                           "--runroot",
                                                           "--storage-driver",
                                                           "--storage-opt",
                                                           "--runtime"}};

/// Options of `build` that take no word. All others do: of docker and podman most do, and more with every
/// version.
constexpr std::array<std::string_view, 33> bare_options{{"--check",
                                                         "--compress",
                                                         "--disable-content-trust",
                                                         "--force-rm",
                                                         "--load",
                                                         "--no-cache",
                                                         "--pull",
                                                         "--push",
                                                         "-q",
                                                         "--quiet",
                                                         "--rm",
                                                         "--squash",
                                                         "--squash-all",
                                                         "-D",
                                                         "--debug",
                                                         "--all-platforms",
                                                         "--disable-compression",
                                                         "--force-compression",
                                                         "--http-proxy",
                                                         "--identity-label",
                                                         "--layers",
                                                         "--no-hostname",
                                                         "--no-hosts",
                                                         "--omit-history",
                                                         "--pull-always",
                                                         "--pull-never",
                                                         "--rewrite-timestamp",
                                                         "--save-stages",
                                                         "--skip-unused-stages",
                                                         "--stdin",
                                                         "--tls-verify",
                                                         "--inherit-labels",
                                                         "--with-dependencies"}};

/// A word after its option, or behind its "=".
class Reader {
public:
    explicit Reader(const Words& words) : words_(words) {}

    [[nodiscard]] bool is_over() const { return at_ >= words_.size(); }
    [[nodiscard]] const std::string& word() const { return words_[at_]; }
    void next() { ++at_; }
    [[nodiscard]] std::string_view name() const {
        const std::string_view whole = words_[at_];
        return whole.starts_with("--") ? whole.substr(0, whole.find('=')) : whole.substr(0, 2);
    }
    [[nodiscard]] bool is_option() const { return words_[at_].size() > 1 && words_[at_][0] == '-'; }
    /// Moves on to the option's last word.
    std::string value() {
        const std::string& whole = words_[at_];
        const std::size_t sign = whole.find('=');
        if (whole.starts_with("--") && sign != std::string::npos) {
            return whole.substr(sign + 1);
        }
        if (!whole.starts_with("--") && whole.size() > 2) {
            return whole.substr(whole[2] == '=' ? 3 : 2);
        }
        if (at_ + 1 < words_.size()) {
            ++at_;
        }
        return words_[at_];
    }

private:
    const Words& words_;
    std::size_t at_ = 0;
};

/// Past sudo and env, which run something else, with their options and assignments.
void skip_wrappers(Reader& reader) {
    constexpr std::array<std::string_view, 5> wrappers{{"sudo", "env", "time", "nice", "command"}};
    while (!reader.is_over() && is_one_of(wrappers, file_name(reader.word()))) {
        reader.next();
        while (!reader.is_over() && (reader.is_option() || reader.word().find('=') != std::string::npos)) {
            reader.next();
        }
    }
}

/// The options before a subcommand; those of Compose that say what it is about.
void skip_globals(Reader& reader, BuildWords& words) {
    while (!reader.is_over() && reader.is_option()) {
        const std::string name(reader.name());
        if (is_one_of(taking_globals, name)) {
            const std::string value = reader.value();
            words.project = name == "-p" || name == "--project-name" ? value : words.project;
        }
        reader.next();
    }
}

/// Whether what follows is a build; the reader then stands behind the word "build".
enum class Kind { none, image, compose };
Kind read_subcommand(Reader& reader, BuildWords& words) {
    constexpr std::array<std::string_view, 4> engines{{"docker", "podman", "nerdctl", "buildah"}};
    constexpr std::array<std::string_view, 3> groups{{"buildx", "image", "builder"}};
    constexpr std::array<std::string_view, 4> builds{{"build", "b", "bud", "build-using-dockerfile"}};
    if (reader.is_over()) {
        return Kind::none;
    }
    const std::string_view program = file_name(reader.word());
    bool is_compose = program == "docker-compose" || program == "podman-compose";
    if (!is_compose && !is_one_of(engines, program)) {
        return Kind::none;
    }
    reader.next();
    skip_globals(reader, words);
    if (!is_compose && !reader.is_over() && reader.word() == "compose") {
        is_compose = true;
        reader.next();
        skip_globals(reader, words);
    } else if (!is_compose && !reader.is_over() && is_one_of(groups, reader.word())) {
        reader.next();
        skip_globals(reader, words);
    }
    if (reader.is_over() || !is_one_of(builds, reader.word())) {
        return Kind::none;
    }
    reader.next();
    return is_compose ? Kind::compose : Kind::image;
}

void take_option(Reader& reader, Kind kind, BuildWords& words) {
    const std::string name(reader.name());
    const bool is_bare = is_one_of(bare_options, name) || (kind == Kind::compose && name == "--pull");
    if (is_bare) {
        return;
    }
    const std::string value = reader.value();
    if (name == "-t" || name == "--tag") {
        words.tags.emplace_back(services::short_reference(value));
    } else if (name == "-f" || name == "--file") {
        words.file = value;
    } else if (name == "--target") {
        words.target = value;
    }
}

}  // namespace

BuildWords read_words(const Words& command) {
    BuildWords words;
    Words bounded(command.begin(),
                  command.begin() + static_cast<std::ptrdiff_t>(std::min(command.size(), most_words)));
    Reader reader(bounded);
    skip_wrappers(reader);
    const Kind kind = read_subcommand(reader, words);
    if (kind == Kind::none) {
        return BuildWords();
    }
    words.is_image = true;
    words.is_compose = kind == Kind::compose;
    for (; !reader.is_over(); reader.next()) {
        if (reader.word() == "--") {
            continue;
        }
        if (reader.is_option()) {
            take_option(reader, kind, words);
        } else if (kind == Kind::compose) {
            words.services.push_back(reader.word());
        } else {
            words.context = reader.word();
        }
    }
    return words;
}

std::string usual_name(const BuildWords& words, const Words& command, std::string_view folder,
                       std::string_view home) {
    if (!words.tags.empty()) {
        return std::string(file_name(services::parts_of(words.tags.front()).repository));
    }
    if (words.is_image && words.services.size() == 1) {
        return words.services.front();
    }
    if (!words.project.empty()) {
        return words.project;
    }
    // A folder's own name; an address' last part, without its fragment.
    std::string_view context = words.context;
    context = context.substr(0, context.find('#'));
    if (context.ends_with(".git")) {
        context.remove_suffix(4);
    }
    const std::string_view named = file_name(context);
    if (!named.empty() && named != "." && named != ".." && named != "-" && named != "/") {
        return std::string(named);
    }
    const std::string_view here = file_name(folder);
    const bool says_nothing = here.empty() || here == "/" || folder == home || folder == "/tmp";
    if (!says_nothing || command.empty()) {
        return std::string(here);
    }
    return std::string(file_name(command.front()));
}

}  // namespace hookline::runner
