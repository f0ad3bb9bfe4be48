#include "chat/hearing.hpp"

#include <boost/json.hpp>

#include "base/text.hpp"
#include "discord/guild_cache.hpp"
#include "discord/reading.hpp"

namespace hookline::chat {

namespace json = boost::json;
using discord::flag_in;
using discord::id_in;
using discord::number_in;
using discord::object_in;
using discord::text_in;

namespace {

constexpr std::size_t longest_words = 8'000;  // what Commands takes

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0 ||
           c == '-' || c == '_';
}

/// What follows `prefix`, where a word ends with it: "!hook on", not "!hooks" or "!hook-and-ladder".
std::optional<std::string_view> after_prefix(std::string_view text, std::string_view prefix) {
    if (prefix.empty() || !equals_ignoring_case(text.substr(0, prefix.size()), prefix)) {
        return std::nullopt;
    }
    const std::string_view rest = text.substr(prefix.size());
    const bool goes_on = is_word_character(prefix.back()) && !rest.empty() && is_word_character(rest.front());
    return goes_on ? std::nullopt : std::optional(rest);
}

std::optional<std::string_view> after_mention(std::string_view text, Snowflake self) {
    if (!self) {
        return std::nullopt;
    }
    const std::string id = to_string(self);
    for (const std::string& mention : {"<@" + id + ">", "<@!" + id + ">"}) {
        if (text.starts_with(mention)) {
            std::string_view rest = trim(text.substr(mention.size()));
            if (!rest.empty() && (rest.front() == ',' || rest.front() == ':')) {  // "@Hookline, github on"
                rest.remove_prefix(1);
            }
            return rest;
        }
    }
    return std::nullopt;
}

bool is_said_by_a_person(const json::object& message, const json::object& author, Snowflake self) {
    constexpr std::int64_t usual = 0, reply = 19, ephemeral = 64;
    const std::int64_t type = number_in(message, "type").value_or(usual);
    const json::value* webhook = message.if_contains("webhook_id");
    return (type == usual || type == reply) && (webhook == nullptr || webhook->is_null()) &&
           !flag_in(author, "bot") && !flag_in(author, "system") &&
           (number_in(message, "flags").value_or(0) & ephemeral) == 0 && id_in(author, "id") != self;
}

}  // namespace

std::optional<std::string> words_for_us(std::string_view text, Snowflake self, std::string_view prefix) {
    text = trim(text);
    auto rest = after_mention(text, self);
    if (rest) {
        // "@Hookline !hook github on": said by who is used to the prefix.
        rest = after_prefix(trim(*rest), prefix).value_or(*rest);
    } else {
        rest = after_prefix(text, prefix);
    }
    if (!rest) {
        return std::nullopt;
    }
    return std::string(cut_at_character(trim(*rest), longest_words));
}

std::optional<Heard> hear(const json::object& message, Snowflake self, std::string_view prefix) {
    const json::object* author = object_in(message, "author");
    if (author == nullptr || !is_said_by_a_person(message, *author, self)) {
        return std::nullopt;
    }
    Heard heard;
    heard.message = id_in(message, "id");
    heard.channel = id_in(message, "channel_id");
    heard.guild = id_in(message, "guild_id");
    const Snowflake author_id = id_in(*author, "id");
    if (!heard.message || !heard.channel || !author_id) {
        return std::nullopt;
    }
    const json::object* member = object_in(message, "member");
    const json::object no_member;
    heard.author = discord::read_member(member == nullptr ? no_member : *member, author_id);
    heard.author.id = author_id;  // whatever `member` says
    const std::string_view text = text_in(message, "content");
    if (heard.is_direct()) {
        constexpr std::int64_t direct = 1;
        if (number_in(message, "channel_type").value_or(direct) != direct) {
            return std::nullopt;
        }
        heard.words = std::string(cut_at_character(trim(text), longest_words));
        return heard;
    }
    auto words = words_for_us(text, self, prefix);
    if (!words) {
        return std::nullopt;
    }
    heard.words = std::move(*words);
    return heard;
}

}  // namespace hookline::chat
