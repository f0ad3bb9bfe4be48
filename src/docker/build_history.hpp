// BuildKit's control API as far as builds are told (moby/buildkit, api/services/control/control.proto), over
// whatever door an engine offers. Only builds of the engine's own builder are there.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "docker/build_log.hpp"
#include "net/grpc.hpp"

namespace hookline::docker {

class BuildHistory {
public:
    /// The real one is net::open_grpc.
    using Open = std::function<Task<Result<std::unique_ptr<net::GrpcStream>>>(net::GrpcRequest)>;

    /// `clock` outlives this.
    BuildHistory(Clock& clock, Open open) : clock_(clock), open_(std::move(open)) {}
    /// By which door the calls below go.
    void use(net::GrpcDoor door) { door_ = door; }

    /// Messages of BuildEvent: first of the builds that run, and of all that are remembered, then, unless
    /// `is_stored_alone`, of what happens.
    Task<Result<std::unique_ptr<net::GrpcStream>>> listen(bool is_stored_alone);
    /// What is remembered of the steps of a build; in bounded time, so that it may be a part of it, or
    /// nothing.
    Task<BuildLog> log_of(std::string ref);

private:
    Task<bool> read_log(std::string ref, BuildLog& log);

    Clock& clock_;
    Open open_;
    net::GrpcDoor door_ = net::GrpcDoor::upgrade;
};

/// The doors that an engine of that API version may have, the better one first: from 1.53 on it speaks HTTP/2
/// on its socket, and /grpc, which it has always had, is deprecated (moby, docs/api/version-history.md).
[[nodiscard]] std::vector<net::GrpcDoor> doors_of(std::string_view api_version);

}  // namespace hookline::docker
