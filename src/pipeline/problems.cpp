#include "pipeline/problems.hpp"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>

#include "base/duration.hpp"
#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "message/markdown.hpp"

namespace hookline::pipeline {

namespace asio = boost::asio;
using dispatch::DestinationKind;
using dispatch::HoldReason;

namespace {

constexpr std::size_t most_notices = 1000;
constexpr std::size_t longest_why = 300;
/// The same failure of single messages is worth telling again only after so long.
constexpr std::chrono::hours parked_again_after(24);

std::string held_key(DestinationId id) { return fmt::format("told.held.{}", id.value); }
std::string threads_key(DestinationId id) { return fmt::format("told.threads.{}", id.value); }
std::string parked_key(DestinationId id) { return fmt::format("told.parked.{}", id.value); }

/// What a person can do.
std::string advice(HoldReason reason, const std::string& prefix, const std::string& hook) {
    switch (reason) {
        case HoldReason::missing_access:
            return "Let the bot see the channel (View Channel): it then goes on by itself.";
        case HoldReason::missing_permission:
            return "Give the bot Send Messages and Embed Links in the channel: it then goes on by itself.";
        case HoldReason::channel_gone:
            return fmt::format(
                "`{0} copy {1} #channel` takes the hook to another channel, `{0} delete {1}` ends it.",
                prefix, hook);
        case HoldReason::webhook_gone:
            return fmt::format(
                "Make a new webhook in the channel's settings and give its URL with `--channel`, or end the "
                "hook: `{} delete {}`.",
                prefix, hook);
        case HoldReason::ambiguous:
            return fmt::format(
                "Nobody can tell whether the last message arrived. Look, then say `{} resume {}`: it is sent "
                "again.",
                prefix, hook);
        case HoldReason::bad_token:
        case HoldReason::paused:
        case HoldReason::none:
            break;
    }
    return fmt::format("When it is solved, say `{} resume {}`.", prefix, hook);
}

std::string place_of(const dispatch::DestinationInfo& destination) {
    switch (destination.kind) {
        case DestinationKind::terminal:
            return "The terminal";
        case DestinationKind::discord_channel:
            return fmt::format("<#{}>", destination.channel.value);
        case DestinationKind::discord_webhook:
            return "The channel webhook";
        case DestinationKind::discord_user:
            return fmt::format("<@{}>", destination.channel.value);
    }
    return {};
}

std::string names_of(const std::vector<const store::Hook*>& hooks) {
    constexpr std::size_t most_named = 5;
    std::vector<std::string> names;
    for (const store::Hook* hook : hooks) {
        if (names.size() < most_named) {
            names.push_back(to_string(hook->id));
        }
    }
    const std::string listed = fmt::format("{}", fmt::join(names, ", "));
    return hooks.size() > most_named ? fmt::format("{} and {} more", listed, hooks.size() - most_named)
                                     : listed;
}

std::vector<const store::Hook*> hooks_to(DestinationId destination, const std::vector<store::Hook>& hooks) {
    std::vector<const store::Hook*> found;
    for (const store::Hook& hook : hooks) {
        if (hook.destination == destination) {
            found.push_back(&hook);
        }
    }
    return found;
}

std::string safe_why(const std::string& why) { return message::Markdown().text(why).cut_to(longest_why); }

}  // namespace

Problems::Problems(asio::any_io_executor executor, store::Store& store, Clock& clock, Log& log,
                   Settings settings)
    : store_(store), clock_(clock), log_(log), settings_(std::move(settings)), wake_(std::move(executor)) {}

void Problems::on_held(const dispatch::DestinationInfo& destination, HoldReason reason,
                       const std::string& why) {
    log_.warn("pipeline", "a destination takes no messages",
              {{"destination", destination.id.value}, {"reason", name_of(reason)}, {"why", why}});
    notice(Notice{Notice::Kind::held, destination, reason, why, {}});
}

void Problems::on_released(const dispatch::DestinationInfo& destination) {
    log_.info("pipeline", "a destination takes messages again", {{"destination", destination.id.value}});
    notice(Notice{Notice::Kind::released, destination, HoldReason::none, {}, {}});
}

void Problems::on_parked(const dispatch::DestinationInfo& destination, const dispatch::Entry& entry,
                         const std::string& why) {
    log_.warn("pipeline", "a message was given up",
              {{"destination", destination.id.value}, {"message", entry.message.value}, {"why", why}});
    notice(Notice{Notice::Kind::parked, destination, HoldReason::none, why, entry.message});
}

void Problems::on_no_thread(const dispatch::DestinationInfo& destination, const dispatch::Entry& entry,
                            const std::string& why) {
    log_.warn("pipeline", "a thread could not be opened",
              {{"destination", destination.id.value}, {"message", entry.message.value}, {"why", why}});
    notice(Notice{Notice::Kind::no_thread, destination, HoldReason::none, why, entry.message});
}

void Problems::on_stream(HookId hook, const std::string& why) {
    log_.warn("pipeline", why.empty() ? "a stream can be read again" : "a stream cannot be read",
              {{"hook", to_string(hook)}, {"why", why}});
    Notice noticed;
    noticed.kind = Notice::Kind::stream;
    noticed.why = why;
    noticed.hook = hook;
    notice(std::move(noticed));
}

void Problems::on_form(HookId hook, const std::string& event, const std::string& why) {
    Notice noticed;
    noticed.kind = Notice::Kind::form;
    noticed.why = why;
    noticed.hook = hook;
    noticed.event = event;
    notice(std::move(noticed));
}

void Problems::on_silence(HookId hook, const Overdue& silence) {
    log_.warn("pipeline", "a service has fallen silent",
              {{"hook", to_string(hook)}, {"since", iso_time(silence.since)}});
    Notice noticed;
    noticed.kind = Notice::Kind::silence;
    noticed.hook = hook;
    noticed.silence = silence;
    notice(std::move(noticed));
}

void Problems::on_refusals(HookId hook) {
    log_.warn("pipeline", "deliveries are refused, their secret is another one", {{"hook", to_string(hook)}});
    Notice noticed;
    noticed.kind = Notice::Kind::refusals;
    noticed.hook = hook;
    notice(std::move(noticed));
}

void Problems::notice(Notice notice) {
    if (notices_.size() < most_notices) {
        notices_.push_back(std::move(notice));
        wake_.wake();
    }
}

Task<void> Problems::run() {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    for (;;) {
        while (!notices_.empty()) {
            Notice next = std::move(notices_.front());
            notices_.pop_front();
            co_await tell(std::move(next));
        }
        co_await wake_.wait();
    }
}

Task<void> Problems::tell(Notice notice) {
    auto hooks = store_.hooks();
    auto destinations = store_.destinations();
    if (!hooks || !destinations) {
        log_.error("pipeline", "a problem could not be told: the store cannot be read");
        co_return;
    }
    Telling telling{std::move(*hooks), Destinations(std::move(*destinations), store_), {}};
    if (notice.destination.kind == DestinationKind::discord_user) {
        tell_in_channels(notice, telling);
    } else if (notice.kind == Notice::Kind::held) {
        tell_held(notice, telling);
    } else if (notice.kind == Notice::Kind::released) {
        tell_released(notice, telling);
    } else if (notice.kind == Notice::Kind::stream) {
        tell_stream(notice, telling);
    } else if (notice.kind == Notice::Kind::form) {
        tell_form(notice, telling);
    } else if (notice.kind == Notice::Kind::silence) {
        tell_silence(notice, telling);
    } else if (notice.kind == Notice::Kind::refusals) {
        tell_refusals(notice, telling);
    } else if (notice.kind == Notice::Kind::no_thread) {
        tell_no_thread(notice, telling);
    } else {
        tell_parked(notice, telling);
    }
    if (telling.changes.empty()) {
        co_return;
    }
    store::Changes changes = std::move(telling.changes);
    const auto written = co_await store_.write(std::move(changes));
    if (!written) {
        log_.error("pipeline", "a problem could not be told", {{"why", written.error().detail}});
    }
}

void Problems::tell_held(const Notice& notice, Telling& telling) {
    const std::string key = held_key(notice.destination.id);
    const std::string cause(name_of(notice.reason));
    if (notice.reason == HoldReason::paused || notice.reason == HoldReason::none || told(key) == cause) {
        return;
    }
    telling.changes.emplace_back(store::PutMeta{key, cause});
    if (notice.reason == HoldReason::bad_token) {
        return;  // nothing can be posted anywhere: the log and `status` tell it
    }
    const auto hooks = hooks_to(notice.destination.id, telling.hooks);
    const std::string text = held_text(notice, hooks);
    tell_creators(notice, hooks, text, telling);
    tell_operator(notice, text, telling);
}

void Problems::tell_released(const Notice& notice, Telling& telling) {
    const std::string key = held_key(notice.destination.id);
    const std::string cause = told(key);
    if (cause.empty()) {
        return;
    }
    telling.changes.emplace_back(store::PutMeta{key, std::string()});
    if (cause == name_of(HoldReason::bad_token)) {
        return;  // nobody was told
    }
    const auto hooks = hooks_to(notice.destination.id, telling.hooks);
    const std::string text =
        fmt::format("✅ **{} takes messages again** ({}). What waited is on its way.",
                    place_of(notice.destination), hooks.empty() ? "no hook any more" : names_of(hooks));
    tell_creators(notice, hooks, text, telling);
    tell_operator(notice, text, telling);
}

void Problems::tell_parked(const Notice& notice, Telling& telling) {
    const std::string key = parked_key(notice.destination.id);
    const std::string before = told(key);
    const auto space = before.find(' ');
    const auto told_at = parse_time(before.substr(0, space));
    const bool is_same = space != std::string::npos && before.substr(space + 1) == notice.why;
    if (is_same && told_at && clock_.now() - *told_at < parked_again_after) {
        return;
    }
    telling.changes.emplace_back(
        store::PutMeta{key, fmt::format("{} {}", iso_time(clock_.now()), notice.why)});
    const auto message = store_.message(notice.message);
    std::vector<const store::Hook*> hooks;
    std::string look;
    if (message && *message) {
        for (const store::Hook* hook : hooks_to(notice.destination.id, telling.hooks)) {
            if (hook->id == (*message)->hook) {
                hooks.push_back(hook);
            }
        }
        if ((*message)->event) {
            look = fmt::format("\n`{0} why {1}` tells more, `{0} replay {1}` tries it again.",
                               settings_.prefix, (*message)->event.value);
        }
    }
    const std::string text = fmt::format(
        "⚠️ **A message to {} was given up**{}\n{}{}", place_of(notice.destination),
        hooks.empty() ? std::string() : fmt::format(" ({})", names_of(hooks)), safe_why(notice.why), look);
    tell_creators(notice, hooks, text, telling);
    tell_operator(notice, text, telling);
}

void Problems::tell_no_thread(const Notice& notice, Telling& telling) {
    const std::string key = threads_key(notice.destination.id);
    if (told(key) == notice.why) {
        return;
    }
    telling.changes.emplace_back(store::PutMeta{key, notice.why});
    const auto hooks = hooks_to(notice.destination.id, telling.hooks);
    const std::string text = fmt::format(
        "🧵 **No thread can be opened in {}**{}\n{}\nWhat belongs into threads is posted in the channel "
        "itself "
        "until the bot may open them: it needs Create Public Threads and Send Messages in Threads there.",
        place_of(notice.destination), hooks.empty() ? std::string() : fmt::format(" ({})", names_of(hooks)),
        safe_why(notice.why));
    tell_creators(notice, hooks, text, telling);
    tell_operator(notice, text, telling);
}

void Problems::tell_stream(const Notice& notice, Telling& telling) {
    const auto hook = std::find_if(telling.hooks.begin(), telling.hooks.end(),
                                   [&](const store::Hook& one) { return one.id == notice.hook; });
    if (hook == telling.hooks.end()) {
        return;
    }
    const std::string stream = message::Markdown().code(hook->url).str();
    const std::string text =
        notice.why.empty()
            ? fmt::format("✅ **The stream of {} can be read again**: {}", to_string(hook->id), stream)
            : fmt::format(
                  "⚠️ **The stream of {} cannot be read**: {}\n{}\nIt is tried again by itself; "
                  "`{} show {}` says how it stands.",
                  to_string(hook->id), stream, safe_why(notice.why), settings_.prefix, to_string(hook->id));
    tell_creators(notice, {&*hook}, text, telling);
    tell_operator(notice, text, telling);
}

void Problems::tell_form(const Notice& notice, Telling& telling) {
    const auto hook = std::find_if(telling.hooks.begin(), telling.hooks.end(),
                                   [&](const store::Hook& one) { return one.id == notice.hook; });
    if (hook == telling.hooks.end()) {
        return;
    }
    const std::string target =
        notice.event.empty() ? to_string(hook->id) : fmt::format("{}-{}", to_string(hook->id), notice.event);
    message::Markdown text;
    text.markup(fmt::format("⚠️ **The template of {}{} failed**: the built-in layout is used instead.",
                            to_string(hook->id),
                            notice.event.empty() ? std::string() : " for " + notice.event));
    text.block(notice.why);
    text.markup(fmt::format("`{0} format {1} show` shows it, `{0} format {1} reset` removes it.",
                            settings_.prefix, target));
    tell_creators(notice, {&*hook}, text.str(), telling);
    tell_operator(notice, text.str(), telling);
}

void Problems::tell_silence(const Notice& notice, Telling& telling) {
    const auto hook = std::find_if(telling.hooks.begin(), telling.hooks.end(),
                                   [&](const store::Hook& one) { return one.id == notice.hook; });
    if (hook == telling.hooks.end()) {
        return;
    }
    const std::string id = to_string(hook->id);
    const std::string_view service = event::display_name(hook->service);
    message::Markdown text;
    text.markup(fmt::format("💤 **{} has delivered nothing to {} since** ", service, id))
        .time(notice.silence.since, 'f');
    text.newline().markup(
        fmt::format("Until then it never rested longer than {}. Is the webhook still there at {}, with this "
                    "secret? `{} show {}` says how it stands here.",
                    spell_duration(notice.silence.longest_pause), service, settings_.prefix, id));
    tell_creators(notice, {&*hook}, text.str(), telling);
    tell_operator(notice, text.str(), telling);
}

void Problems::tell_refusals(const Notice& notice, Telling& telling) {
    const auto hook = std::find_if(telling.hooks.begin(), telling.hooks.end(),
                                   [&](const store::Hook& one) { return one.id == notice.hook; });
    if (hook == telling.hooks.end()) {
        return;
    }
    const std::string id = to_string(hook->id);
    const std::string text = fmt::format(
        "🔑 **Deliveries to {0} are refused**: their secret is not the one of this hook.\nPut the secret that "
        "came by direct "
        "message into the settings of the webhook at {1}. Is it lost? `{2} rotate {0} --new` sends another.",
        id, event::display_name(hook->service), settings_.prefix);
    tell_creators(notice, {&*hook}, text, telling);
    tell_operator(notice, text, telling);
}

void Problems::tell_in_channels(const Notice& notice, Telling& telling) {
    if (notice.kind != Notice::Kind::held) {
        return;
    }
    std::vector<DestinationId> told_of;
    for (const store::Hook& hook : telling.hooks) {
        const auto* destination = telling.destinations.find(hook.destination);
        if (hook.user != notice.destination.channel || destination == nullptr ||
            destination->held == HoldReason::none || destination->held == HoldReason::bad_token ||
            std::find(told_of.begin(), told_of.end(), destination->id) != told_of.end()) {
            continue;
        }
        told_of.push_back(destination->id);
        Notice held{Notice::Kind::held, *destination, destination->held, destination->held_detail, {}};
        post_in_channel(hook, held_text(held, hooks_to(destination->id, telling.hooks)), telling);
    }
}

void Problems::tell_creators(const Notice& notice, const std::vector<const store::Hook*>& hooks,
                             const std::string& text, Telling& telling) {
    std::vector<Snowflake> done;
    for (const store::Hook* hook : hooks) {
        if (!hook->user || std::find(done.begin(), done.end(), hook->user) != done.end()) {
            continue;
        }
        done.push_back(hook->user);
        const auto* known = telling.destinations.find(DestinationKind::discord_user, hook->user);
        if (known != nullptr && known->held != HoldReason::none) {
            post_in_channel(*hook, text, telling);
            continue;
        }
        const auto destination = telling.destinations.find_or_make(DestinationKind::discord_user, Snowflake(),
                                                                   hook->user, Secret(), telling.changes);
        post(destination, text, telling);
    }
    if (done.empty() && !hooks.empty() && notice.kind != Notice::Kind::released) {
        post_in_channel(*hooks.front(), text, telling);
    }
}

bool Problems::post_in_channel(const store::Hook& hook, const std::string& text, Telling& telling) {
    if (!hook.command_channel) {
        return false;
    }
    const auto guild = parse_snowflake(hook.guild).value_or(Snowflake());
    const auto destination = telling.destinations.find_or_make(
        DestinationKind::discord_channel, guild, hook.command_channel, Secret(), telling.changes);
    if (destination.held != HoldReason::none) {
        return false;  // it would wait behind what is held
    }
    post(destination, text, telling);
    return true;
}

void Problems::tell_operator(const Notice& notice, const std::string& text, Telling& telling) {
    const Snowflake channel = settings_.operator_channel;
    const bool is_itself =
        notice.destination.kind == DestinationKind::discord_channel && notice.destination.channel == channel;
    if (!channel || is_itself) {
        return;
    }
    const auto destination = telling.destinations.find_or_make(DestinationKind::discord_channel, Snowflake(),
                                                               channel, Secret(), telling.changes);
    post(destination, text, telling);
}

void Problems::post(const dispatch::DestinationInfo& destination, const std::string& text, Telling& telling) {
    store::StoredMessage message;
    message.id = store_.next_message_id();
    message.destination = destination.id;
    message.created_at = clock_.now();
    dispatch::Entry entry;
    entry.id = store_.next_outbox_id();
    entry.message = message.id;
    entry.destination = destination.id;
    entry.operation = destination.kind == DestinationKind::discord_user ? dispatch::Operation::direct_message
                                                                        : dispatch::Operation::create;
    entry.body.content = text;
    entry.body.hides_previews = true;
    entry.created_at = clock_.now();
    entry.not_before = clock_.now();
    telling.changes.emplace_back(store::PutMessage{std::move(message)});
    telling.changes.emplace_back(store::Enqueue{std::move(entry)});
}

std::string Problems::told(const std::string& key) {
    const auto value = store_.meta(key);
    return value && *value ? **value : std::string();
}

std::string Problems::held_text(const Notice& notice, const std::vector<const store::Hook*>& hooks) const {
    const std::string hook = hooks.empty() ? std::string("ID") : to_string(hooks.front()->id);
    const std::string whose = hooks.empty() ? std::string() : fmt::format(" ({})", names_of(hooks));
    const std::string why = notice.why.empty() ? std::string() : fmt::format(" ({})", safe_why(notice.why));
    return fmt::format("⚠️ **{} takes no messages**{}\n{}{}\nNothing is lost: what comes waits. {}",
                       place_of(notice.destination), whose, reason_text(notice.reason), why,
                       advice(notice.reason, settings_.prefix, hook));
}

}  // namespace hookline::pipeline
