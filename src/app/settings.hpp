// What an operator can set: each setting is a flag of `hookline serve`, an environment variable and a key of
// hookline.toml, and the flag wins over the environment, the environment over the file.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "docker/address.hpp"
#include "net/ip_address.hpp"

namespace hookline::app {

/// One row a setting: from these come flags, variables, keys, --help and the documentation.
struct SettingRow {
    std::string_view key;            // "listen": HOOKLINE_LISTEN, --listen, `listen =`
    std::string_view default_value;  // as a person would write it; empty: none
    std::string_view meaning;
    bool is_secret = false;          // may be given as KEY_file, too
    std::string_view variable = {};  // where the environment has a name for it that others use too
};
[[nodiscard]] std::span<const SettingRow> setting_rows();

struct Settings {
    std::string listen_host;
    std::uint16_t listen_port = 0;
    std::string public_url;  // without a slash at the end; empty: http://LISTEN
    std::string data_dir;
    std::string database;  // path of the SQLite file
    Secret discord_token;
    std::string discord_api;
    Snowflake operator_channel;
    std::string prefix;
    Secret admin_token, secret_key;  // empty: kept in the data folder
    Secret github_token;
    std::string github_api;
    std::string jenkins_url, jenkins_user;  // all three of Jenkins' are given or none
    Secret jenkins_token;
    std::vector<docker::EngineSetting> docker_engines;
    std::string docker_trouble;  // why an engine that was named is not followed; empty: none
    net::AddressList trusted_proxies;
    net::AddressList allow_private;
    std::string tls_cert, tls_key;
    std::optional<std::size_t> ingest_limit;  // deliveries a second
    std::size_t body_budget = 0;              // bytes
    std::chrono::seconds retention{};
    LogLevel log = LogLevel::info;
    bool log_json = false;
};

struct SettingSources {
    std::map<std::string, std::string> flags;  // by key
    std::function<std::optional<std::string>(std::string_view name)> environment;
    std::string config_file;  // empty: none
};

/// The settings, or what is wrong: which setting, where it was given, what it should be.
[[nodiscard]] Result<Settings> read_settings(const SettingSources& sources);

/// HOOKLINE_… variables that are no setting, each with the nearest that is: a typing error that would
/// otherwise go unnoticed. `names` are all variables of the environment.
[[nodiscard]] std::vector<std::string> unknown_variables(std::span<const std::string> names);

}  // namespace hookline::app
