#include "services/payload.hpp"

#include <fmt/format.h>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>
#include <charconv>

#include "base/iso_time.hpp"
#include "base/text.hpp"

namespace hookline::services {

namespace json = boost::json;

namespace {

constexpr std::size_t deepest = 100;  // CONTRACT.md, section 3

/// A value that ends at most `most_bytes` in, never inside a UTF-8 sequence.
std::string_view cut_bytes(std::string_view text, std::size_t most_bytes) {
    if (text.size() <= most_bytes) {
        return text;
    }
    std::size_t end = most_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return text.substr(0, end);
}

std::optional<std::int64_t> digits(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// The code unit of an escape \uXXXX at `at`, or nothing.
std::optional<unsigned> escaped_unit(std::string_view json_text, std::size_t at) {
    if (at + 6 > json_text.size() || json_text[at] != '\\' || json_text[at + 1] != 'u') {
        return std::nullopt;
    }
    unsigned unit = 0;
    const char* begin = json_text.data() + at + 2;
    const auto [end, error] = std::from_chars(begin, begin + 4, unit, 16);
    return error == std::errc{} && end == begin + 4 ? std::optional(unit) : std::nullopt;
}

bool is_high(unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; }

}  // namespace

Node Node::operator[](std::string_view key) const {
    const json::object* object = value_ != nullptr ? value_->if_object() : nullptr;
    return Node(object != nullptr ? object->if_contains(key) : nullptr);
}

bool Node::exists() const { return value_ != nullptr && !value_->is_null(); }

bool Node::is_null() const { return value_ != nullptr && value_->is_null(); }

bool Node::is_object() const { return value_ != nullptr && value_->is_object(); }

bool Node::is_true() const { return value_ != nullptr && value_->is_bool() && value_->get_bool(); }

std::string Node::text(std::size_t most_bytes) const {
    const json::string* text = value_ != nullptr ? value_->if_string() : nullptr;
    return text != nullptr ? repair_utf8(cut_bytes(std::string_view(text->data(), text->size()), most_bytes))
                           : std::string();
}

std::string Node::shown(std::size_t most_bytes) const {
    if (value_ == nullptr) {
        return {};
    }
    if (value_->is_bool()) {
        return value_->get_bool() ? "yes" : "no";
    }
    if (const double* number = value_->if_double()) {
        return fmt::format("{:.10g}", *number);  // 0.1 + 0.2 is 0.3 to a reader
    }
    if (const std::uint64_t* number = value_->if_uint64()) {
        return std::to_string(*number);
    }
    const std::int64_t* number = value_->if_int64();
    return number != nullptr ? std::to_string(*number) : text(most_bytes);
}

std::optional<std::int64_t> Node::integer() const {
    if (value_ == nullptr) {
        return std::nullopt;
    }
    if (const std::int64_t* number = value_->if_int64()) {
        return *number;
    }
    if (const json::string* text = value_->if_string()) {
        return digits(std::string_view(text->data(), text->size()));
    }
    return std::nullopt;  // an unsigned beyond int64, a fraction: no id and no count is one
}

std::optional<TimePoint> Node::time() const {
    const json::string* text = value_ != nullptr ? value_->if_string() : nullptr;
    if (text != nullptr) {
        return parse_time(std::string_view(text->data(), text->size()));
    }
    const auto number = integer();
    return number ? parse_time(std::to_string(*number)) : std::nullopt;
}

std::vector<Node> Node::items(std::size_t most) const {
    std::vector<Node> result;
    const json::array* array = value_ != nullptr ? value_->if_array() : nullptr;
    if (array == nullptr) {
        return result;
    }
    result.reserve(std::min(most, array->size()));
    for (const json::value& item : *array) {
        if (result.size() == most) {
            break;
        }
        result.emplace_back(&item);
    }
    return result;
}

std::vector<std::string> Node::keys(std::size_t most) const {
    std::vector<std::string> result;
    const json::object* object = value_ != nullptr ? value_->if_object() : nullptr;
    if (object == nullptr) {
        return result;
    }
    for (const auto& member : *object) {
        if (result.size() == most) {
            break;
        }
        result.push_back(repair_utf8(cut_bytes(std::string_view(member.key()), longest_list)));
    }
    return result;
}

struct Document::Tree {
    json::monotonic_resource arena;
    json::value root;
};

Document::Document(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Node Document::root() const { return Node(&tree_->root); }

Result<Document> Document::parse(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    json::parse_options options;
    options.max_depth = deepest;
    options.allow_invalid_utf8 = true;
    auto tree = std::make_unique<Tree>();
    const auto read = [&](std::string_view input, std::size_t& consumed) {
        json::parser parser({}, options);
        parser.reset(json::storage_ptr(&tree->arena));
        boost::system::error_code error;
        consumed = parser.write(input.data(), input.size(), error);
        if (!error) {
            // A value of the same arena takes the tree over; one of another would copy it.
            tree->root.~value();
            ::new (&tree->root) json::value(parser.release());
        }
        return error;
    };
    std::size_t consumed = 0;
    auto error = read(text, consumed);
    if (error) {
        const std::string repaired = repair_surrogates(text);
        if (repaired != text) {
            error = read(repaired, consumed);
        }
    }
    if (error) {
        return fail(Errc::malformed, fmt::format("not JSON: {} after {} bytes", error.message(),
                                                 std::min(consumed, text.size())));
    }
    return Document(std::move(tree));
}

std::string repair_surrogates(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto unit = escaped_unit(text, at);
        if (!unit) {
            // A backslash takes its next character along, so that "\\ud800" stays the text that it is.
            const std::size_t step = text[at] == '\\' && at + 1 < text.size() ? 2 : 1;
            result.append(text.substr(at, step));
            at += step;
            continue;
        }
        const auto next = is_high(*unit) ? escaped_unit(text, at + 6) : std::nullopt;
        const bool is_pair = next && is_low(*next);
        const bool is_half = !is_pair && (is_high(*unit) || is_low(*unit));
        const std::size_t step = is_pair ? 12 : 6;
        result.append(is_half ? std::string_view("\\ufffd") : text.substr(at, step));
        at += step;
    }
    return result;
}

}  // namespace hookline::services
