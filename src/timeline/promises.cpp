#include "timeline/promises.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <set>

#include "base/iso_time.hpp"
#include "timeline/reading.hpp"

namespace hookline::timeline {

namespace {

constexpr std::size_t very_many = 100'000;
constexpr std::chrono::minutes calm_within(10);
/// What failed is tried again within a quarter of an hour (dispatch/next_step.hpp).
constexpr std::chrono::minutes longest_wait(15);
constexpr int drawn_wide = 2'000;  // no line is broken

using Broken = std::vector<std::string>;

std::string text_of(const message::Message& message) { return shown(message, drawn_wide); }

std::vector<store::StoredMessage> all_messages(World& world) {
    return world.store().messages(MessageId(), very_many).value();
}

std::vector<store::Outcome> all_outcomes(const Played& played) {
    std::vector<store::Outcome> all;
    for (const auto& [id, arrived] : played.arrivals) {
        const auto outcomes = played.world.store().outcomes(id).value();
        all.insert(all.end(), outcomes.begin(), outcomes.end());
    }
    return all;
}

const ChannelMessage* seen(const World& world, Snowflake id) {
    const auto& messages = world.discord().messages();
    const auto found = std::find_if(messages.begin(), messages.end(),
                                    [id](const ChannelMessage& message) { return message.id == id; });
    return found == messages.end() ? nullptr : &*found;
}

/// "number" of "pr.opened number=7 title=T7": "7"; empty: it has none.
std::string value_in(const std::string& words, const std::string& key) {
    const std::size_t at = words.find(" " + key + "=");
    if (at == std::string::npos) {
        return {};
    }
    const std::size_t begin = at + key.size() + 2;
    return words.substr(begin, words.find(' ', begin) - begin);
}

/// How often something may have to wait for its next try.
int failures_in(const Stream& stream) {
    int failures = 0;
    for (const Row& row : stream.acts) {
        failures += row.verb == Verb::outage ? 1 : 0;
        failures += row.verb == Verb::loses ? std::stoi(row.text) : 0;
    }
    return failures;
}

void check_drained(const Played& played, Broken& broken) {
    const auto counts = played.world.store().counts().value();
    if (counts.unprocessed + counts.waiting + counts.parked + counts.held_destinations != 0) {
        broken.push_back(fmt::format("drained: {} events, {} entries, {} parked, {} held are left",
                                     counts.unprocessed, counts.waiting, counts.parked,
                                     counts.held_destinations));
    }
    if (const auto due = played.world.store().knowledge().next_due().value()) {
        broken.push_back(fmt::format("drained: a timer is left, due at {}", iso_time(*due)));
    }
    const auto hooks = played.world.store().hooks(true).value();
    for (const store::Hook& hook : hooks) {
        for (const std::string& key : {std::string(), std::string("storm")}) {
            if (played.world.store().knowledge().window(hook.id, key).value()) {
                broken.push_back(
                    fmt::format("drained: a window \"{}\" of {} is left", key, to_string(hook.id)));
            }
        }
    }
    const TimePoint last = played.world.discord().last_change();
    if (last > end_of(played.stream) + calm_within + failures_in(played.stream) * longest_wait) {
        broken.push_back(fmt::format("calm: the channel changed still at {}", iso_time(last)));
    }
    for (const std::string& fault : played.world.discord().faults()) {
        broken.push_back("no refusal: " + fault);
    }
}

void check_outcomes(const Played& played, Broken& broken) {
    for (const auto& [id, arrived] : played.arrivals) {
        std::vector<HookId> hooks;
        const auto outcomes = played.world.store().outcomes(id).value();
        for (const store::Outcome& outcome : outcomes) {
            hooks.push_back(outcome.hook);
        }
        std::sort(hooks.begin(), hooks.end());
        if (hooks != arrived.hooks) {
            broken.push_back(fmt::format("one outcome each: event {} ({}) has {} for {} hooks", id.value,
                                         arrived.words, hooks.size(), arrived.hooks.size()));
        }
    }
}

/// Every message that was made is in the channel once, and nothing else is.
void check_messages(const Played& played, Broken& broken) {
    std::map<Snowflake, std::vector<store::StoredMessage>> told;
    for (const store::StoredMessage& message : all_messages(played.world)) {
        const ChannelMessage* there = seen(played.world, message.discord_message);
        const bool is_gone = message.state == store::MessageState::deleted;
        const bool is_missing = there == nullptr || (there->deleted_at && !there->was_deleted_by_hand);
        if (!is_gone && is_missing) {
            broken.push_back(fmt::format("in the channel: message {} ({}) is not", message.id.value,
                                         store::name_of(message.state)));
        }
        if (is_gone && there != nullptr && !there->deleted_at) {
            broken.push_back(fmt::format("withdrawn: message {} stands still", message.id.value));
        }
        if (there != nullptr) {
            told[there->id].push_back(message);
        }
    }
    for (const auto& [id, together] : told) {
        const bool is_joined = std::all_of(together.begin(), together.end(), [&](const auto& message) {
            return message.joined && message.joined == together.front().joined;
        });
        if (together.size() > 1 && !is_joined) {
            broken.push_back(fmt::format("one message each: {} are the same one", together.size()));
        }
        const std::size_t embeds = seen(played.world, id)->newest().embeds.size();
        if (together.size() > 1 && embeds != together.size()) {
            broken.push_back(fmt::format("joined: {} messages are {} embeds", together.size(), embeds));
        }
    }
    for (const ChannelMessage& message : played.world.discord().messages()) {
        if (!message.deleted_at && !told.contains(message.id)) {
            broken.push_back(fmt::format("never twice: nobody knows of the message of {}\n{}",
                                         iso_time(message.posted_at()), text_of(message.newest())));
        }
    }
}

void check_named_messages(const Played& played, Broken& broken) {
    for (const store::Outcome& outcome : all_outcomes(played)) {
        const bool tells = outcome.kind == store::OutcomeKind::sent ||
                           outcome.kind == store::OutcomeKind::folded ||
                           outcome.kind == store::OutcomeKind::muted;
        const auto message = outcome.message ? played.world.store().message(outcome.message).value()
                                             : std::optional<store::StoredMessage>();
        const Arrived& arrived = played.arrivals.at(outcome.event);
        const std::string of = fmt::format("event {} ({}), {}: \"{}\"", outcome.event.value, arrived.words,
                                           to_string(outcome.hook), outcome.reason);
        if (tells != message.has_value()) {
            broken.push_back(fmt::format("outcomes name messages: {} names {}", of, outcome.message.value));
            continue;
        }
        const ChannelMessage* there = message ? seen(played.world, message->discord_message) : nullptr;
        const bool is_trashed = there != nullptr && there->was_deleted_by_hand;
        if (tells && !is_trashed && message->state != store::MessageState::sent) {
            broken.push_back(fmt::format("outcomes name messages: {}: message {} is {}", of,
                                         message->id.value, store::name_of(message->state)));
        }
    }
}

bool is_storm(const store::Outcome& outcome) {
    return outcome.reason.starts_with("summed up: more came than the channel can take");
}

bool is_summed_up(const store::Outcome& outcome) {
    return outcome.kind == store::OutcomeKind::muted || is_storm(outcome) ||
           outcome.reason.starts_with("summed up with others");
}

/// The sum of the numbers that a summary tells: "Pushes: 3 (main ×3)" are 3.
std::int64_t total_of(const std::string& summary) {
    static const std::regex in_brackets(R"(\([^()]*\))");
    static const std::regex number(R"(\b(\d[\d,]*))");
    std::int64_t total = 0;
    std::size_t begin = 0;
    while (begin < summary.size()) {
        const std::size_t end = std::min(summary.find('\n', begin), summary.size());
        const std::string line = std::regex_replace(summary.substr(begin, end - begin), in_brackets, "");
        begin = end + 1;
        const std::size_t colon = line.find(": ");
        if (colon == std::string::npos || line.find("By @") != std::string::npos) {
            continue;
        }
        const std::string counts = line.substr(colon);
        for (std::sregex_iterator found(counts.begin(), counts.end(), number), none; found != none; ++found) {
            std::string digits = (*found)[1];
            std::erase(digits, ',');
            total += std::stoll(digits);
        }
    }
    return total;
}

/// How many events an embed tells: those that a summary counts, else one.
std::int64_t told_by(const message::Embed& embed) {
    const bool is_summary =
        embed.title.starts_with("🌊") || embed.title.find(" Activity (last ") != std::string::npos;
    message::Message alone;
    alone.embeds = {embed};
    alone.embeds.front().title.clear();
    return is_summary ? total_of(text_of(alone)) : 1;
}

/// Where messages shared a send, all of them together.
void check_summaries(const Played& played, Broken& broken) {
    std::map<MessageId, std::int64_t> summed_up;
    for (const store::Outcome& outcome : all_outcomes(played)) {
        summed_up[outcome.message] += is_summed_up(outcome) ? 1 : 0;
    }
    std::map<Snowflake, std::int64_t> expected;
    std::set<Snowflake> with_summaries;
    for (const store::StoredMessage& message : all_messages(played.world)) {
        const std::int64_t count = summed_up[message.id];
        expected[message.discord_message] += std::max<std::int64_t>(count, 1);
        if (count > 0) {
            with_summaries.insert(message.discord_message);
        }
    }
    for (const Snowflake id : with_summaries) {
        const ChannelMessage* there = seen(played.world, id);
        std::int64_t total = 0;
        for (const message::Embed& embed :
             there == nullptr ? std::vector<message::Embed>() : there->newest().embeds) {
            total += told_by(embed);
        }
        if (there != nullptr && total != expected[id]) {
            broken.push_back(fmt::format("summaries: {} of {} are counted in\n{}", total, expected[id],
                                         text_of(there->newest())));
        }
    }
}

bool mentions(const Stream& stream, HookId hook) {
    const std::string words = fmt::format("{} {}", to_string(hook), mention_rule);
    return std::find(stream.commands.begin(), stream.commands.end(), words) != stream.commands.end();
}

void check_what_is_told_at_once(const Played& played, Broken& broken) {
    for (const store::Outcome& outcome : all_outcomes(played)) {
        const Arrived& arrived = played.arrivals.at(outcome.event);
        const bool is_mention =
            outcome.event_name.starts_with("issue.") && mentions(played.stream, outcome.hook);
        const bool is_failure = outcome.event_name.ends_with(".failed");
        const bool is_late = is_summed_up(outcome) && outcome.kind != store::OutcomeKind::muted;
        if ((is_storm(outcome) && is_failure) || (is_late && is_mention)) {
            broken.push_back(fmt::format("told at once: event {} ({}) is summed up: {}", outcome.event.value,
                                         arrived.words, outcome.reason));
        }
        const auto message =
            outcome.message ? played.world.store().message(outcome.message).value() : std::nullopt;
        const ChannelMessage* there = message ? seen(played.world, message->discord_message) : nullptr;
        const bool rings = there != nullptr && message->replaced == 0;  // posted anew it rang already
        if (is_mention && outcome.kind == store::OutcomeKind::sent && rings && there->pings != 1) {
            broken.push_back(fmt::format("mentions ring: event {} ({}) woke {}", outcome.event.value,
                                         arrived.words, there->pings));
        }
    }
}

/// Whether the event is of the request, issue or run under whose card it stands.
bool belongs(const std::string& words, const std::string& card_words) {
    const auto same = [&](const std::string& key) {
        return !value_in(words, key).empty() && value_in(words, key) == value_in(card_words, key);
    };
    const bool is_of_branch = !value_in(card_words, "from").empty() &&
                              value_in(words, "ref") == "refs/heads/" + value_in(card_words, "from");
    return same("number") || same("head") || same("run") || same("deployment") || is_of_branch;
}

void check_threads(const Played& played, Broken& broken) {
    const auto messages = all_messages(played.world);
    const auto find = [&](auto is_it) {
        const auto found = std::find_if(messages.begin(), messages.end(), is_it);
        return found == messages.end() ? nullptr : &*found;
    };
    for (const store::StoredMessage& message : messages) {
        const ChannelMessage* there = seen(played.world, message.discord_message);
        const auto& threads = played.world.discord().threads();
        const bool is_in_thread =
            there != nullptr && std::any_of(threads.begin(), threads.end(),
                                            [&](const auto& t) { return t.id == there->channel; });
        if (!is_in_thread) {
            continue;
        }
        const auto* card =
            find([&](const store::StoredMessage& m) { return m.discord_thread == there->channel; });
        if (card == nullptr || card->id != message.thread_of || card->hook != message.hook) {
            broken.push_back(
                fmt::format("threads: message {} is in a thread that is not of its card", message.id.value));
            continue;
        }
        const std::string& words = played.arrivals.at(message.event).words;
        const std::string& card_words = played.arrivals.at(card->event).words;
        if (!belongs(words, card_words)) {
            broken.push_back(fmt::format("threads: \"{}\" is in the thread of \"{}\"", words, card_words));
        }
    }
}

/// Whether all acts let everything about cards through: what holds back does not hold for them.
bool is_steady(const Stream& stream, HookId hook) {
    const std::string id = to_string(hook);
    return std::none_of(stream.acts.begin(), stream.acts.end(), [&](const Row& row) {
        if (row.verb != Verb::says || row.text.starts_with("mute ")) {
            return false;
        }
        const bool is_its = row.text == "undo" || row.text.find(id) != std::string::npos;
        return is_its && row.text.find("aggregate") == std::string::npos;
    });
}

/// Whether `told` is `full` with some left out, from where both begin: a hook that sums up begins its cards
/// with what is silent elsewhere.
bool is_part_of(const std::vector<std::string>& told, const std::vector<std::string>& full) {
    auto at = full.begin();
    const auto first = std::find_if(told.begin(), told.end(), [&](const std::string& version) {
        return std::find(full.begin(), full.end(), version) != full.end();
    });
    return std::all_of(first, told.end(), [&](const std::string& version) {
        at = std::find(at, full.end(), version);
        return at != full.end();
    });
}

}  // namespace

CardStories card_stories(World& world) {
    CardStories stories;
    for (const store::StoredMessage& message : all_messages(world)) {
        const ChannelMessage* there = seen(world, message.discord_message);
        if (message.card_key.empty() || message.card_key == "storm" || there == nullptr ||
            there->deleted_at) {
            continue;
        }
        std::vector<std::string>& story = stories[message.card_key];
        for (const Version& version : there->versions) {
            message::Message plain = version.body;
            plain.content.clear();
            std::string text = text_of(plain);
            if (story.empty() || story.back() != text) {
                story.push_back(std::move(text));
            }
        }
    }
    return stories;
}

std::vector<std::string> broken_promises(const Played& played) {
    Broken broken;
    check_drained(played, broken);
    check_outcomes(played, broken);
    check_messages(played, broken);
    check_named_messages(played, broken);
    check_summaries(played, broken);
    check_what_is_told_at_once(played, broken);
    check_threads(played, broken);
    return broken;
}

std::vector<std::string> broken_card_promises(const Played& played, const CardStories& full) {
    Broken broken;
    for (const auto& [key, story] : card_stories(played.world)) {
        const auto expected = full.find(key);
        if (!is_steady(played.stream, HookId(std::stoll(key))) || expected == full.end()) {
            continue;
        }
        if (story.back() != expected->second.back()) {
            broken.push_back(fmt::format("the newest state: card {} shows\n{}and not\n{}", key, story.back(),
                                         expected->second.back()));
        } else if (!is_part_of(story, expected->second)) {
            broken.push_back(
                fmt::format("nothing older after something newer: card {} showed\n{}where there was\n{}", key,
                            fmt::join(story, "then\n"), fmt::join(expected->second, "then\n")));
        }
    }
    return broken;
}

}  // namespace hookline::timeline
