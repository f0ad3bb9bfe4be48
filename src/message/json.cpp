#include "message/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/iso_time.hpp"

namespace hookline::message {

namespace json = boost::json;

namespace {

// Discord, "Message Flags".
constexpr std::int64_t suppress_embeds = 1 << 2;
constexpr std::int64_t suppress_notifications = 1 << 12;
// Discord, "Component Types" and "Button Styles".
constexpr int action_row = 1;
constexpr int button = 2;
constexpr int link_style = 5;
constexpr std::size_t buttons_in_a_row = 5;

void put_text(json::object& object, std::string_view key, const std::string& text) {
    if (!text.empty()) {
        object[key] = text;
    }
}

void put_image(json::object& object, std::string_view key, const std::string& url) {
    if (!url.empty()) {
        object[key] = json::object{{"url", url}};
    }
}

json::array strings_of(const std::vector<Snowflake>& ids) {
    json::array texts;
    for (const Snowflake id : ids) {
        texts.emplace_back(to_string(id));
    }
    return texts;
}

json::object allowed_mentions_of(const AllowedMentions& allowed) {
    json::object object;
    json::array& classes = object["parse"].emplace_array();
    if (allowed.everyone) {
        classes.emplace_back("everyone");
    }
    if (!allowed.users.empty()) {
        object["users"] = strings_of(allowed.users);
    }
    if (!allowed.roles.empty()) {
        object["roles"] = strings_of(allowed.roles);
    }
    object["replied_user"] = allowed.replied_user;
    return object;
}

json::array fields_of(const std::vector<EmbedField>& fields) {
    json::array array;
    for (const EmbedField& field : fields) {
        array.push_back(
            json::object{{"name", field.name}, {"value", field.value}, {"inline", field.is_inline}});
    }
    return array;
}

json::object embed_of(const Embed& embed) {
    json::object object;
    put_text(object, "title", embed.title);
    put_text(object, "url", embed.url);
    put_text(object, "description", embed.description);
    if (embed.color) {
        object["color"] = *embed.color;
    }
    if (embed.timestamp) {
        object["timestamp"] = iso_time(*embed.timestamp);
    }
    if (!embed.author_name.empty()) {
        json::object author{{"name", embed.author_name}};
        put_text(author, "url", embed.author_url);
        put_text(author, "icon_url", embed.author_icon);
        object["author"] = std::move(author);
    }
    if (!embed.footer.empty()) {
        json::object footer{{"text", embed.footer}};
        put_text(footer, "icon_url", embed.footer_icon);
        object["footer"] = std::move(footer);
    }
    put_image(object, "thumbnail", embed.thumbnail);
    put_image(object, "image", embed.image);
    if (!embed.fields.empty()) {
        object["fields"] = fields_of(embed.fields);
    }
    return object;
}

json::array embeds_of(const std::vector<Embed>& embeds) {
    json::array array;
    for (const Embed& embed : embeds) {
        array.push_back(embed_of(embed));
    }
    return array;
}

json::array components_of(const std::vector<LinkButton>& buttons) {
    json::array rows;
    for (std::size_t i = 0; i < buttons.size(); ++i) {
        if (i % buttons_in_a_row == 0) {
            rows.push_back(json::object{{"type", action_row}, {"components", json::array()}});
        }
        rows.back().get_object()["components"].get_array().push_back(json::object{
            {"type", button}, {"style", link_style}, {"label", buttons[i].label}, {"url", buttons[i].url}});
    }
    return rows;
}

std::int64_t flags_of(const Message& message) {
    return (message.hides_previews ? suppress_embeds : 0) | (message.is_silent ? suppress_notifications : 0);
}

}  // namespace

json::object to_discord(const Message& message) {
    json::object body;
    put_text(body, "content", message.content);
    if (!message.embeds.empty()) {
        body["embeds"] = embeds_of(message.embeds);
    }
    if (!message.buttons.empty()) {
        body["components"] = components_of(message.buttons);
    }
    body["allowed_mentions"] = allowed_mentions_of(message.allowed_mentions);
    if (const std::int64_t flags = flags_of(message); flags != 0) {
        body["flags"] = flags;
    }
    if (message.reply_to) {
        body["message_reference"] =
            json::object{{"message_id", to_string(message.reply_to)}, {"fail_if_not_exists", false}};
    }
    return body;
}

json::object to_discord_edit(const Message& message) {
    json::object body;
    // Discord, "Edit Message": absent is unchanged, null or an empty list clears; flags replace the value.
    if (message.content.empty()) {
        body["content"] = nullptr;
    } else {
        body["content"] = message.content;
    }
    body["embeds"] = embeds_of(message.embeds);
    body["components"] = components_of(message.buttons);
    if (message.files.empty()) {
        body["attachments"] = json::array();
    }
    body["allowed_mentions"] = allowed_mentions_of(message.allowed_mentions);
    body["flags"] = flags_of(message);
    return body;
}

}  // namespace hookline::message
