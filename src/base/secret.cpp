#include "base/secret.hpp"

#include <sodium.h>

#include <utility>

namespace hookline {

Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_)) {
    sodium_memzero(other.text_.data(), other.text_.size());
    other.text_.clear();
}

Secret& Secret::operator=(Secret other) noexcept {
    text_.swap(other.text_);
    return *this;
}

Secret::~Secret() { sodium_memzero(text_.data(), text_.size()); }

bool Secret::equals(std::string_view other) const { return same_bytes(text_, other); }

bool same_bytes(std::string_view left, std::string_view right) {
    return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace hookline
