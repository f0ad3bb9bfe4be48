// test: a sample delivery through the whole pipeline, for one hook.
#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/find_hook.hpp"
#include "pipeline/requests.hpp"

namespace hookline::commands {

namespace {

/// A sample of what the hook wants, where it says.
std::string usual_sample(const store::Hook& hook, const services::ServiceAdapter& adapter) {
    for (const services::Sample& sample : adapter.samples()) {
        const std::string_view whole = sample.name.substr(0, sample.name.find('.'));
        const bool is_wanted =
            std::any_of(hook.events.begin(), hook.events.end(),
                        [&](const std::string& wanted) { return wanted == whole || wanted == sample.name; });
        if (is_wanted) {
            return std::string(sample.name);
        }
    }
    return adapter.samples().empty() ? std::string() : std::string(adapter.samples().front().name);
}

Reply no_sample(const Request& request, const services::ServiceAdapter& adapter, const std::string& name,
                const std::string& nearest) {
    std::vector<std::string> names;
    for (const services::Sample& sample : adapter.samples()) {
        std::string shown = fmt::format("`{}`", sample.name);
        if (std::find(names.begin(), names.end(), shown) == names.end()) {
            names.push_back(std::move(shown));
        }
    }
    const std::string meant = nearest.empty() ? std::string() : fmt::format(" Did you mean `{}`?", nearest);
    return refused(
        request,
        fmt::format("There is no sample of {}.{} There are: {}.",
                    message::Markdown().code(shorten(name, 40)).str(), meant, fmt::join(names, ", ")),
        fmt::format("test {} {}", request.arguments.words().front(), nearest.empty() ? "push" : nearest));
}

}  // namespace

Task<Reply> test(Request request) {
    const auto hook = find_hook(request, request.arguments.words().front());
    if (!hook) {
        co_return hook.error();
    }
    const auto adapter = offered_service(request, event::name_of(hook->service));
    if (!adapter) {
        co_return adapter.error();
    }
    const auto endpoint = endpoint_of(request, *hook);
    if (!endpoint) {
        co_return endpoint.error();
    }
    const auto& words = request.arguments.words();
    const std::string name = words.size() > 1 ? words[1] : usual_sample(*hook, **adapter);
    auto delivery =
        pipeline::make_test_delivery(*endpoint, hook->id, name, request.bench.parts.random, request.now());
    if (!delivery) {
        if (delivery.error().code == Errc::not_found) {
            co_return no_sample(request, **adapter, name, delivery.error().detail);
        }
        co_return store_trouble(request, delivery.error());
    }
    event::Delivery sent = std::move(*delivery);
    const auto appended = co_await pipeline::append(request.store().journal(), std::move(sent));
    if (!appended) {
        co_return store_trouble(request, appended.error());
    }
    const auto destinations = destinations_of(request);
    const auto* destination = destinations ? destinations->find(hook->destination) : nullptr;
    message::Markdown text;
    text.markup(fmt::format("🧪 **A test `{}` is on its way** from `{}` to {} (event `{}`).", name,
                            to_string(hook->id), place_text(destination), appended->id.value));
    if (destination != nullptr && destination->held != dispatch::HoldReason::none) {
        text.newline().markup(
            fmt::format("⚠️ It will wait there: {}.", dispatch::reason_text(destination->held)));
    }
    co_return fine(text);
}

}  // namespace hookline::commands
