// A text that must not be printed, logged or compared byte by byte: webhook secrets, tokens, URLs that
// hold a token. Its bytes are wiped when it dies.
#pragma once

#include <string>
#include <string_view>

namespace hookline {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret(Secret&&) noexcept;
    Secret& operator=(Secret other) noexcept;
    ~Secret();

    /// The text itself. Every call is a place to read twice in a review.
    [[nodiscard]] const std::string& reveal() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }
    /// Takes as long for a wrong text as for the right one of the same length.
    [[nodiscard]] bool equals(std::string_view other) const;

private:
    std::string text_;
};

/// Constant time over equal lengths; false at once when the lengths differ.
[[nodiscard]] bool same_bytes(std::string_view left, std::string_view right);

}  // namespace hookline
