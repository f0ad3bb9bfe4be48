// The calls themselves. Each returns the program's exit code.
#pragma once

#include <string>
#include <vector>

#include "cli/process.hpp"

namespace hookline::cli {

/// `hookline hook <words…>`: says a command to the daemon and prints the reply, secrets included.
int hook(const Process& process, const std::vector<std::string>& words);

struct SendOptions {
    std::string service, event, file, hook, delivery;
};
/// `hookline send`: has the daemon deliver FILE to a hook's endpoint as the service would.
int send(const Process& process, const SendOptions& options);

struct RenderOptions {
    std::string service, event, file;
    std::string as;                    // terminal, text, json; empty: terminal on a terminal, else text
    std::vector<std::string> headers;  // "Name: value"
};
/// `hookline render`: the message that a payload makes, offline.
int render(const Process& process, const RenderOptions& options);

}  // namespace hookline::cli
