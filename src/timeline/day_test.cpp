// A real day of a busy repository (tests/support/day.mjs; HOOKLINE_DAY names the file of its deliveries),
// replayed in virtual time against the model of Discord: the channel before and after is docs/day.md.
// UPDATE_DOCS=1 rewrites that page.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdlib>
#include <fstream>

#include "base/iso_time.hpp"
#include "timeline/day_page.hpp"
#include "timeline/world.hpp"

namespace hookline::timeline {

namespace json = boost::json;

namespace {

struct Arrival {
    TimePoint at;
    std::string event_type, delivery_id, payload;
};

std::vector<Arrival> read_day(const std::string& path) {
    std::ifstream file(path);
    std::vector<Arrival> arrivals;
    for (std::string line; std::getline(file, line);) {
        const json::object row = json::parse(line).as_object();
        Arrival arrival;
        arrival.at = parse_time(std::string_view(row.at("at").as_string())).value();
        arrival.event_type = row.at("event").as_string();
        arrival.delivery_id = row.at("id").as_string();
        arrival.payload = json::serialize(row.at("payload"));
        arrivals.push_back(std::move(arrival));
    }
    return arrivals;
}

const std::vector<Arrival>& the_day() {
    static const std::vector<Arrival> arrivals = [] {
        const char* path = std::getenv("HOOKLINE_DAY");
        return path == nullptr ? std::vector<Arrival>() : read_day(path);
    }();
    return arrivals;
}

DayFacts facts_of(const std::vector<Arrival>& arrivals) {
    DayFacts facts;
    for (const Arrival& arrival : arrivals) {
        facts.arrivals.push_back(arrival.at);
        ++facts.kinds[arrival.event_type];
    }
    return facts;
}

/// The channel an hour after the last delivery.
Replayed replay(const DayVariant& variant) {
    World world(the_day().front().at - std::chrono::minutes(5));
    for (const std::string_view words : variant.commands) {
        world.say(std::string(words));
    }
    for (const Arrival& arrival : the_day()) {
        world.run_until(arrival.at);
        world.deliver(arrival.event_type, arrival.delivery_id, arrival.payload);
    }
    world.run_until(the_day().back().at + std::chrono::hours(1));
    for (const std::string& fault : world.discord().faults()) {
        ADD_FAILURE() << variant.name << ": " << fault;
    }
    EXPECT_EQ(world.store().counts().value().unprocessed, 0);
    EXPECT_EQ(world.store().counts().value().waiting, 0);
    return Replayed{variant, world.discord().messages(), world.discord().threads()};
}

std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(Day, ReadsAsItsPageShows) {
    if (the_day().empty()) {
        GTEST_SKIP() << "HOOKLINE_DAY names no file that tests/support/day.mjs made";
    }
    std::vector<Replayed> replays;
    for (const DayVariant& variant : day_variants()) {
        replays.push_back(replay(variant));
    }
    const std::string page = day_page(facts_of(the_day()), replays);
    const std::string path = HOOKLINE_DOCS_FOLDER "/day.md";
    if (std::getenv("UPDATE_DOCS") != nullptr) {
        std::ofstream(path, std::ios::binary) << page;
        return;
    }
    EXPECT_TRUE(read(path) == page)
        << "docs/day.md is not what the day gives: make it again as it says, and read it";
}

}  // namespace

}  // namespace hookline::timeline
