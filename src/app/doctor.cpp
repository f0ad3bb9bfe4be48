#include "app/doctor.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <ostream>

#include "base/crypto.hpp"
#include "base/duration.hpp"
#include "base/text.hpp"
#include "cli/daemon.hpp"
#include "cli/request.hpp"
#include "net/http_date.hpp"

namespace hookline::app {

namespace json = boost::json;

namespace {

constexpr std::chrono::seconds clock_tolerance(30);
constexpr std::int64_t message_content = (1 << 18) | (1 << 19);  // Discord, "Application Flags"

/// Prints the lines and remembers whether all was well.
class Findings {
public:
    explicit Findings(const cli::Process& process) : out_(process.out) {}
    void fine(std::string_view about, std::string_view what) { line("ok      ", about, what); }
    void note(std::string_view about, std::string_view what) { line("note    ", about, what); }
    void problem(std::string_view about, std::string_view what) {
        line("PROBLEM ", about, what);
        has_problems_ = true;
    }
    [[nodiscard]] bool has_problems() const { return has_problems_; }

private:
    void line(std::string_view mark, std::string_view about, std::string_view what) {
        out_ << mark << fmt::format("{:<15}", about) << what << '\n';
    }
    std::ostream& out_;
    bool has_problems_ = false;
};

/// GET `path` behind the base URL `base`, with that Authorization where it is not empty.
net::Reply get(const std::string& base, const std::string& path, const std::string& authorization) {
    const auto origin = net::parse_origin(base);
    if (!origin) {
        return tl::unexpected(net::NoResponse(false, origin.error()));
    }
    net::Request request("GET", path);
    if (!authorization.empty()) {
        request.fields.emplace_back("Authorization", authorization);
    }
    request.fields.emplace_back("User-Agent", "DiscordBot (https://hookline.invalid, " HOOKLINE_VERSION ")");
    return cli::send_and_wait(*origin, std::move(request));
}

json::object object_in(const std::string& body) {
    boost::system::error_code error;
    json::value value = json::parse(body, error);
    return !error && value.is_object() ? std::move(value.get_object()) : json::object();
}

std::string text_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t number_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

void check_data_folder(const Settings& settings, Findings& findings) {
    const std::string& folder = settings.data_dir;
    if (::access(folder.c_str(), F_OK) != 0) {
        findings.note("data folder", fmt::format("{} is not there yet; the first start makes it", folder));
    } else if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0) {
        findings.problem("data folder",
                         fmt::format("{} cannot be written by this user; change its owner, or set "
                                     "HOOKLINE_DATA_DIR",
                                     folder));
    } else {
        findings.fine("data folder", folder);
    }
}

void check_channels(const json::object& status, Findings& findings) {
    const json::value* channels = status.if_contains("channels");
    if (channels == nullptr || !channels->is_array()) {
        return;
    }
    for (const json::value& item : channels->get_array()) {
        const json::object* channel = item.if_object();
        const json::value* seen = channel != nullptr ? channel->if_contains("seen") : nullptr;
        if (seen == nullptr || !seen->is_object()) {
            findings.problem("channel",
                             fmt::format("{}: the bot does not see it; invite it, or give it View Channel",
                                         channel != nullptr ? text_in(*channel, "channel") : ""));
            continue;
        }
        const std::string name = "#" + text_in(seen->get_object(), "name");
        const std::string missing = text_in(seen->get_object(), "missing_permissions");
        if (missing.empty()) {
            findings.fine("channel", name);
        } else {
            findings.problem("channel", fmt::format("{}: the bot lacks {}", name, missing));
        }
    }
}

void check_backlog(const json::object& status, Findings& findings) {
    const json::value* held = status.if_contains("held");
    for (const json::value& item : held != nullptr && held->is_array() ? held->get_array() : json::array()) {
        findings.problem(
            "held", fmt::format("a {} takes nothing: {} ({})", text_in(item.get_object(), "kind"),
                                text_in(item.get_object(), "reason"), text_in(item.get_object(), "detail")));
    }
    const std::int64_t parked = number_in(status, "parked");
    if (parked > 0) {
        findings.problem("parked", fmt::format("{} could not be posted; `hookline hook status` lists them",
                                               counted(parked, "message")));
    }
    const std::int64_t waiting = number_in(status, "waiting");
    const std::int64_t unprocessed = number_in(status, "unprocessed");
    findings.fine("backlog", fmt::format("{} to process, {} to post", counted(unprocessed, "event"),
                                         counted(waiting, "message")));
}

/// What the daemon knows; nothing where it does not run.
void check_daemon(const cli::Process& process, const Settings& settings, Findings& findings) {
    cli::Process as_configured{[&](std::string_view name) -> std::optional<std::string> {
                                   if (name == "HOOKLINE_LISTEN") {
                                       const bool is_v6 = settings.listen_host.find(':') != std::string::npos;
                                       return fmt::format(fmt::runtime(is_v6 ? "[{}]:{}" : "{}:{}"),
                                                          settings.listen_host, settings.listen_port);
                                   }
                                   if (name == "HOOKLINE_DATA_DIR") {
                                       return settings.data_dir;
                                   }
                                   if (name == "HOOKLINE_ADMIN_TOKEN" && !settings.admin_token.empty()) {
                                       return settings.admin_token.reveal();
                                   }
                                   return process.environment(name);
                               },
                               process.in, process.out, process.err};
    const auto daemon = cli::find_daemon(as_configured);
    if (!daemon) {
        findings.note("daemon", daemon.error().detail);
        return;
    }
    const auto status = cli::ask(*daemon, "GET", "/api/v1/status", {});
    if (!status) {
        findings.note("daemon", status.error().detail);
        return;
    }
    findings.fine("daemon", fmt::format("version {} at {}", text_in(*status, "version"), daemon->url));
    const auto ready = get(daemon->url, "/readyz", "");
    if (ready && ready->status == 200) {
        findings.fine("database", "takes writes");
    } else {
        findings.problem("database",
                         "takes no writes: is the disk full, or read only? The daemon's log says more");
    }
    const std::string gateway = text_in(*status, "gateway");
    if (gateway.starts_with("refused")) {
        findings.problem("gateway", gateway);
    } else {
        findings.fine("gateway", gateway);
    }
    check_channels(*status, findings);
    check_backlog(*status, findings);
}

void check_clock(const net::Response& response, Findings& findings) {
    const auto theirs = net::parse_http_date(net::field(response.fields, "Date"));
    if (!theirs) {
        return;
    }
    const auto off = std::chrono::duration_cast<std::chrono::seconds>(SystemClock().now() - *theirs);
    if (std::chrono::abs(off) > clock_tolerance) {
        findings.problem(
            "clock", fmt::format("is {} {} Discord's; set it by NTP", spell_duration(std::chrono::abs(off)),
                                 off.count() > 0 ? "ahead of" : "behind"));
    } else {
        findings.fine("clock", "agrees with Discord's");
    }
}

void check_discord(const Settings& settings, Findings& findings) {
    if (settings.discord_token.empty()) {
        findings.note(
            "Discord",
            "no token is set: messages show in the terminal. HOOKLINE_DISCORD_TOKEN makes it a bot");
        return;
    }
    const std::string authorization = "Bot " + settings.discord_token.reveal();
    const auto user = get(settings.discord_api, "/users/@me", authorization);
    if (!user) {
        findings.problem("Discord", fmt::format("cannot be reached: {}", user.error().error.detail));
        return;
    }
    check_clock(*user, findings);
    if (user->status == 401) {
        findings.problem("Discord token",
                         "is not accepted; copy it anew from the developer portal, page Bot");
        return;
    }
    if (user->status != 200) {
        findings.problem("Discord", fmt::format("answered {}", user->status));
        return;
    }
    findings.fine("Discord token", fmt::format("is {}", text_in(object_in(user->body), "username")));
    const auto application = get(settings.discord_api, "/applications/@me", authorization);
    if (!application || application->status != 200) {
        return;
    }
    const bool hears = (number_in(object_in(application->body), "flags") & message_content) != 0;
    if (hears) {
        findings.fine("intents", "the bot may read messages");
    } else {
        findings.note("intents",
                      fmt::format("Message Content is off in the developer portal: \"{} …\" is not heard; "
                                  "mention the bot instead (@Hookline github on), or switch it on",
                                  settings.prefix));
    }
}

void check_github(const Settings& settings, Findings& findings) {
    if (settings.github_token.empty()) {
        findings.note("GitHub", "no token is set: a push does not tell lines added and removed");
        return;
    }
    const auto answer = get(settings.github_api, "/rate_limit", "Bearer " + settings.github_token.reveal());
    if (!answer) {
        findings.problem("GitHub", fmt::format("cannot be reached: {}", answer.error().error.detail));
    } else if (answer->status != 200) {
        findings.problem("GitHub token", fmt::format("is not accepted (status {})", answer->status));
    } else {
        findings.fine("GitHub token", "is accepted");
    }
}

void check_jenkins(const Settings& settings, Findings& findings) {
    if (settings.jenkins_url.empty()) {
        return;  // most teams have none
    }
    const std::string user = fmt::format("{}:{}", settings.jenkins_user, settings.jenkins_token.reveal());
    const auto answer = get(settings.jenkins_url, "/whoAmI/api/json", "Basic " + to_base64(user));
    if (!answer) {
        findings.problem("Jenkins", fmt::format("cannot be reached: {}", answer.error().error.detail));
    } else if (answer->status != 200) {
        findings.problem("Jenkins token", fmt::format("is not accepted (status {})", answer->status));
    } else {
        findings.fine("Jenkins token", "is accepted");
    }
}

/// Most who read this have no engine: of the usual socket that is only a note.
void check_docker(const Settings& settings, Findings& findings) {
    if (!settings.docker_trouble.empty()) {
        findings.problem("Docker", fmt::format("an engine is not followed: {}", settings.docker_trouble));
    }
    for (const docker::EngineSetting& engine : settings.docker_engines) {
        const auto answer = cli::send_and_wait(engine.origin, net::Request("GET", "/_ping"));
        std::string wrong;
        if (!answer) {
            wrong = answer.error().error.detail;
        } else if (answer->status != 200) {
            wrong = fmt::format("it answered {}", answer->status);
        }
        if (wrong.empty()) {
            const std::string server = shorten(net::field(answer->fields, "Server"), 60);
            findings.fine("Docker", fmt::format("engine “{}” answers{}", engine.name,
                                                server.empty() ? "" : ": " + server));
        } else if (engine.is_named) {
            findings.problem("Docker", fmt::format("engine “{}”: {}", engine.name, wrong));
        } else {
            findings.note("Docker", fmt::format("no engine is followed: {}; DOCKER_HOST names one", wrong));
        }
    }
}

void check_public_url(const Settings& settings, Findings& findings) {
    if (settings.public_url.empty()) {
        findings.note("public URL",
                      "none is set: services cannot reach this machine. HOOKLINE_PUBLIC_URL is the address "
                      "that your proxy or tunnel has");
        return;
    }
    const auto answer = get(settings.public_url, "/healthz", "");
    if (!answer) {
        findings.problem("public URL", fmt::format("{} cannot be reached: {}", settings.public_url,
                                                   answer.error().error.detail));
    } else if (answer->status != 200 || answer->body != "ok\n") {
        findings.problem("public URL",
                         fmt::format("{} is answered by something else (status {}); does the proxy pass "
                                     "/healthz and /webhook/ on?",
                                     settings.public_url, answer->status));
    } else {
        findings.fine("public URL", settings.public_url);
    }
}

}  // namespace

int doctor(const cli::Process& process, const Settings& settings) {
    Findings findings(process);
    findings.fine("configuration", "is read");
    check_data_folder(settings, findings);
    check_daemon(process, settings, findings);
    check_discord(settings, findings);
    check_github(settings, findings);
    check_jenkins(settings, findings);
    check_docker(settings, findings);
    check_public_url(settings, findings);
    return findings.has_problems() ? cli::did_not_hold : cli::fine;
}

}  // namespace hookline::app
