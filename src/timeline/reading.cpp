#include "timeline/reading.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "message/reading.hpp"
#include "terminal/draw.hpp"

namespace hookline::timeline {

namespace json = boost::json;

namespace {

std::string text_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string inner_text(const json::object& object, std::string_view outer, std::string_view key) {
    const json::value* value = object.if_contains(outer);
    return value != nullptr && value->is_object() ? text_in(value->get_object(), key) : std::string();
}

/// The objects of a list; none where there is no list.
std::vector<const json::object*> objects_in(const json::object& object, std::string_view key) {
    std::vector<const json::object*> objects;
    const json::value* list = object.if_contains(key);
    if (list == nullptr || !list->is_array()) {
        return objects;
    }
    for (const json::value& item : list->get_array()) {
        if (const json::object* inner = item.if_object()) {
            objects.push_back(inner);
        }
    }
    return objects;
}

message::Embed read_embed(const json::object& object) {
    message::Embed embed;
    embed.title = text_in(object, "title");
    embed.url = text_in(object, "url");
    embed.description = text_in(object, "description");
    embed.author_name = inner_text(object, "author", "name");
    embed.footer = inner_text(object, "footer", "text");
    embed.image = inner_text(object, "image", "url");
    embed.timestamp = parse_time(text_in(object, "timestamp"));
    for (const json::object* field : objects_in(object, "fields")) {
        const json::value* is_inline = field->if_contains("inline");
        embed.fields.push_back({text_in(*field, "name"), text_in(*field, "value"),
                                is_inline != nullptr && is_inline->is_bool() && is_inline->get_bool()});
    }
    return embed;
}

std::vector<Snowflake> ids_in(const json::object& object, std::string_view key) {
    std::vector<Snowflake> ids;
    const json::value* list = object.if_contains(key);
    if (list == nullptr || !list->is_array()) {
        return ids;
    }
    for (const json::value& item : list->get_array()) {
        const auto id = item.is_string() ? parse_snowflake(item.get_string()) : std::nullopt;
        if (id) {
            ids.push_back(*id);
        }
    }
    return ids;
}

/// Link labels without their targets: an excerpt is for reading.
std::string without_targets(std::string_view markdown) {
    std::string text;
    for (const message::Token& token : message::read_markdown(markdown)) {
        text += token.kind == message::Token::Kind::link ? token.text : token.raw;
    }
    return text;
}

class Counting {
public:
    void text(const json::object& object, std::string_view key, std::size_t most, std::string_view where) {
        const std::size_t length = code_points(text_in(object, key));
        total_ += length;
        if (length > most) {
            refusals.push_back(
                fmt::format("{}.{} has {} characters, {} are allowed", where, key, length, most));
        }
    }
    void count(std::size_t length, std::size_t most, std::string_view what) {
        if (length > most) {
            refusals.push_back(fmt::format("{} {}, {} are allowed", length, what, most));
        }
    }
    [[nodiscard]] std::size_t total() const { return total_; }
    std::vector<std::string> refusals;

private:
    std::size_t total_ = 0;
};

void check_embed(Counting& counting, const json::object& embed) {
    counting.text(embed, "title", 256, "embed");
    counting.text(embed, "description", 4096, "embed");
    if (const json::value* footer = embed.if_contains("footer"); footer != nullptr && footer->is_object()) {
        counting.text(footer->get_object(), "text", 2048, "footer");
    }
    if (const json::value* author = embed.if_contains("author"); author != nullptr && author->is_object()) {
        counting.text(author->get_object(), "name", 256, "author");
    }
    const auto fields = objects_in(embed, "fields");
    counting.count(fields.size(), 25, "fields");
    for (const json::object* field : fields) {
        counting.text(*field, "name", 256, "field");
        counting.text(*field, "value", 1024, "field");
        if (text_in(*field, "name").empty() || text_in(*field, "value").empty()) {
            counting.refusals.emplace_back("a field without a name or a value");
        }
    }
}

}  // namespace

message::Message read_body(const json::object& body, message::Message current) {
    if (body.contains("content")) {
        current.content = text_in(body, "content");
    }
    if (body.contains("embeds")) {
        current.embeds.clear();
        for (const json::object* embed : objects_in(body, "embeds")) {
            current.embeds.push_back(read_embed(*embed));
        }
    }
    if (body.contains("components")) {
        current.buttons.clear();
        for (const json::object* row : objects_in(body, "components")) {
            for (const json::object* button : objects_in(*row, "components")) {
                current.buttons.push_back({text_in(*button, "label"), text_in(*button, "url")});
            }
        }
    }
    if (const json::value* allowed = body.if_contains("allowed_mentions"); allowed && allowed->is_object()) {
        current.allowed_mentions.users = ids_in(allowed->get_object(), "users");
        current.allowed_mentions.roles = ids_in(allowed->get_object(), "roles");
    }
    if (const std::string id = inner_text(body, "message_reference", "message_id"); !id.empty()) {
        current.reply_to = parse_snowflake(id).value_or(Snowflake());
    }
    return current;
}

std::vector<std::string> refusals(const json::object& body) {
    Counting counting;
    counting.count(code_points(text_in(body, "content")), 2000, "characters of content");
    const auto embeds = objects_in(body, "embeds");
    counting.count(embeds.size(), 10, "embeds");
    for (const json::object* embed : embeds) {
        check_embed(counting, *embed);
    }
    counting.count(counting.total(), 6000, "characters in embeds");
    counting.count(code_points(text_in(body, "nonce")), 25, "characters of a nonce");
    if (!body.contains("allowed_mentions")) {
        counting.refusals.emplace_back("no allowed_mentions: texts would ping");
    }
    if (text_in(body, "content").empty() && embeds.empty()) {
        counting.refusals.emplace_back("an empty message (50006)");
    }
    return std::move(counting.refusals);
}

std::string shown(const message::Message& message, std::size_t width) {
    message::Message plain = message;
    plain.content = without_targets(plain.content);
    plain.buttons.clear();
    for (message::Embed& embed : plain.embeds) {
        embed.url.clear();
        embed.timestamp.reset();
        embed.description = without_targets(embed.description);
        for (message::EmbedField& field : embed.fields) {
            field.value = without_targets(field.value);
        }
    }
    terminal::DrawOptions options;
    options.width = width;
    return terminal::draw(plain, options);
}

}  // namespace hookline::timeline
