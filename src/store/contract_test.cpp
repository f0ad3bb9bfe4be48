// What every implementation of the store must pass: written against the interface, opened by a factory.
#include "store/testing/store_fixture.hpp"

namespace hookline::store {

using dispatch::HoldReason;
using dispatch::Operation;
using std::chrono::hours;

class StoreContract : public StoreFixture {
protected:
    StoreContract() {
        open();
        set_up_hook();
    }
    [[nodiscard]] Counts counts() const {
        const auto found = store->counts();
        EXPECT_TRUE(found) << found.error().detail;
        return found.value_or(Counts());
    }
    [[nodiscard]] std::vector<std::int64_t> ids(EventQuery query) const {
        std::vector<std::int64_t> found;
        const auto events = store->events(std::move(query)).value();
        for (const StoredEvent& event : events) {
            found.push_back(event.id.value);
        }
        return found;
    }
    Outcome outcome(EventId event, OutcomeKind kind, MessageId message = MessageId()) {
        Outcome made;
        made.event = event;
        made.hook = HookId(1);
        made.kind = kind;
        made.reason = "because";
        made.message = message;
        made.at = clock.now();
        return made;
    }
    std::size_t sweep(Milliseconds age, std::size_t batch = 100) {
        const auto swept = run(store->sweep(clock.now() - age, batch));
        EXPECT_TRUE(swept) << swept.error().detail;
        return swept.value_or(0);
    }
};

// ---- Deliveries ----

TEST_F(StoreContract, ADeliveryIsAnUnprocessedEvent) {
    const EventId id = stored("a", R"({"x":"ü\u0000"})");
    const auto events = store->unprocessed(10).value();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].id, id);
    EXPECT_EQ(events[0].endpoint, EndpointId(1));
    EXPECT_EQ(events[0].made_with, HookId(1));
    EXPECT_EQ(events[0].event_type, "push");
    EXPECT_EQ(events[0].delivery_id, "a");
    EXPECT_EQ(events[0].payload, R"({"x":"ü\u0000"})");
    EXPECT_EQ(events[0].received_at, clock.now());
    EXPECT_FALSE(events[0].is_processed);
    EXPECT_FALSE(events[0].is_test);
}

TEST_F(StoreContract, TheSameDeliveryIsStoredOnce) {
    const EventId first = stored("a", "1");
    const auto again = append(delivery("a", "1"));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->id, first);
    EXPECT_TRUE(again->is_duplicate);
    EXPECT_FALSE(again->has_other_body);
    const auto other = append(delivery("a", "2"));
    EXPECT_EQ(other->id, first);
    EXPECT_TRUE(other->has_other_body);
    EXPECT_EQ(store->event(first).value()->payload, "1");
    EXPECT_EQ(counts().events, 1);
}

TEST_F(StoreContract, OtherEndpointsAndDeliveriesWithoutIdAreNoDuplicates) {
    stored("a");
    EXPECT_FALSE(append(delivery("a", "{}", EndpointId(2)))->is_duplicate);
    EXPECT_FALSE(append(delivery(""))->is_duplicate);
    EXPECT_FALSE(append(delivery(""))->is_duplicate);
    EXPECT_EQ(counts().events, 4);
}

TEST_F(StoreContract, SixtyFourThreadsWithOneDeliveryStoreItOnce) {
    std::atomic<int> firsts = 0;
    std::vector<std::thread> senders;
    for (int i = 0; i < 64; ++i) {
        senders.emplace_back([&] {
            for (int n = 0; n < 10; ++n) {
                const auto appended = append(delivery("same"));
                firsts += appended && !appended->is_duplicate ? 1 : 0;
            }
        });
    }
    for (std::thread& sender : senders) {
        sender.join();
    }
    EXPECT_EQ(firsts, 1);
    EXPECT_EQ(counts().events, 1);
}

TEST_F(StoreContract, ADuplicateIsKnownAfterARestart) {
    const EventId first = stored("a");
    open();
    EXPECT_EQ(append(delivery("a"))->id, first);
}

TEST_F(StoreContract, EventsAreReadInPages) {
    for (const char* id : {"a", "b", "c", "d"}) {
        stored(id, "payload");
    }
    auto other = delivery("e", "payload", EndpointId(7));
    other.event_type = "issues";
    other.service = event::Service::gitlab;
    ASSERT_TRUE(append(other));

    EventQuery query;
    EXPECT_EQ(ids(query), (std::vector<std::int64_t>{5, 4, 3, 2, 1}));
    query.hook = HookId(1);
    EXPECT_EQ(ids(query), (std::vector<std::int64_t>{4, 3, 2, 1}));
    query.limit = 2;
    query.before = EventId(4);
    EXPECT_EQ(ids(query), (std::vector<std::int64_t>{3, 2}));
    query = EventQuery();
    query.newest_first = false;
    query.after = EventId(3);
    EXPECT_EQ(ids(query), (std::vector<std::int64_t>{4, 5}));
    query.service = event::Service::gitlab;
    EXPECT_EQ(ids(query), (std::vector<std::int64_t>{5}));
    query.event_type = "push";
    EXPECT_TRUE(ids(query).empty());

    query = EventQuery();
    EXPECT_EQ(store->events(query).value().front().payload, "");
    query.with_payload = true;
    EXPECT_EQ(store->events(query).value().front().payload, "payload");
}

TEST_F(StoreContract, HealthCountsADay) {
    stored("old");
    clock.advance(hours(25));
    stored("new");
    const TimePoint newest = clock.now();
    clock.advance(hours(1));
    const auto health = store->health(EndpointId(1), clock.now()).value();
    EXPECT_EQ(health.deliveries_24h, 1);
    EXPECT_EQ(health.last_delivery, newest);
    EXPECT_FALSE(store->health(EndpointId(2), clock.now())->last_delivery);
}

// ---- Endpoints, hooks, destinations ----

TEST_F(StoreContract, KeepsAnEndpointWithBothSecrets) {
    Endpoint endpoint;
    endpoint.id = store->next_endpoint_id();
    endpoint.service = event::Service::gitlab;
    endpoint.made_with = HookId(12);
    endpoint.secret = Secret("new");
    endpoint.previous_secret = Secret("old");
    endpoint.previous_until = clock.now() + hours(24);
    endpoint.created_at = clock.now();
    endpoint.connected_at = clock.now();
    must_write({PutEndpoint{endpoint}});
    open();
    const auto found = store->endpoints().value().back();
    EXPECT_EQ(found.id, EndpointId(2));
    EXPECT_EQ(found.service, event::Service::gitlab);
    EXPECT_EQ(found.made_with, HookId(12));
    EXPECT_EQ(found.secret.reveal(), "new");
    EXPECT_EQ(found.previous_secret.reveal(), "old");
    EXPECT_EQ(found.previous_until, endpoint.previous_until);
    EXPECT_EQ(found.connected_at, endpoint.connected_at);

    endpoint.deleted_at = clock.now();
    must_write({PutEndpoint{endpoint}});
    EXPECT_EQ(store->endpoints().value().size(), 1U);
    EXPECT_EQ(store->endpoints(true).value().size(), 2U);
}

TEST_F(StoreContract, KeepsAHookAsItWasGiven) {
    Hook hook;
    hook.id = store->next_hook_id();
    hook.endpoint = EndpointId(1);
    hook.destination = DestinationId(1);
    hook.guild = "5";
    hook.command_channel = Snowflake(18446744073709551ULL);
    hook.user = Snowflake(99);
    hook.url = "https://example.com/\"x\"";
    hook.name = "Monitoring";
    hook.is_stream = true;
    hook.events = {"push", "pr.merged"};
    hook.repos = {"octo/*", "!octo/noisy"};
    hook.is_enabled = false;
    hook.is_paused = true;
    hook.style = message::Style::full;
    hook.setup_reply = MessageId(3);
    hook.created_at = clock.now();
    must_write({PutHook{hook}});
    open();
    const Hook found = store->hooks().value().back();
    EXPECT_EQ(found.id, HookId(2));
    EXPECT_EQ(found.guild, "5");
    EXPECT_EQ(found.command_channel, hook.command_channel);
    EXPECT_EQ(found.user, hook.user);
    EXPECT_EQ(found.url, hook.url);
    EXPECT_EQ(found.name, "Monitoring");
    EXPECT_TRUE(found.is_stream);
    EXPECT_EQ(found.events, hook.events);
    EXPECT_EQ(found.repos, hook.repos);
    EXPECT_FALSE(found.is_enabled);
    EXPECT_TRUE(found.is_paused);
    EXPECT_EQ(found.style, message::Style::full);
    EXPECT_EQ(found.setup_reply, MessageId(3));
    EXPECT_EQ(found.created_at, hook.created_at);

    hook.deleted_at = clock.now();
    must_write({PutHook{hook}});
    EXPECT_EQ(store->hooks().value().size(), 1U);
    EXPECT_EQ(store->hooks(true).value().back().deleted_at, hook.deleted_at);
}

TEST_F(StoreContract, ASetupReplyIsSetBesideWhatACommandChanged) {
    open();
    set_up_hook();
    Hook hook = store->hooks().value().front();
    hook.is_paused = true;
    must_write({PutHook{hook}, SetSetupReply{hook.id, MessageId(7)}});
    EXPECT_TRUE(store->hooks().value().front().is_paused);
    EXPECT_EQ(store->hooks().value().front().setup_reply, MessageId(7));
}

TEST_F(StoreContract, KeepsADestinationWithItsAddress) {
    dispatch::DestinationInfo destination;
    destination.id = store->next_destination_id();
    destination.kind = dispatch::DestinationKind::discord_webhook;
    destination.guild = Snowflake(1);
    destination.channel = Snowflake(2);
    destination.address = Secret("12/token");
    destination.resends_ambiguous = false;
    must_write({PutDestination{destination}});
    open();
    const auto found = store->outbox().destination(destination.id).value();
    EXPECT_EQ(found.kind, dispatch::DestinationKind::discord_webhook);
    EXPECT_EQ(found.channel, Snowflake(2));
    EXPECT_EQ(found.address.reveal(), "12/token");
    EXPECT_FALSE(found.resends_ambiguous);
    EXPECT_EQ(store->destinations().value().size(), 2U);
    EXPECT_EQ(store->outbox().destination(DestinationId(9)).error().detail, "there is no destination 9");
}

TEST_F(StoreContract, IdsNeverComeAgain) {
    EXPECT_EQ(store->next_hook_id(), HookId(2));
    const MessageId message = queue("one");
    const OutboxId entry = head()->id;
    record(entry, dispatch::Posted{});
    open();
    EXPECT_GT(store->next_outbox_id(), entry);
    EXPECT_GT(store->next_message_id(), message);
    EXPECT_EQ(store->next_endpoint_id(), EndpointId(2));
    EXPECT_EQ(store->next_destination_id(), DestinationId(2));
}

// ---- Writing ----

TEST_F(StoreContract, AListIsStoredAsAWholeOrNotAtAll) {
    const StoredMessage message = new_message();
    must_write({PutMessage{message}});
    const auto written = write({PutMeta{"key", "value"}, PutMessage{message}});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::conflict);
    EXPECT_FALSE(store->meta("key").value());
}

TEST_F(StoreContract, ARevisionThatIsNeededIsSeenOrNothingIsWritten) {
    const MessageId parked = queue("parked");
    record(head()->id, dispatch::Parked{"refused"});
    for (const MessageId id : {parked, MessageId(99)}) {
        const auto written = write(
            {PutMeta{"key", "value"}, Revise{id, body("new"), store->next_outbox_id(), clock.now(), true}});
        ASSERT_FALSE(written);
        EXPECT_EQ(written.error().code, Errc::conflict);
        EXPECT_FALSE(store->meta("key").value());
    }
    const MessageId waiting = queue("old");
    must_write({Revise{waiting, body("new"), store->next_outbox_id(), clock.now(), true}});
    EXPECT_EQ(head()->body.content, "new");
}

TEST_F(StoreContract, WhatIsWithdrawnUnsentIsNeverSeen) {
    const EventId event = stored("a");
    const MessageId lesser = queue("lesser", event);
    const MessageId better = queue("better");
    must_write({PutOutcome{outcome(event, OutcomeKind::sent, lesser)}, MarkProcessed{event}});
    must_write({Withdraw{lesser, better, "the better one tells it", store->next_outbox_id(), clock.now()}});
    EXPECT_EQ(message(lesser).state, MessageState::deleted);
    EXPECT_EQ(head()->body.content, "better");
    EXPECT_EQ(counts().waiting, 1);
    const Outcome told = store->outcomes(event).value().front();
    EXPECT_EQ(told.message, better);
    EXPECT_EQ(told.reason, "the better one tells it");
    revise(lesser, "late");
    EXPECT_EQ(counts().waiting, 1);
}

TEST_F(StoreContract, WhatIsWithdrawnLaterIsRemoved) {
    const MessageId lesser = queue("lesser");
    begin_attempt(head()->id);
    must_write({Withdraw{lesser, MessageId(9), "", store->next_outbox_id(), clock.now()}});
    EXPECT_EQ(head()->operation, Operation::create) << "it may have arrived";
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    EXPECT_EQ(head()->operation, Operation::remove);
    EXPECT_EQ(head()->discord_message, Snowflake(8));
    must_write({Withdraw{lesser, MessageId(9), "", store->next_outbox_id(), clock.now()}});
    record(head()->id, dispatch::Posted{});
    EXPECT_EQ(message(lesser).state, MessageState::deleted);
    EXPECT_FALSE(head()) << "once";
}

TEST_F(StoreContract, KeepsSmallFactsAndActs) {
    must_write({PutMeta{"session", "1"}, PutMeta{"session", "2"}});
    EXPECT_EQ(store->meta("session").value(), "2");
    EXPECT_EQ(store->meta("other").value(), std::nullopt);
    must_write({PutAct{Act{clock.now(), "member 1", "5", "github on", HookId(1)}},
                PutAct{Act{clock.now(), "member 2", "5", "github off", HookId(1)}},
                PutAct{Act{clock.now(), "administrator", "", "list", HookId()}}});
    const auto acts = store->acts("5", 10).value();
    ASSERT_EQ(acts.size(), 2U);
    EXPECT_EQ(acts[0].what, "github off");
    EXPECT_EQ(acts[1].who, "member 1");
}

TEST_F(StoreContract, AnEventHasOneOutcomeForEachHook) {
    const EventId event = stored("a");
    must_write({PutOutcome{outcome(event, OutcomeKind::filtered)}, MarkProcessed{event}});
    must_write({PutOutcome{outcome(event, OutcomeKind::sent)}});
    const auto outcomes = store->outcomes(event).value();
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_EQ(outcomes[0].kind, OutcomeKind::filtered);
    EXPECT_EQ(outcomes[0].reason, "because");
    EXPECT_EQ(outcomes[0].at, clock.now());
    EXPECT_TRUE(store->unprocessed(10).value().empty());
    EXPECT_TRUE(store->event(event).value()->is_processed);

    must_write({ForgetOutcome{event, HookId(1)}});
    EXPECT_TRUE(store->outcomes(event).value().empty());
    EXPECT_EQ(store->unprocessed(10).value().size(), 1U);
}

TEST_F(StoreContract, OutcomesOfAHookComeNewestFirst) {
    const EventId first = stored("a");
    const EventId second = stored("b");
    must_write(
        {PutOutcome{outcome(first, OutcomeKind::muted)}, PutOutcome{outcome(second, OutcomeKind::sent)}});
    const auto outcomes = store->outcomes_of(HookId(1), 10).value();
    ASSERT_EQ(outcomes.size(), 2U);
    EXPECT_EQ(outcomes[0].event, second);
    EXPECT_EQ(store->outcomes_of(HookId(1), 1).value().size(), 1U);
}

TEST_F(StoreContract, ChangedEndpointsAreToldBeforeTheWriteReturns) {
    int told = 0;
    store->on_new_endpoints([&] { ++told; });
    must_write({PutMeta{"key", "value"}});
    EXPECT_EQ(told, 0);
    must_write({PutEndpoint{store->endpoints().value().front()}});
    EXPECT_EQ(told, 1);
}

TEST_F(StoreContract, ChangedHooksAreTold) {
    int told = 0;
    store->on_changed_hooks([&] { ++told; });
    must_write({PutMeta{"key", "value"}});
    EXPECT_EQ(told, 0);
    must_write({PutHook{store->hooks().value().front()}});
    EXPECT_EQ(told, 1);
}

TEST_F(StoreContract, WakesTheCoreForEventsAndEntries) {
    int events = 0;
    int entries = 0;
    store->on_new_events([&] { ++events; });
    store->on_new_entries([&] { ++entries; });
    stored("a");
    must_write({});
    EXPECT_EQ(events, 1);
    EXPECT_EQ(entries, 0);
    append(delivery("a")).value();
    queue("one");
    EXPECT_EQ(events, 1);
    EXPECT_EQ(entries, 1);
}

TEST_F(StoreContract, SaysWhetherItCanBeWritten) {
    EXPECT_TRUE(run(store->check_writable()));
    store->close();
    EXPECT_TRUE(run(store->check_writable()));  // known for a second
    clock.advance(std::chrono::seconds(1));
    const auto writable = run(store->check_writable());
    ASSERT_FALSE(writable);
    EXPECT_EQ(writable.error().detail, "the store is closed");
    EXPECT_EQ(append(delivery("a")).error().code, Errc::unavailable);
}

// ---- The outbox ----

TEST_F(StoreContract, EntriesLeaveInTheOrderOfTheirIds) {
    const MessageId first = queue("one");
    const MessageId second = queue("two");
    EXPECT_EQ(store->outbox().destinations_with_work().value(), std::vector{DestinationId(1)});
    const auto entry = head();
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->message, first);
    EXPECT_EQ(entry->operation, Operation::create);
    EXPECT_EQ(entry->body.content, "one");
    EXPECT_EQ(entry->attempts, 0);
    EXPECT_EQ(entry->not_before, clock.now());

    record(entry->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    EXPECT_EQ(head()->message, second);
    EXPECT_EQ(message(first).state, MessageState::sent);
    EXPECT_EQ(message(first).discord_channel, Snowflake(7));
    EXPECT_EQ(message(first).discord_message, Snowflake(8));
    EXPECT_EQ(message(first).sent_at, clock.now());
    record(head()->id, dispatch::Posted{});
    EXPECT_FALSE(head());
    EXPECT_TRUE(store->outbox().destinations_with_work().value().empty());
}

TEST_F(StoreContract, AnAttemptIsKnownAfterACrash) {
    queue("one");
    begin_attempt(head()->id);
    const TimePoint first = clock.now();
    clock.advance(hours(1));
    begin_attempt(head()->id);
    open();
    EXPECT_EQ(head()->attempts, 2);
    EXPECT_EQ(head()->first_attempt_at, first);
    const auto missing = run(store->outbox().begin_attempt(OutboxId(99), clock.now(), true));
    EXPECT_EQ(missing.error().detail, "there is no outbox entry 99");
}

TEST_F(StoreContract, ARetryKeepsItsPlace) {
    const MessageId first = queue("one");
    queue("two");
    record(head()->id, dispatch::RetryAt{clock.now() + hours(1), "503"});
    EXPECT_EQ(head()->message, first);
    EXPECT_EQ(head()->not_before, clock.now() + hours(1));
    EXPECT_EQ(head()->last_error, "503");
}

TEST_F(StoreContract, AFallbackIsTriedAgainAtOnce) {
    queue("one");
    record(head()->id, dispatch::Fallback{"400 Invalid Form Body"});
    EXPECT_TRUE(head()->is_fallback);
    EXPECT_EQ(head()->body.content, "one");
    EXPECT_EQ(head()->last_error, "400 Invalid Form Body");
}

TEST_F(StoreContract, WhatIsParkedIsKeptAndSkipped) {
    const EventId event = stored("a");
    const MessageId bad = queue("bad", event);
    const MessageId good = queue("good");
    must_write({PutOutcome{outcome(event, OutcomeKind::sent, bad)}, MarkProcessed{event}});
    record(head()->id, dispatch::Parked{"400 refused twice"});
    EXPECT_EQ(head()->message, good);
    EXPECT_EQ(message(bad).state, MessageState::parked);
    EXPECT_EQ(message(bad).error, "400 refused twice");
    const Outcome found = store->outcomes(event).value().at(0);
    EXPECT_EQ(found.kind, OutcomeKind::parked);
    EXPECT_EQ(found.reason, "400 refused twice");
    ASSERT_EQ(store->parked(10).value().size(), 1U);
    EXPECT_EQ(store->parked(10).value()[0].id, bad);
    EXPECT_EQ(counts().parked, 1);
    EXPECT_EQ(counts().waiting, 1);
}

TEST_F(StoreContract, EditsOfAMessageThatNeverCameGoWithIt) {
    const MessageId bad = queue("bad");
    begin_attempt(head()->id);
    revise(bad, "newer");
    record(head()->id, dispatch::Parked{"refused"});
    EXPECT_FALSE(head());
    EXPECT_EQ(counts().parked, 1);
    EXPECT_EQ(message(bad).revision, 1);
}

TEST_F(StoreContract, AParkedEditLeavesTheMessageAsItIs) {
    const MessageId id = queue("one");
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    revise(id, "two");
    record(head()->id, dispatch::Parked{"refused"});
    EXPECT_EQ(message(id).state, MessageState::sent);
    EXPECT_EQ(message(id).error, "refused");
    EXPECT_EQ(counts().parked, 1);
}

TEST_F(StoreContract, AHeldDestinationKeepsItsBacklog) {
    queue("one");
    const TimePoint since = clock.now();
    record(head()->id, dispatch::Held{HoldReason::missing_permission, "50013"});
    clock.advance(hours(1));
    record(head()->id, dispatch::Held{HoldReason::missing_access, "50001"});
    auto destination = store->outbox().destination(DestinationId(1)).value();
    EXPECT_EQ(destination.held, HoldReason::missing_access);
    EXPECT_EQ(destination.held_detail, "50001");
    EXPECT_EQ(destination.held_since, since);
    EXPECT_EQ(counts().held_destinations, 1);
    EXPECT_EQ(head()->last_error, "50001");

    EXPECT_TRUE(run(store->outbox().hold(DestinationId(1), HoldReason::none, "", clock.now())));
    destination = store->outbox().destination(DestinationId(1)).value();
    EXPECT_EQ(destination.held, HoldReason::none);
    EXPECT_EQ(counts().held_destinations, 0);
    const auto missing = run(store->outbox().hold(DestinationId(9), HoldReason::paused, "", clock.now()));
    EXPECT_EQ(missing.error().detail, "there is no destination 9");
}

TEST_F(StoreContract, NewContentChangesACreateThatNobodyTried) {
    const StoredMessage queued = new_message();
    auto entry = entry_for(queued.id, "one");
    entry.not_before = clock.now() + hours(1);
    must_write({PutMessage{queued}, Enqueue{entry}});
    revise(queued.id, "two");
    EXPECT_EQ(head()->id, entry.id);
    EXPECT_EQ(head()->operation, Operation::create);
    EXPECT_EQ(head()->body.content, "two");
    EXPECT_EQ(head()->revision, 1);
    EXPECT_EQ(head()->not_before, clock.now());
    EXPECT_EQ(message(queued.id).revision, 1);
    EXPECT_EQ(counts().waiting, 1);
}

TEST_F(StoreContract, NewContentFollowsACreateUnderWayAsAnEdit) {
    const MessageId id = queue("one");
    begin_attempt(head()->id);
    revise(id, "two");
    revise(id, "three");
    EXPECT_EQ(head()->body.content, "one");
    EXPECT_EQ(counts().waiting, 2);
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    EXPECT_EQ(head()->operation, Operation::edit);
    EXPECT_EQ(head()->body.content, "three");
    EXPECT_EQ(head()->revision, 2);
    EXPECT_EQ(head()->discord_channel, Snowflake(7));
    EXPECT_EQ(head()->discord_message, Snowflake(8));
}

TEST_F(StoreContract, NewContentNeverReplacesAnEditUnderWay) {
    const MessageId id = queue("one");
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    revise(id, "two");
    begin_attempt(head()->id);
    revise(id, "three");
    EXPECT_EQ(head()->body.content, "two");
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    EXPECT_EQ(head()->body.content, "three");
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    EXPECT_FALSE(head());
}

TEST_F(StoreContract, AnEditThatFoundNothingToEditEndsTheMessage) {
    const MessageId id = queue("one");
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    revise(id, "two");
    record(head()->id, dispatch::Posted{});
    EXPECT_EQ(message(id).state, MessageState::deleted);
    revise(id, "three");
    EXPECT_FALSE(head());
}

// ---- Threads ----

TEST_F(StoreContract, WhatBelongsIntoAThreadGoesThereOnceItIsKnown) {
    const MessageId card = queue("card");
    must_write({Enqueue{entry_for(card, "", Operation::create_thread)}});
    const MessageId reply = queue_in_thread_of(card, "reply");
    EXPECT_EQ(message(reply).thread_of, card);
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    revise(card, "card, newer");
    ASSERT_EQ(head()->operation, Operation::create_thread) << "the new content did not go into it";
    EXPECT_EQ(head()->discord_channel, Snowflake(7));
    EXPECT_EQ(head()->discord_message, Snowflake(8));
    EXPECT_FALSE(head()->discord_thread);
    record(head()->id, dispatch::Posted{Snowflake(9), Snowflake()});
    EXPECT_EQ(message(card).discord_thread, Snowflake(9));
    EXPECT_EQ(message(card).discord_message, Snowflake(8));
    EXPECT_EQ(message(card).state, MessageState::sent);

    EXPECT_EQ(head()->message, reply);
    EXPECT_EQ(head()->discord_channel, Snowflake(9));
    record(head()->id, dispatch::Posted{Snowflake(9), Snowflake(10)});
    EXPECT_EQ(head()->operation, Operation::edit) << "of the card";
    EXPECT_EQ(head()->discord_channel, Snowflake(7));
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    revise(reply, "reply, newer");
    EXPECT_EQ(head()->discord_channel, Snowflake(9));
    EXPECT_EQ(head()->discord_message, Snowflake(10));
    record(head()->id, dispatch::Posted{Snowflake(9), Snowflake(10)});

    must_write({Enqueue{entry_for(card, "", Operation::close_thread)}});
    EXPECT_EQ(head()->discord_thread, Snowflake(9));
    record(head()->id, dispatch::Posted{Snowflake(9), Snowflake()});
    EXPECT_FALSE(head());
    EXPECT_EQ(message(card).state, MessageState::sent);
    EXPECT_EQ(message(card).discord_channel, Snowflake(7));
}

TEST_F(StoreContract, WithoutACardWhatFollowsGoesToTheChannelItself) {
    const MessageId parked = queue("parked");
    must_write({Enqueue{entry_for(parked, "", Operation::create_thread)}});
    queue_in_thread_of(parked, "one");
    record(head()->id, dispatch::Parked{"refused"});
    EXPECT_EQ(head()->body.content, "one") << "there is no thread to be made";
    EXPECT_FALSE(head()->discord_channel);
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});

    const MessageId deleted = queue("deleted");
    must_write({Enqueue{entry_for(deleted, "", Operation::create_thread)}});
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    record(head()->id, dispatch::Posted{Snowflake(9), Snowflake()});
    revise(deleted, "newer");
    record(head()->id, dispatch::Posted{});
    ASSERT_EQ(message(deleted).state, MessageState::deleted);
    queue_in_thread_of(deleted, "two");
    EXPECT_FALSE(head()->discord_channel);
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});

    queue_in_thread_of(MessageId(999), "three");
    EXPECT_EQ(head()->body.content, "three");
    EXPECT_FALSE(head()->discord_channel);
}

TEST_F(StoreContract, AThreadThatCouldNotBeOpenedIsNotedAndHoldsNothing) {
    const MessageId card = queue("card");
    must_write({Enqueue{entry_for(card, "", Operation::create_thread)}});
    queue_in_thread_of(card, "reply");
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    record(head()->id, dispatch::Dropped{"403 Missing Permissions (50013)", true});
    EXPECT_EQ(message(card).state, MessageState::sent);
    EXPECT_EQ(message(card).error, "403 Missing Permissions (50013)");
    EXPECT_EQ(counts().parked, 0);
    EXPECT_EQ(head()->body.content, "reply");
    EXPECT_FALSE(head()->discord_channel);
}

TEST_F(StoreContract, AForumsPostIsTheThreadOfItsFirstMessage) {
    const MessageId card = queue("card");
    EXPECT_TRUE(head()->thread_tags.empty());
    record(head()->id, dispatch::Posted{Snowflake(9), Snowflake(9)});
    EXPECT_EQ(message(card).discord_thread, Snowflake(9));
    queue_in_thread_of(card, "reply");
    EXPECT_EQ(head()->discord_channel, Snowflake(9));
    record(head()->id, dispatch::Posted{Snowflake(9), Snowflake(10)});

    const StoredMessage other = new_message();
    auto entry = entry_for(other.id, "other");
    entry.thread_name = "#45 A title";
    entry.thread_tags = {"pull request", "open"};
    must_write({PutMessage{other}, Enqueue{entry}});
    EXPECT_EQ(head()->thread_name, "#45 A title");
    EXPECT_EQ(head()->thread_tags, entry.thread_tags);
}

TEST_F(StoreContract, ACardThatIsGoneIsPostedAnewInItsPlace) {
    StoredMessage card = new_message();
    card.card_key = "7/pr 45";
    must_write({PutMessage{card}, Enqueue{entry_for(card.id, "one")}});
    EXPECT_TRUE(head()->is_card);
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    must_write({Enqueue{entry_for(card.id, "", Operation::create_thread)}});
    record(head()->id, dispatch::Posted{Snowflake(8), Snowflake()});
    revise(card.id, "two");
    const OutboxId edit = head()->id;
    const MessageId other = queue("other");
    begin_attempt(edit);
    record(edit, dispatch::Replace{true, "404 Unknown Message (10008)"});

    EXPECT_EQ(head()->id, edit) << "it keeps its place";
    EXPECT_EQ(head()->operation, Operation::create);
    EXPECT_EQ(head()->body.content, "two");
    EXPECT_EQ(head()->attempts, 0);
    EXPECT_FALSE(head()->first_attempt_at);
    EXPECT_EQ(head()->last_error, "");
    EXPECT_EQ(head()->replaced, 1);
    revise(card.id, "three");
    EXPECT_EQ(head()->body.content, "three") << "nobody tried it yet";
    begin_attempt(edit);
    record(edit, dispatch::Posted{Snowflake(7), Snowflake(10)});
    EXPECT_EQ(head()->message, other);
    EXPECT_EQ(message(card.id).discord_message, Snowflake(10));
    EXPECT_EQ(message(card.id).discord_thread, Snowflake(8)) << "what follows goes on where it was";
    EXPECT_EQ(message(card.id).state, MessageState::sent);
    EXPECT_EQ(message(card.id).replaced, 1);

    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(11)});
    revise(card.id, "four");
    record(head()->id, dispatch::Replace{false, "429 too old (30046)"});
    EXPECT_EQ(message(card.id).replaced, 1) << "nobody deleted it";
    EXPECT_EQ(head()->operation, Operation::create);
}

TEST_F(StoreContract, ARemovedMessageTakesNoMoreContent) {
    const MessageId id = queue("one");
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    must_write({Enqueue{entry_for(id, "", Operation::remove)}});
    revise(id, "two");
    EXPECT_EQ(head()->operation, Operation::remove);
    EXPECT_EQ(head()->discord_message, Snowflake(8));
    record(head()->id, dispatch::Posted{});
    EXPECT_EQ(message(id).state, MessageState::deleted);
    revise(id, "three");
    EXPECT_FALSE(head());
    const auto missing = write({Revise{MessageId(99), body("x"), store->next_outbox_id(), clock.now()}});
    EXPECT_EQ(missing.error().detail, "there is no message 99");
}

TEST_F(StoreContract, KnowsTheNewestTimestampOfADestination) {
    EXPECT_FALSE(store->last_timestamp(DestinationId(1)).value());
    const auto queue_at = [this](TimePoint time) {
        const StoredMessage queued = new_message();
        auto entry = entry_for(queued.id, "");
        entry.body.embeds.emplace_back();
        entry.body.embeds[0].timestamp = time;
        must_write({PutMessage{queued}, Enqueue{entry}});
    };
    const TimePoint newest = clock.now() + Milliseconds(5);
    queue_at(newest);
    queue_at(clock.now());
    EXPECT_EQ(store->last_timestamp(DestinationId(1)).value(), newest);
}

TEST_F(StoreContract, ADestinationKnowsWhenSomethingWasSentThereLast) {
    queue("one");
    EXPECT_FALSE(store->outbox().destination(DestinationId(1))->last_attempt_at);
    begin_attempt(head()->id);
    EXPECT_EQ(store->outbox().destination(DestinationId(1))->last_attempt_at, clock.now());
    must_write({PutDestination{store->outbox().destination(DestinationId(1)).value()}});
    EXPECT_EQ(store->outbox().destination(DestinationId(1))->last_attempt_at, clock.now());
}

TEST_F(StoreContract, WhatIsRevisedBeforeItIsSeenWakesTheSameAndIsAsSilent) {
    const StoredMessage card = new_message();
    auto entry = entry_for(card.id, "<@&77>");
    entry.body.allowed_mentions.roles = {Snowflake(77)};
    entry.body.is_silent = true;
    must_write({PutMessage{card}, Enqueue{entry}});
    revise(card.id, "two");
    revise(card.id, "three");
    EXPECT_EQ(head()->body.content, "<@&77>\nthree");
    EXPECT_EQ(head()->body.allowed_mentions.roles, entry.body.allowed_mentions.roles);
    EXPECT_TRUE(head()->body.is_silent);
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    revise(card.id, "four");
    EXPECT_EQ(head()->body.content, "four") << "an edit wakes nobody";
}

TEST_F(StoreContract, MessagesAreReadInPages) {
    const MessageId first = queue("one");
    const MessageId second = queue("two");
    EXPECT_EQ(store->messages(MessageId(), 10).value().size(), 2U);
    ASSERT_EQ(store->messages(first, 10).value().size(), 1U);
    EXPECT_EQ(store->messages(first, 10).value()[0].id, second);
    EXPECT_FALSE(store->message(MessageId(99)).value());
}

// ---- Shared sends ----

class SharedSends : public StoreContract {
protected:
    /// Messages of embeds only, with an outcome each.
    void queue_embeds(int count) {
        for (int i = 0; i < count; ++i) {
            const EventId event = stored("shared-" + std::to_string(messages.size()));
            StoredMessage made = new_message(event);
            messages.push_back(made.id);
            events.push_back(event);
            must_write({PutMessage{made}, Enqueue{embed_entry(made.id)},
                        PutOutcome{outcome(event, OutcomeKind::sent, made.id)}, MarkProcessed{event}});
        }
    }
    [[nodiscard]] dispatch::Entry embed_entry(MessageId id) {
        dispatch::Entry entry = entry_for(id, "");
        entry.body.embeds.emplace_back();
        entry.body.embeds.back().title = std::to_string(id.value);
        return entry;
    }
    [[nodiscard]] std::vector<std::string> titles() const {
        std::vector<std::string> found;
        const auto entry = head();
        for (const message::Embed& embed : entry->body.embeds) {
            found.push_back(embed.title);
        }
        return found;
    }
    std::vector<MessageId> messages;
    std::vector<EventId> events;
};

TEST_F(SharedSends, AreOneEntryFromTheFirstAttemptOnAlsoAfterACrash) {
    queue_embeds(12);
    const OutboxId first = head()->id;
    begin_attempt(first, true);
    open();
    EXPECT_EQ(head()->id, first);
    EXPECT_EQ(head()->attempts, 1);
    EXPECT_EQ(titles(), (std::vector<std::string>{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}));
    EXPECT_EQ(counts().waiting, 3);
    EXPECT_EQ(message(messages[0]).joined, messages[0]);
    EXPECT_EQ(message(messages[9]).joined, messages[0]);
    EXPECT_FALSE(message(messages[10]).joined);
    begin_attempt(first, true);
    EXPECT_EQ(head()->body.embeds.size(), 10U) << "a second attempt sends what the first one did";
    EXPECT_EQ(counts().waiting, 3);
}

TEST_F(SharedSends, AreNeitherTakenOverNorWithdrawn) {
    queue_embeds(6);
    begin_attempt(head()->id, true);
    const auto needed = write({PutMeta{"key", "value"}, Revise{messages[1], body("other"),
                                                               store->next_outbox_id(), clock.now(), true}});
    ASSERT_FALSE(needed);
    EXPECT_EQ(needed.error().code, Errc::conflict);
    EXPECT_FALSE(store->meta("key").value()) << "nothing of the list is written";
    must_write({Withdraw{messages[1], messages[0], "", store->next_outbox_id(), clock.now()}});
    EXPECT_EQ(head()->body.embeds.size(), 6U);
    EXPECT_EQ(counts().waiting, 1);
}

TEST_F(SharedSends, IdsOfWhatJoinedNeverComeAgain) {
    queue_embeds(6);
    begin_attempt(head()->id, true);
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    open();
    EXPECT_EQ(store->next_outbox_id(), OutboxId(7));
}

TEST_F(SharedSends, ArePostedAllTogether) {
    queue_embeds(11);
    begin_attempt(head()->id, true);
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    for (std::size_t i = 0; i < 10; ++i) {
        EXPECT_EQ(message(messages[i]).state, MessageState::sent);
        EXPECT_EQ(message(messages[i]).discord_channel, Snowflake(7));
        EXPECT_EQ(message(messages[i]).discord_message, Snowflake(8));
        EXPECT_EQ(message(messages[i]).sent_at, clock.now());
    }
    EXPECT_EQ(message(messages[10]).state, MessageState::waiting);
    EXPECT_EQ(head()->message, messages[10]);
}

TEST_F(SharedSends, AreParkedAllTogetherWithTheirOutcomes) {
    queue_embeds(11);
    begin_attempt(head()->id, true);
    record(head()->id, dispatch::Fallback{"400"});
    EXPECT_EQ(head()->body.embeds.size(), 10U);
    begin_attempt(head()->id, true);
    record(head()->id, dispatch::Parked{"400 refused twice"});
    for (std::size_t i = 0; i < 10; ++i) {
        EXPECT_EQ(message(messages[i]).state, MessageState::parked);
        EXPECT_EQ(message(messages[i]).error, "400 refused twice");
        EXPECT_EQ(store->outcomes(events[i]).value().at(0).kind, OutcomeKind::parked);
    }
    EXPECT_EQ(store->outcomes(events[10]).value().at(0).kind, OutcomeKind::sent);
    EXPECT_EQ(head()->message, messages[10]);
}

TEST_F(SharedSends, TakeNoNewContent) {
    queue_embeds(6);
    begin_attempt(head()->id, true);
    revise(messages[0], "other");
    revise(messages[3], "other");
    EXPECT_EQ(counts().waiting, 1);
    EXPECT_EQ(head()->body.embeds.size(), 6U);
    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    revise(messages[3], "other");
    EXPECT_FALSE(head());
}

TEST_F(SharedSends, HoldWhatIsNewestWhenTheAttemptBegins) {
    queue_embeds(7);
    const dispatch::Entry newer = embed_entry(MessageId(999));
    must_write({Revise{messages[1], newer.body, store->next_outbox_id(), clock.now()}});
    revise(messages[3], "content");
    begin_attempt(head()->id, true);
    EXPECT_EQ(titles(), (std::vector<std::string>{"1", "999", "3"})) << "content stands alone";
}

TEST_F(SharedSends, LeaveAloneWhatIsChangedLater) {
    queue_embeds(2);
    StoredMessage reply = new_message();
    StoredMessage card = new_message(events[0]);
    card.card_key = "pr 45";
    must_write({PutMessage{reply}, Enqueue{embed_entry(reply.id)}});
    queue_embeds(2);
    must_write({PutMessage{card}, Enqueue{embed_entry(card.id)}});
    queue_embeds(6);
    std::vector<std::size_t> sizes;
    while (head()) {
        begin_attempt(head()->id, true);
        sizes.push_back(head()->body.embeds.size());
        record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    }
    EXPECT_EQ(sizes, (std::vector<std::size_t>{2, 1, 2, 1, 6}));
}

TEST_F(SharedSends, AreNotForThoseThatMayNot) {
    queue_embeds(12);
    begin_attempt(head()->id, false);
    EXPECT_EQ(head()->body.embeds.size(), 1U);
    EXPECT_FALSE(message(messages[0]).joined);
}

TEST_F(SharedSends, BacklogIsCountedToABound) {
    queue_embeds(7);
    EXPECT_EQ(store->outbox().backlog(DestinationId(1), 100).value(), 7U);
    EXPECT_EQ(store->outbox().backlog(DestinationId(1), 5).value(), 5U);
    EXPECT_EQ(store->outbox().backlog(DestinationId(2), 5).value(), 0U);
    record(head()->id, dispatch::Parked{"refused"});
    EXPECT_EQ(store->outbox().backlog(DestinationId(1), 100).value(), 6U);
}

// ---- Retention ----

TEST_F(StoreContract, KeepsRulesInTheirOrderUntilTheyAreDropped) {
    open();
    set_up_hook();
    Rule filter{store->next_rule_id(), HookId(1), RuleKind::filter, "branch=main", "", "", clock.now()};
    Rule alert{store->next_rule_id(),
               HookId(1),
               RuleKind::alert,
               "pr.reviews >= 2",
               "ready",
               "resolved",
               clock.now()};
    must_write({PutRule{filter}, PutRule{alert},
                PutAlertState{AlertState{alert.id, "pr 45", true, "broken", EventId(3), clock.now()}}});
    open();
    ASSERT_EQ(store->knowledge().rules().value().size(), 2U);
    const Rule found = store->knowledge().rules().value().back();
    EXPECT_EQ(found.id, alert.id);
    EXPECT_EQ(found.kind, RuleKind::alert);
    EXPECT_EQ(found.source, "pr.reviews >= 2");
    EXPECT_EQ(found.text, "ready");
    EXPECT_EQ(found.options, "resolved");
    EXPECT_EQ(found.created_at, alert.created_at);
    const auto state = store->knowledge().alert_state(alert.id, "pr 45").value();
    ASSERT_TRUE(state);
    EXPECT_TRUE(state->is_true);
    EXPECT_EQ(state->value, "broken");
    EXPECT_EQ(state->event, EventId(3));
    EXPECT_GT(store->next_rule_id(), alert.id);

    must_write({DropRule{alert.id}});
    EXPECT_EQ(store->knowledge().rules().value().size(), 1U);
    EXPECT_FALSE(store->knowledge().alert_state(alert.id, "pr 45").value());
}

TEST_F(StoreContract, RulesOfADeletedHookAreNotRead) {
    open();
    set_up_hook();
    must_write({PutRule{Rule{RuleId(1), HookId(1), RuleKind::filter, "branch=main", "", "", clock.now()}},
                PutTemplate{Template{HookId(1), "push", "{{ repo }}"}}});
    Hook hook = store->hooks().value().front();
    hook.deleted_at = clock.now();
    must_write({PutHook{hook}});
    EXPECT_TRUE(store->knowledge().rules().value().empty());
    EXPECT_TRUE(store->knowledge().templates().value().empty());
}

TEST_F(StoreContract, ATemplateOfAnEventReplacesTheOneBefore) {
    open();
    set_up_hook();
    must_write({PutTemplate{Template{HookId(1), "push", "one"}},
                PutTemplate{Template{HookId(1), "push", "two"}},
                PutTemplate{Template{HookId(1), "", "all"}}});
    const auto templates = store->knowledge().templates().value();
    ASSERT_EQ(templates.size(), 2U);
    EXPECT_EQ(templates[0].event, "");
    EXPECT_EQ(templates[1].source, "two");
    must_write({DropTemplate{HookId(1), "push"}});
    EXPECT_EQ(store->knowledge().templates().value().size(), 1U);
}

TEST_F(StoreContract, EntitiesAreTheirEndpointsAlone) {
    open();
    const EntityKey key{EndpointId(1), 7, "pr", "45"};
    must_write({PutEntity{key, R"({"approvals":1})", clock.now()}});
    must_write({PutEntity{key, R"({"approvals":2})", clock.now()}});
    EXPECT_EQ(store->knowledge().entity(key).value(), R"({"approvals":2})");
    EXPECT_EQ(store->knowledge().entity({EndpointId(2), 7, "pr", "45"}).value(), std::nullopt);
    EXPECT_EQ(store->knowledge().entity({EndpointId(1), 7, "pr", "46"}).value(), std::nullopt);
}

TEST_F(StoreContract, EntitiesOutliveTheirEventsByMonths) {
    open();
    const EntityKey key{EndpointId(1), 7, "pr", "45"};
    must_write({PutEntity{key, "{}", clock.now()}});
    EXPECT_EQ(run(store->sweep(clock.now() + std::chrono::hours(1), 100)).value(), 0U);
    EXPECT_TRUE(store->knowledge().entity(key).value());
    EXPECT_EQ(run(store->sweep(clock.now() + std::chrono::days(151), 100)).value(), 1U);
    EXPECT_FALSE(store->knowledge().entity(key).value());
}

TEST_F(StoreContract, ATimerIsMovedByPuttingItAgain) {
    open();
    const TimePoint noon = clock.now();
    must_write({PutTimer{{"window", "1", noon + std::chrono::minutes(5)}},
                PutTimer{{"alert", "2", noon + std::chrono::minutes(1)}}});
    EXPECT_EQ(store->knowledge().next_due().value(), noon + std::chrono::minutes(1));
    must_write({PutTimer{{"alert", "2", noon + std::chrono::minutes(9)}}});
    EXPECT_EQ(store->knowledge().next_due().value(), noon + std::chrono::minutes(5));
    const auto due = store->knowledge().due_timers(noon + std::chrono::minutes(5), 10).value();
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0].kind, "window");
    EXPECT_EQ(due[0].what, "1");
    must_write({DropTimer{"window", "1"}, DropTimer{"alert", "2"}});
    EXPECT_EQ(store->knowledge().next_due().value(), std::nullopt);
}

TEST_F(StoreContract, CountsTheEventsOfAHookByTheirNames) {
    open();
    set_up_hook();
    const TimePoint noon = clock.now();
    const auto had = [&](std::int64_t event, const std::string& name, std::chrono::minutes ago) {
        Outcome outcome;
        outcome.event = EventId(event);
        outcome.hook = HookId(1);
        outcome.event_name = name;
        outcome.at = noon - ago;
        must_write({PutOutcome{outcome}});
    };
    using std::chrono::minutes;
    had(1, "container.stopped", minutes(20));
    had(2, "container.stopped", minutes(9));
    had(3, "container.started", minutes(8));
    had(4, "containers", minutes(1));
    auto& knowledge = store->knowledge();
    EXPECT_EQ(knowledge.count_events(HookId(1), "container.stopped", noon - minutes(10)).value(), 1);
    EXPECT_EQ(knowledge.count_events(HookId(1), "container", noon - minutes(10)).value(), 2);
    EXPECT_EQ(knowledge.count_events(HookId(1), "container", noon - minutes(30)).value(), 3);
    EXPECT_EQ(knowledge.count_events(HookId(2), "container", noon - minutes(30)).value(), 0);
    EXPECT_EQ(store->outcomes_of(HookId(1), 1).value().front().event_name, "containers");
}

TEST_F(StoreContract, SweepsWhatIsOldAndDone) {
    for (int i = 0; i < 5; ++i) {
        const EventId event = stored(std::to_string(i));
        const MessageId id = queue("message", event);
        must_write({PutOutcome{outcome(event, OutcomeKind::sent, id)}, MarkProcessed{event}});
        record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    }
    clock.advance(hours(48));
    const EventId fresh = stored("fresh");
    must_write({MarkProcessed{fresh}});

    EXPECT_EQ(sweep(hours(24), 2), 2U);
    EXPECT_EQ(counts().events, 4);
    EXPECT_TRUE(store->outcomes(EventId(1)).value().empty());
    std::size_t calls = 1;
    while (sweep(hours(24), 2) > 0) {
        ASSERT_LT(++calls, 20U);
    }
    EXPECT_EQ(counts().events, 1);
    EXPECT_TRUE(store->event(fresh).value());
    EXPECT_EQ(store->messages(MessageId(), 10).value().size(), 1U);  // ids are counted from the newest
    EXPECT_FALSE(append(delivery("0"))->is_duplicate);
    EXPECT_TRUE(append(delivery("fresh"))->is_duplicate);
}

TEST_F(StoreContract, SweepsWhatIsShortLivedByAgeAndNumber) {
    const auto put = [&](std::string_view kind, int number) {
        return PutEntity{EntityKey{EndpointId(1), 7, std::string(kind), std::to_string(number)}, "{}",
                         clock.now()};
    };
    const auto is_known = [&](std::string_view kind, int number) {
        const EntityKey key{EndpointId(1), 7, std::string(kind), std::to_string(number)};
        return store->knowledge().entity(key).value().has_value();
    };
    must_write({put("told", 1), put("pr", 1)});
    clock.advance(hours(48));
    must_write({put("told", 2)});
    clock.advance(hours(1));
    EXPECT_EQ(sweep(hours(24)), 1U);
    EXPECT_FALSE(is_known("told", 1));
    EXPECT_TRUE(is_known("told", 2));
    EXPECT_TRUE(is_known("pr", 1)) << "what is known of a thing stays longer";
    Changes many;
    for (int number = 0; number < 20'000; ++number) {
        many.emplace_back(put("told", 100 + number));
    }
    must_write(std::move(many));
    EXPECT_EQ(sweep(hours(24)), 1U);
    EXPECT_FALSE(is_known("told", 2)) << "the oldest goes";
    EXPECT_TRUE(is_known("told", 100));
}

TEST_F(StoreContract, SweepsNothingThatIsStillNeeded) {
    const EventId unprocessed = stored("unprocessed");
    const EventId with_parked = stored("parked");
    const MessageId parked = queue("parked", with_parked);
    record(head()->id, dispatch::Parked{"refused"});
    const EventId with_waiting = stored("waiting");
    const MessageId waiting = queue("waiting", with_waiting);
    must_write({PutOutcome{outcome(with_parked, OutcomeKind::parked, parked)}, MarkProcessed{with_parked},
                PutOutcome{outcome(with_waiting, OutcomeKind::sent, waiting)}, MarkProcessed{with_waiting}});
    const EventId newest = stored("newest");
    must_write({MarkProcessed{newest}});
    clock.advance(hours(1000));
    EXPECT_EQ(sweep(hours(24)), 0U);
    EXPECT_TRUE(store->event(unprocessed).value());
    EXPECT_TRUE(store->event(with_parked).value());
    EXPECT_TRUE(store->event(with_waiting).value());

    record(head()->id, dispatch::Posted{Snowflake(7), Snowflake(8)});
    must_write({MarkProcessed{unprocessed}});
    EXPECT_EQ(sweep(hours(24)), 2U);  // both are free to go now
    EXPECT_FALSE(store->event(unprocessed).value());
    EXPECT_FALSE(store->event(with_waiting).value());
}

}  // namespace hookline::store
