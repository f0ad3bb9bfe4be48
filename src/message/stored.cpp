// The form in which the outbox keeps a message: everything, and nothing that Discord's form would lose.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "message/json.hpp"

namespace hookline::message {

namespace json = boost::json;

namespace {

// Reading: what is missing or of another type is the member's default; only the frame must be right, since
// nobody but serialize() writes it.

std::string text_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool flag_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::optional<std::int64_t> number_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

template <class Each>
void for_each_object(const json::object& object, std::string_view key, Each each) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_array()) {
        return;
    }
    for (const json::value& item : value->get_array()) {
        if (const json::object* inner = item.if_object()) {
            each(*inner);
        }
    }
}

std::vector<Snowflake> ids_of(const json::object& object, std::string_view key) {
    std::vector<Snowflake> ids;
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_array()) {
        return ids;
    }
    for (const json::value& item : value->get_array()) {
        const auto id = item.is_string() ? parse_snowflake(item.get_string()) : std::nullopt;
        if (id) {
            ids.push_back(*id);
        }
    }
    return ids;
}

void put(json::object& object, std::string_view key, const std::string& text) {
    if (!text.empty()) {
        object[key] = text;
    }
}

void put(json::object& object, std::string_view key, bool flag) {
    if (flag) {
        object[key] = true;
    }
}

void put(json::object& object, std::string_view key, const std::vector<Snowflake>& ids) {
    if (ids.empty()) {
        return;
    }
    json::array& texts = object[key].emplace_array();
    for (const Snowflake id : ids) {
        texts.emplace_back(to_string(id));
    }
}

/// Every text of an embed with its key: one table for both ways.
constexpr std::array<std::pair<std::string_view, std::string Embed::*>, 10> embed_texts{{
    {"title", &Embed::title},
    {"url", &Embed::url},
    {"description", &Embed::description},
    {"author", &Embed::author_name},
    {"author_url", &Embed::author_url},
    {"author_icon", &Embed::author_icon},
    {"footer", &Embed::footer},
    {"footer_icon", &Embed::footer_icon},
    {"thumbnail", &Embed::thumbnail},
    {"image", &Embed::image},
}};

json::object stored_embed(const Embed& embed) {
    json::object object;
    for (const auto& [key, member] : embed_texts) {
        put(object, key, embed.*member);
    }
    if (embed.color) {
        object["color"] = static_cast<std::int64_t>(*embed.color);
    }
    if (embed.timestamp) {
        object["timestamp"] = embed.timestamp->time_since_epoch().count();
    }
    if (!embed.fields.empty()) {
        json::array& fields = object["fields"].emplace_array();
        for (const EmbedField& field : embed.fields) {
            json::object stored{{"name", field.name}, {"value", field.value}};
            put(stored, "inline", field.is_inline);
            fields.push_back(std::move(stored));
        }
    }
    return object;
}

Embed read_embed(const json::object& object) {
    Embed embed;
    for (const auto& [key, member] : embed_texts) {
        embed.*member = text_of(object, key);
    }
    if (const auto color = number_of(object, "color")) {
        embed.color = static_cast<std::uint32_t>(*color);
    }
    if (const auto timestamp = number_of(object, "timestamp")) {
        embed.timestamp = TimePoint(Milliseconds(*timestamp));
    }
    for_each_object(object, "fields", [&embed](const json::object& field) {
        embed.fields.push_back({text_of(field, "name"), text_of(field, "value"), flag_of(field, "inline")});
    });
    return embed;
}

json::object stored_mentions(const AllowedMentions& allowed) {
    json::object object;
    put(object, "everyone", allowed.everyone);
    put(object, "users", allowed.users);
    put(object, "roles", allowed.roles);
    put(object, "replied_user", allowed.replied_user);
    return object;
}

AllowedMentions read_mentions(const json::object& object) {
    AllowedMentions allowed;
    allowed.everyone = flag_of(object, "everyone");
    allowed.users = ids_of(object, "users");
    allowed.roles = ids_of(object, "roles");
    allowed.replied_user = flag_of(object, "replied_user");
    return allowed;
}

void put_lists(json::object& object, const Message& message) {
    if (!message.embeds.empty()) {
        json::array& embeds = object["embeds"].emplace_array();
        for (const Embed& embed : message.embeds) {
            embeds.push_back(stored_embed(embed));
        }
    }
    if (!message.buttons.empty()) {
        json::array& buttons = object["buttons"].emplace_array();
        for (const LinkButton& button : message.buttons) {
            buttons.push_back(json::object{{"label", button.label}, {"url", button.url}});
        }
    }
    if (!message.files.empty()) {
        json::array& files = object["files"].emplace_array();
        for (const File& file : message.files) {
            files.push_back(json::object{
                {"name", file.name}, {"type", file.content_type}, {"base64", to_base64(file.bytes)}});
        }
    }
}

}  // namespace

std::string serialize(const Message& message) {
    json::object object;
    put(object, "content", message.content);
    put_lists(object, message);
    if (message.allowed_mentions != AllowedMentions{}) {
        object["allowed_mentions"] = stored_mentions(message.allowed_mentions);
    }
    put(object, "silent", message.is_silent);
    put(object, "no_previews", message.hides_previews);
    if (message.reply_to) {
        object["reply_to"] = to_string(message.reply_to);
    }
    return json::serialize(object);
}

Result<Message> parse(std::string_view text) {
    boost::system::error_code error;
    const json::value document = json::parse(json::string_view(text), error);
    if (error || !document.is_object()) {
        return fail(Errc::malformed, "a stored message is not a JSON object");
    }
    const json::object& object = document.get_object();
    Message message;
    message.content = text_of(object, "content");
    for_each_object(object, "embeds",
                    [&message](const json::object& embed) { message.embeds.push_back(read_embed(embed)); });
    for_each_object(object, "buttons", [&message](const json::object& button) {
        message.buttons.push_back({text_of(button, "label"), text_of(button, "url")});
    });
    bool is_whole = true;
    for_each_object(object, "files", [&message, &is_whole](const json::object& file) {
        auto bytes = from_base64(text_of(file, "base64"));
        is_whole = is_whole && bytes.has_value();
        message.files.push_back(
            {text_of(file, "name"), text_of(file, "type"), std::move(bytes).value_or(std::string())});
    });
    if (!is_whole) {
        return fail(Errc::malformed, "a file of a stored message is not base64");
    }
    if (const json::value* allowed = object.if_contains("allowed_mentions");
        allowed && allowed->is_object()) {
        message.allowed_mentions = read_mentions(allowed->get_object());
    }
    message.is_silent = flag_of(object, "silent");
    message.hides_previews = flag_of(object, "no_previews");
    message.reply_to = parse_snowflake(text_of(object, "reply_to")).value_or(Snowflake());
    return message;
}

}  // namespace hookline::message
