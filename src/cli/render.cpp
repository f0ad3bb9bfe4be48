#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <ostream>

#include "base/text.hpp"
#include "cli/payload.hpp"
#include "format/format.hpp"
#include "message/json.hpp"
#include "message/limits.hpp"
#include "rules/form.hpp"
#include "services/announced.hpp"
#include "terminal/draw.hpp"

namespace hookline::cli {

namespace {

constexpr std::array<std::string_view, 3> forms{"terminal", "text", "json"};

/// The message of a template of one's own; says on the error stream what in it is unknown or too long.
Result<message::Message> own_message(const Process& process, const RenderOptions& options,
                                     const ReadPayload& payload) {
    std::string source = options.form;
    if (source.starts_with('@')) {
        auto file = read_input(process, source.substr(1));
        if (!file) {
            return tl::unexpected(file.error());
        }
        source = std::move(*file);
    }
    const auto form = rules::Form::compile(source, payload.adapter->service());
    if (!form) {
        return fail(Errc::invalid_argument, "--template: " + form.error().detail);
    }
    for (const std::string& sentence : form->unknown()) {
        process.err << "Note: " << sentence << '\n';
    }
    const rules::Facts facts =
        rules::facts_of(payload.event, payload.text, SystemClock().now(), payload.known);
    rules::Form::Made made = form->make(facts);
    if (!made.trouble.empty()) {
        return fail(Errc::conflict, "--template: " + made.trouble);
    }
    for (const std::string& sentence : message::broken_limits(made.message)) {
        process.err << "Note: it is cut: " << sentence << '\n';
    }
    return message::fit(std::move(made.message));
}

}  // namespace

int render(const Process& process, const RenderOptions& options) {
    const std::string as = !options.as.empty() ? options.as : process.out_is_terminal ? "terminal" : "text";
    if (std::find(forms.begin(), forms.end(), as) == forms.end()) {
        return complain(process, usage_error,
                        fmt::format("--as \"{}\" is not a form; there are terminal, text and json", as));
    }
    const auto style = message::parse_style(options.style.empty() ? "normal" : options.style);
    if (!style) {
        return complain(
            process, usage_error,
            fmt::format("--style \"{}\" is no style; there are compact, normal and full", options.style));
    }
    const auto payload = read_payload(process, options.payload);
    if (!payload) {
        return complain(process, usage_error, payload.error().detail);
    }
    const event::Event& event = payload->event;
    if (event.name.empty()) {
        return complain(
            process, did_not_hold,
            fmt::format("{} makes no message: Hookline stores such an event and announces nothing",
                        event.provider_name));
    }
    const std::string silent = services::silent_by_default(event);
    if (!silent.empty()) {
        process.err << "Note: " << silent << '\n';
    }
    message::Message message;
    if (options.form.empty()) {
        message = format::to_message(event, {}, *style);
    } else {
        auto own = own_message(process, options, *payload);
        if (!own) {
            return complain(process, usage_error, own.error().detail);
        }
        message = std::move(*own);
    }
    if (as == "json") {
        process.out << boost::json::serialize(message::to_discord(message)) << '\n';
        return fine;
    }
    terminal::DrawOptions draw;
    draw.colour = as == "terminal";
    draw.width = process.width;
    process.out << terminal::draw(message, draw);
    return fine;
}

}  // namespace hookline::cli
