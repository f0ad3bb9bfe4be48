// A message as data: what a destination shows, in Discord's terms (Discord, "Create Message" and "Embed").
// Made by room format and room commands, kept by the outbox as JSON, posted by a destination.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace hookline::message {

struct EmbedField {
    std::string name;
    std::string value;  // Markdown
    bool is_inline = false;
    bool operator==(const EmbedField&) const = default;
};

struct Embed {
    std::string title;  // inline Markdown only, no links: `url` makes the title one
    std::string url;
    std::string description;  // Markdown
    std::optional<std::uint32_t> color;
    std::optional<TimePoint> timestamp;
    std::string author_name, author_url, author_icon;  // author and footer are plain text
    std::string footer, footer_icon;
    std::string thumbnail, image;
    std::vector<EmbedField> fields;
    bool operator==(const Embed&) const = default;
};

/// Who may be pinged. The default is nobody, and that is sent explicitly on every create and edit.
struct AllowedMentions {
    bool everyone = false;
    std::vector<Snowflake> users;
    std::vector<Snowflake> roles;
    bool replied_user = false;
    bool operator==(const AllowedMentions&) const = default;
};

struct File {
    std::string name;  // [A-Za-z0-9._-]+
    std::string content_type;
    std::string bytes;
    bool operator==(const File&) const = default;
};

struct LinkButton {
    std::string label;
    std::string url;
    bool operator==(const LinkButton&) const = default;
};

struct Message {
    std::string content;  // Markdown
    std::vector<Embed> embeds;
    std::vector<LinkButton> buttons;
    std::vector<File> files;
    AllowedMentions allowed_mentions;
    bool is_silent = false;       // SUPPRESS_NOTIFICATIONS
    bool hides_previews = false;  // SUPPRESS_EMBEDS: only for messages without embeds of their own
    Snowflake reply_to;           // message of the same channel, none: 0
    bool operator==(const Message&) const = default;

    [[nodiscard]] bool empty() const { return content.empty() && embeds.empty() && files.empty(); }
};

}  // namespace hookline::message
