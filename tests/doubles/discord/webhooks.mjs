// Channel webhooks: their own messages, under a URL that is the credential.
import { ApiError, Form, codePoints } from './errors.mjs';
import { checkMessage, checkWebhookName } from './bodies.mjs';
import { applyEdit, need, post, visibleChannel } from './messages.mjs';
import { textTypes } from './world.mjs';
import { webhookView } from './views.mjs';

export function byToken(discord, call) {
  const webhook = discord.world.webhooks.get(call.params.webhook_id);
  if (!webhook || !discord.world.channels.has(webhook.channel_id)) throw new ApiError(404, 10015);
  if (webhook.token !== call.params.webhook_token) throw new ApiError(401, 50027);
  return webhook;
}

export function list(discord, call) {
  const channel = visibleChannel(discord, call);
  need(discord, channel, 'MANAGE_WEBHOOKS');
  return {
    body: [...discord.world.webhooks.values()]
      .filter((w) => w.channel_id === channel.id)
      .map((w) => webhookView(w)),
  };
}

export function create(discord, call) {
  const channel = visibleChannel(discord, call);
  need(discord, channel, 'MANAGE_WEBHOOKS');
  if (![0, 2, 5, 13, 15, 16].includes(channel.type)) throw new ApiError(400, 50024);
  const name = String(call.body.name ?? '').trim();
  const form = new Form();
  if (codePoints(name) < 1 || codePoints(name) > 80)
    form.wrong(['name'], 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 80 in length.');
  checkWebhookName(form, ['name'], name);
  form.reject();
  const own = [...discord.world.webhooks.values()].filter((w) => w.channel_id === channel.id);
  if (own.length >= 15) throw new ApiError(400, 30007);
  const webhook = discord.world.addWebhook(channel, name, {
    applicationId: discord.world.application.id,
    user: discord.world.bot,
  });
  discord.gateway.webhooksUpdated(channel);
  return { body: webhookView(webhook) };
}

export function remove(discord, call) {
  if (call.params.webhook_token) {
    discord.world.webhooks.delete(byToken(discord, call).id);
    return;
  }
  const webhook = discord.world.webhooks.get(call.params.webhook_id);
  if (!webhook) throw new ApiError(404, 10015);
  need(discord, discord.world.channels.get(webhook.channel_id), 'MANAGE_WEBHOOKS');
  discord.world.webhooks.delete(webhook.id);
}

/// The webhook's channel, or the thread in it that ?thread_id= names.
function place(discord, webhook, call) {
  const channel = discord.world.channels.get(webhook.channel_id);
  const id = call.query.get('thread_id');
  if (!id) return channel;
  const thread = discord.world.channels.get(id);
  if (!thread || thread.parent_id !== channel.id) throw new ApiError(404, 10003);
  return thread;
}

export function execute(discord, call) {
  const webhook = byToken(discord, call);
  let channel = place(discord, webhook, call);
  checkMessage('webhook', call.body, { files: call.files, takesUnknownKeys: discord.takesUnknownKeys });
  discord.noteBody('webhook', call);
  const isForum = [15, 16].includes(channel.type);
  const { thread_name: threadName, username, ...body } = call.body;
  if (call.query.get('thread_id') && threadName !== undefined) throw new ApiError(400, 220002);
  if (isForum && threadName === undefined) throw new ApiError(400, 220001);
  if (!isForum && threadName !== undefined) throw new ApiError(400, 220003);
  if (isForum && channel.flags & (1 << 4) && !call.body.applied_tags?.length) throw new ApiError(400, 40067);
  if (isForum) {
    channel = discord.world.addThread(channel, threadName.trim(), { owner: webhook.id });
    discord.gateway.threadCreated(channel);
  }
  if (!textTypes.includes(channel.type)) throw new ApiError(400, 50008);
  const author = {
    id: webhook.id,
    username: username ?? webhook.name,
    avatar: null,
    discriminator: '0000',
    public_flags: 0,
    flags: 0,
    bot: true,
    global_name: null,
    primary_guild: null,
  };
  const keepsComponents =
    webhook.application_id === discord.world.application.id ||
    /^(true|True|1)$/.test(call.query.get('with_components') ?? '');
  if (!keepsComponents) delete body.components;
  const message = post(discord, channel, body, {
    author,
    files: call.files,
    mentionDefault: ['users'],
    extra: {
      ...(isForum ? { id: channel.id } : {}),
      webhook_id: webhook.id,
      ...(webhook.application_id ? { application_id: webhook.application_id } : {}),
    },
  });
  call.message = message;
  return /^(true|True|1)$/.test(call.query.get('wait') ?? '') ? { body: message.data } : { status: 204 };
}

function own(discord, call) {
  const webhook = byToken(discord, call);
  const channel = place(discord, webhook, call);
  const message = discord.world.message(channel, call.params.message_id);
  if (!message || message.data.webhook_id !== webhook.id) throw new ApiError(404, 10008);
  return { channel, message };
}

export const getMessage = (discord, call) => ({ body: own(discord, call).message.data });

export function editMessage(discord, call) {
  const { channel, message } = own(discord, call);
  if (channel.thread_metadata?.archived) throw new ApiError(400, 50083);
  checkMessage('webhookEdit', call.body, {
    current: message.data,
    files: call.files,
    takesUnknownKeys: discord.takesUnknownKeys,
  });
  discord.noteBody('webhookEdit', call);
  applyEdit(discord, channel, message, call, ['users']);
  return { body: message.data };
}

export function removeMessage(discord, call) {
  const { channel, message } = own(discord, call);
  discord.deleteMessage(channel, message);
}
