// format: a hook's own form of its messages, for all events or for one; the reply shows what it makes of the
// latest real event.
#include <fmt/format.h>

#include "base/text.hpp"
#include "commands/hook_rules.hpp"
#include "commands/options.hpp"
#include "message/limits.hpp"
#include "pipeline/rehearsal.hpp"
#include "rules/form.hpp"

namespace hookline::commands {

namespace {

constexpr std::size_t most_templates = 50;  // of one hook

/// Whose form it is: a hook's for all events, or for one.
struct Target {
    store::Hook hook;
    std::string event;
    const services::ServiceAdapter* adapter = nullptr;
};

/// "hook_001", "hook_001-push", "github-push", "github-pr.merged", "github".
Found<Target> target_of(const Request& request, const std::string& word) {
    const std::string lower = to_lower_ascii(word);
    const std::size_t dash = lower.find('-');
    auto hook = find_hook(request, lower.substr(0, dash));
    if (!hook) {
        return tl::unexpected(hook.error());
    }
    const auto adapter = offered_service(request, event::name_of(hook->service));
    if (!adapter) {
        return tl::unexpected(adapter.error());
    }
    Target target{std::move(*hook), {}, *adapter};
    if (dash != std::string::npos) {
        const auto events = read_events(request, lower.substr(dash + 1), **adapter);
        if (!events) {
            return tl::unexpected(events.error());
        }
        if (events->size() != 1) {
            return tl::unexpected(
                refused(request, "Name one event.", "format github-push \"{{ author }} pushed\""));
        }
        target.event = events->front();
    }
    return target;
}

std::string described(const Target& target) {
    return target.event.empty()
               ? fmt::format("all events of {}", to_string(target.hook.id))
               : fmt::format("{} {} events", event::display_name(target.hook.service), target.event);
}

const store::Template* find_template(const std::vector<store::Template>& forms, const std::string& event) {
    const auto found = std::find_if(forms.begin(), forms.end(),
                                    [&](const store::Template& form) { return form.event == event; });
    return found == forms.end() ? nullptr : &*found;
}

Reply shown(const Request& request, const Target& target, const std::vector<store::Template>& forms) {
    message::Markdown text;
    const store::Template* form = find_template(forms, target.event);
    if (form == nullptr) {
        text.markup(
            fmt::format("📝 There is no template for {}: the built-in layout is used.", described(target)));
        for (const store::Template& other : forms) {
            text.newline().markup(
                fmt::format("There is one for {}.", other.event.empty() ? "every event" : other.event));
        }
        text.newline()
            .markup("Example: ")
            .markup(say(request, fmt::format("format {} \"**{{{{author}}}}** pushed to **{{{{branch}}}}**\"",
                                             request.arguments.words().front())));
        return fine(text);
    }
    text.markup(fmt::format("📝 **Template for {}**:", described(target))).block(form->source);
    const std::string name = form->event.empty() ? "template" : "template " + form->event;
    const auto trouble = request.store().meta(store::rule_trouble_key(target.hook.id, name));
    if (trouble && *trouble && !(*trouble)->empty()) {
        text.newline().markup("⚠️ It failed: ").text(first_line(**trouble));
    }
    return fine(text);
}

/// What the template makes of the latest real event, or of a sample; what in it is unknown or too long.
void add_preview(Reply& reply, message::Markdown& text, const Request& request, const Target& target,
                 const rules::Form& form) {
    for (const std::string& sentence : form.unknown()) {
        text.newline().markup("⚠️ ").text(sentence).markup(
            sentence.ends_with('?') ? " It prints nothing." : ": it prints nothing.");
    }
    const auto latest = pipeline::latest_event(target.hook, target.event, request.store(), request.now());
    if (!latest || !*latest) {
        text.newline().markup(
            "No event of this kind has come yet, and there is no sample of it: it is shown when one comes.");
        reply.message = message_of(text);
        return;
    }
    const pipeline::Rehearsal& rehearsal = **latest;
    const rules::Facts facts = rehearsal.facts(request.now());
    rules::Form::Made made = form.make(facts);
    if (!made.trouble.empty()) {
        text.newline()
            .markup("⚠️ For ")
            .markup(rehearsal.is_sample ? "a sample" : "the latest event")
            .markup(" it fails, and the built-in layout is used instead:");
        text.block(made.trouble);
        reply.message = message_of(text);
        return;
    }
    for (const std::string& sentence : message::broken_limits(made.message)) {
        text.newline().markup("⚠️ It will be cut: ").text(sentence);
    }
    text.newline().markup(rehearsal.is_sample
                              ? "This is how a sample looks:"
                              : fmt::format("This is how event `{}` looks:", rehearsal.stored.id.value));
    made.message = message::fit(std::move(made.message));
    reply.message = message_of(text);
    if (!made.message.content.empty()) {
        message::Embed embed;
        embed.description = std::move(made.message.content);
        reply.message.embeds.push_back(std::move(embed));
    }
    for (message::Embed& embed : made.message.embeds) {
        reply.message.embeds.push_back(std::move(embed));
    }
    reply.message.hides_previews = reply.message.embeds.empty();
    reply.message = message::fit(std::move(reply.message));
}

Task<Result<void>> write(Request request, Target target, store::Changes changes) {
    const std::string name = target.event.empty() ? "template" : "template " + target.event;
    changes.emplace_back(store::PutMeta{store::rule_trouble_key(target.hook.id, name), std::string()});
    add_mirror(request, target.hook, changes);
    const HookId id = target.hook.id;
    auto written = co_await commit(request, std::move(changes), id);
    co_return written;
}

}  // namespace

Task<Reply> format(Request request) {
    const auto turn = co_await request.bench.turn.take();
    const auto& words = request.arguments.words();
    const auto target = target_of(request, words.front());
    if (!target) {
        co_return target.error();
    }
    const auto forms = templates_of(request, target->hook);
    if (!forms) {
        co_return forms.error();
    }
    const std::string second = words.size() > 1 ? to_lower_ascii(words[1]) : "show";
    if (words.size() <= 2 && second == "show") {
        co_return shown(request, *target, *forms);
    }
    store::Changes changes;
    message::Markdown text;
    if (words.size() == 2 && second == "reset") {
        changes.emplace_back(store::DropTemplate{target->hook.id, target->event});
        Target dropped = *target;
        const auto written = co_await write(request, std::move(dropped), std::move(changes));
        if (!written) {
            co_return store_trouble(request, written.error());
        }
        text.markup(fmt::format("✅ **Template removed**: {} are shown in the built-in layout again.",
                                described(*target)));
        co_return fine(text);
    }
    const std::string source = rest_of(words, 1);
    const auto form = rules::Form::compile(source, target->hook.service);
    if (!form) {
        text.markup("❌ The template is not saved:").block(form.error().detail);
        text.markup(
            fmt::format("{} tells what there is.",
                        say(request, fmt::format("fields {}{}{}", event::name_of(target->hook.service),
                                                 target->event.empty() ? "" : " ", target->event))));
        Reply reply = fine(text);
        reply.kind = Reply::Kind::refused;
        co_return reply;
    }
    if (find_template(*forms, target->event) == nullptr && forms->size() >= most_templates) {
        co_return refused(fmt::format("`{}` has {} templates, more are not kept.", to_string(target->hook.id),
                                      forms->size()));
    }
    changes.emplace_back(store::PutTemplate{store::Template{target->hook.id, target->event, source}});
    Target saved = *target;
    const auto written = co_await write(request, std::move(saved), std::move(changes));
    if (!written) {
        co_return store_trouble(request, written.error());
    }
    if (target->event.empty()) {
        text.markup(fmt::format("✅ **Message Template Updated**\nWill use custom format for {}",
                                to_string(target->hook.id)));
    } else {
        text.markup(fmt::format("✅ **Template saved for {}**", described(*target)));
    }
    Reply reply;
    add_preview(reply, text, request, *target, *form);
    co_return reply;
}

}  // namespace hookline::commands
