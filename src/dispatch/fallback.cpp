#include "dispatch/fallback.hpp"

#include "message/limits.hpp"
#include "message/markdown.hpp"
#include "message/reading.hpp"

namespace hookline::dispatch {

namespace {

using message::Markdown;

void add_lines(Markdown& text, std::string_view markdown) {
    if (!markdown.empty()) {
        text.lines(message::without_markup(markdown)).newline();
    }
}

void add_embed(Markdown& text, const message::Embed& embed) {
    add_lines(text, embed.author_name);
    add_lines(text, embed.title);
    if (const std::string url = message::safe_url(embed.url); !url.empty()) {
        text.markup("<" + url + ">").newline();
    }
    add_lines(text, embed.description);
    for (const message::EmbedField& field : embed.fields) {
        text.text(message::without_markup(field.name)).markup(": ");
        text.text(message::without_markup(field.value)).newline();
    }
}

}  // namespace

message::Message as_plain_text(const message::Message& message) {
    message::Message plain;
    plain.allowed_mentions = message.allowed_mentions;
    plain.is_silent = message.is_silent;
    plain.reply_to = message.reply_to;
    plain.hides_previews = true;
    Markdown text;
    if (message.embeds.empty()) {
        plain.content = message.content;
    } else {
        if (!message.content.empty()) {
            text.markup(message.content).newline();  // mentions that somebody configured live here
        }
        for (const message::Embed& embed : message.embeds) {
            add_embed(text, embed);
        }
        plain.content = text.cut_to(message::limits::content);
    }
    return message::fit(std::move(plain));
}

}  // namespace hookline::dispatch
