// The limits once more, as Discord documents them, written without a look at fit(): what checks must not
// share code with what it checks.
#include <fmt/format.h>

#include <array>
#include <set>

#include "base/text.hpp"
#include "message/limits.hpp"

namespace hookline::message {

namespace {

class Check {
public:
    void fail(std::string where, std::string what) {
        broken.push_back(where.empty() ? std::move(what) : std::move(where) + ": " + std::move(what));
    }

    /// `may_be_empty`: it is left out of the request then. White space alone never may: Discord trims it.
    void text(const std::string& where, const std::string& value, std::size_t limit, bool may_be_empty) {
        if (!is_utf8(value)) {
            fail(where, "is not UTF-8");
            return;
        }
        std::size_t points = 0;
        for (const char byte : value) {
            points += (static_cast<unsigned char>(byte) >> 6U) == 2U ? 0 : 1;
        }
        if (points > limit) {
            fail(where, fmt::format("{} code points of {}", points, limit));
        }
        if (value.empty() && !may_be_empty) {
            fail(where, "is empty");
        }
        if (!value.empty() && value.find_first_not_of(" \t\r\n") == std::string::npos) {
            fail(where, "is nothing but white space");
        }
        total += points;
    }

    void fences(const std::string& where, const std::string& value) {
        std::size_t fences = 0;
        for (std::size_t at = 0; at < value.size(); ++at) {
            if (value.compare(at, 3, "```") == 0) {
                ++fences;
                at += 2;
            } else if (value[at] == '\\' && fences % 2 == 0) {
                ++at;  // the next character is escaped
            }
        }
        if (fences % 2 != 0) {
            fail(where, "a code block is opened and not closed");
        }
    }

    void url(const std::string& where, const std::string& value, std::size_t limit, bool may_be_attached) {
        if (value.empty()) {
            return;
        }
        const bool is_web = value.rfind("http://", 0) == 0 || value.rfind("https://", 0) == 0;
        const bool is_attached = may_be_attached && value.rfind("attachment://", 0) == 0;
        if (!is_web && !is_attached) {
            fail(where, "is not an http or https URL");
        }
        if (value.size() > limit) {
            fail(where, fmt::format("{} bytes of {}", value.size(), limit));
        }
        for (const char c : value) {
            if (c <= ' ' || c == '<' || c == '>' || c == '"' || c == 0x7F) {
                fail(where, "holds a character that no URL holds");
                return;
            }
        }
    }

    void count(const std::string& where, std::size_t number, std::size_t limit) {
        if (number > limit) {
            fail(where, fmt::format("{} of {}", number, limit));
        }
    }

    std::vector<std::string> broken;
    std::size_t total = 0;
};

void check_embed(Check& check, const std::string& where, const Embed& embed) {
    check.text(where + " title", embed.title, limits::title, true);
    check.text(where + " description", embed.description, limits::description, true);
    check.text(where + " author", embed.author_name, limits::author, true);
    check.text(where + " footer", embed.footer, limits::footer, true);
    check.fences(where + " description", embed.description);
    check.count(where + " fields", embed.fields.size(), limits::fields);
    for (std::size_t i = 0; i < embed.fields.size(); ++i) {
        const std::string field = fmt::format("{} field {}", where, i + 1);
        check.text(field + " name", embed.fields[i].name, limits::field_name, false);
        check.text(field + " value", embed.fields[i].value, limits::field_value, false);
        check.fences(field + " value", embed.fields[i].value);
    }
    check.url(where + " url", embed.url, limits::url, false);
    check.url(where + " author url", embed.author_url, limits::url, false);
    for (const std::string* image :
         {&embed.author_icon, &embed.footer_icon, &embed.thumbnail, &embed.image}) {
        check.url(where + " image", *image, limits::url, true);
    }
    if (embed.color && *embed.color > 0xFFFFFF) {
        check.fail(where, "the color has more than 24 bits");
    }
    if (embed.author_name.empty() && !(embed.author_url.empty() && embed.author_icon.empty())) {
        check.fail(where, "an author without a name");
    }
    if (embed.footer.empty() && !embed.footer_icon.empty()) {
        check.fail(where, "a footer without a text");
    }
    const bool shows_something = !embed.title.empty() || !embed.description.empty() ||
                                 !embed.author_name.empty() || !embed.footer.empty() ||
                                 !embed.fields.empty() || !embed.image.empty() || !embed.thumbnail.empty();
    if (!shows_something) {
        check.fail(where, "shows nothing");
    }
}

void check_embeds(Check& check, const Message& message) {
    check.count("embeds", message.embeds.size(), limits::embeds);
    std::set<std::string> urls;
    check.total = 0;
    for (std::size_t i = 0; i < message.embeds.size(); ++i) {
        const Embed& embed = message.embeds[i];
        check_embed(check, fmt::format("embed {}", i + 1), embed);
        if (!embed.url.empty() && !urls.insert(embed.url).second) {
            check.fail(fmt::format("embed {}", i + 1),
                       "its URL is another embed's too: Discord shows only the first");
        }
    }
    check.count("all embeds' texts", check.total, limits::embed_total);
}

void check_rest(Check& check, const Message& message) {
    check.count("buttons", message.buttons.size(), 25);
    for (const LinkButton& button : message.buttons) {
        check.text("button label", button.label, limits::button_label, false);
        check.url("button url", button.url, limits::button_url, false);
        if (button.url.empty()) {
            check.fail("button", "has no URL");
        }
    }
    check.count("files", message.files.size(), limits::files);
    std::size_t bytes = 0;
    for (const File& file : message.files) {
        check.count("a file's bytes", file.bytes.size(), limits::file_bytes);
        bytes += file.bytes.size();
        if (file.name.empty() || file.name.find_first_of("/\\\"\r\n") != std::string::npos) {
            check.fail("file", "has a name that is none");
        }
    }
    check.count("all files' bytes", bytes, limits::request_bytes);
    for (const auto* ids : {&message.allowed_mentions.users, &message.allowed_mentions.roles}) {
        check.count("allowed mentions", ids->size(), limits::mentions);
        if (std::set<Snowflake>(ids->begin(), ids->end()).size() != ids->size()) {
            check.fail("allowed mentions", "an id stands there twice");
        }
    }
}

}  // namespace

std::vector<std::string> broken_limits(const Message& message) {
    Check check;
    check.text("content", message.content, limits::content, true);
    check.fences("content", message.content);
    check_embeds(check, message);
    check_rest(check, message);
    if (message.content.empty() && message.embeds.empty() && message.files.empty()) {
        check.fail("", "the message is empty");
    }
    if (message.hides_previews && !message.embeds.empty()) {
        check.fail("", "SUPPRESS_EMBEDS would hide the message's own embeds");
    }
    return std::move(check.broken);
}

}  // namespace hookline::message
