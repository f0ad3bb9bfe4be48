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

/// A payload in a file, as a service would send it.
struct PayloadOptions {
    std::string service, event, file;
    std::vector<std::string> headers;  // "Name: value"
};

struct RenderOptions {
    PayloadOptions payload;
    std::string as;     // terminal, text, json; empty: terminal on a terminal, else text
    std::string form;   // a template of one's own, or @FILE; empty: the built-in layout
    std::string style;  // of the built-in layout; empty: normal
};
/// `hookline render`: the message that a payload makes, offline.
int render(const Process& process, const RenderOptions& options);

struct EvalOptions {
    PayloadOptions payload;
    std::string expression;
};
/// `hookline eval`: the value of an expression for a payload, offline. 0: true, 1: false, 2: an error.
int eval(const Process& process, const EvalOptions& options);

struct FieldsOptions {
    std::string service, event;
};
/// `hookline fields`: what conditions and templates can name.
int fields(const Process& process, const FieldsOptions& options);

}  // namespace hookline::cli
