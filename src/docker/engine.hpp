// One engine, asked over HTTP (Docker Engine API; Podman speaks the same). Only what a read-only proxy
// allows.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/body_stream.hpp"
#include "net/http_client.hpp"

namespace hookline::docker {

struct EngineVersion {
    std::string api;     // that is spoken from now on: "1.41"
    std::string server;  // "Docker/20.10.24 (linux)"; empty: it did not tell
    bool is_podman = false;
    std::optional<TimePoint> now{};  // by its own clock, to the second
    std::string newest = {};         // API that the engine offers; by which door its builds are told
};

class Engine {
public:
    /// Opens a connection of its own for a stream; the real one is net::open_body_stream.
    using Open = std::function<Task<Result<net::OpenBody>>(net::Request)>;

    /// `client` outlives this.
    Engine(net::HttpClient& client, Open open) : client_(client), open_(std::move(open)) {}

    /// Asks who is there and agrees on a version, which every later request names. unavailable, timeout;
    /// unsupported: it speaks no version that Hookline does; forbidden: a proxy does not let it through.
    Task<Result<EngineVersion>> greet();
    /// Events of containers and images from `since` on (Unix nanoseconds; that one comes again; 0: none),
    /// then live.
    Task<Result<std::unique_ptr<net::BodyStream>>> events(std::int64_t since);
    /// All containers, also those that do not run: JSON.
    Task<Result<std::string>> containers();
    /// Inspects: JSON. not_found: it is gone.
    Task<Result<std::string>> container(std::string id);
    Task<Result<std::string>> image(std::string id);
    /// The last lines since then (Unix nanoseconds; 0: whenever), as they come: see joined_frames.
    Task<Result<std::string>> logs(std::string id, std::int64_t since);

private:
    Task<Result<std::string>> get(std::string target);
    [[nodiscard]] std::string versioned(std::string_view target) const;

    net::HttpClient& client_;
    Open open_;
    EngineVersion version_;
};

/// The version that both speak: "1.41" of the engine's newest; empty: there is none.
[[nodiscard]] std::string agreed_version(std::string_view theirs);

}  // namespace hookline::docker
