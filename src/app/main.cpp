#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

#include "app/doctor.hpp"
#include "app/serve.hpp"
#include "app/settings.hpp"
#include "base/text.hpp"
#include "cli/calls.hpp"
#include "runner/runner.hpp"

extern char** environ;  // NOLINT: POSIX gives no other way to list it

namespace {

using namespace hookline;  // NOLINT(google-build-using-namespace): this file is the program

constexpr std::array<std::string_view, 9> calls{"serve", "hook",   "run",    "send",   "render",
                                                "eval",  "fields", "doctor", "version"};

std::optional<std::string> environment(std::string_view name) {
    const char* value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::vector<std::string> environment_names() {
    std::vector<std::string> names;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        names.emplace_back(text.substr(0, text.find('=')));
    }
    return names;
}

cli::Process this_process() {
    constexpr std::size_t widest = 120;
    cli::Process process{environment, std::cin, std::cout, std::cerr};
    process.out_is_terminal = ::isatty(STDOUT_FILENO) != 0;
    winsize size{};
    if (process.out_is_terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        process.width = std::min<std::size_t>(size.ws_col, widest);
    }
    return process;
}

/// --config and one flag for each setting; what was given is in `sources` after parsing.
void add_settings(CLI::App& call, app::SettingSources& sources) {
    sources.environment = environment;
    call.add_option("--config", sources.config_file, "a TOML file of these settings")->type_name("FILE");
    for (const app::SettingRow& row : app::setting_rows()) {
        std::string flag = "--" + std::string(row.key);
        std::replace(flag.begin(), flag.end(), '_', '-');
        std::string help(row.meaning);
        if (!row.default_value.empty()) {
            help += fmt::format(" ({})", row.default_value);
        }
        const std::string key(row.key);
        call.add_option_function<std::string>(
                flag, [&sources, key](const std::string& value) { sources.flags[key] = value; }, help)
            ->type_name("");
        if (row.is_secret) {
            call.add_option_function<std::string>(
                    flag + "-file",
                    [&sources, key](const std::string& value) { sources.flags[key + "_file"] = value; },
                    fmt::format("a file that holds it"))
                ->type_name("PATH");
        }
    }
}

/// Settings from all three places, or the program's complaint.
std::optional<app::Settings> settings_from(const cli::Process& process, const app::SettingSources& sources) {
    for (const std::string& complaint : app::unknown_variables(environment_names())) {
        process.err << "hookline: " << complaint << '\n';
    }
    auto settings = app::read_settings(sources);
    if (!settings) {
        cli::complain(process, cli::usage_error, settings.error().detail);
        return std::nullopt;
    }
    return std::move(*settings);
}

int unknown_call(const cli::Process& process, std::string_view word) {
    const auto nearest = nearest_word(word, calls);
    return cli::complain(process, cli::usage_error,
                         fmt::format("there is no \"hookline {}\"{}", shorten(repair_utf8(word), 40),
                                     nearest ? fmt::format("; did you mean \"hookline {}\"?", *nearest)
                                             : std::string("; `hookline --help` lists what there is")));
}

void describe_send(CLI::App& call, cli::SendOptions& options) {
    call.add_option("--service", options.service, "the service that would send it, such as github")
        ->required();
    call.add_option("--event", options.event, "the event as the service names it, such as push")->required();
    call.add_option("--hook", options.hook, "the hook to whose endpoint it goes, such as hook_001")
        ->required();
    call.add_option("--delivery", options.delivery, "the delivery's id; a new one without it");
    call.add_option("file", options.file, "the payload; - is standard input")->required();
}

void describe_payload(CLI::App& call, cli::PayloadOptions& options) {
    call.add_option("--service", options.service, "the service that would send it, such as github")
        ->required();
    call.add_option("--event", options.event, "the event as the service names it, such as push");
    call.add_option("--header", options.headers, "\"Name: value\", as the service would send it");
    call.add_option("file", options.file, "the payload; - is standard input")->required();
}

void describe_render(CLI::App& call, cli::RenderOptions& options) {
    describe_payload(call, options.payload);
    call.add_option("--as", options.as, "terminal, text or json");
    call.add_option("--style", options.style, "compact, normal or full");
    call.add_option("--template", options.form, "a template of your own, or @FILE");
}

void describe_eval(CLI::App& call, cli::EvalOptions& options) {
    describe_payload(call, options.payload);
    call.add_option("expression", options.expression, "\"pr.status == 'approved'\", or branch=main")
        ->required();
    call.footer("Exit code: 0 if it is true, 1 if not, 2 on an error.");
}

void describe_fields(CLI::App& call, cli::FieldsOptions& options) {
    call.add_option("--service", options.service, "such as github")->required();
    call.add_option("--event", options.event, "such as pr; without it, of all events");
}

/// `hookline run` takes the words up to "--", or to the first that is no option of it; what follows is the
/// command's own, whatever it looks like.
int split_run(int count, char** words, std::vector<std::string>& command) {
    constexpr std::array<std::string_view, 3> with_value{"--name", "--stage", "--to"};
    if (count < 2 || std::string_view(words[1]) != "run") {
        return count;
    }
    int at = 2;
    while (at < count && words[at][0] == '-' && std::string_view(words[at]) != "--") {
        const bool takes_next =
            std::find(with_value.begin(), with_value.end(), std::string_view(words[at])) != with_value.end();
        at += takes_next ? 2 : 1;
    }
    const int own = std::min(at, count);
    const bool is_marked = own < count && std::string_view(words[own]) == "--";
    command.assign(words + own + (is_marked ? 1 : 0), words + count);
    return own;
}

void describe_run(CLI::App& call, runner::RunOptions& options) {
    call.add_option("--name", options.name, "what its messages call it; else the image, or the folder");
    call.add_option("--stage", options.stage, "what it is a part of, such as test");
    call.add_option(
        "--to", options.to,
        "the URL of a docker or ci endpoint with its secret (or HOOKLINE_TO), from another machine");
    call.footer("Example: hookline run -- docker build -t app .    Its exit code is the command's.");
}

int run(int all, char** words) {
    const cli::Process process = this_process();
    runner::RunOptions run_options;
    const int count = split_run(all, words, run_options.command);
    if (count > 1 && words[1][0] != '-' && std::find(calls.begin(), calls.end(), words[1]) == calls.end()) {
        return unknown_call(process, words[1]);
    }
    CLI::App program("Hookline brings what a development team has to know into Discord.", "hookline");
    program.require_subcommand(1);
    program.set_version_flag("--version", std::string("hookline ") + HOOKLINE_VERSION);

    app::SettingSources serve_sources;
    app::SettingSources doctor_sources;
    cli::SendOptions send;
    cli::RenderOptions render;
    cli::EvalOptions eval;
    cli::FieldsOptions fields;
    auto* serve_call = program.add_subcommand("serve", "the daemon: webhooks in, messages out");
    add_settings(*serve_call, serve_sources);
    auto* hook_call =
        program.add_subcommand("hook", "says a command to the running daemon, as !hook in Discord");
    hook_call->prefix_command();
    hook_call->footer("Example: hookline hook github on    All commands: hookline hook help");
    auto* run_call =
        program.add_subcommand("run", "runs a command and tells of it: builds, deployments, jobs");
    describe_run(*run_call, run_options);
    auto* send_call = program.add_subcommand("send", "has the daemon deliver a payload as its service would");
    describe_send(*send_call, send);
    auto* render_call = program.add_subcommand("render", "shows the message that a payload makes, offline");
    describe_render(*render_call, render);
    auto* eval_call = program.add_subcommand("eval", "the value of an expression for a payload, offline");
    describe_eval(*eval_call, eval);
    auto* fields_call = program.add_subcommand("fields", "what conditions and templates can name");
    describe_fields(*fields_call, fields);
    auto* doctor_call = program.add_subcommand("doctor", "checks everything that can be wrong, a line each");
    add_settings(*doctor_call, doctor_sources);
    auto* version_call = program.add_subcommand("version", "the program's version");

    try {
        program.parse(count, words);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            return program.exit(error);  // --help, --version
        }
        return cli::complain(process, cli::usage_error, fmt::format("{} (--help tells more)", error.what()));
    }
    if (*version_call) {
        process.out << "hookline " << HOOKLINE_VERSION << '\n';
        return cli::fine;
    }
    if (*hook_call) {
        return cli::hook(process, hook_call->remaining());
    }
    if (*run_call && run_options.command.empty()) {
        return cli::complain(process, cli::usage_error,
                             "there is no command to run: hookline run -- docker build -t app .");
    }
    if (*run_call) {
        return runner::run(process, run_options);
    }
    if (*send_call) {
        return cli::send(process, send);
    }
    if (*render_call) {
        return cli::render(process, render);
    }
    if (*eval_call) {
        return cli::eval(process, eval);
    }
    if (*fields_call) {
        return cli::fields(process, fields);
    }
    const auto settings = settings_from(process, *serve_call ? serve_sources : doctor_sources);
    if (!settings) {
        return cli::usage_error;
    }
    return *doctor_call ? app::doctor(process, *settings) : app::serve(process, *settings);
}

}  // namespace

int main(int count, char** words) {
    try {
        return run(count, words);
    } catch (const std::exception& error) {
        std::cerr << "hookline: " << error.what() << '\n';
        return cli::did_not_hold;
    }
}
