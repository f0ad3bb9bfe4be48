// What no reader should ever see in a message, whatever its payload lacked.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "message/message.hpp"

namespace hookline::format {

/// What a reader sees of `text`: not where its links lead.
inline std::string without_targets(std::string_view text) {
    std::string shown;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool is_target = text.substr(at).starts_with("](") || text.substr(at).starts_with("<http");
        const char closing = text[at] == ']' ? ')' : '>';
        if (is_target) {
            at = std::min(text.find(closing, at), text.size() - 1);
        } else {
            shown += text[at];
        }
    }
    return shown;
}

inline std::string visible_text(const message::Message& message) {
    std::string text = message.content;
    for (const message::Embed& embed : message.embeds) {
        text += "\n" + embed.title + "\n" + embed.description + "\n" + embed.footer + "\n";
        for (const message::EmbedField& field : embed.fields) {
            text += field.name + "\n" + field.value + "\n";
        }
    }
    return without_targets(text);
}

inline bool has_whole_id(std::string_view text) {
    constexpr std::size_t digits = 40;
    std::size_t run = 0;
    return std::any_of(text.begin(), text.end(), [&](char c) {
        run = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ? run + 1 : 0;
        return run == digits;
    });
}

inline bool has_word(std::string_view text, std::string_view word) {
    const auto is_letter = [&](std::size_t at) {
        return at < text.size() &&
               ((text[at] >= 'a' && text[at] <= 'z') || (text[at] >= 'A' && text[at] <= 'Z'));
    };
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        if ((at == 0 || !is_letter(at - 1)) && !is_letter(at + word.size())) {
            return true;
        }
    }
    return false;
}

/// Why `message` cannot be shown; empty: it can. Only for payloads that hold no such texts themselves.
inline std::string unreadable_part(const message::Message& message) {
    const std::string text = visible_text(message);
    for (const std::string_view word : {"null", "undefined", "nan"}) {
        if (has_word(text, word)) {
            return std::string(word);
        }
    }
    for (const std::string_view sign : {"****", "** **", "\"\"", "[]"}) {
        if (text.find(sign) != std::string::npos) {
            return "the empty " + std::string(sign);
        }
    }
    return has_whole_id(text) ? "a whole commit id" : "";
}

}  // namespace hookline::format
