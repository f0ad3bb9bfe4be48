#include "rules/form.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <charconv>

#include "base/text.hpp"
#include "message/limits.hpp"
#include "message/markdown.hpp"
#include "rules/fields.hpp"

namespace hookline::rules {

namespace {

using language::Escaping;
using language::Template;

constexpr std::array<std::string_view, 10> keys{
    {"title", "url", "color", "description", "author", "footer", "thumbnail", "image", "content", "fields"}};
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 9> colors{{{"red", 0xE74C3C},
                                                                            {"orange", 0xE67E22},
                                                                            {"yellow", 0xF1C40F},
                                                                            {"green", 0x2ECC71},
                                                                            {"blue", 0x3498DB},
                                                                            {"purple", 0x9B59B6},
                                                                            {"grey", 0x95A5A6},
                                                                            {"gray", 0x95A5A6},
                                                                            {"black", 0x000000}}};

/// One part of an embed; nothing where it was not given.
struct Slot {
    std::optional<Template> form;
    [[nodiscard]] bool has() const { return form.has_value(); }
};

struct FieldSlots {
    Slot name, value;
    bool is_inline = false;
};

/// Lines that only blocks have left empty: at most one in a row, none at the ends.
std::string tidy(std::string_view text) {
    std::string out;
    int breaks = 0;
    for (const std::string_view line : split(text, '\n')) {
        const bool is_empty = trim(line).empty();
        if (is_empty) {
            ++breaks;
            continue;
        }
        if (!out.empty()) {
            out += breaks > 0 ? "\n\n" : "\n";
        }
        breaks = 0;
        std::size_t end = line.size();
        while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t')) {
            --end;
        }
        out += line.substr(0, end);
    }
    return out;
}

bool looks_like_toml(std::string_view source) {
    for (const std::string_view line : split(source, '\n')) {
        const std::string_view whole = trim(line);
        if (whole.empty() || whole.starts_with('#')) {
            continue;
        }
        if (whole.starts_with("[[fields]]")) {
            return true;
        }
        // title = "…": no message begins so.
        const std::size_t equals = whole.find('=');
        if (equals == whole.npos) {
            return false;
        }
        const std::string_view key = trim(whole.substr(0, equals));
        const std::string_view value = trim(whole.substr(equals + 1));
        const bool is_word = !key.empty() && key.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == key.npos;
        return is_word && !value.empty() &&
               std::string_view("\"'0123456789").find(value.front()) != value.npos;
    }
    return false;
}

}  // namespace

struct Form::Parts {
    std::string source;
    bool is_embed = false;
    Slot content, title, url, color, description, author, footer, thumbnail, image;
    std::vector<FieldSlots> fields;
    std::vector<std::string> unknown;

    /// Prints a part; notes the first trouble.
    [[nodiscard]] std::string print(const Slot& slot, const Facts& facts, std::string& trouble) const {
        if (!slot.has() || !trouble.empty()) {
            return {};
        }
        const language::Rendering rendering = slot.form->render(facts.surroundings());
        if (rendering.trouble) {
            trouble = language::to_text(*rendering.trouble, slot.form->source());
        }
        return tidy(rendering.text);
    }
};

namespace {

/// Compiles the parts of a form one by one.
class FormReader {
public:
    explicit FormReader(event::Service service) : schema_(schema_of(service)) {}

    Result<Slot> slot(std::string_view source, Escaping escaping, std::vector<std::string>& unknown) const {
        auto form = Template::compile(source, schema_, escaping);
        if (!form) {
            return fail(Errc::invalid_argument, language::to_text(form.error(), source));
        }
        for (const language::Diagnostic& each : form->unknown()) {
            unknown.push_back(each.sentence);
        }
        Slot made;
        made.form = std::move(*form);
        return made;
    }

private:
    const language::Schema& schema_;
};

}  // namespace

Form::Form(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Form::Form(Form&&) noexcept = default;
Form& Form::operator=(Form&&) noexcept = default;
Form::~Form() = default;

const std::string& Form::source() const { return parts_->source; }
std::vector<std::string> Form::unknown() const { return parts_->unknown; }

Result<Form> Form::compile(std::string_view source, event::Service service) {
    struct NamedSlot {
        std::string_view key;
        Slot Parts::*slot;
        Escaping escaping;
    };
    static constexpr std::array<NamedSlot, 9> slots{{{"content", &Parts::content, Escaping::markdown},
                                                     {"title", &Parts::title, Escaping::markdown},
                                                     {"url", &Parts::url, Escaping::none},
                                                     {"color", &Parts::color, Escaping::none},
                                                     {"description", &Parts::description, Escaping::markdown},
                                                     {"author", &Parts::author, Escaping::none},
                                                     {"footer", &Parts::footer, Escaping::none},
                                                     {"thumbnail", &Parts::thumbnail, Escaping::none},
                                                     {"image", &Parts::image, Escaping::none}}};
    const FormReader reader(service);
    auto parts = std::make_unique<Parts>();
    parts->source = std::string(source);
    if (trim(source).empty()) {
        return fail(Errc::invalid_argument, "the template is empty");
    }
    if (!looks_like_toml(source)) {
        auto slot = reader.slot(source, Escaping::markdown, parts->unknown);
        if (!slot) {
            return tl::unexpected(slot.error());
        }
        parts->content = std::move(*slot);
        return Form(std::move(parts));
    }
    parts->is_embed = true;
    toml::table table;
    try {
        table = toml::parse(source);
    } catch (const toml::parse_error& error) {
        return fail(Errc::invalid_argument, fmt::format("the TOML block cannot be read: {} (line {})",
                                                        error.description(), error.source().begin.line));
    }
    for (const auto& [key, node] : table) {
        std::string_view name = key.str();
        name = name == "colour" ? std::string_view("color") : name;
        if (name == "fields") {
            continue;
        }
        const auto* known =
            std::find_if(slots.begin(), slots.end(), [&](const NamedSlot& each) { return each.key == name; });
        if (known == slots.end()) {
            return fail(Errc::invalid_argument,
                        fmt::format("an embed has no \"{}\"{}", name, language::did_you_mean(name, keys)));
        }
        const auto text = node.is_integer() ? std::optional(fmt::format("{}", node.as_integer()->get()))
                                            : node.value<std::string>();
        if (!text) {
            return fail(Errc::invalid_argument, fmt::format("\"{}\" must be a text in quotes", name));
        }
        auto slot = reader.slot(*text, known->escaping, parts->unknown);
        if (!slot) {
            return fail(Errc::invalid_argument, fmt::format("{}: {}", name, slot.error().detail));
        }
        (*parts).*(known->slot) = std::move(*slot);
    }
    if (const toml::node* fields = table.get("fields")) {
        const toml::array* array = fields->as_array();
        if (array == nullptr || array->size() > message::limits::fields) {
            return fail(Errc::invalid_argument, "fields are written [[fields]], at most 25 of them");
        }
        for (const toml::node& node : *array) {
            const toml::table* row = node.as_table();
            const auto name = row != nullptr ? (*row)["name"].value<std::string>() : std::nullopt;
            const auto value = row != nullptr ? (*row)["value"].value<std::string>() : std::nullopt;
            if (!name || !value) {
                return fail(Errc::invalid_argument,
                            "each of [[fields]] has a name and a value, both texts in quotes");
            }
            FieldSlots made;
            auto name_slot = reader.slot(*name, Escaping::markdown, parts->unknown);
            auto value_slot = reader.slot(*value, Escaping::markdown, parts->unknown);
            if (!name_slot || !value_slot) {
                return fail(Errc::invalid_argument,
                            fmt::format("fields: {}",
                                        !name_slot ? name_slot.error().detail : value_slot.error().detail));
            }
            made.name = std::move(*name_slot);
            made.value = std::move(*value_slot);
            made.is_inline = (*row)["inline"].value_or(false);
            parts->fields.push_back(std::move(made));
        }
    }
    return Form(std::move(parts));
}

Form::Made Form::make(const Facts& facts) const {
    const Parts& parts = *parts_;
    Made made;
    made.message.content = parts.print(parts.content, facts, made.trouble);
    if (parts.is_embed) {
        message::Embed embed;
        embed.title = parts.print(parts.title, facts, made.trouble);
        embed.url = message::safe_url(parts.print(parts.url, facts, made.trouble));
        embed.color = parse_color(parts.print(parts.color, facts, made.trouble));
        embed.description = parts.print(parts.description, facts, made.trouble);
        embed.author_name = message::plain(parts.print(parts.author, facts, made.trouble));
        embed.footer = message::plain(parts.print(parts.footer, facts, made.trouble));
        embed.thumbnail = message::safe_url(parts.print(parts.thumbnail, facts, made.trouble));
        embed.image = message::safe_url(parts.print(parts.image, facts, made.trouble));
        for (const FieldSlots& field : parts.fields) {
            message::EmbedField row;
            row.name = parts.print(field.name, facts, made.trouble);
            row.value = parts.print(field.value, facts, made.trouble);
            row.is_inline = field.is_inline;
            if (!row.name.empty() && !row.value.empty()) {
                embed.fields.push_back(std::move(row));
            }
        }
        const bool is_empty =
            embed.title.empty() && embed.description.empty() && embed.fields.empty() && embed.image.empty();
        if (!is_empty) {
            embed.timestamp = facts.event().time;
            made.message.embeds.push_back(std::move(embed));
        }
    }
    // Nothing that a template prints fetches a preview of its own accord.
    made.message.hides_previews = made.message.embeds.empty();
    if (made.trouble.empty() && made.message.empty()) {
        made.trouble = "it printed nothing";
    }
    if (!made.trouble.empty()) {
        made.message = {};
    }
    return made;
}

std::optional<std::uint32_t> parse_color(std::string_view text) {
    const std::string word = to_lower_ascii(trim(text));
    for (const auto& [name, color] : colors) {
        if (word == name) {
            return color;
        }
    }
    std::string_view digits = word;
    int base = 16;
    if (digits.starts_with('#')) {
        digits.remove_prefix(1);
    } else if (digits.starts_with("0x")) {
        digits.remove_prefix(2);
    } else if (digits.size() != 6) {
        base = 10;
    }
    std::uint32_t color = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), color, base);
    const bool is_read =
        !digits.empty() && read.ec == std::errc{} && read.ptr == digits.data() + digits.size();
    return is_read && color <= message::limits::color ? std::optional(color) : std::nullopt;
}

}  // namespace hookline::rules
