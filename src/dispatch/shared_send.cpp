#include "dispatch/shared_send.hpp"

#include <algorithm>
#include <set>

#include "message/limits.hpp"

namespace hookline::dispatch {

namespace {

namespace limits = message::limits;

/// Embeds and nothing else: a content, a mention, a button or a file would be all the others' too.
bool is_embeds_only(const message::Message& body) {
    message::Message rest = body;
    rest.embeds.clear();
    message::Message nothing;
    nothing.is_silent = body.is_silent;
    return !body.embeds.empty() && rest == nothing;
}

bool may_share(const Entry& entry, TimePoint now) {
    return entry.operation == Operation::create && entry.attempts == 0 && !entry.is_fallback &&
           !entry.stands_alone && !entry.discord_channel && entry.not_before <= now &&
           is_embeds_only(entry.body);
}

/// What a send holds so far.
class Send {
public:
    /// False where it has no room for the body.
    bool take(const message::Message& body) {
        embeds_ += body.embeds.size();
        for (const message::Embed& embed : body.embeds) {
            points_ += message::counted_points(embed);
            // Pages are told apart by a fragment (message::fit); one that has a fragment would lose its link.
            const bool is_new = urls_.insert(embed.url).second;
            if (!is_new && embed.url.find('#') != std::string::npos) {
                return false;
            }
        }
        return embeds_ <= limits::embeds && points_ <= limits::embed_total;
    }

private:
    std::size_t embeds_ = 0, points_ = 0;
    std::set<std::string> urls_;
};

}  // namespace

bool is_channel(DestinationKind kind) {
    return kind == DestinationKind::discord_channel || kind == DestinationKind::discord_webhook;
}

std::size_t shared_count(std::span<const Entry> waiting, TimePoint now) {
    if (waiting.size() <= fewest_behind) {
        return 1;
    }
    Send send;
    std::size_t count = 0;
    for (const Entry& entry : waiting) {
        const bool sounds_alike = entry.body.is_silent == waiting.front().body.is_silent;
        if (!may_share(entry, now) || !sounds_alike || !send.take(entry.body)) {
            break;
        }
        ++count;
    }
    return std::max<std::size_t>(count, 1);
}

message::Message shared_body(std::span<const Entry> together) {
    message::Message body = together.front().body;
    for (const Entry& entry : together.subspan(1)) {
        body.embeds.insert(body.embeds.end(), entry.body.embeds.begin(), entry.body.embeds.end());
    }
    return message::fit(std::move(body));
}

}  // namespace hookline::dispatch
