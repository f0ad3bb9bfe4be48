#include "docker/build_history.hpp"

#include <charconv>

#include "docker/build_records.hpp"
#include "net/deadline.hpp"

namespace hookline::docker {

namespace {

constexpr Milliseconds log_patience(10'000);
constexpr std::size_t log_limit = 16UL << 20U;  // of all that is read of one build's log

std::string method(std::string_view name) { return std::string("/moby.buildkit.v1.Control/").append(name); }

}  // namespace

std::vector<net::GrpcDoor> doors_of(std::string_view api_version) {
    constexpr int first_with_http2 = 53;
    const std::size_t dot = api_version.find('.');
    int minor = 0;
    if (dot != std::string_view::npos) {
        std::from_chars(api_version.data() + dot + 1, api_version.data() + api_version.size(), minor);
    }
    std::vector<net::GrpcDoor> doors;
    if (minor >= first_with_http2) {
        doors.push_back(net::GrpcDoor::prior_knowledge);
    }
    doors.push_back(net::GrpcDoor::upgrade);
    return doors;
}

Task<Result<std::unique_ptr<net::GrpcStream>>> BuildHistory::listen(bool is_stored_alone) {
    net::GrpcRequest request(method("ListenBuildHistory"), build_history_request(is_stored_alone));
    request.door = door_;
    return open_(std::move(request));
}

Task<BuildLog> BuildHistory::log_of(std::string ref) {
    BuildLog log;
    co_await net::with_deadline(read_log(std::move(ref), log), clock_, clock_.steady() + log_patience);
    co_return log;
}

Task<bool> BuildHistory::read_log(std::string ref, BuildLog& log) {
    net::GrpcRequest request(method("Status"), build_status_request(ref));
    request.door = door_;
    const auto stream = co_await open_(std::move(request));
    std::size_t read = 0;
    while (stream && read < log_limit) {
        const auto message = co_await (*stream)->next(log_patience);
        const bool is_passed_over = !message && message.error().code == Errc::too_large;
        if (is_passed_over) {
            continue;
        }
        if (!message || !*message) {
            break;
        }
        read += (*message)->size();
        auto status = read_build_status(**message);
        if (!status) {
            break;
        }
        log.take(std::move(*status));
    }
    co_return true;
}

}  // namespace hookline::docker
