// Images in a registry.
#include "base/byte_size.hpp"
#include "base/text.hpp"
#include "format/layouts.hpp"
#include "format/parts.hpp"

namespace hookline::format {

using event::Image;
using message::Embed;
using message::Markdown;

namespace {

constexpr std::size_t longest_name = 150;

/// "4f53cda18c2b" of "sha256:4f53cda18c2b…", as Docker shows it.
std::string short_digest(std::string_view digest) {
    constexpr std::size_t shown = 12;
    const std::string_view hex = digest.substr(digest.find(':') + 1);
    return std::string(hex.substr(0, shown));
}

std::string reference_of(const Image& image) {
    const std::string name = shorten(trim(image.repository), longest_name);
    if (!trim(image.tag).empty()) {
        return name + ":" + shorten(trim(image.tag), longest_name);
    }
    return image.digest.empty() ? name : name + "@" + short_digest(image.digest);
}

/// The others of a delivery that tells of several at once.
void add_others(const event::Notice& notice, std::size_t most_images, Embed& embed) {
    Markdown list;
    std::size_t shown = 0;
    for (const event::Notice::Item& item : notice.items) {
        if (shown == most_images) {
            break;
        }
        if (shown++ > 0) {
            list.newline();
        }
        list.code(shorten(trim(item.title), longest_name));
    }
    add(embed, "And", shown > 0 ? list.and_more(notice.items.size(), shown) : list, Width::full);
}

}  // namespace

void lay_out_image(const event::Event& event, const Measure& measure, Embed& embed) {
    const Image& image = *event.image;
    if (!trim(image.repository).empty()) {
        add(embed, "Image", Markdown().code(reference_of(image)), Width::full);
    }
    add(embed, event.action == "pushed" ? "Pushed by" : "By", actor(event));
    if (image.size && *image.size > 0) {
        add(embed, "Size", Markdown().markup(spell_bytes(*image.size)));
    }
    if (!image.digest.empty()) {
        add(embed, "Digest", Markdown().code(short_digest(image.digest)));
    }
    if (measure.tells_all) {
        add_text(embed, "Media type", image.media_type, Width::full);
    }
    if (event.notice) {
        add_others(*event.notice, measure.items, embed);
    }
}

}  // namespace hookline::format
