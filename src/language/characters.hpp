// Goes over a text by its code points, which is what Python counts, and changes their case.
#pragma once

#include <string>
#include <string_view>

namespace hookline::language {

class Characters {
public:
    explicit Characters(std::string_view text) : text_(text) {}

    class Iterator {
    public:
        explicit Iterator(std::string_view rest) : rest_(rest) {}
        std::string_view operator*() const { return rest_.substr(0, length()); }
        Iterator& operator++() {
            rest_.remove_prefix(length());
            return *this;
        }
        bool operator!=(const Iterator& other) const { return rest_.size() != other.rest_.size(); }

    private:
        [[nodiscard]] std::size_t length() const {
            std::size_t length = 1;
            while (length < rest_.size() && (static_cast<unsigned char>(rest_[length]) & 0xC0U) == 0x80U) {
                ++length;
            }
            return length;
        }
        std::string_view rest_;
    };
    [[nodiscard]] Iterator begin() const { return Iterator(text_); }
    [[nodiscard]] Iterator end() const { return Iterator(text_.substr(text_.size())); }

private:
    std::string_view text_;
};

/// One code point for one, as Unicode's simple mapping has it: "ß" stays (Python makes it "SS").
[[nodiscard]] std::string upper(std::string_view text);
[[nodiscard]] std::string lower(std::string_view text);
/// What Python's str.isspace() calls white, at both ends.
[[nodiscard]] std::string_view stripped(std::string_view text);
/// Whether Python's \w takes it: letters, digits, the low line.
[[nodiscard]] bool is_word_character(std::string_view character);
[[nodiscard]] bool is_white(std::string_view character);

}  // namespace hookline::language
