// A message as text that a reviewer reads: the golden files.
#pragma once

#include <fmt/format.h>

#include <string>

#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "message/message.hpp"

namespace hookline::format {

inline void put_lines(std::string& out, std::string_view indent, std::string_view text) {
    for (const std::string_view line : split(text, '\n')) {
        out += fmt::format("{}{}\n", line.empty() ? "" : indent, line);
    }
}

inline std::string readable(const message::Message& message) {
    std::string out;
    if (!message.content.empty()) {
        out += "content:\n";
        put_lines(out, "  ", message.content);
    }
    for (const message::Embed& embed : message.embeds) {
        out += embed.author_name.empty() ? ""
                                         : fmt::format("by:     {} {} {}\n", embed.author_name,
                                                       embed.author_url, embed.author_icon);
        out += fmt::format("title:  {}\nurl:    {}\ncolour: #{:06x}\n", embed.title, embed.url,
                           embed.color.value_or(0));
        if (!embed.description.empty()) {
            out += "description:\n";
            put_lines(out, "  ", embed.description);
        }
        out += embed.fields.empty() ? "" : "fields:\n";
        for (const message::EmbedField& field : embed.fields) {
            if (field.value.find('\n') == std::string::npos) {
                out += fmt::format("  {} {}: {}\n", field.is_inline ? "▪" : "▬", field.name, field.value);
            } else {
                out += fmt::format("  {} {}:\n", field.is_inline ? "▪" : "▬", field.name);
                put_lines(out, "      ", field.value);
            }
        }
        out += fmt::format("footer: {}\n", embed.footer);
        out += embed.timestamp ? fmt::format("time:   {}\n", iso_time(*embed.timestamp)) : "";
    }
    return out;
}

}  // namespace hookline::format
