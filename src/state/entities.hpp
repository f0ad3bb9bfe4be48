// Where the documents of entities come from and go to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hookline::state {

/// Of one repository at one endpoint: a name alone would let a stranger with a secret of his own forge what
/// is known of another's repository.
class Entities {
public:
    virtual ~Entities() = default;
    /// The document; nothing where nothing is known. `kind` is "pr", `name` is "45".
    [[nodiscard]] virtual std::optional<std::string> load(std::string_view kind, std::string_view name) = 0;
    virtual void save(std::string_view kind, std::string_view name, std::string document) = 0;
};

/// Knows nothing and keeps nothing: one event by itself.
class NoEntities final : public Entities {
public:
    std::optional<std::string> load(std::string_view, std::string_view) override { return std::nullopt; }
    void save(std::string_view, std::string_view, std::string) override {}
};

}  // namespace hookline::state
