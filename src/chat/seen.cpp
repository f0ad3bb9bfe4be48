#include "chat/seen.hpp"

#include "base/text.hpp"

namespace hookline::chat {

bool Seen::add(Snowflake message) {
    if (!known_.insert(message).second) {
        return false;
    }
    order_.push_back(message);
    if (order_.size() > most_) {
        known_.erase(order_.front());
        order_.pop_front();
    }
    return true;
}

std::string Seen::newest(std::size_t count) const {
    std::string text;
    for (std::size_t i = order_.size() - std::min(count, order_.size()); i < order_.size(); ++i) {
        text += text.empty() ? "" : " ";
        text += to_string(order_[i]);
    }
    return text;
}

void Seen::load(std::string_view text) {
    for (const std::string_view word : split(text, ' ')) {
        if (const auto id = parse_snowflake(word)) {
            add(*id);
        }
    }
}

}  // namespace hookline::chat
