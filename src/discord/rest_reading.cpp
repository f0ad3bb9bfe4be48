#include "discord/rest_reading.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/iso_time.hpp"
#include "discord/reading.hpp"

namespace hookline::discord {

namespace json = boost::json;

namespace {

// Discord, "Application Flags": GATEWAY_MESSAGE_CONTENT and GATEWAY_MESSAGE_CONTENT_LIMITED.
constexpr std::int64_t content_flags = (1LL << 18) | (1LL << 19);

SeenMessage::SeenEmbed read_embed(const json::object& object) {
    SeenMessage::SeenEmbed embed;
    const std::string_view timestamp = text_in(object, "timestamp");
    embed.timestamp = timestamp.empty() ? std::nullopt : parse_time(timestamp);
    embed.url = text_in(object, "url");
    return embed;
}

}  // namespace

SeenMessage read_message(const json::object& object) {
    SeenMessage message;
    message.id = id_in(object, "id");
    message.channel = id_in(object, "channel_id");
    message.webhook = id_in(object, "webhook_id");
    message.content = text_in(object, "content");
    message.nonce = text_in(object, "nonce");
    if (const json::object* author = object_in(object, "author")) {
        message.author = id_in(*author, "id");
    }
    const json::array* embeds = array_in(object, "embeds");
    for (std::size_t i = 0; embeds != nullptr && i < embeds->size(); ++i) {
        if (const json::object* embed = embeds->at(i).if_object()) {
            message.embeds.push_back(read_embed(*embed));
        }
    }
    return message;
}

SeenThread read_thread(const json::object& object) {
    return SeenThread{id_in(object, "id"), id_in(object, "parent_id"), id_in(object, "owner_id"),
                      std::string(text_in(object, "name"))};
}

User read_user(const json::object& object) {
    return User{id_in(object, "id"), std::string(text_in(object, "username"))};
}

Application read_application(const json::object& object) {
    Application application;
    application.id = id_in(object, "id");
    application.name = text_in(object, "name");
    application.public_key = text_in(object, "verify_key");
    application.interactions_url = text_in(object, "interactions_endpoint_url");
    application.may_read_content = (number_in(object, "flags").value_or(0) & content_flags) != 0;
    return application;
}

Webhook read_webhook(const json::object& object) {
    Webhook webhook;
    webhook.id = id_in(object, "id");
    webhook.channel = id_in(object, "channel_id");
    webhook.guild = id_in(object, "guild_id");
    webhook.name = text_in(object, "name");
    return webhook;
}

}  // namespace hookline::discord
