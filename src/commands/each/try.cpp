// try: how many of the events that came already a condition would let pass, and which.
#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "commands/hook_rules.hpp"
#include "pipeline/rehearsal.hpp"

namespace hookline::commands {

namespace {

constexpr std::size_t most_events = 2000;
constexpr std::size_t at_once = 50;  // then others have their turn on this thread
constexpr std::size_t most_examples = 5;

struct Tally {
    std::size_t seen = 0, passing = 0, undecided = 0, failing = 0;
    std::vector<std::string> examples;
    std::string trouble;
    bool is_whole = true;  // all events of the time were looked at
};

std::string example_of(const pipeline::Rehearsal& rehearsal) {
    message::Markdown line;
    line.code(fmt::format("{}", rehearsal.stored.id.value)).markup(" ").text(rehearsal.event.full_name());
    if (!rehearsal.event.title.empty()) {
        line.markup(" · ").text(shorten(first_line(rehearsal.event.title), 60));
    }
    return line.markup(" ").time(rehearsal.stored.received_at).str();
}

void weigh(Tally& tally, const rules::Condition& condition, const pipeline::Rehearsal& rehearsal,
           TimePoint now) {
    if (rehearsal.event.name.empty() || rehearsal.event.ping) {
        return;
    }
    ++tally.seen;
    const rules::Facts facts = rehearsal.facts(now);
    const rules::Condition::Answer answer = condition.ask(facts);
    if (!answer.trouble.empty()) {
        ++tally.failing;
        tally.trouble = answer.trouble;
    } else if (answer.ruling == rules::Ruling::undecided) {
        ++tally.undecided;
    } else if (answer.ruling == rules::Ruling::passes) {
        ++tally.passing;
        if (tally.examples.size() < most_examples) {
            tally.examples.push_back(example_of(rehearsal));
        }
    }
}

Task<Result<Tally>> count(Request request, store::Hook hook, const rules::Condition& condition,
                          TimePoint since) {
    Tally tally;
    store::EventQuery query;
    query.hook = hook.id;
    query.limit = at_once;
    query.with_payload = true;
    std::size_t read = 0;
    for (bool goes_on = true; goes_on;) {
        auto events = request.store().events(query);
        if (!events) {
            co_return tl::unexpected(events.error());
        }
        goes_on = !events->empty();
        for (store::StoredEvent& stored : *events) {
            query.before = stored.id;
            if (stored.received_at < since) {
                goes_on = false;
                break;
            }
            if (read++ == most_events) {
                tally.is_whole = false;
                goes_on = false;
                break;
            }
            if (!stored.is_test) {
                const auto rehearsal = pipeline::rehearse(std::move(stored), request.store(), request.now());
                weigh(tally, condition, rehearsal, rehearsal.stored.received_at);
            }
        }
        co_await boost::asio::post(request.bench.parts.executor, boost::asio::use_awaitable);
    }
    co_return tally;
}

}  // namespace

Task<Reply> try_out(Request request) {
    const auto& words = request.arguments.words();
    const std::string example = fmt::format("try {} \"branch == 'main'\" --last 7d", words.front());
    const auto hook = find_hook(request, words.front());
    if (!hook) {
        co_return hook.error();
    }
    const std::string source = rest_of(words, 1);
    const auto condition = read_condition(request, *hook, source, example);
    if (!condition) {
        co_return condition.error();
    }
    const std::string span = request.arguments.value("--last").value_or("7d");
    const auto time = parse_duration(span);
    if (!time) {
        co_return refused(request, message::escape(time.error().detail) + ".", example);
    }
    const TimePoint since = request.now() - *time;
    const auto tally = co_await count(request, *hook, *condition, since);
    if (!tally) {
        co_return store_trouble(request, tally.error());
    }
    message::Markdown text;
    text.markup("🧪 ").code(shorten(source, 300)).newline();
    if (tally->seen == 0) {
        text.markup(fmt::format("No event has come to `{}` in the last {}: there is nothing to try it on.",
                                to_string(hook->id), spell_duration(*time)));
        co_return fine(text);
    }
    text.markup(fmt::format("Of the {}{} of the last {}, **{}** would pass", tally->is_whole ? "" : "newest ",
                            counted(static_cast<std::int64_t>(tally->seen), "event"), spell_duration(*time),
                            tally->passing));
    const std::size_t stopped = tally->seen - tally->passing - tally->undecided - tally->failing;
    text.markup(fmt::format(", {} would not", stopped));
    if (tally->undecided > 0) {
        text.markup(fmt::format(", and {} have nothing of the kind: they pass a filter", tally->undecided));
    }
    text.markup(".");
    if (tally->failing > 0) {
        text.newline()
            .markup(fmt::format("⚠️ For {} it could not be worked out: ", tally->failing))
            .text(tally->trouble);
    }
    for (const std::string& line : tally->examples) {
        text.newline().markup(line);
    }
    if (tally->passing > tally->examples.size() && !tally->examples.empty()) {
        text.newline().markup(fmt::format("…and {} more", tally->passing - tally->examples.size()));
    }
    co_return fine(text);
}

}  // namespace hookline::commands
