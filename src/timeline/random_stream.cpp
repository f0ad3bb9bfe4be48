#include "timeline/random_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>

namespace hookline::timeline {

namespace {

constexpr std::string_view quiet_begins = "09:04", quiet_ends = "09:09";

/// The standard's distributions differ from library to library; its engine does not.
class Dice {
public:
    explicit Dice(unsigned seed) : engine_(seed) {}
    [[nodiscard]] std::size_t below(std::size_t bound) { return engine_() % bound; }
    [[nodiscard]] std::size_t between(std::size_t least, std::size_t most) {
        return least + below(most - least + 1);
    }
    [[nodiscard]] bool happens(std::size_t percent) { return below(100) < percent; }
    template <class List>
    [[nodiscard]] auto one_of(const List& list) {
        return list[below(list.size())];
    }

private:
    std::mt19937 engine_;
};

/// Something that deliveries are about: what becomes of it in the order in which it usually does.
struct Thing {
    std::vector<std::string> life;
    std::size_t next = 0;
};

Thing request(std::size_t number, Dice& dice) {
    const std::string of = fmt::format(" number={0} title=T{0} head=h{0} from=b{0} merge=m{0}", number);
    const std::string head = fmt::format(" head=h{}", number);
    Thing thing;
    thing.life.push_back("pr.opened" + of);
    const std::vector<std::string> between{"pr.synchronize" + of,
                                           "review.approved" + of,
                                           "review.changes_requested" + of,
                                           "review.commented" + of,
                                           "review.dismissed" + of,
                                           "pull_request_review_comment" + of,
                                           "check.failed" + head + fmt::format(" name=lint{}", number),
                                           "status" + head,
                                           fmt::format("push merge=h{0} ref=refs/heads/b{0}", number)};
    for (std::size_t left = dice.between(1, 6); left > 0; --left) {
        thing.life.push_back(dice.one_of(between));
    }
    if (dice.happens(70)) {
        std::vector<std::string> ends{"pr.merged" + of,
                                      fmt::format("push merge=m{} ref=refs/heads/main", number),
                                      fmt::format("branch.deleted ref=b{}", number)};
        if (dice.happens(40)) {
            std::swap(ends[0], ends[1 + dice.below(2)]);
        }
        thing.life.insert(thing.life.end(), ends.begin(), ends.end());
    } else {
        thing.life.push_back("pr.closed" + of);
        thing.life.push_back("pr.reopened" + of);
    }
    thing.life.push_back(dice.one_of(between));
    return thing;
}

Thing run(std::size_t id, std::size_t request, Dice& dice) {
    const bool is_of_request = dice.happens(60);
    const std::string head = is_of_request ? fmt::format(" head=h{} branch=b{}", request, request)
                                           : std::string(" head=main1 branch=main");
    const std::string whole = fmt::format(" run={0} name=W{0}{1}", id, head);
    Thing thing;
    thing.life = {"workflow.requested" + whole, "workflow.started" + whole};
    const std::size_t jobs = dice.below(4);
    for (std::size_t i = 0; i < jobs; ++i) {
        thing.life.push_back(fmt::format("job.{} run={} job={} name=J{}{}",
                                         dice.happens(70) ? "passed" : "failed", id, id * 10 + i, i, head));
    }
    thing.life.push_back((dice.happens(60) ? "workflow.passed" : "workflow.failed") + whole);
    return thing;
}

Thing issue(std::size_t number, Dice& dice) {
    const std::string of = fmt::format(" number={0} title=I{0}", number);
    Thing thing;
    thing.life = {"issue.opened" + of, "issue_comment" + of};
    if (dice.happens(60)) {
        thing.life.push_back("issue.closed" + of);
        thing.life.push_back(dice.happens(50) ? "issue.reopened" + of : "issue_comment" + of);
    }
    return thing;
}

Thing deployment(std::size_t id, Dice& dice) {
    const std::string of = fmt::format(" deployment={}", id);
    Thing thing;
    for (const std::string_view state : {"pending", "in_progress"}) {
        thing.life.push_back(fmt::format("deployment.success state={}{}", state, of));
    }
    thing.life.push_back((dice.happens(50) ? "deployment.failure" : "deployment.success") + of);
    return thing;
}

Thing code() {
    Thing thing;
    thing.life = {"branch.created ref=topic",
                  "push merge=c1 ref=refs/heads/topic",
                  "push merge=c2 ref=refs/heads/main",
                  "tag.created",
                  "release.published",
                  "push merge=c3 ref=refs/heads/main"};
    return thing;
}

class Maker {
public:
    explicit Maker(unsigned seed) : dice_(seed) {}

    Stream make() {
        set_up();
        make_things();
        for (std::size_t left = dice_.between(10, 45); left > 0; --left) {
            pass_time();
            act();
        }
        return std::move(stream_);
    }

private:
    void set_up() {
        stream_.commands.emplace_back("github on");
        hooks_ = dice_.happens(35) ? 2 : 1;
        if (hooks_ == 2) {
            stream_.commands.emplace_back("github on --new --from hook_001");
        }
        for (std::size_t hook = 1; hook <= hooks_; ++hook) {
            set_up_hook(fmt::format("hook_{:03}", hook));
        }
        if (dice_.happens(12)) {
            stream_.commands.push_back(fmt::format("quiet {}-{} UTC{}", quiet_begins, quiet_ends,
                                                   dice_.happens(50) ? " --except failures" : ""));
        }
    }

    void set_up_hook(const std::string& hook) {
        static constexpr std::array<std::string_view, 3> cards{"live on", "threads on", "threads on"};
        if (dice_.happens(75)) {
            say(hook, dice_.one_of(cards));
        }
        if (dice_.happens(20)) {
            say(hook, window());
        }
        if (dice_.happens(25)) {
            say(hook, std::string(mention_rule));
        }
        if (dice_.happens(20)) {
            say(hook, dice_.happens(50) ? "on --style compact" : "on --style full");
        }
        if (dice_.happens(15)) {
            say(hook,
                "events push,pr.synchronize,pr,review,comment,issue,workflow,check,job,branch,tag,release");
        }
        if (dice_.happens(15)) {
            say(hook, filter());
        }
        if (dice_.happens(15)) {
            say(hook, "alert-if \"pr.status == 'approved'\"");
        }
        if (dice_.happens(10)) {
            say(hook, "silent if \"is_bot\"");
        }
    }

    void say(const std::string& hook, std::string_view words) {
        stream_.commands.push_back(fmt::format("{} {}", hook, words));
    }

    [[nodiscard]] std::string window() {
        static constexpr std::array<std::string_view, 3> lengths{"10s", "30s", "2m"};
        return fmt::format("aggregate {}", dice_.one_of(lengths));
    }
    [[nodiscard]] std::string filter() {
        static constexpr std::array<std::string_view, 3> filters{
            R"(filter branch=main)", R"(filter "not is_failure")", R"(filter "event != 'review'")"};
        return std::string(dice_.one_of(filters));
    }

    void make_things() {
        const std::size_t requests = dice_.between(1, 3);
        for (std::size_t i = 1; i <= requests; ++i) {
            things_.push_back(request(6 + i, dice_));
        }
        for (std::size_t i = dice_.between(0, 3); i > 0; --i) {
            things_.push_back(run(500 + i, 6 + dice_.between(1, requests), dice_));
        }
        for (std::size_t i = dice_.between(0, 2); i > 0; --i) {
            things_.push_back(issue(30 + i, dice_));
        }
        if (dice_.happens(40)) {
            things_.push_back(deployment(900, dice_));
        }
        if (dice_.happens(40)) {
            things_.push_back(code());
        }
        for (Thing& thing : things_) {
            thing.next = dice_.happens(20) ? dice_.below(thing.life.size()) : 0;  // it is older than its hook
        }
    }

    void pass_time() {
        const std::size_t kind = dice_.below(10);
        if (kind < 3) {
            at_ += dice_.below(200);
        } else if (kind < 7) {
            at_ += dice_.below(4'000);
        } else {
            at_ += dice_.below(30'000);
        }
    }

    void act() {
        const std::size_t kind = dice_.below(100);
        if (kind < 66) {
            arrive();
        } else if (kind < 71) {
            arrive_again();
        } else if (kind < 76) {
            add(Verb::restart, "");
        } else if (kind < 79) {
            add(Verb::dies, next_delivery());
        } else if (kind < 83) {
            stream_.acts.emplace_back(clock_text(at_), clock_text(at_ + dice_.between(1'000, 150'000)),
                                      Verb::outage);
        } else if (kind < 86) {
            add(Verb::loses, std::to_string(dice_.between(1, 3)));
        } else if (kind < 88) {
            add(Verb::deletes, "");
        } else if (kind < 90) {
            burst();
        } else {
            change_settings();
        }
    }

    void arrive() { add(Verb::event, next_delivery()); }

    /// The service sends once more what it sent already.
    void arrive_again() {
        if (!sent_.empty()) {
            add(Verb::event, dice_.one_of(sent_));
        }
    }

    [[nodiscard]] std::string next_delivery() {
        Thing& thing = things_[dice_.below(things_.size())];
        const bool is_out_of_order = thing.next >= thing.life.size() || dice_.happens(12);
        std::string words = is_out_of_order ? dice_.one_of(thing.life) : thing.life[thing.next++];
        if (dice_.happens(10)) {
            words += fmt::format(" ago={}", dice_.between(1, 120));
        }
        words += fmt::format(" delivery=d{}", sent_.size());
        sent_.push_back(words);
        return words;
    }

    void burst() {
        if (bursts_++ == 2) {
            return;
        }
        static constexpr std::array<std::string_view, 3> kinds{"push", "issue.opened number=77 title=Many",
                                                               "check.failed name=many head=many"};
        add(Verb::event, fmt::format("{} {}", dice_.between(20, 180),
                                     kinds.at(dice_.below(10) < 7 ? 0 : dice_.between(1, 2))));
    }

    void change_settings() {
        const std::string hook = fmt::format("hook_{:03}", dice_.between(1, hooks_));
        static constexpr std::array<std::string_view, 13> changes{"live on",
                                                                  "live off",
                                                                  "threads on",
                                                                  "threads off",
                                                                  "aggregate off",
                                                                  "filter clear",
                                                                  "on --style full",
                                                                  "on --style normal",
                                                                  "pause",
                                                                  "resume",
                                                                  "mute",
                                                                  "mute",
                                                                  "delete"};
        const std::string_view change = dice_.one_of(changes);
        if (change == "delete" || is_deleted_) {
            add(Verb::says, is_deleted_ ? "undo" : "delete " + hook);
            is_deleted_ = !is_deleted_;
        } else if (change == "mute") {
            add(Verb::says, mute(hook));
        } else if (change == "pause" || change == "resume") {
            add(Verb::says, fmt::format("{} {}", change, hook));
        } else if (dice_.happens(25)) {
            add(Verb::says, fmt::format("{} {}", hook, window()));
        } else {
            add(Verb::says, fmt::format("{} {}", hook, change));
        }
    }

    [[nodiscard]] std::string mute(const std::string& hook) {
        static constexpr std::array<std::string_view, 4> mutes{"20s", "2m --except failures",
                                                               "1m \"event == 'push'\"", "off"};
        return fmt::format("mute {} {}", hook, dice_.one_of(mutes));
    }

    void add(Verb verb, const std::string& text) { stream_.acts.emplace_back(clock_text(at_), verb, text); }

    [[nodiscard]] static std::string clock_text(std::size_t milliseconds) {
        const std::size_t seconds = milliseconds / 1'000;
        return fmt::format("09:{:02}:{:02}.{:03}", seconds / 60, seconds % 60, milliseconds % 1'000);
    }

    Dice dice_;
    Stream stream_;
    std::size_t hooks_ = 1;
    std::vector<Thing> things_;
    std::vector<std::string> sent_;
    std::size_t at_ = 0;  // milliseconds since nine
    std::size_t bursts_ = 0;
    bool is_deleted_ = false;
};

}  // namespace

Stream random_stream(unsigned seed) { return Maker(seed).make(); }

std::string written(const Stream& stream) {
    std::string text = "play({";
    for (const std::string& words : stream.commands) {
        text += fmt::format("{}R\"({})\"", words == stream.commands.front() ? "" : ", ", words);
    }
    text += "}, {\n";
    for (const Row& row : stream.acts) {
        text += "    " + written(row) + "\n";
    }
    return text + "});\n";
}

TimePoint end_of(const Stream& stream) {
    TimePoint end = time_of(fmt::format("{}:00", quiet_ends));
    for (const Row& row : stream.acts) {
        end = std::max(end, time_of(row.until));
    }
    return end;
}

}  // namespace hookline::timeline
