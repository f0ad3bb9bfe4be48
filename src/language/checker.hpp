// Completes a tree: finds the field, function, filter and test of every name, and refuses what cannot hold.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "language/evaluation.hpp"
#include "language/tree.hpp"

namespace hookline::language {

struct CheckOptions {
    bool checks_types = true;
    /// A name that is no field is noted in `unknown` instead of refused: it prints nothing.
    bool allows_unknown = false;
    /// Texts that the source itself holds are Markdown.
    bool has_markup = false;
};

struct CheckResult {
    std::optional<Diagnostic> problem;
    std::vector<Diagnostic> unknown;
    std::vector<std::string> names;  // fields of the event: "pr.status"
    bool asks_age = false, counts_events = false;
};

[[nodiscard]] CheckResult check(Node& root, const Schema& schema, CheckOptions options);
[[nodiscard]] CheckResult check(Pieces& pieces, const Schema& schema, CheckOptions options);

}  // namespace hookline::language
