#include "runner/secrets.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace hookline::runner {

void Secrets::add(std::string_view value) {
    constexpr std::size_t shortest = 6;
    constexpr std::size_t most = 1000;
    for (const std::string_view line : split(value, '\n')) {
        const std::string_view text = trim(line);
        const bool is_known = std::find(values_.begin(), values_.end(), text) != values_.end();
        if (text.size() < shortest || is_known || values_.size() >= most) {
            continue;
        }
        const auto behind = std::find_if(values_.begin(), values_.end(), [&](const std::string& other) {
            return other.size() < text.size();
        });
        values_.emplace(behind, text);
    }
}

void Secrets::add(const Secrets& others) {
    for (const std::string& value : others.values_) {
        add(value);
    }
}

std::string Secrets::without(std::string text) const {
    constexpr std::string_view instead = "***";
    for (const std::string& value : values_) {
        for (std::size_t at = 0; (at = text.find(value, at)) != std::string::npos; at += instead.size()) {
            text.replace(at, value.size(), instead);
        }
    }
    return text;
}

}  // namespace hookline::runner
