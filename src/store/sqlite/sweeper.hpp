// Deletes what is older than the retention and not needed any more, in batches that never hold the writer up
// for long. What waits, is parked, or lies in an open window stays, whatever its age.
#pragma once

#include "store/sqlite/writer.hpp"

namespace hookline::store {

class Sweeper {
public:
    explicit Sweeper(Writer& writer) : writer_(writer) {}
    /// At most `batch` rows of events, or of messages once no event is left to go; 0: done for now.
    Task<Result<std::size_t>> sweep(TimePoint older_than, std::size_t batch);

private:
    /// A table that is swept in the order of its ids.
    struct Pass {
        std::int64_t after = 0;  // looked at up to here
        bool is_over = false;
    };
    Task<Result<std::size_t>> sweep(std::shared_ptr<Pass> pass, bool is_events, TimePoint older_than,
                                    std::size_t batch);

    Writer& writer_;
    std::shared_ptr<Pass> events_ = std::make_shared<Pass>();
    std::shared_ptr<Pass> messages_ = std::make_shared<Pass>();
};

}  // namespace hookline::store
