// What a member can type and a sender can send together: any text as an expression, as a filter and as a
// template, over a payload. It must end soon, within its bounds, and never crash. The text before the first
// line that is "---" is the source, what follows is the payload (JSON). Run: tools/fuzz.sh language
#include <boost/json/parse.hpp>
#include <cstdint>
#include <cstdlib>

#include "language/testing/garden.hpp"

namespace {

using namespace hookline::language;  // NOLINT(google-build-using-namespace): this file is a program

Value read_key(const void* thing, std::string_view name) {
    const Garden& garden = *static_cast<const Garden*>(thing);
    if (const Field* field = find_field(garden_schema, name)) {
        return field->read(thing);
    }
    const auto* payload = garden.payload.if_object();
    const auto* found = payload == nullptr
                            ? nullptr
                            : payload->if_contains(boost::json::string_view(name.data(), name.size()));
    return found == nullptr ? Value() : Value::json(*found);
}
/// Every name is one, so that more than errors about names is reached.
const Schema open_schema{"garden", {}, read_key};

void check_trouble(const std::optional<Trouble>& trouble, std::string_view source) {
    if (trouble) {
        static_cast<void>(to_text(*trouble, source));
    }
}

CompileOptions options_without_types() {
    CompileOptions options;
    options.checks_types = false;
    return options;
}

void try_expression(std::string_view source, const Schema& schema, bool checks_types,
                    const Surroundings& surroundings) {
    CompileOptions options;
    options.checks_types = checks_types;
    const auto expression = Expression::compile(source, schema, options);
    if (!expression) {
        static_cast<void>(to_text(expression.error(), source));
        return;
    }
    const Outcome outcome = expression->evaluate(surroundings);
    check_trouble(outcome.trouble, source);
    static_cast<void>(to_source(outcome.value));
    check_trouble(expression->decide(surroundings).trouble, source);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const std::size_t cut = bytes.find("\n---\n");
    const std::string_view source = bytes.substr(0, cut);
    Garden garden;
    boost::json::error_code error;
    const std::string_view payload = cut == bytes.npos ? std::string_view() : bytes.substr(cut + 5);
    boost::json::value parsed =
        boost::json::parse(boost::json::string_view(payload.data(), payload.size()), error);
    if (!error) {
        garden.payload = std::move(parsed);
    }
    const Surroundings closed = surroundings_of(garden);
    const Surroundings open{{&open_schema, &garden}, closed.now, nullptr};
    try_expression(source, garden_schema, true, closed);
    try_expression(source, open_schema, false, open);
    for (const Escaping escaping : {Escaping::none, Escaping::markdown}) {
        const auto form = Template::compile(source, open_schema, escaping, options_without_types());
        if (!form) {
            static_cast<void>(to_text(form.error(), source));
            continue;
        }
        const Rendering rendering = form->render(open);
        check_trouble(rendering.trouble, form->source());
        if (rendering.text.size() > Limits().output) {
            std::abort();
        }
    }
    return 0;
}
