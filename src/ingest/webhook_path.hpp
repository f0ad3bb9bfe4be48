// What the target of a delivery says: /webhook/{service}[/{hook}[/{secret}]][?token=secret].
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace hookline::ingest {

struct WebhookPath {
    std::string_view service;              // of the target
    std::optional<std::string_view> hook;  // likewise, not checked
    Secret secret;                         // percent-decoded; empty: none in the URL
    bool has_two_secrets = false;          // which of them counts would be up to chance: neither
};

/// Nothing where the target has another shape: an empty segment (a slash too many), too many segments.
/// Only the secret is decoded; "%" or ".." elsewhere names no service and no hook.
[[nodiscard]] std::optional<WebhookPath> parse_webhook_path(std::string_view target);

/// Nothing where a "%" is not followed by two hex digits, or a NUL is hidden. `plus_is_space`: of forms.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

}  // namespace hookline::ingest
