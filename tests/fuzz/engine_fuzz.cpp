// What an engine can say: its stream in any cuts is the same events, and whatever they are, a story, a roster
// and a payload come of them; so of logs, lists and what inspecting tells. Run: tools/fuzz.sh engine
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "docker/containers.hpp"
#include "docker/lines.hpp"
#include "docker/log_frames.hpp"
#include "docker/roster.hpp"
#include "docker/telling.hpp"

namespace {

using namespace hookline::docker;  // NOLINT(google-build-using-namespace): it is about that room

/// Every event that `bytes` hold, said in pieces of `step`, and what came before each.
std::string read(std::string_view bytes, std::size_t step, Roster& roster) {
    Lines lines;
    Containers containers;
    std::string text;
    while (!bytes.empty()) {
        const auto complete = lines.feed(bytes.substr(0, step));
        if (!complete) {
            return "too large";
        }
        for (const std::string& line : *complete) {
            const auto event = read_event(line);
            if (!event) {
                continue;
            }
            text += event->key() + '\n';
            roster.on(*event);
            if (const auto story = containers.on(*event)) {
                text += payload_of("fuzz", {}, *event, *story, {}, story->is_asked_for);
            }
        }
        bytes.remove_prefix(std::min(step, bytes.size()));
    }
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    Roster roster;
    const std::string whole = read(bytes, std::max<std::size_t>(size, 1), roster);
    Roster other;
    if (read(bytes, 7, other) != whole || other.to_text() != roster.to_text()) {
        std::fprintf(stderr, "cut into pieces of 7 it means something else\n");
        std::abort();
    }
    Roster again;
    again.read(roster.to_text());
    again.read(std::string(bytes));
    roster.begin_with(read_list(std::string(bytes)));
    Facts facts;
    facts.container = facts.image = std::string(bytes);
    facts.logs = last_lines(joined_frames(bytes, read_container(facts.container).has_terminal));
    const std::string payload = payload_of("fuzz", {}, EngineEvent(), Story(), facts, false);
    if (payload.empty() || facts.logs.size() > LogLimits().lines) {
        std::abort();
    }
    return 0;
}
