// Messages of the bot: create, edit, delete, read; threads and reactions.
import { ApiError, Form } from './errors.mjs';
import { checkMessage } from './bodies.mjs';
import { bits } from './permissions.mjs';
import { Message, textTypes, threadTypes } from './world.mjs';
import { channelView, userView } from './views.mjs';

const nonceWindow = 60_000; // Discord says "a few minutes" and publishes no figure: the least one could trust

export function need(discord, channel, ...permissions) {
  const held = discord.world.permissions(discord.world.bot, channel);
  if (!(held & bits.VIEW_CHANNEL)) throw new ApiError(403, 50001);
  for (const name of permissions) {
    if (!(held & bits[name])) throw new ApiError(403, 50013);
  }
  return held;
}

export function visibleChannel(discord, call) {
  const channel = discord.world.channels.get(call.params.channel_id);
  if (!channel) throw new ApiError(404, 10003);
  need(discord, channel);
  return channel;
}

function existing(discord, channel, call) {
  const message = discord.world.message(channel, call.params.message_id);
  if (!message) throw new ApiError(404, 10008);
  return message;
}

/// Who a text pings, given allowed_mentions as Discord reads it; `fallback` where it is absent.
export function resolveMentions(world, text, allowed, fallback = ['users', 'roles', 'everyone']) {
  const { parse = [], users = [], roles = [] } = allowed ?? { parse: fallback };
  const ids = (pattern) => [...new Set([...text.matchAll(pattern)].map((m) => m[1]))];
  return {
    users: ids(/<@!?(\d+)>/g).filter(
      (id) => world.users.has(id) && (parse.includes('users') || users.includes(id)),
    ),
    roles: ids(/<@&(\d+)>/g).filter((id) => parse.includes('roles') || roles.includes(id)),
    everyone: parse.includes('everyone') && /@(everyone|here)/.test(text),
  };
}

const withoutEmpty = (object) =>
  Object.fromEntries(Object.entries(object).filter(([, v]) => v !== undefined && v !== null));

function richEmbed(embed) {
  const trimmed = { type: 'rich' };
  for (const [key, value] of Object.entries(withoutEmpty(embed))) {
    trimmed[key] = typeof value === 'string' ? value.trim() : value;
  }
  if (trimmed.timestamp)
    trimmed.timestamp = new Date(trimmed.timestamp).toISOString().replace('Z', '000+00:00');
  if (trimmed.fields)
    trimmed.fields = trimmed.fields.map((f) => ({
      inline: false,
      ...f,
      name: f.name.trim(),
      value: f.value.trim(),
    }));
  return trimmed;
}

const withIds = (components) => {
  let next = 1;
  const number = (list) =>
    list.map((c) => ({
      ...c,
      id: c.id || next++,
      ...(c.components ? { components: number(c.components) } : {}),
    }));
  return number(components ?? []);
};

/// The parts of a message's data that a body sets.
export function shownParts(discord, body, mentions) {
  const { world } = discord;
  const parts = {};
  if (body.content !== undefined) parts.content = (body.content ?? '').trim();
  if (body.embeds !== undefined) parts.embeds = (body.embeds ?? []).map(richEmbed);
  if (body.components !== undefined) parts.components = withIds(body.components);
  if (mentions) {
    parts.mentions = mentions.users.map((id) => userView(world.users.get(id)));
    parts.mention_roles = mentions.roles;
    parts.mention_everyone = mentions.everyone;
  }
  return parts;
}

export function filesAsAttachments(discord, files) {
  return files.map((file) => ({
    id: discord.world.id(),
    filename: file.filename,
    size: file.size,
    content_type: 'text/plain; charset=utf-8',
    url: `https://cdn.discordapp.com/attachments/${file.filename}`,
    proxy_url: `https://media.discordapp.net/attachments/${file.filename}`,
  }));
}

/// Stores a message and tells the gateway. `by`: what differs between bot, webhook and member.
export function post(discord, channel, body, by) {
  const { world } = discord;
  const pings =
    by.pings ?? resolveMentions(world, body.content ?? '', body.allowed_mentions, by.mentionDefault);
  const data = {
    id: world.id(),
    type: body.message_reference ? 19 : 0,
    channel_id: channel.id,
    author: by.author,
    content: '',
    embeds: [],
    components: [],
    attachments: filesAsAttachments(discord, by.files ?? []),
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    pinned: false,
    tts: false,
    timestamp: world.iso(),
    edited_timestamp: null,
    flags: body.flags ?? 0,
    ...shownParts(discord, body, pings),
    ...(by.extra ?? {}),
  };
  if (body.nonce !== undefined && body.nonce !== null) data.nonce = body.nonce;
  const message = new Message(data, body, discord.clock.now());
  message.pings = pings;
  channel.messages.push(message);
  channel.last_message_id = data.id;
  if (channel.thread_metadata) {
    channel.message_count += 1;
    channel.thread_metadata.archived = false;
  }
  discord.ledger.posted(channel, message);
  discord.gateway.messageCreated(channel, message, by.member);
  return message;
}

function remembered(discord, channel, body) {
  if (!body.enforce_nonce || body.nonce === undefined || body.nonce === null) return null;
  const known = discord.nonces.get(String(body.nonce));
  if (!known || discord.clock.now() - known.at > nonceWindow) return null;
  if (known.message.deletedAt !== null) throw new ApiError(404, 10008);
  if (JSON.stringify(known.body) !== JSON.stringify(body) || known.channel !== channel) {
    discord.problem('a nonce was used again for another message: Discord answers with the old one', { body });
  }
  return known.message;
}

function checkPlace(discord, channel, body, files) {
  if ([15, 16].includes(channel.type)) throw new ApiError(400, 40058);
  if (!textTypes.includes(channel.type)) throw new ApiError(400, 50008);
  const isThread = threadTypes.includes(channel.type);
  const held = need(discord, channel, isThread ? 'SEND_MESSAGES_IN_THREADS' : 'SEND_MESSAGES');
  if (channel.thread_metadata?.locked && !(held & bits.MANAGE_THREADS)) throw new ApiError(403, 160005);
  if (files.length > 0 && !(held & bits.ATTACH_FILES)) throw new ApiError(403, 50013);
  if (channel.type === 1 && channel.recipient.refusesDirectMessages) throw new ApiError(403, 50007);
  if (!body.embeds?.length || held & bits.EMBED_LINKS) return body;
  if (!body.content) throw new ApiError(403, 50013);
  return { ...body, embeds: [] }; // Discord drops them without a word
}

function checkReference(discord, channel, body) {
  const reference = body.message_reference;
  if (!reference) return {};
  need(discord, channel, 'READ_MESSAGE_HISTORY');
  const target = discord.world.message(channel, reference.message_id);
  if (!target && reference.fail_if_not_exists !== false) {
    const form = new Form();
    form.wrong(['message_reference'], 'MESSAGE_REFERENCE_UNKNOWN_MESSAGE', 'Unknown message');
    form.reject();
  }
  return {
    message_reference: {
      type: 0,
      channel_id: channel.id,
      guild_id: channel.guild_id,
      message_id: reference.message_id,
    },
    referenced_message: target?.data ?? null,
  };
}

export function create(discord, call) {
  const channel = visibleChannel(discord, call);
  checkMessage('create', call.body, { files: call.files, takesUnknownKeys: discord.takesUnknownKeys });
  const body = checkPlace(discord, channel, call.body, call.files);
  discord.noteBody('create', call);
  const earlier = remembered(discord, channel, call.body);
  if (earlier) {
    call.deduplicated = true;
    return { body: earlier.data };
  }
  const extra = checkReference(discord, channel, body);
  const message = post(discord, channel, body, {
    author: userView(discord.world.bot),
    files: call.files,
    extra,
  });
  if (body.nonce !== undefined)
    discord.nonces.set(String(body.nonce), { message, body: call.body, channel, at: discord.clock.now() });
  call.message = message;
  return { body: message.data };
}

export function edit(discord, call) {
  const channel = visibleChannel(discord, call);
  const message = existing(discord, channel, call);
  if (message.data.author.id !== discord.world.bot.id || message.data.webhook_id)
    throw new ApiError(403, 50005);
  if (channel.thread_metadata?.archived) throw new ApiError(400, 50083);
  checkMessage('edit', call.body, {
    current: message.data,
    files: call.files,
    takesUnknownKeys: discord.takesUnknownKeys,
  });
  discord.noteBody('edit', call);
  applyEdit(discord, channel, message, call);
  return { body: message.data };
}

export function applyEdit(discord, channel, message, call, mentionDefault) {
  const { body } = call;
  const text = body.content ?? message.data.content;
  const pings = resolveMentions(discord.world, text, body.allowed_mentions, mentionDefault);
  Object.assign(message.data, shownParts(discord, body, body.content === undefined ? null : pings), {
    edited_timestamp: discord.world.iso(),
  });
  if (body.flags !== undefined && body.flags !== null) message.data.flags = body.flags;
  if (body.attachments) {
    const kept = new Set(body.attachments.map((a) => String(a.id)));
    message.data.attachments = message.data.attachments.filter((a) => kept.has(a.id));
  }
  message.data.attachments.push(...filesAsAttachments(discord, call.files));
  message.revisions.push({ body, at: discord.clock.now() });
  call.message = message;
  discord.ledger.changed();
  discord.gateway.messageUpdated(channel, message);
}

export function remove(discord, call) {
  const channel = visibleChannel(discord, call);
  const message = existing(discord, channel, call);
  if (message.data.author.id !== discord.world.bot.id) need(discord, channel, 'MANAGE_MESSAGES');
  discord.deleteMessage(channel, message);
}

export function get(discord, call) {
  const channel = visibleChannel(discord, call);
  need(discord, channel, 'READ_MESSAGE_HISTORY');
  return { body: existing(discord, channel, call).data };
}

export function history(discord, call) {
  const channel = visibleChannel(discord, call);
  need(discord, channel, 'READ_MESSAGE_HISTORY');
  const limit = Number(call.query.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    const form = new Form();
    form.wrong(['limit'], 'NUMBER_TYPE_MAX', 'int value should be between 1 and 100.');
    form.reject();
  }
  let found = channel.messages.filter((m) => m.deletedAt === null);
  const before = call.query.get('before');
  const after = call.query.get('after');
  if (before) found = found.filter((m) => BigInt(m.id) < BigInt(before));
  if (after) found = found.filter((m) => BigInt(m.id) > BigInt(after)).slice(0, limit);
  return {
    body: found
      .slice(-limit)
      .reverse()
      .map((m) => m.data),
  };
}

export function crosspost(discord, call) {
  const channel = visibleChannel(discord, call);
  if (channel.type !== 5) throw new ApiError(400, 50024);
  const message = existing(discord, channel, call);
  if (message.data.flags & 1) throw new ApiError(400, 40033);
  message.data.flags |= 1;
  return { body: message.data };
}

export function react(discord, call) {
  const channel = visibleChannel(discord, call);
  need(discord, channel, 'READ_MESSAGE_HISTORY', 'ADD_REACTIONS');
  const message = existing(discord, channel, call);
  (message.reactions ??= new Set()).add(call.params.emoji_name);
}

export function unreact(discord, call) {
  existing(discord, visibleChannel(discord, call), call).reactions?.delete(call.params.emoji_name);
}

export function startThread(discord, call) {
  const channel = visibleChannel(discord, call);
  const { name, type = 12, message } = call.body;
  const autoArchive = call.body.auto_archive_duration ?? 1440;
  const form = new Form();
  if (typeof name !== 'string' || [...name.trim()].length < 1 || [...name.trim()].length > 100) {
    form.wrong(['name'], 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 100 in length.');
  }
  if (![60, 1440, 4320, 10080].includes(autoArchive))
    form.wrong(
      ['auto_archive_duration'],
      'BASE_TYPE_CHOICES',
      'Value must be one of (60, 1440, 4320, 10080).',
    );
  form.reject();
  if ([15, 16].includes(channel.type))
    return startPost(discord, channel, call, message, { name, autoArchive });
  if (![0, 5].includes(channel.type)) throw new ApiError(400, 50024);
  const from = call.params.message_id ? existing(discord, channel, call) : null;
  need(discord, channel, from || type === 11 ? 'CREATE_PUBLIC_THREADS' : 'CREATE_PRIVATE_THREADS');
  if (from && discord.world.channels.has(from.id)) throw new ApiError(400, 160004);
  const threadType = from ? (channel.type === 5 ? 10 : 11) : type;
  const thread = discord.world.addThread(channel, name.trim(), {
    type: threadType,
    autoArchive,
    ...(from ? { id: from.id } : {}),
  });
  if (from) from.data.flags |= 32;
  discord.gateway.threadCreated(thread);
  return { status: 201, body: channelView(thread) };
}

function startPost(discord, forum, call, body, { name, autoArchive }) {
  need(discord, forum, 'SEND_MESSAGES');
  checkMessage('forum', body ?? {}, { files: call.files, takesUnknownKeys: discord.takesUnknownKeys });
  const thread = discord.world.addThread(forum, name.trim(), { autoArchive });
  discord.gateway.threadCreated(thread);
  const message = post(discord, thread, body, { author: userView(discord.world.bot), files: call.files });
  return { status: 201, body: { ...channelView(thread), message: message.data } };
}
