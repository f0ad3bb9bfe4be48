#include "commands/hook_cards.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace hookline::commands {

namespace {

/// How the hook tells what goes on.
Reply told_cards(const Request& request, const store::Hook& hook) {
    const pipeline::CardPlan plan = pipeline::card_plan(hook, place_of(request, hook));
    message::Markdown text;
    text.markup(in_words(plan)).markup(" · ").code(to_string(hook.id));
    if (plan.has_threads) {
        text.newline().markup(threads_in_words(plan));
    } else if (plan.has_cards) {
        text.newline().markup("A run that fails is said under its message too. Comments come as they are.");
    }
    return fine(text);
}

}  // namespace

pipeline::Place place_of(const Request& request, const store::Hook& hook) {
    const auto destinations = destinations_of(request);
    const auto* destination = destinations ? destinations->find(hook.destination) : nullptr;
    // Threads are opened by the bot, under its own messages.
    if (destination == nullptr || destination->kind != dispatch::DestinationKind::discord_channel) {
        return pipeline::Place::messages;
    }
    const auto channel = request.bench.parts.surroundings.channel(destination->channel);
    return channel && channel->is_forum ? pipeline::Place::forum : pipeline::Place::channel;
}

std::string_view in_words(const pipeline::CardPlan& plan) {
    if (!plan.has_cards) {
        return "📌 Each event in a message of its own";
    }
    return plan.is_forum ? "📌 One post for each run, pull request, issue and deployment, kept up to date"
                         : "📌 One message for each run, pull request and deployment, kept up to date";
}

std::string_view threads_in_words(const pipeline::CardPlan& plan) {
    if (!plan.has_threads) {
        return {};
    }
    return plan.is_forum ? "🧵 What follows goes into its post"
                         : "🧵 What follows goes to a thread under it, also of issues";
}

Task<Reply> switch_cards(Request request, std::string name, SetCards set) {
    const auto turn = co_await request.bench.turn.take();
    auto hook = find_hook(request, request.target);
    if (!hook) {
        co_return hook.error();
    }
    const auto& words = request.arguments.words();
    const std::string wanted = words.empty() ? std::string() : to_lower_ascii(words.front());
    if (!wanted.empty() && wanted != "on" && wanted != "off") {
        co_return refused(request, "Say `on` or `off`.", fmt::format("{} {} on", request.target, name));
    }
    if (!wanted.empty()) {
        auto refusal = set(request, *hook, wanted == "on");
        if (refusal) {
            co_return std::move(*refusal);
        }
        store::Changes changes;
        changes.emplace_back(store::PutHook{*hook});
        const auto written = co_await commit(request, std::move(changes), hook->id);
        if (!written) {
            co_return store_trouble(request, written.error());
        }
    }
    co_return told_cards(request, *hook);
}

}  // namespace hookline::commands
