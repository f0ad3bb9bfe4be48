// Tells people what they must solve: a destination that takes nothing any more, a message that was given up,
// and that it goes on. Once for each cause (remembered in the store), to the hook's creator by direct
// message, else in a line in the hook's channel, and to the operator's channel.
#pragma once

#include <deque>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/signal.hpp"
#include "dispatch/outbox.hpp"
#include "pipeline/destinations.hpp"
#include "pipeline/watchdog.hpp"
#include "store/store.hpp"

namespace hookline::pipeline {

class Problems final : public dispatch::Watcher {
public:
    struct Settings {
        std::string prefix = "!hook";
        Snowflake operator_channel;  // 0: none
    };
    /// All outlive this.
    Problems(boost::asio::any_io_executor executor, store::Store& store, Clock& clock, Log& log,
             Settings settings);

    void on_held(const dispatch::DestinationInfo& destination, dispatch::HoldReason reason,
                 const std::string& why) override;
    void on_released(const dispatch::DestinationInfo& destination) override;
    void on_parked(const dispatch::DestinationInfo& destination, const dispatch::Entry& entry,
                   const std::string& why) override;
    /// Told once for each destination and cause.
    void on_no_thread(const dispatch::DestinationInfo& destination, const dispatch::Entry& entry,
                      const std::string& why) override;

    /// The stream of a hook cannot be read, and why; or it can again (`why` is empty).
    void on_stream(HookId hook, const std::string& why);

    /// A hook's own template failed for an event ("push"; "": its template for all): once for each cause,
    /// which the caller sees to.
    void on_form(HookId hook, const std::string& event, const std::string& why);

    /// A service that used to deliver is silent (watchdog.hpp): once for each silence, which the caller sees
    /// to.
    void on_silence(HookId hook, const Overdue& silence);

    /// Deliveries to a hook have the wrong proof (watchdog.hpp); once for each cause, likewise.
    void on_refusals(HookId hook);

    /// Tells what was noticed, until it is cancelled.
    Task<void> run();

private:
    struct Notice {
        enum class Kind { held, released, parked, stream, form, silence, refusals, no_thread };
        Kind kind = Kind::held;
        dispatch::DestinationInfo destination;
        dispatch::HoldReason reason = dispatch::HoldReason::none;
        std::string why;
        MessageId message;
        HookId hook{};
        std::string event{};
        Overdue silence{};
    };
    /// What is known while one notice is told, and what will be written.
    struct Telling {
        std::vector<store::Hook> hooks;
        Destinations destinations;
        store::Changes changes;
    };
    void notice(Notice notice);
    Task<void> tell(Notice notice);
    void tell_held(const Notice& notice, Telling& telling);
    void tell_released(const Notice& notice, Telling& telling);
    void tell_parked(const Notice& notice, Telling& telling);
    void tell_no_thread(const Notice& notice, Telling& telling);
    void tell_stream(const Notice& notice, Telling& telling);
    void tell_form(const Notice& notice, Telling& telling);
    void tell_silence(const Notice& notice, Telling& telling);
    void tell_refusals(const Notice& notice, Telling& telling);
    /// A member takes no direct messages: what stands now goes to the channels of that member's hooks.
    void tell_in_channels(const Notice& notice, Telling& telling);
    void tell_creators(const Notice& notice, const std::vector<const store::Hook*>& hooks,
                       const std::string& text, Telling& telling);
    void tell_operator(const Notice& notice, const std::string& text, Telling& telling);
    void post(const dispatch::DestinationInfo& destination, const std::string& text, Telling& telling);
    bool post_in_channel(const store::Hook& hook, const std::string& text, Telling& telling);
    [[nodiscard]] std::string told(const std::string& key);
    [[nodiscard]] std::string held_text(const Notice& notice,
                                        const std::vector<const store::Hook*>& hooks) const;

    store::Store& store_;
    Clock& clock_;
    Log& log_;
    Settings settings_;
    std::deque<Notice> notices_;
    WakeSignal wake_;
};

}  // namespace hookline::pipeline
