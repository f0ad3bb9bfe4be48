#include "app/discord_side.hpp"

namespace hookline::app {

namespace {

constexpr std::string_view session_key = "discord.session";  // of Store::meta
constexpr std::string_view user_agent = "DiscordBot (hookline, " HOOKLINE_VERSION ")";

/// Without a token there are channel webhooks and nothing else.
class WebhooksOnly final : public commands::Surroundings {
public:
    explicit WebhooksOnly(chat::Direct& direct) : direct_(direct) {}
    std::optional<commands::ChannelInfo> channel(Snowflake) const override { return std::nullopt; }
    Task<void> look_up(Snowflake) override { co_return; }
    Task<Result<void>> check_webhook(Secret address) override {
        return direct_.check_webhook(std::move(address));
    }
    bool has_discord() const override { return false; }
    std::string gateway_state() const override { return "not configured"; }

private:
    chat::Direct& direct_;
};

std::unique_ptr<net::HttpClient> make_client(const DiscordSide::Parts& parts, const std::string& url) {
    net::ClientOptions options;
    options.user_agent = user_agent;
    return net::make_http_client(parts.executor, parts.clock, net::parse_origin(url).value(), options);
}

discord::RestOptions rest_options(const Secret& token) {
    discord::RestOptions options;
    options.token = token;
    options.user_agent = user_agent;
    return options;
}

Task<void> write_session(store::Store& store, Log& log, store::Changes changes) {
    const auto written = co_await store.write(std::move(changes));
    if (!written) {
        log.warn("app", "the gateway's session was not kept", {{"error", written.error().detail}});
    }
}

Task<Result<discord::GatewayLimits>> ask_limits(discord::Rest& rest) {
    const auto limits = co_await rest.gateway(discord::Caller::member);
    if (!limits) {
        co_return tl::unexpected(limits.error().to_error());
    }
    co_return *limits;
}

}  // namespace

DiscordSide::DiscordSide(Parts parts, const Settings& settings, const std::string& installation)
    : parts_(parts),
      token_(settings.discord_token),
      prefix_(settings.prefix),
      client_(make_client(parts_, settings.discord_api)),
      transport_(*client_, parts_.clock, parts_.random, parts_.log, parts_.metrics, rest_options(token_)),
      rest_(transport_),
      direct_(rest_),
      webhooks_(rest_),
      channels_(rest_, installation, &cache_),
      direct_messages_(rest_, installation) {
    if (token_.empty()) {
        surroundings_ = std::make_unique<WebhooksOnly>(direct_);
        return;
    }
    surroundings_ = std::make_unique<chat::ChatSurroundings>(
        cache_, direct_, parts_.clock, parts_.log,
        [this] { return gateway_ ? gateway_->state() : std::string("connecting"); });
}

void DiscordSide::add_destinations(dispatch::Dispatcher::Destinations& destinations) {
    destinations[dispatch::DestinationKind::discord_webhook] = &webhooks_;
    if (!token_.empty()) {
        destinations[dispatch::DestinationKind::discord_channel] = &channels_;
        destinations[dispatch::DestinationKind::discord_user] = &direct_messages_;
    }
}

void DiscordSide::start(commands::Commands& commands, chat::DestinationPorts ports, TaskGroup& tasks,
                        std::function<void()> on_crash) {
    if (token_.empty()) {
        return;
    }
    chat_ =
        std::make_unique<chat::Chat>(chat::ChatParts{parts_.executor, parts_.store, commands, cache_, direct_,
                                                     std::move(ports), parts_.clock, parts_.log, prefix_});
    discord::GatewayOptions options;
    options.token = token_;
    discord::GatewayPorts gateway;
    gateway.open = discord::websocket_opener(parts_.clock, std::string(user_agent));
    gateway.ask_limits = [this] { return ask_limits(rest_); };
    gateway.on_event = [this](std::string_view event, const boost::json::object& data) {
        chat_->on_event(event, data);
    };
    gateway.save = [this, &tasks](discord::SavedSession session) { save(std::move(session), tasks); };
    const auto saved = parts_.store.meta(std::string(session_key));
    discord::SavedSession session = discord::read_session(saved ? saved->value_or("") : "");
    cache_.set_self(session.user);  // a resumed session does not tell it again, and mentions name it
    gateway_ = std::make_unique<discord::Gateway>(std::move(options), std::move(session), std::move(gateway),
                                                  parts_.executor, parts_.clock, parts_.random, parts_.log,
                                                  parts_.metrics);
    tasks.spawn("gateway", gateway_->run(), std::move(on_crash));
}

void DiscordSide::save(discord::SavedSession session, TaskGroup& tasks) {
    store::Changes changes;
    changes.push_back(store::PutMeta{std::string(session_key), discord::write_session(session)});
    tasks.spawn("keep the session", write_session(parts_.store, parts_.log, std::move(changes)));
}

Task<void> DiscordSide::stop(Milliseconds patience) {
    if (gateway_) {
        gateway_->stop(false);
        co_await chat_->stop(patience);
    }
}

}  // namespace hookline::app
