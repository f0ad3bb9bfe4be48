#include "app/settings.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace hookline::app {

namespace {

class Sources {
public:
    Sources& flag(const std::string& key, const std::string& value) {
        sources_.flags[key] = value;
        return *this;
    }
    Sources& variable(const std::string& name, const std::string& value) {
        variables_[name] = value;
        return *this;
    }
    /// Makes hookline.toml in a folder of its own.
    Sources& file(const std::string& name, const std::string& text) {
        std::filesystem::create_directories(folder_);
        std::ofstream(folder_ / name) << text;
        if (name == "hookline.toml") {
            sources_.config_file = (folder_ / name).string();
        }
        return *this;
    }
    [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

    [[nodiscard]] Result<Settings> read() {
        sources_.environment = [this](std::string_view name) -> std::optional<std::string> {
            const auto found = variables_.find(std::string(name));
            return found == variables_.end() ? std::nullopt : std::optional(found->second);
        };
        return read_settings(sources_);
    }
    [[nodiscard]] std::string error() {
        const auto settings = read();
        std::string text = settings ? "no error" : settings.error().detail;
        const std::size_t at = text.find(folder_.string());
        return at == std::string::npos ? text : text.replace(at, folder_.string().size(), "DIR");
    }

    Sources() = default;
    Sources(const Sources&) = delete;
    Sources& operator=(const Sources&) = delete;
    ~Sources() { std::filesystem::remove_all(folder_); }

private:
    SettingSources sources_;
    std::map<std::string, std::string> variables_;
    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("hookline_settings_" + std::to_string(::getpid()));
};

}  // namespace

TEST(Settings, HaveDefaultsForTheSmallestServer) {
    Sources sources;
    const auto settings = sources.read();
    ASSERT_TRUE(settings) << settings.error().detail;
    EXPECT_EQ(settings->listen_host, "127.0.0.1");
    EXPECT_EQ(settings->listen_port, 8080);
    EXPECT_EQ(settings->database, "./data/hookline.db");
    EXPECT_EQ(settings->prefix, "!hook");
    EXPECT_EQ(settings->body_budget, 64U << 20U);
    EXPECT_EQ(settings->retention, std::chrono::hours(30 * 24));
    EXPECT_TRUE(settings->discord_token.empty());
    EXPECT_FALSE(settings->ingest_limit);
}

TEST(Settings, TheFlagWinsOverTheVariableAndTheVariableOverTheFile) {
    Sources sources;
    sources.file("hookline.toml", "listen = \"0.0.0.0:1\"\nretention = \"7d\"\nprefix = \"!f\"\n");
    sources.variable("HOOKLINE_LISTEN", "0.0.0.0:2").variable("HOOKLINE_PREFIX", "!v");
    sources.flag("listen", "[::1]:3");
    const auto settings = sources.read();
    ASSERT_TRUE(settings) << settings.error().detail;
    EXPECT_EQ(settings->listen_host, "::1");
    EXPECT_EQ(settings->listen_port, 3);
    EXPECT_EQ(settings->prefix, "!v");
    EXPECT_EQ(settings->retention, std::chrono::hours(7 * 24));
}

TEST(Settings, ASecretMayComeFromAFile) {
    Sources sources;
    sources.file("token", "abc\n").variable("HOOKLINE_DISCORD_TOKEN_FILE", sources.path("token"));
    const auto settings = sources.read();
    ASSERT_TRUE(settings) << settings.error().detail;
    EXPECT_EQ(settings->discord_token.reveal(), "abc");
}

TEST(Settings, ErrorsNameTheSettingItsPlaceAndWhatItShouldBe) {
    struct Case {
        const char* variable;
        const char* value;
        const char* error;
    };
    for (const Case& c : {
             Case{"HOOKLINE_LISTEN", "8080",
                  "HOOKLINE_LISTEN: \"8080\" is no address to listen at; say 127.0.0.1:8080 or [::1]:8080"},
             Case{"HOOKLINE_LISTEN", "localhost:99999",
                  "HOOKLINE_LISTEN: \"localhost:99999\" is no address to listen at; say 127.0.0.1:8080 or "
                  "[::1]:8080"},
             Case{"HOOKLINE_DATABASE", "postgresql://x",
                  "HOOKLINE_DATABASE: PostgreSQL is not offered by this version; use sqlite:PATH"},
             Case{"HOOKLINE_DISCORD_API", "http://discord.example/api/v10",
                  "HOOKLINE_DISCORD_API: plain http is only for addresses of this machine; use https"},
             Case{"HOOKLINE_OPERATOR_CHANNEL", "#ops",
                  "HOOKLINE_OPERATOR_CHANNEL: \"#ops\" is not the id of a Discord channel"},
             Case{"HOOKLINE_BODY_BUDGET", "1MiB",
                  "HOOKLINE_BODY_BUDGET: \"1MiB\" is not a size of at least 32MiB"},
             Case{"HOOKLINE_INGEST_LIMIT", "many",
                  "HOOKLINE_INGEST_LIMIT: \"many\" is not a number of deliveries a second"},
             Case{"HOOKLINE_LOG", "loud",
                  "HOOKLINE_LOG: \"loud\" is not a log level; there are debug, info, warn and error"},
             Case{"HOOKLINE_LOG_FORMAT", "xml",
                  "HOOKLINE_LOG_FORMAT: \"xml\" is not a log format; there are text and json"},
             Case{"HOOKLINE_RETENTION", "5m", "HOOKLINE_RETENTION: events must be kept for an hour at least"},
         }) {
        Sources sources;
        sources.variable(c.variable, c.value);
        EXPECT_EQ(sources.error(), c.error);
    }
}

TEST(Settings, AnUnknownKeyOfTheFileNamesTheNearest) {
    Sources sources;
    sources.file("hookline.toml", "# settings\nlisten = \"127.0.0.1:0\"\nretension = \"7d\"\n");
    EXPECT_EQ(sources.error(),
              "DIR/hookline.toml, line 3: there is no setting \"retension\"; did you mean \"retention\"?");
}

TEST(Settings, ABrokenFileNamesThePlace) {
    Sources sources;
    sources.file("hookline.toml", "listen = 127.0.0.1\n");
    EXPECT_EQ(sources.error().substr(0, 35), "DIR/hookline.toml, line 1, column 1");
}

TEST(Settings, AMistypedVariableIsNoticed) {
    const std::vector<std::string> names{"PATH",         "HOOKLINE_LISTEN", "HOOKLINE_DISCORD_TOKEN_FILE",
                                         "HOOKLINE_URL", "HOOKLINE_TO",     "HOOKLINE_DISCORD_TOKN"};
    EXPECT_EQ(unknown_variables(names),
              std::vector<std::string>{
                  "HOOKLINE_DISCORD_TOKN is no setting; did you mean \"HOOKLINE_DISCORD_TOKEN\"?"});
}

TEST(Settings, JenkinsIsAskedWithAllThreeOrNotAtAll) {
    Sources sources;
    sources.variable("HOOKLINE_JENKINS_URL", "https://jenkins.example.org/ci/");
    EXPECT_THAT(sources.error(),
                testing::HasSubstr("jenkins_url, jenkins_user and jenkins_token belong together"));
    sources.variable("HOOKLINE_JENKINS_USER", "bot");
    EXPECT_THAT(sources.error(), testing::HasSubstr("belong together"));
    sources.file("token", "t_canary\n").variable("HOOKLINE_JENKINS_TOKEN_FILE", sources.path("token"));
    const auto settings = sources.read();
    ASSERT_TRUE(settings) << settings.error().detail;
    EXPECT_EQ(settings->jenkins_user, "bot");
    EXPECT_EQ(settings->jenkins_token.reveal(), "t_canary");
    sources.variable("HOOKLINE_JENKINS_URL", "http://jenkins.example.org/");
    EXPECT_EQ(sources.error(),
              "HOOKLINE_JENKINS_URL: plain http is only for addresses of this machine; use https");
    sources.variable("HOOKLINE_JENKINS_URL", "http://127.0.0.1:8081")
        .variable("HOOKLINE_JENKINS_USER", "a:b");
    EXPECT_EQ(sources.error(), "HOOKLINE_JENKINS_USER: a user's name has no colon");
}

TEST(Settings, TheUsualEngine) {
    Sources sources;
    const auto settings = sources.read().value();
    ASSERT_EQ(settings.docker_engines.size(), 1U);
    EXPECT_EQ(settings.docker_engines[0].name, "docker");
    EXPECT_EQ(settings.docker_engines[0].origin.socket, "/var/run/docker.sock");
    EXPECT_FALSE(settings.docker_engines[0].is_named);
}

TEST(Settings, DockerHostNamesAnEngine) {
    Sources named;
    named.variable("DOCKER_HOST", "tcp://10.0.0.5:2375");
    const auto settings = named.read().value();
    ASSERT_EQ(settings.docker_engines.size(), 1U);
    EXPECT_EQ(settings.docker_engines[0].origin.host, "10.0.0.5");
    EXPECT_TRUE(settings.docker_engines[0].is_named);
    Sources none;
    EXPECT_TRUE(none.variable("DOCKER_HOST", "none").read()->docker_engines.empty());
    Sources wrong;
    EXPECT_EQ(
        wrong.variable("DOCKER_HOST", "docker").error(),
        "DOCKER_HOST: \"docker\" is no address of an engine: unix:///var/run/docker.sock, tcp://host:2375");
    Sources over_ssh;
    const auto other = over_ssh.variable("DOCKER_HOST", "ssh://me@host").read();
    ASSERT_TRUE(other) << "it may be there for other programs";
    EXPECT_TRUE(other->docker_engines.empty());
    EXPECT_NE(other->docker_trouble, "");
}

TEST(Settings, SeveralEnginesAreTables) {
    Sources sources;
    sources.file("hookline.toml",
                 "[[docker]]\nname = 'here'\nhost = 'unix:///var/run/docker.sock'\n"
                 "[[docker]]\nname = 'farm'\nhost = 'tcp://10.0.0.5:2375'\n");
    const auto settings = sources.read().value();
    ASSERT_EQ(settings.docker_engines.size(), 2U);
    EXPECT_EQ(settings.docker_engines[1].name, "farm");
    EXPECT_TRUE(settings.docker_engines[1].is_named);
    Sources twice;
    twice.file("hookline.toml", "[[docker]]\nname='a'\nhost='/a'\n[[docker]]\nname='a'\nhost='/b'\n");
    EXPECT_EQ(twice.error(), "DIR/hookline.toml, line 1: two engines are named \"a\"");
    Sources half;
    half.file("hookline.toml", "[[docker]]\nname='a'\n");
    EXPECT_EQ(
        half.error(),
        "DIR/hookline.toml, line 1: a [[docker]] has a name, a host, perhaps a cert_path, and nothing else");
}

TEST(Settings, AnEngineOverTls) {
    Sources given;
    given.variable("DOCKER_HOST", "tcp://10.0.0.5").variable("DOCKER_CERT_PATH", "/etc/certs");
    const auto engine = given.read().value().docker_engines.at(0);
    EXPECT_EQ(engine.origin.scheme + engine.origin.port, "https2376");
    EXPECT_EQ(engine.origin.tls.value().key, "/etc/certs/key.pem");
    Sources usual;
    usual.variable("DOCKER_HOST", "tcp://10.0.0.5:9")
        .variable("DOCKER_TLS_VERIFY", "1")
        .variable("HOME", "/me");
    EXPECT_EQ(usual.read().value().docker_engines.at(0).origin.tls.value().authority, "/me/.docker/ca.pem");
    Sources socket;
    socket.variable("DOCKER_TLS_VERIFY", "1");
    EXPECT_FALSE(socket.read().value().docker_engines.at(0).origin.tls) << "a socket needs none";
    Sources table;
    table.file("hookline.toml", "[[docker]]\nname='farm'\nhost='tcp://farm:2376'\ncert_path='/farm'\n");
    EXPECT_EQ(table.read().value().docker_engines.at(0).origin.tls.value().certificate, "/farm/cert.pem");
}

}  // namespace hookline::app
