#include "state/build_run.hpp"

#include <boost/json/serialize.hpp>

#include "state/document.hpp"

namespace hookline::state {

BuildRun parse_build_run(std::string_view document) {
    const boost::json::object object = parse_document(document);
    BuildRun run;
    const auto at = time_at(object, "at");
    run.is_known = at.has_value();
    run.at = at.value_or(TimePoint());
    run.is_over = truth_at(object, "over");
    return run;
}

std::string to_document(const BuildRun& run) {
    boost::json::object object;
    put_time(object, "at", run.at);
    put_truth(object, "over", run.is_over);
    return boost::json::serialize(object);
}

bool take(BuildRun& run, const event::Event& event) {
    const bool is_end = event.build->status != event::Build::Status::started;
    const bool is_further = is_end == run.is_over ? event.time > run.at : is_end;
    if (run.is_known && !is_further) {
        return false;
    }
    run = BuildRun{true, is_end, event.time};
    return true;
}

}  // namespace hookline::state
