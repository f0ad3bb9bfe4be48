#include "rules/condition.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "rules/fields.hpp"
#include "services/service.hpp"

namespace hookline::rules {

namespace {

using language::Checked;
using language::Diagnostic;
using language::Field;
using language::Type;

/// What people call a field in the short form.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> synonyms{{{"labels", "label"},
                                                                                 {"files", "path"},
                                                                                 {"file", "path"},
                                                                                 {"reviewers", "reviewer"},
                                                                                 {"teams", "team"},
                                                                                 {"repository", "repo"},
                                                                                 {"user", "author"},
                                                                                 {"bot", "is_bot"}}};
/// Of these the case does not count: GitHub and GitLab know one name in one spelling.
constexpr std::array<std::string_view, 6> caseless{
    {"author", "repo", "label", "reviewer", "team", "environment"}};

struct ShortForm {
    std::string key;
    bool is_negated = false;
    std::string values;
    std::size_t values_at = 0;
};

bool is_key_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
}

/// `key=value` or `key!=value`, where the value is no quoted text: that would be an expression.
std::optional<ShortForm> read_short_form(std::string_view source) {
    const std::string_view whole = trim(source);
    std::size_t at = 0;
    while (at < whole.size() && is_key_character(whole[at])) {
        ++at;
    }
    ShortForm form;
    form.key = std::string(whole.substr(0, at));
    std::string_view rest = trim(whole.substr(at));
    form.is_negated = rest.starts_with("!=");
    if (form.key.empty() || (!form.is_negated && !rest.starts_with('='))) {
        return std::nullopt;
    }
    rest.remove_prefix(form.is_negated ? 2 : 1);
    rest = trim(rest);
    if (rest.starts_with('=') || rest.starts_with('\'') || rest.starts_with('"') || rest.starts_with("“") ||
        rest.starts_with("‘")) {
        return std::nullopt;
    }
    form.values = std::string(rest);
    form.values_at = static_cast<std::size_t>(rest.data() - source.data());
    return form;
}

std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + "'";
}

std::vector<std::string> values_of(std::string_view text) {
    std::vector<std::string> values;
    for (const std::string_view part : split(text, ',')) {
        if (!trim(part).empty()) {
            values.emplace_back(trim(part));
        }
    }
    return values;
}

const Field* find_path(const language::Schema& schema, std::string_view path) {
    const std::size_t dot = path.find('.');
    const Field* field = language::find_field(schema, path.substr(0, dot));
    if (field == nullptr || dot == path.npos) {
        return field;
    }
    return field->of != nullptr ? find_path(*field->of, path.substr(dot + 1)) : nullptr;
}

std::optional<bool> truth_word(std::string_view word) {
    const std::string lower = to_lower_ascii(word);
    if (lower == "true" || lower == "yes" || lower == "1" || lower == "on") {
        return true;
    }
    return lower == "false" || lower == "no" || lower == "0" || lower == "off" ? std::optional(false)
                                                                               : std::nullopt;
}

Diagnostic wrong_value(const ShortForm& form, std::string sentence) {
    return {std::move(sentence),
            {form.values_at, form.values_at + std::max<std::size_t>(form.values.size(), 1)}};
}

Checked<std::string> expand_values(const ShortForm& form, std::string_view key, const Field* field) {
    const std::vector<std::string> values = values_of(form.values);
    const auto no = [&](std::string sentence) {
        return tl::unexpected(wrong_value(form, std::move(sentence)));
    };
    if (values.empty()) {
        return no(fmt::format("a value is missing after \"{}{}\"", form.key, form.is_negated ? "!=" : "="));
    }
    const Type type = field != nullptr ? field->type : Type::any;
    if (type == Type::boolean) {
        const auto truth = values.size() == 1 ? truth_word(values.front()) : std::nullopt;
        return truth ? Checked<std::string>(*truth ? std::string(key) : fmt::format("not {}", key))
                     : no(fmt::format("\"{}\" is true or false", form.key));
    }
    if (type == Type::integer || type == Type::number || type == Type::duration) {
        return fmt::format("{} in [{}]", key, fmt::join(values, ", "));
    }
    if (type == Type::object || type == Type::map) {
        return no(fmt::format(
            "\"{}\" is an object: name one of its fields, as in {}.{}=…", form.key, form.key,
            field->of != nullptr && !field->of->fields.empty() ? field->of->fields.front().name : "name"));
    }
    for (const std::string& value : values) {
        const bool is_known =
            field == nullptr || field->words.empty() || value.find_first_of("*?") != value.npos ||
            std::find(field->words.begin(), field->words.end(), value) != field->words.end();
        if (!is_known) {
            return no(fmt::format("{} is never \"{}\"; it is one of {}", form.key, value,
                                  fmt::join(field->words, ", ")));
        }
    }
    const bool is_caseless = std::find(caseless.begin(), caseless.end(), key) != caseless.end();
    std::vector<std::string> patterns;
    for (const std::string& value : values) {
        patterns.push_back(quoted(value));
    }
    const std::string list =
        patterns.size() == 1 ? patterns.front() : fmt::format("[{}]", fmt::join(patterns, ", "));
    return fmt::format("glob({}, {}{})", key, list, is_caseless ? ", true" : "");
}

/// label.team=web is label=team=web: labels of containers have a key and a value.
void read_label_key(ShortForm& form) {
    for (const std::string_view prefix : {"label.", "labels.", "container.label.", "container.labels."}) {
        if (to_lower_ascii(form.key).starts_with(prefix) && form.key.size() > prefix.size()) {
            const std::string name = form.key.substr(prefix.size());
            std::vector<std::string> values = values_of(form.values);
            for (std::string& value : values) {
                value = fmt::format("{}={}", name, value);
            }
            form.values = fmt::format("{}", fmt::join(values, ","));
            form.key.resize(prefix.size() - 1);
            return;
        }
    }
}

std::string_view root_of(std::string_view name) { return name.substr(0, name.find('.')); }

}  // namespace

Checked<std::optional<std::string>> expand_short_form(std::string_view source, event::Service service) {
    auto form = read_short_form(source);
    if (!form) {
        return std::optional<std::string>();
    }
    read_label_key(*form);
    std::string key = to_lower_ascii(form->key);
    std::replace(key.begin(), key.end(), '-', '_');
    for (const auto& [word, meant] : synonyms) {
        key = key == word ? std::string(meant) : key;
    }
    const language::Schema& schema = schema_of(service);
    const Field* field = find_path(schema, key);
    if (field == nullptr && schema.read_other == nullptr && !key.starts_with("payload.")) {
        std::vector<std::string_view> known;
        for (const Field& other : schema.fields) {
            known.push_back(other.name);
        }
        const std::size_t at = source.find(form->key);
        return tl::unexpected(Diagnostic{
            fmt::format("there is no field \"{}\"{}", form->key, language::did_you_mean(key, known)),
            {at, at + form->key.size()}});
    }
    // container=api-* means its name.
    const bool is_thing = field != nullptr && field->type == Type::object && field->of != nullptr;
    const Field* const name = is_thing ? language::find_field(*field->of, "name") : nullptr;
    if (name != nullptr && name->type == Type::text) {
        key += ".name";
        field = name;
    }
    auto expanded = expand_values(*form, key, field);
    if (!expanded) {
        return tl::unexpected(std::move(expanded.error()));
    }
    return std::optional(form->is_negated ? fmt::format("not ({})", *expanded) : std::move(*expanded));
}

Checked<Condition> Condition::compile(std::string_view source, event::Service service) {
    auto expanded = expand_short_form(source, service);
    if (!expanded) {
        return tl::unexpected(std::move(expanded.error()));
    }
    const std::string_view text = *expanded ? std::string_view(**expanded) : source;
    auto expression = language::Expression::compile(text, schema_of(service));
    if (!expression) {
        if (*expanded) {
            expression.error().place = {0, source.size()};
        }
        return tl::unexpected(std::move(expression.error()));
    }
    return Condition(std::string(source), std::move(*expression));
}

Condition::Answer Condition::ask(const Facts& facts) const {
    const language::Outcome outcome = expression_.decide(facts.surroundings());
    Answer answer;
    if (outcome.trouble) {
        answer.trouble = outcome.trouble->sentence;
        answer.ruling = Ruling::undecided;
    } else if (outcome.value.is_undefined()) {
        answer.ruling = Ruling::undecided;
    } else {
        answer.ruling = language::is_true(outcome.value) ? Ruling::passes : Ruling::stops;
    }
    return answer;
}

std::string events_without(const Condition& condition, event::Service service) {
    const services::ServiceAdapter* adapter = services::find_adapter(service);
    if (adapter == nullptr || service == event::Service::custom) {
        return {};
    }
    std::vector<std::string_view> without;
    for (const services::EventName& event : adapter->event_names()) {
        if (event.name.find('.') != event.name.npos) {
            continue;
        }
        const auto rows = fields_of(service, event.name);
        const bool has_all = std::all_of(
            condition.expression().names().begin(), condition.expression().names().end(),
            [&](const std::string& name) {
                return std::any_of(rows.begin(), rows.end(),
                                   [&](const RootField* row) { return row->field.name == root_of(name); });
            });
        if (!has_all) {
            without.push_back(event.name);
        }
    }
    constexpr std::size_t most = 6;
    const std::size_t left = without.size() > most ? without.size() - most : 0;
    without.resize(without.size() - left);
    return fmt::format("{}{}", fmt::join(without, ", "), left > 0 ? fmt::format(" and {} more", left) : "");
}

}  // namespace hookline::rules
