#include "store/sqlite/changes.hpp"

#include "message/json.hpp"
#include "store/sqlite/deliveries.hpp"
#include "store/sqlite/hooks.hpp"
#include "store/sqlite/messages.hpp"
#include "store/sqlite/outbox_rows.hpp"
#include "store/sqlite/rules.hpp"

namespace hookline::store {

namespace {

std::optional<TimePoint> newest_timestamp(const message::Message& body) {
    std::optional<TimePoint> newest;
    for (const message::Embed& embed : body.embeds) {
        if (embed.timestamp && (!newest || *embed.timestamp > *newest)) {
            newest = embed.timestamp;
        }
    }
    return newest;
}

class Preparing {
public:
    Preparing(const Sealer& sealer, Random& random) : sealer_(sealer), random_(random) {}

    void operator()(PreparedChange& out, const PutEndpoint& put) const {
        const std::string context = seal_context(put.endpoint.id);
        out.text = seal(put.endpoint.secret, context);
        out.more_text = seal(put.endpoint.previous_secret, context);
    }
    void operator()(PreparedChange& out, const PutDestination& put) const {
        out.text = seal(put.destination.address, seal_context(put.destination.id));
    }
    void operator()(PreparedChange& out, const Enqueue& add) const { set_body(out, add.entry.body); }
    void operator()(PreparedChange& out, const Revise& revise) const { set_body(out, revise.body); }
    template <class Other>
    void operator()(PreparedChange&, const Other&) const {}

private:
    [[nodiscard]] std::string seal(const Secret& secret, const std::string& context) const {
        return secret.empty() ? std::string() : sealer_.seal(secret, context, random_);
    }
    static void set_body(PreparedChange& out, const message::Message& body) {
        out.text = message::serialize(body);
        out.timestamp = newest_timestamp(body);
    }

    const Sealer& sealer_;
    Random& random_;
};

template <class... Cases>
struct Overload : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overload(Cases...) -> Overload<Cases...>;

}  // namespace

std::vector<PreparedChange> prepare(Changes changes, const Sealer& sealer, Random& random) {
    std::vector<PreparedChange> prepared;
    prepared.reserve(changes.size());
    const Preparing preparing(sealer, random);
    for (Change& change : changes) {
        PreparedChange ready{std::move(change), {}, {}, {}};
        std::visit([&](const auto& what) { preparing(ready, what); }, ready.change);
        prepared.push_back(std::move(ready));
    }
    return prepared;
}

Result<void> apply(Batch& batch, const PreparedChange& prepared) {
    Result<void> result;
    std::visit(
        Overload{
            [&](const PutEndpoint& put) {
                put_endpoint(batch, put.endpoint, prepared.text, prepared.more_text);
            },
            [&](const MarkConnected& mark) { mark_connected(batch, mark); },
            [&](const PutHook& put) { put_hook(batch, put.hook); },
            [&](const SetSetupReply& set) { set_setup_reply(batch, set); },
            [&](const PutRule& put) { put_rule(batch, put.rule); },
            [&](const DropRule& drop) { drop_rule(batch, drop); },
            [&](const PutTemplate& put) { put_template(batch, put.form); },
            [&](const DropTemplate& drop) { drop_template(batch, drop); },
            [&](const MirrorRules& mirror) { mirror_rules(batch, mirror); },
            [&](const PutEntity& put) { put_entity(batch, put); },
            [&](const PutAlertState& put) { put_alert_state(batch, put.state); },
            [&](const PutTimer& put) { put_timer(batch, put.timer); },
            [&](const DropTimer& drop) { drop_timer(batch, drop); },
            [&](const PutWindow& put) { put_window(batch, put.window); },
            [&](const DropWindow& drop) { drop_window(batch, drop); },
            [&](const PutDestination& put) { put_destination(batch, put.destination, prepared.text); },
            [&](const PutOutcome& put) { put_outcome(batch, put.outcome); },
            [&](const MarkProcessed& mark) { mark_processed(batch, mark.event); },
            [&](const PutMessage& put) { put_message(batch, put.message); },
            [&](const Enqueue& add) { enqueue(batch, add.entry, prepared.text, prepared.timestamp); },
            [&](const Revise& change) { result = revise(batch, change, prepared.text, prepared.timestamp); },
            [&](const Withdraw& change) { withdraw(batch, change); },
            [&](const PutAct& put) { put_act(batch, put.act); },
            [&](const PutMeta& put) { put_meta(batch, put); },
            [&](const ForgetOutcome& forget) { forget_outcome(batch, forget); }},
        prepared.change);
    return result;
}

}  // namespace hookline::store
