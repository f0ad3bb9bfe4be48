// Makes any message one that Discord takes. Order matters: first each text by itself, then how many there
// are, then what they come to together; what had to go is counted and said.
#include <fmt/format.h>

#include <set>

#include "base/text.hpp"
#include "message/clean_text.hpp"
#include "message/limits.hpp"
#include "message/markdown.hpp"
#include "message/reading.hpp"

namespace hookline::message {

namespace {

constexpr std::string_view blank_name = "\u200B";  // Discord's way to have a field without a name
constexpr std::size_t shortest_text = 48;          // what is cut further is not worth showing

std::string markdown_text(std::string_view text, std::size_t limit) {
    if (is_blank(text)) {
        return {};
    }
    std::string whole(trim(clean(text, Lines::many)));
    if (has_open_fence(whole)) {
        whole += "\n```";
    }
    return cut_markdown(whole, limit);
}

std::string title_text(std::string_view text, std::size_t limit) {
    // Cleaned again: a cut closes fences on a line of their own.
    return is_blank(text) ? std::string()
                          : clean(cut_markdown(trim(clean(text, Lines::one)), limit), Lines::one);
}

std::string plain_text(std::string_view text, std::size_t limit) {
    const std::string whole = is_blank(text) ? std::string() : std::string(trim(clean(text, Lines::many)));
    const std::size_t points = code_points(whole);
    constexpr std::size_t note_room = 32;
    if (points <= limit) {
        return whole;
    }
    if (limit < 2 * note_room) {
        return shorten(whole, limit);
    }
    const std::string kept = shorten(whole, limit - note_room);
    const auto missing = static_cast<std::int64_t>(points - code_points(kept) + 1);
    return fmt::format("{} ({})", kept, counted(missing, "more character"));
}

bool is_image(std::string_view name) {
    constexpr std::array<std::string_view, 5> images{".jpg", ".jpeg", ".png", ".webp", ".gif"};
    const std::string lower = to_lower_ascii(name);
    return std::any_of(images.begin(), images.end(),
                       [&](std::string_view end) { return lower.ends_with(end); });
}

/// http(s), or a file of the same message that Discord shows as a picture.
std::string image_url(const std::string& url, const std::vector<File>& files) {
    constexpr std::string_view attached = "attachment://";
    if (!url.starts_with(attached)) {
        return safe_url(url);
    }
    const std::string_view name = std::string_view(url).substr(attached.size());
    const bool is_there = is_image(name) && std::any_of(files.begin(), files.end(),
                                                        [&](const File& file) { return file.name == name; });
    return is_there ? url : std::string();
}

void fit_fields(Embed& embed) {
    for (EmbedField& field : embed.fields) {
        field.value = markdown_text(field.value, limits::field_value);
        field.name = title_text(field.name, limits::field_name);
        if (is_blank(field.name)) {
            field.name = blank_name;
        }
    }
    std::erase_if(embed.fields, [](const EmbedField& field) { return field.value.empty(); });
}

void fit_embed(Embed& embed, const std::vector<File>& files) {
    embed.title = title_text(embed.title, limits::title);
    embed.description = markdown_text(embed.description, limits::description);
    embed.author_name = plain_text(embed.author_name, limits::author);
    embed.footer = plain_text(embed.footer, limits::footer);
    embed.url = safe_url(embed.url);
    embed.author_url = embed.author_name.empty() ? std::string() : safe_url(embed.author_url);
    embed.author_icon = embed.author_name.empty() ? std::string() : image_url(embed.author_icon, files);
    embed.footer_icon = embed.footer.empty() ? std::string() : image_url(embed.footer_icon, files);
    embed.thumbnail = image_url(embed.thumbnail, files);
    embed.image = image_url(embed.image, files);
    if (embed.color && *embed.color > limits::color) {
        embed.color.reset();
    }
    constexpr TimePoint latest(std::chrono::sys_days(std::chrono::year(9999) / 12 / 31));
    if (embed.timestamp && (*embed.timestamp < TimePoint{} || *embed.timestamp > latest)) {
        embed.timestamp.reset();
    }
    fit_fields(embed);
}

bool is_empty(const Embed& embed) {
    return embed.title.empty() && embed.description.empty() && embed.author_name.empty() &&
           embed.footer.empty() && embed.fields.empty() && embed.image.empty() && embed.thumbnail.empty();
}

/// A text that counts towards the limit over all embeds, and how it is cut.
struct CountedText {
    std::string* text;
    std::string (*cut)(std::string_view text, std::size_t limit);
};

std::vector<CountedText> counted_texts(Embed& embed) {
    std::vector<CountedText> texts{{&embed.title, title_text},
                                   {&embed.description, markdown_text},
                                   {&embed.author_name, plain_text},
                                   {&embed.footer, plain_text}};
    for (EmbedField& field : embed.fields) {
        texts.push_back({&field.name, title_text});
        texts.push_back({&field.value, markdown_text});
    }
    return texts;
}

class Fitting {
public:
    explicit Fitting(Message message) : message_(std::move(message)) {}

    Message run() {
        fit_files();
        std::erase_if(message_.embeds, is_nothing);
        limit_count(message_.embeds, limits::embeds);
        for (Embed& embed : message_.embeds) {
            fit_embed(embed, message_.files);
            limit_count(embed.fields, limits::fields);
        }
        std::erase_if(message_.embeds, is_empty);
        fit_total();
        make_urls_distinct();
        fit_buttons();
        fit_mentions();
        fit_content();
        message_.hides_previews = message_.hides_previews && message_.embeds.empty();
        return std::move(message_);
    }

private:
    static bool is_nothing(const Embed& embed) { return embed == Embed{}; }

    template <class Item>
    void limit_count(std::vector<Item>& items, std::size_t limit) {
        if (items.size() > limit) {
            left_out_ += items.size() - limit;
            items.resize(limit);
        }
    }

    void fit_files() {
        limit_count(message_.files, limits::files);
        std::size_t bytes = 0;
        const std::size_t before = message_.files.size();
        std::erase_if(message_.files, [&bytes](const File& file) {
            const bool is_too_large =
                file.bytes.size() > limits::file_bytes || bytes + file.bytes.size() > limits::request_bytes;
            bytes += is_too_large ? 0 : file.bytes.size();
            return is_too_large;
        });
        left_out_ += before - message_.files.size();
        constexpr std::string_view allowed =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
        for (File& file : message_.files) {
            std::erase_if(file.name, [&](char c) { return allowed.find(c) == std::string_view::npos; });
            file.name = file.name.empty() ? "file" : file.name.substr(0, 100);
        }
    }

    /// The longest text gives first, half of it at most each time, so that no part pays for all others; when
    /// all are short, the last fields and embeds go.
    void fit_total() {
        for (;;) {
            std::size_t total = 0;
            std::size_t length = 0;
            std::optional<CountedText> longest;
            for (Embed& embed : message_.embeds) {
                for (const CountedText& counted_text : counted_texts(embed)) {
                    const std::size_t points = code_points(*counted_text.text);
                    total += points;
                    if (points > length) {
                        length = points;
                        longest = counted_text;
                    }
                }
            }
            if (total <= limits::embed_total) {
                return;
            }
            const std::size_t excess = total - limits::embed_total;
            const std::size_t wanted = std::max(length > excess ? length - excess : 0, length / 2);
            if (longest && length > shortest_text) {
                *longest->text = longest->cut(*longest->text, std::max(wanted, shortest_text));
            } else {
                drop_last_part();
            }
        }
    }

    void drop_last_part() {
        Embed& last = message_.embeds.back();
        ++left_out_;
        if (last.fields.size() > 1 || (last.fields.size() == 1 && message_.embeds.size() == 1)) {
            last.fields.pop_back();
        } else {
            message_.embeds.pop_back();
        }
    }

    /// Discord shows only the first of several embeds with the same URL: a fragment tells them apart and
    /// leads to the same page.
    void make_urls_distinct() {
        std::set<std::string> seen;
        std::size_t number = 1;
        for (Embed& embed : message_.embeds) {
            ++number;
            if (embed.url.empty() || seen.insert(embed.url).second) {
                continue;
            }
            const std::string other = fmt::format("{}#{}", embed.url, number);
            const bool can_differ = embed.url.find('#') == std::string::npos && other.size() <= limits::url &&
                                    seen.insert(other).second;
            embed.url = can_differ ? other : std::string();
        }
    }

    void fit_buttons() {
        for (LinkButton& button : message_.buttons) {
            button.url = safe_url(button.url);
            button.label = shorten(plain(button.label), limits::button_label);
            if (is_blank(button.label)) {
                button.label = "Open";
            }
        }
        std::erase_if(message_.buttons, [](const LinkButton& button) {
            return button.url.empty() || button.url.size() > limits::button_url;
        });
        limit_count(message_.buttons, limits::buttons);
    }

    void fit_mentions() {
        for (std::vector<Snowflake>* ids :
             {&message_.allowed_mentions.users, &message_.allowed_mentions.roles}) {
            std::set<Snowflake> seen;
            std::erase_if(*ids, [&seen](Snowflake id) { return !id || !seen.insert(id).second; });
            if (ids->size() > limits::mentions) {
                ids->resize(limits::mentions);
            }
        }
    }

    void fit_content() {
        std::string note;
        if (left_out_ > 0) {
            note = fmt::format("…and {} that did not fit into one message",
                               counted(static_cast<std::int64_t>(left_out_), "more part"));
        }
        const std::size_t room = note.empty() ? limits::content : limits::content - code_points(note) - 1;
        message_.content = markdown_text(message_.content, room);
        if (!note.empty()) {
            message_.content += (message_.content.empty() ? "" : "\n") + note;
        }
        if (message_.empty()) {
            message_.content = "(a message without content)";
        }
    }

    Message message_;
    std::size_t left_out_ = 0;
};

}  // namespace

std::size_t counted_points(const Embed& embed) {
    std::size_t points = code_points(embed.title) + code_points(embed.description) +
                         code_points(embed.author_name) + code_points(embed.footer);
    for (const EmbedField& field : embed.fields) {
        points += code_points(field.name) + code_points(field.value);
    }
    return points;
}

Message fit(Message message) { return Fitting(std::move(message)).run(); }

}  // namespace hookline::message
