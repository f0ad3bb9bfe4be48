// Reads a JSON payload that a stranger wrote. No lookup throws and none fails: what is missing, null or of
// another type reads as "the sender did not tell". Bounded in depth, in the length of a text and of a list.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace hookline::services {

/// A value inside a Document, or nothing. Cheap to copy; lives as long as its Document.
class Node {
public:
    Node() = default;
    explicit Node(const boost::json::value* value) : value_(value) {}

    /// The member of that name; nothing where this is no object or has none.
    [[nodiscard]] Node operator[](std::string_view key) const;
    /// There and not null.
    [[nodiscard]] bool exists() const;
    [[nodiscard]] bool is_null() const;  // there, and null
    [[nodiscard]] bool has(std::string_view key) const {
        return (*this)[key].value_ != nullptr;
    }  // also null
    [[nodiscard]] bool is_object() const;
    [[nodiscard]] bool is_true() const;

    /// Whole UTF-8, at most `most_bytes`; "" where it is no string.
    [[nodiscard]] std::string text(std::size_t most_bytes = longest_text) const;
    /// A text, a number or a truth as a person reads it: "95", "0.5", "yes"; "" for anything else.
    [[nodiscard]] std::string shown(std::size_t most_bytes = longest_text) const;
    /// Exact in 64 bits, also where it was sent as digits in a string; fractions and what is larger: nothing.
    [[nodiscard]] std::optional<std::int64_t> integer() const;
    [[nodiscard]] std::int64_t integer_or(std::int64_t other) const { return integer().value_or(other); }
    /// ISO 8601, or Unix seconds or milliseconds.
    [[nodiscard]] std::optional<TimePoint> time() const;
    /// The first `most` elements of a list.
    [[nodiscard]] std::vector<Node> items(std::size_t most = longest_list) const;
    /// The keys of an object, the first `most`.
    [[nodiscard]] std::vector<std::string> keys(std::size_t most = longest_list) const;

    static constexpr std::size_t longest_text = 64UL * 1024;
    static constexpr std::size_t longest_list = 100;

private:
    const boost::json::value* value_ = nullptr;
};

/// A payload parsed once, on an arena.
class Document {
public:
    /// Nesting to 100 levels (CONTRACT.md, section 3). Bytes that are not UTF-8 and halves of surrogate pairs
    /// are let through; text() repairs them. malformed: not JSON; the place is named.
    [[nodiscard]] static Result<Document> parse(std::string_view json);
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();
    [[nodiscard]] Node root() const;

private:
    struct Tree;
    explicit Document(std::unique_ptr<Tree> tree);
    std::unique_ptr<Tree> tree_;
};

/// `json` with each escaped half of a surrogate pair (\ud800 alone) as \ufffd: Boost.JSON refuses such a text
/// as a whole, for one character that nobody could show.
[[nodiscard]] std::string repair_surrogates(std::string_view json);

}  // namespace hookline::services
