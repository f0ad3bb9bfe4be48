// The routes that the double knows. Each: method, path template, who may call it, its buckets, its work.
import * as messages from './messages.mjs';
import { ApiError } from './errors.mjs';
import { channelView, guildView, memberView, roleView, userView, webhookView } from './views.mjs';
import * as webhooks from './webhooks.mjs';

export const routes = [];

/// bucket: a name of limits.mjs, or (discord, call) → [[name, major], …].
function route(method, template, bucket, work, { auth = 'bot', body = false } = {}) {
  const pattern = new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
  const major = (call) => call.params.channel_id ?? call.params.guild_id ?? call.params.webhook_id ?? '';
  const buckets =
    typeof bucket === 'function'
      ? bucket
      : (_, call) => (bucket ? [[bucket, `${call.method} ${template} ${major(call)}`]] : []);
  routes.push({ method, template, pattern, buckets, work, auth, body });
}

const ok = (body, status = 200) => ({ status, body });

function guildOf(discord, call) {
  const guild = discord.world.guilds.get(call.params.guild_id);
  if (!guild) throw new ApiError(404, 10004);
  if (!guild.hasBot) throw new ApiError(403, 50001);
  return guild;
}

// About itself
route('GET', '/users/@me', 'lookup', ({ world }) =>
  ok({
    ...userView(world.bot),
    mfa_enabled: true,
    locale: 'en-US',
    verified: true,
    email: null,
    premium_type: 0,
  }),
);
route('GET', '/applications/@me', 'lookup', (discord) => ok(application(discord)));
route('GET', '/oauth2/applications/@me', 'lookup', (discord) => ok(application(discord)));
route('GET', '/gateway', null, ({ gateway }) => ok({ url: gateway.url }));
route('GET', '/gateway/bot', null, ({ gateway }) => ok(gateway.botInfo()));

function application({ world, messageContent }) {
  return {
    id: world.application.id,
    name: 'Hookline',
    icon: null,
    description: '',
    type: null,
    cover_image: null,
    bot: userView(world.bot),
    summary: '',
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: world.application.verifyKey,
    flags: messageContent ? 1 << 19 : 0,
    hook: true,
    is_monetized: false,
    is_verified: false,
    is_discoverable: false,
    storefront_available: false,
    max_participants: null,
    integration_types_config: {},
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    event_webhooks_url: null,
    event_webhooks_status: 1,
    explicit_content_filter: 0,
    approximate_guild_count: world.guilds.size,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    owner: userView([...world.users.values()].find((u) => !u.bot) ?? world.bot),
    team: null,
  };
}

// Lookups
route('GET', '/channels/{channel_id}', 'lookup', (discord, call) =>
  ok(channelView(messages.visibleChannel(discord, call))),
);
route('GET', '/guilds/{guild_id}', 'lookup', (discord, call) => ok(guildView(guildOf(discord, call))));
route('GET', '/guilds/{guild_id}/roles', 'lookup', (discord, call) =>
  ok([...guildOf(discord, call).roles.values()].map(roleView)),
);
route('GET', '/guilds/{guild_id}/channels', 'lookup', (discord, call) => {
  const guild = guildOf(discord, call);
  return ok(
    [...discord.world.channels.values()]
      .filter((c) => c.guild_id === guild.id && !c.thread_metadata)
      .map(channelView),
  );
});
route('GET', '/guilds/{guild_id}/members/{user_id}', 'lookup', (discord, call) => {
  const member = guildOf(discord, call).members.get(call.params.user_id);
  if (!member) throw new ApiError(404, 10007);
  return ok(memberView(member));
});
route('GET', '/users/{user_id}', 'lookup', ({ world }, call) => {
  const user = world.users.get(call.params.user_id);
  if (!user) throw new ApiError(404, 10013);
  return ok(userView(user));
});
route(
  'POST',
  '/users/@me/channels',
  'direct',
  ({ world }, call) => {
    const user = world.users.get(String(call.body.recipient_id));
    if (!user)
      throw new ApiError(400, 50035, {
        errors: { recipient_id: { _errors: [{ code: 'UNKNOWN_USER', message: 'Unknown user' }] } },
      });
    if (user.bot) throw new ApiError(400, 50007);
    return ok(channelView(world.directChannel(user)));
  },
  { body: true },
);

// Messages
const inChannel = (name) => (_, call) => [[name, call.params.channel_id]];
route('POST', '/channels/{channel_id}/messages', inChannel('create'), messages.create, { body: true });
route('GET', '/channels/{channel_id}/messages', inChannel('history'), messages.history);
route('GET', '/channels/{channel_id}/messages/{message_id}', inChannel('history'), messages.get);
route(
  'PATCH',
  '/channels/{channel_id}/messages/{message_id}',
  (discord, call) => {
    const isOld = discord.clock.now() - discord.world.timeOf(call.params.message_id) > 3600_000;
    return [[isOld ? 'editOld' : 'edit', call.params.channel_id]];
  },
  messages.edit,
  { body: true },
);
route('DELETE', '/channels/{channel_id}/messages/{message_id}', inChannel('remove'), messages.remove);
route(
  'POST',
  '/channels/{channel_id}/messages/{message_id}/crosspost',
  inChannel('lookup'),
  messages.crosspost,
);
route(
  'PUT',
  '/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me',
  inChannel('reaction'),
  messages.react,
);
route(
  'DELETE',
  '/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me',
  inChannel('reaction'),
  messages.unreact,
);
route('POST', '/channels/{channel_id}/typing', inChannel('lookup'), (discord, call) => {
  messages.visibleChannel(discord, call);
});

// Threads
route(
  'POST',
  '/channels/{channel_id}/messages/{message_id}/threads',
  inChannel('thread'),
  messages.startThread,
  { body: true },
);
route('POST', '/channels/{channel_id}/threads', inChannel('thread'), messages.startThread, { body: true });
route('PATCH', '/channels/{channel_id}', inChannel('thread'), messages.changeThread, { body: true });
route('GET', '/guilds/{guild_id}/threads/active', 'lookup', (discord, call) =>
  messages.activeThreads(discord, guildOf(discord, call)),
);

// Webhooks
const ofWebhook = (discord, call) => {
  const webhook = discord.world.webhooks.get(call.params.webhook_id);
  return [['webhook', call.params.webhook_id], ...(webhook ? [['webhookChannel', webhook.channel_id]] : [])];
};
const editOfWebhook = (_, call) => [['edit', `webhook ${call.params.webhook_id}`]];
const byUrl = { auth: 'url' };
route('GET', '/channels/{channel_id}/webhooks', inChannel('lookup'), webhooks.list);
route('POST', '/channels/{channel_id}/webhooks', inChannel('lookup'), webhooks.create, { body: true });
route('DELETE', '/webhooks/{webhook_id}', 'lookup', webhooks.remove);
route(
  'GET',
  '/webhooks/{webhook_id}/{webhook_token}',
  'lookup',
  (discord, call) => ok(webhookView(webhooks.byToken(discord, call))),
  byUrl,
);
route('DELETE', '/webhooks/{webhook_id}/{webhook_token}', 'lookup', webhooks.remove, byUrl);
route('POST', '/webhooks/{webhook_id}/{webhook_token}', ofWebhook, webhooks.execute, {
  auth: 'url',
  body: true,
});
route(
  'GET',
  '/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}',
  editOfWebhook,
  webhooks.getMessage,
  byUrl,
);
route(
  'PATCH',
  '/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}',
  editOfWebhook,
  webhooks.editMessage,
  { auth: 'url', body: true },
);
route(
  'DELETE',
  '/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}',
  editOfWebhook,
  webhooks.removeMessage,
  byUrl,
);
