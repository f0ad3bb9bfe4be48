#include "store/sqlite/hooks.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/iso_time.hpp"

namespace hookline::store {

namespace json = boost::json;

namespace {

std::string to_json(const std::vector<std::string>& words) {
    json::array array;
    for (const std::string& word : words) {
        array.emplace_back(word);
    }
    return json::serialize(array);
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    if (!error && value.is_array()) {
        for (const json::value& word : value.get_array()) {
            if (word.is_string()) {
                words.emplace_back(word.get_string());
            }
        }
    }
    return words;
}

std::optional<std::string> text_of(Snowflake id) { return id ? std::optional(to_string(id)) : std::nullopt; }

std::optional<std::string> present(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

Result<Secret> open_if_any(const Sealer& sealer, std::string_view sealed, const std::string& context) {
    return sealed.empty() ? Result<Secret>(Secret()) : sealer.open(sealed, context);
}

Result<dispatch::DestinationInfo> destination_of(const Query& row, const Sealer& sealer) {
    dispatch::DestinationInfo info;
    info.id = row.id<DestinationId>(0);
    auto address = open_if_any(sealer, row.view(4), seal_context(info.id));
    if (!address) {
        return tl::unexpected(std::move(address).error());
    }
    info.kind = dispatch::parse_destination_kind(row.view(1)).value_or(dispatch::DestinationKind::terminal);
    info.guild = row.snowflake(2);
    info.channel = row.snowflake(3);
    info.address = std::move(*address);
    info.held = dispatch::parse_hold_reason(row.view(5)).value_or(dispatch::HoldReason::none);
    info.held_detail = row.text(6);
    info.held_since = row.time(7);
    info.resends_ambiguous = row.flag(8);
    info.last_attempt_at = row.optional_time(9);
    return info;
}

std::optional<bool> optional_flag(const Query& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.flag(column));
}

std::optional<std::int64_t> number_of(std::optional<bool> flag) {
    return flag ? std::optional<std::int64_t>(*flag ? 1 : 0) : std::nullopt;
}

Hook hook_of(const Query& row) {
    Hook hook;
    hook.id = row.id<HookId>(0);
    hook.endpoint = row.id<EndpointId>(1);
    hook.service = event::parse_service(row.view(2)).value_or(event::Service::custom);
    hook.destination = row.id<DestinationId>(3);
    hook.guild = row.text(4);
    hook.command_channel = row.snowflake(5);
    hook.user = parse_snowflake(row.view(6)).value_or(Snowflake());
    hook.url = row.text(7);
    hook.events = words_of(row.view(8));
    hook.repos = words_of(row.view(9));
    hook.is_enabled = row.flag(10);
    hook.is_paused = row.flag(11);
    hook.setup_reply = row.id<MessageId>(12);
    hook.created_at = parse_time(row.view(13)).value_or(TimePoint());
    hook.deleted_at = row.optional_time(14);
    hook.name = row.text(15);
    hook.is_stream = row.flag(16);
    hook.window = std::chrono::seconds(row.number(17));
    hook.quiet = row.text(18);
    hook.is_live = optional_flag(row, 19);
    hook.style = message::parse_style(row.view(20)).value_or(message::Style::normal);
    hook.has_threads = optional_flag(row, 21);
    hook.absent_from = row.optional_time(22);
    hook.absent_until = row.optional_time(23);
    return hook;
}

}  // namespace

std::string seal_context(EndpointId endpoint) { return fmt::format("endpoint:{}", endpoint.value); }

std::string seal_context(DestinationId destination) {
    return fmt::format("destination:{}", destination.value);
}

void put_endpoint(Batch& batch, const Endpoint& endpoint, const std::string& sealed,
                  const std::string& sealed_previous) {
    Query(
        batch.db,
        "INSERT OR REPLACE INTO endpoints (id, service, made_with, secret, previous_secret, previous_until, "
        "created_at, connected_at, deleted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .with(endpoint.id, event::name_of(endpoint.service), endpoint.made_with, sealed,
              present(sealed_previous), endpoint.previous_until, endpoint.created_at, endpoint.connected_at,
              endpoint.deleted_at)
        .run();
    Query(batch.db, "UPDATE webhooks SET secret = ? WHERE endpoint = ?").with(sealed, endpoint.id).run();
}

void mark_connected(Batch& batch, const MarkConnected& mark) {
    Query(batch.db, "UPDATE endpoints SET connected_at = ? WHERE id = ? AND connected_at IS NULL")
        .with(mark.at, mark.endpoint)
        .run();
}

void set_setup_reply(Batch& batch, const SetSetupReply& set) {
    Query(batch.db, "UPDATE webhooks SET setup_reply = ? WHERE number = ?").with(set.message, set.hook).run();
}

void put_hook(Batch& batch, const Hook& hook) {
    // filters and template mirror the rules: they stay as they are. channel_id is where the messages go.
    Query(
        batch.db,
        "INSERT INTO webhooks (id, user_id, channel_id, service, url, secret, events, filters, enabled, "
        "created_at, number, endpoint, destination, guild, command_channel, repos, is_on, is_paused, "
        "setup_reply, deleted_at, name, is_stream, window_s, quiet, live, style, threads, "
        "absent_from, absent_until) VALUES (?1, ?2, "
        "COALESCE((SELECT CAST(channel AS TEXT) FROM destinations WHERE id = ?3 AND channel IS NOT NULL), "
        "?4), "
        "?5, ?6, (SELECT secret FROM endpoints WHERE id = ?7), ?8, '{}', ?9, ?10, ?11, ?7, ?3, ?12, ?13, "
        "?14, "
        "?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27) "
        "ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, channel_id = excluded.channel_id, "
        "service = excluded.service, url = excluded.url, secret = excluded.secret, events = excluded.events, "
        "enabled = excluded.enabled, created_at = excluded.created_at, endpoint = excluded.endpoint, "
        "destination = excluded.destination, guild = excluded.guild, command_channel = "
        "excluded.command_channel, repos = excluded.repos, is_on = excluded.is_on, is_paused = "
        "excluded.is_paused, setup_reply = excluded.setup_reply, deleted_at = excluded.deleted_at, name = "
        "excluded.name, is_stream = excluded.is_stream, window_s = excluded.window_s, quiet = "
        "excluded.quiet, live = excluded.live, style = excluded.style, threads = excluded.threads, "
        "absent_from = excluded.absent_from, absent_until = excluded.absent_until")
        .with(to_string(hook.id), text_of(hook.user), hook.destination, text_of(hook.command_channel),
              event::name_of(hook.service), present(hook.url), hook.endpoint, to_json(hook.events),
              hook.is_enabled && !hook.is_paused && !hook.deleted_at, iso_time(hook.created_at),
              hook.id.value, hook.guild, hook.command_channel, to_json(hook.repos), hook.is_enabled,
              hook.is_paused, hook.setup_reply, hook.deleted_at, hook.name, hook.is_stream,
              static_cast<std::int64_t>(hook.window.count()), hook.quiet, number_of(hook.is_live),
              message::name_of(hook.style), number_of(hook.has_threads), hook.absent_from, hook.absent_until)
        .run();
}

void put_destination(Batch& batch, const dispatch::DestinationInfo& info, const std::string& sealed) {
    // last_timestamp and last_attempt_at stay: they say what is queued and was sent, not where.
    Query(batch.db,
          "INSERT INTO destinations (id, kind, guild, channel, address, held, held_detail, held_since, "
          "resends_ambiguous) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET kind = "
          "excluded.kind, guild = excluded.guild, channel = excluded.channel, address = excluded.address, "
          "held = "
          "excluded.held, held_detail = excluded.held_detail, held_since = excluded.held_since, "
          "resends_ambiguous = excluded.resends_ambiguous")
        .with(info.id, name_of(info.kind), info.guild, info.channel, present(sealed), name_of(info.held),
              info.held_detail, info.held_since, info.resends_ambiguous)
        .run();
    batch.has_new_entries = true;  // it may take messages again
}

void put_act(Batch& batch, const Act& act) {
    Query(batch.db, "INSERT INTO acts (at, who, guild, what, hook) VALUES (?, ?, ?, ?, ?)")
        .with(act.at, act.who, act.guild, act.what, act.hook)
        .run();
}

void put_meta(Batch& batch, const PutMeta& meta) {
    Query(batch.db, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)")
        .with(meta.key, meta.value)
        .run();
}

Result<std::vector<Endpoint>> read_endpoints(Connection& db, const Sealer& sealer, bool with_deleted) {
    std::vector<Endpoint> endpoints;
    Query row(
        db,
        "SELECT id, service, made_with, secret, previous_secret, previous_until, created_at, connected_at, "
        "deleted_at FROM endpoints WHERE ? OR deleted_at IS NULL ORDER BY id");
    row.with(with_deleted);
    while (row.step()) {
        Endpoint endpoint;
        endpoint.id = row.id<EndpointId>(0);
        auto secret = open_if_any(sealer, row.view(3), seal_context(endpoint.id));
        auto previous = open_if_any(sealer, row.view(4), seal_context(endpoint.id));
        if (!secret || !previous) {
            return tl::unexpected(!secret ? secret.error() : previous.error());
        }
        endpoint.service = event::parse_service(row.view(1)).value_or(event::Service::custom);
        endpoint.made_with = row.id<HookId>(2);
        endpoint.secret = std::move(*secret);
        endpoint.previous_secret = std::move(*previous);
        endpoint.previous_until = row.optional_time(5);
        endpoint.created_at = row.time(6);
        endpoint.connected_at = row.optional_time(7);
        endpoint.deleted_at = row.optional_time(8);
        endpoints.push_back(std::move(endpoint));
    }
    return endpoints;
}

std::vector<Hook> read_hooks(Connection& db, bool with_deleted) {
    std::vector<Hook> hooks;
    Query row(
        db,
        "SELECT number, endpoint, service, destination, guild, command_channel, user_id, url, events, repos, "
        "is_on, is_paused, setup_reply, created_at, deleted_at, name, is_stream, window_s, quiet, live, "
        "style, "
        "threads, absent_from, absent_until FROM webhooks WHERE ? OR deleted_at IS NULL ORDER BY number");
    row.with(with_deleted);
    while (row.step()) {
        hooks.push_back(hook_of(row));
    }
    return hooks;
}

constexpr std::string_view destination_columns =
    "SELECT id, kind, guild, channel, address, held, held_detail, held_since, resends_ambiguous, "
    "last_attempt_at FROM destinations ";

Result<std::vector<dispatch::DestinationInfo>> read_destinations(Connection& db, const Sealer& sealer) {
    std::vector<dispatch::DestinationInfo> destinations;
    Query row(db, fmt::format("{}ORDER BY id", destination_columns));
    while (row.step()) {
        auto destination = destination_of(row, sealer);
        if (!destination) {
            return tl::unexpected(std::move(destination).error());
        }
        destinations.push_back(std::move(*destination));
    }
    return destinations;
}

Result<dispatch::DestinationInfo> read_destination(Connection& db, const Sealer& sealer, DestinationId id) {
    Query row(db, fmt::format("{}WHERE id = ?", destination_columns));
    if (!row.with(id).step()) {
        return fail(Errc::not_found, fmt::format("there is no destination {}", id.value));
    }
    return destination_of(row, sealer);
}

std::optional<std::string> read_meta(Connection& db, const std::string& key) {
    Query row(db, "SELECT value FROM meta WHERE key = ?");
    return row.with(key).step() ? std::optional(row.text(0)) : std::nullopt;
}

std::vector<Act> read_acts(Connection& db, const std::string& guild, std::size_t limit) {
    std::vector<Act> acts;
    Query row(db, "SELECT at, who, guild, what, hook FROM acts WHERE guild = ? ORDER BY id DESC LIMIT ?");
    row.with(guild, limit);
    while (row.step()) {
        Act act;
        act.at = row.time(0);
        act.who = row.text(1);
        act.guild = row.text(2);
        act.what = row.text(3);
        act.hook = row.id<HookId>(4);
        acts.push_back(std::move(act));
    }
    return acts;
}

}  // namespace hookline::store
