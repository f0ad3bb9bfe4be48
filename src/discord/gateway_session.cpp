#include "discord/gateway_session.hpp"

#include <boost/json.hpp>

#include "base/duration.hpp"
#include "discord/close_code.hpp"
#include "discord/gateway_frames.hpp"
#include "discord/reading.hpp"

namespace hookline::discord {

namespace json = boost::json;
using namespace gateway;
using std::chrono::seconds;

namespace {

constexpr std::string_view query = "/?v=10&encoding=json";
constexpr int deepest = 64;  // of what Discord sends
constexpr seconds hello_patience(20);
constexpr seconds stable_after(60);
constexpr seconds longest_wait(60);
constexpr int most_failed_resumes = 5;
constexpr std::int64_t content_flags = (1 << 18) | (1 << 19);  // of an application: intent granted or limited
// At most 120 frames may leave in 60 s. What Discord asks for beyond our own rhythm gets no more than this.
constexpr std::size_t most_frames = 100;
constexpr Milliseconds shortest_interval(600);  // 100 heartbeats a minute
constexpr Milliseconds longest_interval(600'000);
constexpr Milliseconds usual_interval(41'250);

std::string with_query(std::string url) {
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url.append(query);
}

std::chrono::nanoseconds scaled(std::chrono::nanoseconds duration, double factor) {
    return std::chrono::nanoseconds(
        static_cast<std::int64_t>(static_cast<double>(duration.count()) * factor));
}

}  // namespace

GatewaySession::GatewaySession(GatewayOptions options, SavedSession saved)
    : options_(std::move(options)), session_(std::move(saved)), saved_seq_(session_.seq) {}

Actions GatewaySession::on(Input input, SteadyPoint now, double roll) {
    Step step{now, roll, {}};
    if (phase_ != Phase::stopped || std::holds_alternative<Begin>(input)) {
        std::visit([&](auto& one) { handle(one, step); }, input);
    }
    return std::move(step.actions);
}

SteadyPoint GatewaySession::next_timer() const { return std::min(timer_, next_beat_); }

bool GatewaySession::hears_content() const {
    return has_content_intent_ && (options_.intents & intent::message_content) != 0;
}

std::string GatewaySession::state_text(SteadyPoint now) const {
    switch (phase_) {
        case Phase::ready:
            return hears_content() ? "connected" : "connected, hears only messages that mention it";
        case Phase::stopped:
            return trouble_;
        case Phase::waiting: {
            const auto left = std::chrono::ceil<seconds>(std::max(timer_ - now, SteadyPoint::duration(0)));
            return fmt::format("reconnecting in {} ({})", spell_duration(left), trouble_);
        }
        default:
            return trouble_.empty() ? "connecting" : fmt::format("reconnecting ({})", trouble_);
    }
}

// ---- Getting connected ----

void GatewaySession::handle(Begin, Step& step) {
    trouble_.clear();
    phase_ = Phase::idle;
    if (identify_frame(options_.token, options_.intents).size() > frame_limit) {
        return stop("refused: the token is too long to be one", step);
    }
    reason_ = session_.empty() ? "start" : "resume";
    go(step);
}

void GatewaySession::go(Step& step) {
    timer_ = SteadyPoint::max();
    is_resuming_ = !session_.empty();
    if (is_resuming_) {
        return connect(session_.resume_url, step);
    }
    phase_ = Phase::asking;
    step.actions.emplace_back(AskLimits{});
}

void GatewaySession::handle(LimitsKnown& input, Step& step) {
    if (phase_ != Phase::asking) {
        return;
    }
    const GatewayLimits& limits = input.limits;
    // Discord resets the token of a bot that identifies once too often in a day.
    if (limits.remaining <= 0) {
        trouble_ = "Discord's limit of new sessions for a day is used up";
        const auto wait =
            std::clamp<std::chrono::milliseconds>(limits.reset_after, seconds(1), std::chrono::hours(24));
        step.actions.emplace_back(
            Note{LogLevel::warn,
                 fmt::format("{}: waiting {}", trouble_, spell_duration(std::chrono::ceil<seconds>(wait)))});
        return wait_then_go(wait, step);
    }
    constexpr seconds window(5);  // max_concurrency identifies may fall into it
    while (!identified_.empty() && identified_.front() + window <= step.now) {
        identified_.pop_front();
    }
    if (identified_.size() >= static_cast<std::size_t>(std::max(limits.max_concurrency, 1))) {
        trouble_ = trouble_.empty() ? "one new session in five seconds" : trouble_;
        return wait_then_go(identified_.front() + window - step.now, step);
    }
    connect(limits.url, step);
    // Where READY names no address of its own, resuming goes where identifying went.
    session_.resume_url = limits.url;
}

void GatewaySession::handle(LimitsFailed& input, Step& step) {
    if (phase_ != Phase::asking) {
        return;
    }
    if (input.error.code == Errc::unauthorized) {
        return stop("refused: bad token", step);
    }
    back_off(reason_, "Discord does not tell where its gateway is: " + input.error.detail, Milliseconds(0),
             step);
}

void GatewaySession::connect(const std::string& url, Step& step) {
    phase_ = Phase::opening;
    step.actions.emplace_back(Connect{with_query(url), reason_});
}

void GatewaySession::handle(Opened, Step& step) {
    if (phase_ != Phase::opening) {
        return;
    }
    phase_ = Phase::greeting;
    timer_ = step.now + hello_patience;
    next_beat_ = SteadyPoint::max();
    is_acknowledged_ = true;
    sent_.clear();
}

void GatewaySession::handle(OpenFailed& input, Step& step) {
    if (phase_ != Phase::opening) {
        return;
    }
    if (is_resuming_ && ++failed_resumes_ >= most_failed_resumes) {
        forget_session(step);  // its address may be gone for good
    }
    back_off(reason_, "no connection: " + input.why, Milliseconds(0), step);
}

// ---- What Discord says ----

void GatewaySession::handle(Frame& input, Step& step) {
    if (phase_ != Phase::greeting && phase_ != Phase::starting && phase_ != Phase::ready) {
        return;
    }
    json::parse_options options;
    options.max_depth = deepest;
    boost::system::error_code error;
    json::value frame =
        json::parse(input.text, error, json::make_shared_resource<json::monotonic_resource>(), options);
    json::object* envelope = error ? nullptr : frame.if_object();
    const auto op = envelope == nullptr ? std::nullopt : number_in(*envelope, "op");
    if (!op) {
        step.actions.emplace_back(Note{LogLevel::debug, "a frame that is none was ignored"});
        return;
    }
    constexpr int dispatch = 0, heartbeat = 1, reconnect = 7, invalid_session = 9, hello = 10,
                  acknowledged = 11;
    switch (*op) {
        case dispatch:
            return on_dispatch(*envelope, step);
        case heartbeat:
            // Asked for, beside our own rhythm: no answer to it is waited for.
            if (sent_.size() < most_frames || sent_.front() + seconds(60) <= step.now) {
                beat(step);
            }
            return;
        case reconnect:
            drop_connection(step);
            reason_ = "resume";
            trouble_ = "Discord asked to reconnect";
            if (failures_ == 0) {
                ++failures_;
                return go(step);
            }
            return back_off(reason_, trouble_, Milliseconds(0), step);
        case invalid_session:
            return on_invalid_session(*envelope, step);
        case hello:
            return on_hello(*envelope, step);
        case acknowledged:
            is_acknowledged_ = true;
            return;
        default:
            return;  // what this version does not know is ignored
    }
}

void GatewaySession::on_hello(const json::object& envelope, Step& step) {
    if (phase_ != Phase::greeting) {
        return;
    }
    const json::object* data = object_in(envelope, "d");
    const auto interval = data == nullptr ? std::nullopt : number_in(*data, "heartbeat_interval");
    beat_interval_ = std::clamp(interval && *interval > 0 ? Milliseconds(*interval) : usual_interval,
                                shortest_interval, longest_interval);
    next_beat_ = step.now + scaled(beat_interval_, step.roll);
    timer_ = SteadyPoint::max();
    phase_ = Phase::starting;
    if (is_resuming_) {
        return send(resume_frame(options_.token, session_.id, session_.seq), step);
    }
    session_.seq = 0;
    identified_.push_back(step.now);
    send(identify_frame(options_.token, options_.intents), step);
}

void GatewaySession::on_dispatch(json::object& envelope, Step& step) {
    if (const auto seq = number_in(envelope, "s")) {
        session_.seq = std::max(session_.seq, *seq);  // events may come twice or out of order
    }
    const std::string event(text_in(envelope, "t"));
    json::value* data = envelope.if_contains("d");
    json::object* object = data == nullptr ? nullptr : data->if_object();
    const json::object none;
    if (event == "READY") {
        on_ready(object == nullptr ? none : std::as_const(*object), step);
    } else if (event == "RESUMED") {
        phase_ = Phase::ready;
        ready_since_ = step.now;
        failed_resumes_ = 0;
        trouble_.clear();
        step.actions.emplace_back(Note{LogLevel::info, "the session goes on where it ended"});
        save_progress(step);
    }
    if (!event.empty()) {
        auto shared = object == nullptr ? std::make_shared<const json::object>()
                                        : std::make_shared<const json::object>(std::move(*object));
        step.actions.emplace_back(Deliver{event, std::move(shared)});
    }
}

void GatewaySession::on_ready(const json::object& data, Step& step) {
    phase_ = Phase::ready;
    ready_since_ = step.now;
    failed_resumes_ = 0;
    trouble_.clear();
    session_.id = std::string(text_in(data, "session_id"));
    if (const std::string_view url = text_in(data, "resume_gateway_url"); !url.empty()) {
        session_.resume_url = std::string(url);
    }
    if (const json::object* user = object_in(data, "user")) {
        session_.user = id_in(*user, "id");
    }
    saved_seq_ = session_.seq;
    step.actions.emplace_back(Save{session_});
    if (const json::object* application = object_in(data, "application")) {
        has_content_intent_ = (number_in(*application, "flags").value_or(0) & content_flags) != 0;
    }
    step.actions.emplace_back(Note{LogLevel::info, "connected to Discord"});
    if (!hears_content()) {
        step.actions.emplace_back(Note{
            LogLevel::warn,
            "Discord shows the bot only messages that mention it. To be heard by the text prefix, switch on "
            "\"Message Content Intent\" on the bot's page of Discord's developer portal and start again"});
    }
}

void GatewaySession::on_invalid_session(const json::object& envelope, Step& step) {
    const bool is_resumable = flag_in(envelope, "d");
    drop_connection(step);
    if (!is_resumable) {
        forget_session(step);
    }
    // Discord: "wait a random amount of time, between 1 and 5 seconds".
    const Milliseconds wait(1000 + static_cast<std::int64_t>(step.roll * 4000));
    const std::string_view why =
        is_resumable ? "Discord interrupted the session" : "Discord does not know the session any more";
    back_off("invalid_session", std::string(why), wait, step);
}

// ---- Ends of a connection ----

void GatewaySession::handle(Closed& input, Step& step) {
    if (phase_ != Phase::greeting && phase_ != Phase::starting && phase_ != Phase::ready) {
        return;
    }
    const CloseRule* rule = find_rule(input.code);
    const std::string why = spell_close(input.code, rule);
    const bool was_starting = phase_ != Phase::ready;
    if (is_resuming_ && was_starting && ++failed_resumes_ >= most_failed_resumes) {
        forget_session(step);
    }
    next_beat_ = SteadyPoint::max();
    constexpr int disallowed_intents = 4014;
    if (input.code == disallowed_intents && (options_.intents & intent::message_content) != 0) {
        options_.intents &= ~intent::message_content;
        forget_session(step);
        step.actions.emplace_back(
            Note{LogLevel::warn, "Discord refuses the message content intent: going on without it"});
        reason_ = "closed";
        trouble_ = why;
        return go(step);
    }
    if (rule != nullptr && rule->then == AfterClose::fatal) {
        forget_session(step);
        return stop(fmt::format("refused: {}", rule->text), step);
    }
    if (rule != nullptr && rule->then == AfterClose::identify) {
        forget_session(step);
    }
    back_off("closed", why, rule == nullptr ? Milliseconds(0) : rule->at_least, step);
}

void GatewaySession::handle(TimeUp, Step& step) {
    if (timer_ <= step.now) {
        timer_ = SteadyPoint::max();
        if (phase_ == Phase::waiting) {
            return go(step);
        }
        if (phase_ == Phase::greeting) {
            drop_connection(step);
            return back_off("closed", "Discord said no hello", Milliseconds(0), step);
        }
    }
    if (next_beat_ <= step.now) {
        on_beat_due(step);
    }
}

void GatewaySession::on_beat_due(Step& step) {
    if (!is_acknowledged_) {
        drop_connection(step);
        return back_off("zombie", "heartbeats were not answered", Milliseconds(0), step);
    }
    is_acknowledged_ = false;
    next_beat_ = std::max(next_beat_ + beat_interval_, step.now + beat_interval_ / 2);
    beat(step);
    save_progress(step);
}

void GatewaySession::handle(ShutDown input, Step& step) {
    const bool is_connected =
        phase_ == Phase::greeting || phase_ == Phase::starting || phase_ == Phase::ready;
    if (input.end_session) {
        forget_session(step);
    } else {
        save_progress(step);
    }
    if (is_connected) {
        // 1000 ends the session at Discord's side; any other code keeps it for a few minutes.
        step.actions.emplace_back(Disconnect{input.end_session ? 1000 : 4000});
    }
    stop("stopped", step);
}

void GatewaySession::back_off(std::string_view reason, std::string why, Milliseconds at_least, Step& step) {
    reason_ = reason;
    if (phase_ == Phase::ready && step.now - ready_since_ >= stable_after) {
        failures_ = 0;
    }
    const seconds ceiling = std::min<seconds>(longest_wait, seconds(1LL << std::min(failures_, 6)));
    ++failures_;
    const auto wait = std::max<std::chrono::nanoseconds>(scaled(ceiling, 0.5 + step.roll / 2), at_least);
    step.actions.emplace_back(
        Note{LogLevel::warn, fmt::format("reconnecting to Discord in {:.1f} s: {}",
                                         std::chrono::duration<double>(wait).count(), why)});
    trouble_ = std::move(why);
    wait_then_go(wait, step);
}

void GatewaySession::wait_then_go(std::chrono::nanoseconds wait, Step& step) {
    phase_ = Phase::waiting;
    next_beat_ = SteadyPoint::max();
    timer_ = step.now + wait;
}

void GatewaySession::drop_connection(Step& step) {
    if (phase_ == Phase::ready && step.now - ready_since_ >= stable_after) {
        failures_ = 0;
    }
    if (is_resuming_ && phase_ != Phase::ready && ++failed_resumes_ >= most_failed_resumes) {
        forget_session(step);
    }
    next_beat_ = SteadyPoint::max();
    timer_ = SteadyPoint::max();
    phase_ = Phase::waiting;
    save_progress(step);
    step.actions.emplace_back(Disconnect{4000});
}

void GatewaySession::forget_session(Step& step) {
    if (session_.empty()) {
        return;
    }
    session_ = SavedSession();
    saved_seq_ = 0;
    step.actions.emplace_back(Save{});
}

void GatewaySession::stop(std::string why, Step& step) {
    phase_ = Phase::stopped;
    timer_ = SteadyPoint::max();
    next_beat_ = SteadyPoint::max();
    trouble_ = std::move(why);
    if (trouble_ != "stopped") {
        step.actions.emplace_back(Note{LogLevel::error, "Discord's gateway: " + trouble_});
    }
    step.actions.emplace_back(Stop{});
}

// ---- What is sent ----

void GatewaySession::send(std::string frame, Step& step) {
    sent_.push_back(step.now);
    while (sent_.size() > most_frames) {
        sent_.pop_front();
    }
    step.actions.emplace_back(Send{std::move(frame)});
}

void GatewaySession::beat(Step& step) { send(heartbeat_frame(session_.seq), step); }

void GatewaySession::save_progress(Step& step) {
    if (!session_.empty() && session_.seq != saved_seq_) {
        saved_seq_ = session_.seq;
        step.actions.emplace_back(Save{session_});
    }
}

}  // namespace hookline::discord
