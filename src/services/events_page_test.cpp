// docs/events.md is made from the tables that decide: this test holds them together. UPDATE_DOCS=1 rewrites
// it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "services/announced.hpp"
#include "services/service.hpp"

namespace hookline::services {
namespace {

constexpr std::string_view head =
    "# Events\n\n"
    "What each service tells, by the names that `--events` takes, and whether a hook that names no events\n"
    "announces it. This page is made from the program's own tables. What is silent is stored all the same, "
    "and\n"
    "`!hook why <event id>` says why; `--events` with its name announces it.\n";

std::string cell(std::string_view text) {
    std::string result;
    for (const char c : text) {
        result += c == '|' ? std::string("\\|") : std::string(1, c);
    }
    return result;
}

/// "announced", or why not.
std::string by_default(event::Service service, std::string_view name) {
    event::Event event;
    event.service = service;
    const std::size_t dot = name.find('.');
    event.name = name.substr(0, dot);
    event.action = dot == std::string_view::npos ? "" : name.substr(dot + 1);
    if (event.action.empty() && has_usual_action(event.name) && !is_usual_action(event)) {
        return "the rows below say";
    }
    const std::string silent = silent_by_default(event);
    if (silent.empty()) {
        return is_for_private_channels(event) ? "announced, in channels that not everyone sees" : "announced";
    }
    const std::size_t why = silent.find(": ");
    return why == std::string::npos ? "silent" : "silent: " + silent.substr(why + 2);
}

std::string provider_names(std::string_view names) {
    std::string result;
    for (const char c : names) {
        result += c == ',' ? std::string("`, `") : std::string(1, c);
    }
    return result.empty() ? result : "`" + result + "`";
}

std::string page() {
    std::string text(head);
    for (const ServiceAdapter* adapter : all_adapters()) {
        text += fmt::format(
            "\n## {}\n\n| `--events` | the service's own name | what it is | by default |\n"
            "| --- | --- | --- | --- |\n",
            event::display_name(adapter->service()));
        for (const EventName& row : adapter->event_names()) {
            text += fmt::format("| `{}` | {} | {} | {} |\n", row.name, provider_names(row.provider_name),
                                cell(row.sentence), by_default(adapter->service(), row.name));
        }
    }
    return text;
}

TEST(EventsPage, SaysWhatTheTablesSay) {
    const std::string path = HOOKLINE_DOCS_FOLDER "/events.md";
    if (std::getenv("UPDATE_DOCS") != nullptr) {
        std::ofstream(path, std::ios::binary) << page();
        return;
    }
    std::ifstream file(path, std::ios::binary);
    const std::string found{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    EXPECT_EQ(found, page()) << "run services_test with UPDATE_DOCS=1, then read docs/events.md";
}

TEST(EventsPage, WhateverIsSilentHasItsReason) {
    for (const ServiceAdapter* adapter : all_adapters()) {
        for (const EventName& row : adapter->event_names()) {
            EXPECT_NE(by_default(adapter->service(), row.name), "silent")
                << event::name_of(adapter->service()) << " " << row.name;
        }
    }
}

}  // namespace
}  // namespace hookline::services
