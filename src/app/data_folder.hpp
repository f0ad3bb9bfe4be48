// The data folder: made with rights for its owner alone, with the key and the admin token that the daemon
// makes for itself on its first start.
#pragma once

#include <string>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace hookline::app {

/// Makes the folder where it is missing; mode 0700 either way.
[[nodiscard]] Result<void> prepare_folder(const std::string& path);

/// The secret in the file `path`; where there is none, `fresh` is written to it first (0600). An empty or
/// unreadable file is an error, never replaced: what it sealed would be lost.
[[nodiscard]] Result<Secret> kept_secret(const std::string& path, const Secret& fresh);

}  // namespace hookline::app
