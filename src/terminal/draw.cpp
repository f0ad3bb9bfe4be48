#include "terminal/draw.hpp"

#include <fmt/format.h>

#include "base/iso_time.hpp"
#include "terminal/columns.hpp"

namespace hookline::terminal {

namespace {

constexpr std::size_t most_columns_of_fields = 3;  // as Discord shows inline fields
constexpr std::size_t gap = 3;                     // between two of them
constexpr std::size_t narrowest_field = 14;

class Drawing {
public:
    explicit Drawing(const DrawOptions& options) : options_(options) {}

    void start_embed(const std::optional<std::uint32_t>& color) {
        constexpr std::uint32_t grey = 0x4F545C;
        const std::uint32_t shown = color.value_or(grey);
        bar_ = options_.colour ? fmt::format("\x1b[38;2;{};{};{}m▌\x1b[0m ", shown >> 16U & 0xFFU,
                                             shown >> 8U & 0xFFU, shown & 0xFFU)
                               : "▌ ";
    }
    void end_embed() { bar_.clear(); }

    [[nodiscard]] std::size_t width() const { return options_.width - (bar_.empty() ? 0 : 2); }
    [[nodiscard]] bool has_colour() const { return options_.colour; }

    void row(const std::string& text) {
        std::string line = bar_ + text;
        while (line.ends_with(' ')) {
            line.pop_back();
        }
        text_ += line + "\n";
    }
    void spans(std::vector<Span> spans) {
        Line line;
        line.spans = std::move(spans);
        for (const auto& wrapped : wrap(line, width())) {
            row(painted(wrapped, options_.colour));
        }
    }
    void markdown(std::string_view text) {
        for (const Line& line : read_markdown(text)) {
            for (const auto& wrapped : wrap(line, width())) {
                row(painted(wrapped, options_.colour));
            }
        }
    }
    [[nodiscard]] std::string finish() { return std::move(text_); }

private:
    const DrawOptions& options_;
    std::string bar_;
    std::string text_;
};

std::vector<Span> styled(std::string_view markdown, const Look& look) {
    std::vector<Span> spans;
    for (Line& line : read_markdown(markdown)) {
        for (Span& span : line.spans) {
            span.look.bold = span.look.bold || look.bold;
            span.look.dim = span.look.dim || look.dim;
            span.look.url = look.url.empty() ? span.look.url : look.url;
            spans.push_back(std::move(span));
        }
    }
    return spans;
}

/// Author and footer are plain text in Discord: nothing in them is markup.
std::vector<Span> plain(std::string_view text, const Look& look) {
    std::string escaped;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x80 && std::ispunct(static_cast<unsigned char>(c)) != 0) {
            escaped += '\\';
        }
        escaped += c;
    }
    return styled(escaped, look);
}

/// A field as lines of at most `width` columns: its name, bold, and its value.
std::vector<std::vector<Span>> field_lines(const message::EmbedField& field, std::size_t width) {
    Look bold;
    bold.bold = true;
    Line name;
    name.spans = styled(field.name, bold);
    std::vector<std::vector<Span>> lines = wrap(name, width);
    for (const Line& line : read_markdown(field.value)) {
        for (auto& wrapped : wrap(line, width)) {
            lines.push_back(std::move(wrapped));
        }
    }
    return lines;
}

/// In plain text an address behind each name would push apart what stands side by side.
void drop_addresses(std::vector<std::vector<Span>>& lines) {
    for (auto& line : lines) {
        for (Span& span : line) {
            span.look.url.clear();
        }
    }
}

/// Inline fields side by side, each as wide as it needs and no wider than its share.
void draw_side_by_side(Drawing& drawing, std::span<const message::EmbedField> fields) {
    const std::size_t share = (drawing.width() - gap * (fields.size() - 1)) / fields.size();
    std::vector<std::vector<std::vector<Span>>> columns;
    std::vector<std::size_t> widths;
    std::size_t height = 0;
    for (const message::EmbedField& field : fields) {
        columns.push_back(field_lines(field, share));
        if (field.is_inline && !drawing.has_colour()) {
            drop_addresses(columns.back());
        }
        height = std::max(height, columns.back().size());
        std::size_t widest = narrowest_field;
        for (const auto& line : columns.back()) {
            widest = std::max(widest, columns_of(line));
        }
        widths.push_back(widest);
    }
    for (std::size_t row = 0; row < height; ++row) {
        std::string text;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const std::vector<Span> none;
            const auto& spans = row < columns[i].size() ? columns[i][row] : none;
            text += painted(spans, drawing.has_colour());
            text += std::string(widths[i] + gap - std::min(widths[i], columns_of(spans)), ' ');
        }
        drawing.row(text);
    }
}

void draw_fields(Drawing& drawing, const std::vector<message::EmbedField>& fields) {
    const std::size_t fitting =
        std::clamp<std::size_t>((drawing.width() + gap) / (narrowest_field + gap), 1, most_columns_of_fields);
    std::size_t at = 0;
    while (at < fields.size()) {
        std::size_t count = 1;
        while (fields[at].is_inline && count < fitting && at + count < fields.size() &&
               fields[at + count].is_inline) {
            ++count;
        }
        draw_side_by_side(drawing, std::span(fields).subspan(at, count));
        at += count;
    }
}

void draw_embed(Drawing& drawing, const message::Embed& embed) {
    drawing.start_embed(embed.color);
    if (!embed.author_name.empty()) {
        Look look;
        look.dim = true;
        look.url = drawing.has_colour() ? embed.author_url : "";
        drawing.spans(plain(embed.author_name, look));
    }
    if (!embed.title.empty()) {
        Look look;
        look.bold = true;
        look.url = drawing.has_colour() ? embed.url : "";
        drawing.spans(styled(embed.title, look));
    }
    if (!embed.url.empty() && !drawing.has_colour()) {
        drawing.row(embed.url);
    }
    if (!embed.description.empty()) {
        drawing.markdown(embed.description);
    }
    draw_fields(drawing, embed.fields);
    std::string small = embed.footer;
    if (embed.timestamp) {
        const std::string iso = iso_time(*embed.timestamp);
        small += (small.empty() ? "" : " • ") + iso.substr(0, 10) + " " + iso.substr(11, 5) + " UTC";
    }
    if (!small.empty()) {
        Look look;
        look.dim = true;
        drawing.spans(plain(small, look));
    }
    drawing.end_embed();
}

}  // namespace

std::string draw(const message::Message& message, const DrawOptions& options) {
    constexpr std::size_t narrowest = 24;
    DrawOptions bounded = options;
    bounded.width = std::max(bounded.width, narrowest);
    Drawing drawing(bounded);
    if (!message.content.empty()) {
        drawing.markdown(message.content);
    }
    for (const message::Embed& embed : message.embeds) {
        draw_embed(drawing, embed);
    }
    for (const message::LinkButton& button : message.buttons) {
        Look look;
        look.url = button.url;
        std::vector<Span> spans = plain("[ " + button.label + " ]", look);
        drawing.spans(std::move(spans));
    }
    for (const message::File& file : message.files) {
        drawing.spans(plain(fmt::format("📎 {} ({} bytes)", file.name, file.bytes.size()), Look()));
    }
    return drawing.finish();
}

}  // namespace hookline::terminal
