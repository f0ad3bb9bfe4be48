#include "app/settings.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"

namespace hookline::app {

namespace {

constexpr std::array rows{
    SettingRow{"listen", "127.0.0.1:8080", "address of the HTTP server; port 0 picks a free one"},
    SettingRow{"public_url", "", "the URL that replies show; without it http://LISTEN"},
    SettingRow{"data_dir", "./data", "the database, the key and the admin token"},
    SettingRow{"database", "", "sqlite:PATH; without it hookline.db in the data folder"},
    SettingRow{"discord_token", "", "the bot's token; without it messages show in this terminal", true},
    SettingRow{"discord_api", "https://discord.com/api/v10", "base URL of Discord's API"},
    SettingRow{"operator_channel", "", "id of a channel that is told what the operator must solve"},
    SettingRow{"prefix", "!hook", "the text command"},
    SettingRow{"admin_token", "", "bearer token of the API; without it made and kept in the data folder",
               true},
    SettingRow{"secret_key", "", "64 hex digits; encrypts secrets at rest; without it made and kept", true},
    SettingRow{"github_token", "", "lets messages tell what a push changed", true},
    SettingRow{"github_api", "https://api.github.com", "base URL of GitHub's API"},
    SettingRow{"jenkins_url", "", "with jenkins_user and jenkins_token, lets messages tell a build's stages"},
    SettingRow{"jenkins_user", "", "a user who may see the builds"},
    SettingRow{"jenkins_token", "", "an API token of that user", true},
    SettingRow{"docker_host", "unix:///var/run/docker.sock",
               "the engine whose containers docker hooks tell of; none: no engine", false, "DOCKER_HOST"},
    SettingRow{"docker_cert_path", "",
               "folder with ca.pem, cert.pem and key.pem: an engine on the network is spoken to over TLS",
               false, "DOCKER_CERT_PATH"},
    SettingRow{"docker_tls_verify", "",
               "anything: TLS, where docker_cert_path is not given with those of ~/.docker", false,
               "DOCKER_TLS_VERIFY"},
    SettingRow{"allow_private", "",
               "addresses or networks, separated by commas, that streams may be read from although private"},
    SettingRow{"trusted_proxies", "",
               "addresses or networks, separated by commas, whose X-Forwarded-For counts"},
    SettingRow{"tls_cert", "", "PEM file; with tls_key, serve TLS"},
    SettingRow{"tls_key", "", "PEM file"},
    SettingRow{"ingest_limit", "", "deliveries a second for one endpoint, over which it gets 429"},
    SettingRow{"body_budget", "64MiB", "all bodies being received together"},
    SettingRow{"retention", "30d", "how long events and delivered messages are kept"},
    SettingRow{"log", "info", "debug, info, warn or error"},
    SettingRow{"log_format", "text", "text or json"},
};

/// Variables that belong to the program's other calls.
constexpr std::array<std::string_view, 2> other_variables{"HOOKLINE_URL", "HOOKLINE_TO"};

std::string variable_of(std::string_view key) {
    for (const SettingRow& row : rows) {
        if (row.key == key && !row.variable.empty()) {
            return std::string(row.variable);
        }
    }
    std::string name = "HOOKLINE_";
    for (const char c : key) {
        name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return name;
}

std::vector<std::string> known_keys() {
    std::vector<std::string> keys;
    for (const SettingRow& row : rows) {
        keys.emplace_back(row.key);
        if (row.is_secret) {
            keys.push_back(std::string(row.key) + "_file");
        }
    }
    return keys;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
    const std::vector<std::string_view> views(known.begin(), known.end());
    const auto nearest = nearest_word(word, views);
    return nearest ? fmt::format("; did you mean \"{}\"?", *nearest) : std::string();
}

Result<std::string> read_file(const std::string& path, std::string_view what) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) {
        return fail(Errc::not_found, fmt::format("{}: cannot read {}: {}", what, path, std::strerror(errno)));
    }
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

using Values = std::map<std::string, std::string>;

/// [[docker]] name = "builds", host = "tcp://10.0.0.5:2376", cert_path = "/etc/hookline/builds"
struct EngineText {
    std::string name, host, certificates;
};
constexpr std::string_view engine_tables = "docker";
constexpr std::size_t most_engines = 20;

struct File {
    Values values;
    std::vector<EngineText> engines;
};

Result<std::vector<EngineText>> read_engines(const std::string& path, const toml::node& node) {
    const auto wrong = [&](std::string_view what) {
        return fail(Errc::invalid_argument,
                    fmt::format("{}, line {}: {}", path, node.source().begin.line, what));
    };
    const toml::array* const tables = node.as_array();
    std::vector<EngineText> engines;
    for (std::size_t at = 0; tables != nullptr && at < tables->size(); ++at) {
        const toml::table* const table = tables->get(at)->as_table();
        const auto name = table != nullptr ? (*table)["name"].value<std::string>() : std::nullopt;
        const auto host = table != nullptr ? (*table)["host"].value<std::string>() : std::nullopt;
        const auto certificates =
            table != nullptr ? (*table)["cert_path"].value<std::string>() : std::nullopt;
        const std::size_t most = certificates ? 3 : 2;
        if (!name || trim(*name).empty() || !host || table->size() != most) {
            return wrong("a [[docker]] has a name, a host, perhaps a cert_path, and nothing else");
        }
        const bool is_known = std::any_of(engines.begin(), engines.end(),
                                          [&](const EngineText& other) { return other.name == *name; });
        if (is_known) {
            return wrong(fmt::format("two engines are named \"{}\"", *name));
        }
        engines.push_back(EngineText{*name, *host, certificates.value_or("")});
    }
    if (engines.empty() || engines.size() > most_engines) {
        return wrong(
            fmt::format("engines are [[docker]] tables with name and host, at most {}", most_engines));
    }
    return engines;
}

Result<File> read_toml(const std::string& path) {
    const auto text = read_file(path, "--config");
    if (!text) {
        return tl::unexpected(text.error());
    }
    toml::table table;
    try {
        table = toml::parse(*text, path);
    } catch (const toml::parse_error& error) {
        return fail(Errc::malformed,
                    fmt::format("{}, line {}, column {}: {}", path, error.source().begin.line,
                                error.source().begin.column, error.description()));
    }
    File file;
    const auto known = known_keys();
    for (const auto& [key, node] : table) {
        const std::string name(key.str());
        if (name == engine_tables) {
            auto engines = read_engines(path, node);
            if (!engines) {
                return tl::unexpected(engines.error());
            }
            file.engines = std::move(*engines);
            continue;
        }
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            return fail(Errc::invalid_argument,
                        fmt::format("{}, line {}: there is no setting \"{}\"{}", path,
                                    key.source().begin.line, name, did_you_mean(name, known)));
        }
        if (const auto value = node.value<std::string>()) {
            file.values[name] = *value;
        } else if (const auto number = node.value_exact<std::int64_t>()) {
            file.values[name] = fmt::format("{}", *number);
        } else {
            return fail(Errc::invalid_argument,
                        fmt::format("{}, line {}: \"{}\" must be a text in quotes or a whole number", path,
                                    node.source().begin.line, name));
        }
    }
    return file;
}

/// Looks a setting up where it may have been given, and remembers where, for errors.
class Lookup {
public:
    Lookup(const SettingSources& sources, File file)
        : sources_(sources), file_(std::move(file.values)), engines_(std::move(file.engines)) {}

    /// What [[docker]] tables name.
    [[nodiscard]] const std::vector<EngineText>& engines() const { return engines_; }
    /// Whether somebody gave it, wherever.
    [[nodiscard]] bool is_given(const std::string& key) { return given(key).has_value(); }

    [[nodiscard]] std::string home() const { return sources_.environment("HOME").value_or(""); }

    /// The value as given, else the default.
    std::string text(std::string_view key) {
        place_ = fmt::format("the default of \"{}\"", key);
        return given(std::string(key)).value_or(std::string(default_of(key)));
    }

    Result<Secret> secret(const std::string& key) {
        if (auto value = given(key)) {
            return Secret(std::move(*value));
        }
        const auto path = given(key + "_file");
        if (!path) {
            return Secret();
        }
        const auto content = read_file(*path, place_);
        if (!content) {
            return tl::unexpected(content.error());
        }
        if (trim(*content).empty()) {
            return wrong(fmt::format("{} is empty", *path));
        }
        return Secret(std::string(trim(*content)));
    }

    /// An error about the value that was last looked up.
    [[nodiscard]] tl::unexpected<Error> wrong(std::string_view what) const {
        return fail(Errc::invalid_argument, fmt::format("{}: {}", place_, what));
    }

private:
    std::optional<std::string> given(const std::string& key) {
        if (const auto flag = sources_.flags.find(key); flag != sources_.flags.end()) {
            std::string name = key;
            std::replace(name.begin(), name.end(), '_', '-');
            place_ = "--" + name;
            return flag->second;
        }
        if (auto value = sources_.environment(variable_of(key)); value && !value->empty()) {
            place_ = variable_of(key);
            return value;
        }
        if (const auto found = file_.find(key); found != file_.end()) {
            place_ = fmt::format("{}: {}", sources_.config_file, key);
            return found->second;
        }
        return std::nullopt;
    }

    static std::string_view default_of(std::string_view key) {
        for (const SettingRow& row : rows) {
            if (row.key == key) {
                return row.default_value;
            }
        }
        return {};
    }

    const SettingSources& sources_;
    Values file_;
    std::vector<EngineText> engines_;
    std::string place_;
};

Result<void> read_listen(Lookup& lookup, Settings& settings) {
    const std::string listen = lookup.text("listen");
    const auto parsed = net::parse_listen_address(listen);
    if (!parsed) {
        return lookup.wrong(parsed.error().detail);
    }
    settings.listen_host = parsed->address;
    settings.listen_port = parsed->port;
    return {};
}

/// `text` is the URL of an API: https, or http on this machine, since a token travels with every request.
Result<void> check_api(const Lookup& lookup, const std::string& text) {
    const auto origin = net::parse_origin(text);
    if (!origin) {
        return lookup.wrong(origin.error().detail);
    }
    if (origin->scheme == "http" && !net::is_loopback(*origin)) {
        return lookup.wrong("plain http is only for addresses of this machine; use https");
    }
    return {};
}

Result<void> read_urls(Lookup& lookup, Settings& settings) {
    settings.public_url = lookup.text("public_url");
    while (settings.public_url.ends_with('/')) {
        settings.public_url.pop_back();
    }
    if (!settings.public_url.empty()) {
        if (const auto origin = net::parse_origin(settings.public_url); !origin) {
            return lookup.wrong(origin.error().detail);
        }
    }
    for (const auto& [key, target] :
         {std::pair{"discord_api", &settings.discord_api}, {"github_api", &settings.github_api}}) {
        *target = lookup.text(key);
        if (auto checked = check_api(lookup, *target); !checked) {
            return checked;
        }
    }
    settings.jenkins_url = lookup.text("jenkins_url");
    return settings.jenkins_url.empty() ? Result<void>() : check_api(lookup, settings.jenkins_url);
}

/// After all three were read. A build's stages cannot be asked for with a part of it.
Result<void> check_jenkins(Lookup& lookup, Settings& settings) {
    settings.jenkins_user = lookup.text("jenkins_user");
    if (settings.jenkins_user.find(':') != std::string::npos) {
        return lookup.wrong("a user's name has no colon");
    }
    const bool is_given = !settings.jenkins_url.empty();
    if (settings.jenkins_user.empty() == is_given || settings.jenkins_token.empty() == is_given) {
        return lookup.wrong("jenkins_url, jenkins_user and jenkins_token belong together");
    }
    return {};
}

/// An engine that cannot be followed is no reason not to start: DOCKER_HOST is often there for others.
Result<void> add_engine(const Lookup& lookup, const EngineText& text, bool is_named, Settings& settings) {
    auto origin = docker::engine_origin(text.host, text.certificates);
    if (origin) {
        settings.docker_engines.push_back(docker::EngineSetting{text.name, std::move(*origin), is_named});
    } else if (origin.error().code == Errc::unsupported) {
        settings.docker_trouble = origin.error().detail;
    } else {
        return lookup.wrong(origin.error().detail);
    }
    return {};
}

/// The tables of the file where there are some, unless DOCKER_HOST or the flag names another engine.
Result<void> read_docker(Lookup& lookup, Settings& settings) {
    const bool is_named = lookup.is_given("docker_host");
    if (!is_named) {
        for (const EngineText& engine : lookup.engines()) {
            if (auto added = add_engine(lookup, engine, true, settings); !added) {
                return added;
            }
        }
    }
    // Settings are called like their variables.
    const std::string certificates = docker::certificates_of([&](std::string_view name) {
        return name == "HOME" ? lookup.home() : lookup.text(to_lower_ascii(name));
    });
    const std::string host = lookup.text("docker_host");
    if ((!is_named && !lookup.engines().empty()) || host == "none") {
        return {};
    }
    return add_engine(lookup, EngineText{"docker", host, certificates}, is_named, settings);
}

Result<void> read_database(Lookup& lookup, Settings& settings) {
    settings.data_dir = lookup.text("data_dir");
    const std::string database = lookup.text("database");
    constexpr std::string_view sqlite = "sqlite:";
    if (database.starts_with("postgres")) {
        return lookup.wrong("PostgreSQL is not offered by this version; use sqlite:PATH");
    }
    if (!database.empty() && (!database.starts_with(sqlite) || database.size() == sqlite.size())) {
        return lookup.wrong(fmt::format("\"{}\" is not of the form sqlite:PATH", shorten(database, 60)));
    }
    settings.database =
        database.empty() ? settings.data_dir + "/hookline.db" : database.substr(sqlite.size());
    return {};
}

Result<void> read_secrets(Lookup& lookup, Settings& settings) {
    for (const auto& [key, target] : {std::pair{"discord_token", &settings.discord_token},
                                      {"admin_token", &settings.admin_token},
                                      {"secret_key", &settings.secret_key},
                                      {"github_token", &settings.github_token},
                                      {"jenkins_token", &settings.jenkins_token}}) {
        auto secret = lookup.secret(key);
        if (!secret) {
            return tl::unexpected(secret.error());
        }
        *target = std::move(*secret);
    }
    return {};
}

/// "64MiB", "500KiB", "1GiB" or plain bytes.
std::optional<std::size_t> parse_bytes(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, unsigned>, 5> units{
        {{"", 0}, {"B", 0}, {"KiB", 10}, {"MiB", 20}, {"GiB", 30}}};
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    for (const auto& [name, shift] : units) {
        if (error == std::errc{} && unit == name && number > 0 && number <= (1U << 20U)) {
            return number << shift;
        }
        if (error == std::errc{} && unit == name && shift == 0 && number > 0) {
            return number;
        }
    }
    return std::nullopt;
}

Result<void> read_limits(Lookup& lookup, Settings& settings) {
    const std::string limit = lookup.text("ingest_limit");
    if (!limit.empty()) {
        std::size_t number = 0;
        const auto [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), number);
        if (error != std::errc{} || end != limit.data() + limit.size() || number == 0) {
            return lookup.wrong(fmt::format("\"{}\" is not a number of deliveries a second", limit));
        }
        settings.ingest_limit = number;
    }
    constexpr std::size_t smallest_budget = 32U << 20U;  // one delivery of 25 MiB must fit
    const std::string budget = lookup.text("body_budget");
    const auto bytes = parse_bytes(budget);
    if (!bytes || *bytes < smallest_budget) {
        return lookup.wrong(fmt::format("\"{}\" is not a size of at least 32MiB", budget));
    }
    settings.body_budget = *bytes;
    const auto retention = parse_duration(lookup.text("retention"));
    if (!retention) {
        return lookup.wrong(retention.error().detail);
    }
    if (*retention < std::chrono::hours(1)) {
        return lookup.wrong("events must be kept for an hour at least");
    }
    settings.retention = *retention;
    return {};
}

Result<void> read_rest(Lookup& lookup, Settings& settings) {
    settings.prefix = lookup.text("prefix");
    if (settings.prefix.size() > 32 || settings.prefix.find_first_of(" \t\n") != std::string::npos) {
        return lookup.wrong("the prefix must be one word of at most 32 bytes");
    }
    const std::string channel = lookup.text("operator_channel");
    if (!channel.empty()) {
        const auto id = parse_snowflake(channel);
        if (!id) {
            return lookup.wrong(
                fmt::format("\"{}\" is not the id of a Discord channel", shorten(channel, 40)));
        }
        settings.operator_channel = *id;
    }
    auto proxies = net::AddressList::parse(lookup.text("trusted_proxies"));
    if (!proxies) {
        return lookup.wrong(proxies.error().detail);
    }
    settings.trusted_proxies = std::move(*proxies);
    auto allowed = net::AddressList::parse(lookup.text("allow_private"));
    if (!allowed) {
        return lookup.wrong(allowed.error().detail);
    }
    settings.allow_private = std::move(*allowed);
    settings.tls_cert = lookup.text("tls_cert");
    settings.tls_key = lookup.text("tls_key");
    if (settings.tls_cert.empty() != settings.tls_key.empty()) {
        return lookup.wrong("tls_cert and tls_key belong together");
    }
    const auto level = parse_log_level(lookup.text("log"));
    if (!level) {
        return lookup.wrong(level.error().detail);
    }
    settings.log = *level;
    const std::string form = lookup.text("log_format");
    if (form != "text" && form != "json") {
        return lookup.wrong(
            fmt::format("\"{}\" is not a log format; there are text and json", shorten(form, 40)));
    }
    settings.log_json = form == "json";
    return {};
}

}  // namespace

std::span<const SettingRow> setting_rows() { return rows; }

Result<Settings> read_settings(const SettingSources& sources) {
    File file;
    if (!sources.config_file.empty()) {
        auto read = read_toml(sources.config_file);
        if (!read) {
            return tl::unexpected(read.error());
        }
        file = std::move(*read);
    }
    Lookup lookup(sources, std::move(file));
    Settings settings;
    for (const auto step : {read_listen, read_urls, read_database, read_secrets, check_jenkins, read_docker,
                            read_limits, read_rest}) {
        if (auto read = step(lookup, settings); !read) {
            return tl::unexpected(read.error());
        }
    }
    return settings;
}

std::vector<std::string> unknown_variables(std::span<const std::string> names) {
    std::vector<std::string> known(other_variables.begin(), other_variables.end());
    for (const std::string& key : known_keys()) {
        known.push_back(variable_of(key));
    }
    std::vector<std::string> complaints;
    for (const std::string& name : names) {
        if (name.starts_with("HOOKLINE_") && std::find(known.begin(), known.end(), name) == known.end()) {
            complaints.push_back(fmt::format("{} is no setting{}", name, did_you_mean(name, known)));
        }
    }
    return complaints;
}

}  // namespace hookline::app
