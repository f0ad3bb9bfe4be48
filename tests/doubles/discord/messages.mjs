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
    if (channel.thread_metadata.archived) setArchived(discord, channel, false);
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
  if (channel.type === 1 && channel.recipient.refusesDirectMessages) throw new ApiError(403, 50007);
  return allowedParts(held, body, files);
}

/// What of a body the permissions `held` let through.
function allowedParts(held, body, files) {
  if (files.length > 0 && !(held & bits.ATTACH_FILES)) throw new ApiError(403, 50013);
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
  if (channel.thread_metadata?.archived) throw new ApiError(400, 50083);
  const message = existing(discord, channel, call);
  (message.reactions ??= new Set()).add(call.params.emoji_name);
}

export function unreact(discord, call) {
  existing(discord, visibleChannel(discord, call), call).reactions?.delete(call.params.emoji_name);
}

const durations = [60, 1440, 4320, 10080];

function checkKeys(form, body, keys) {
  for (const key of Object.keys(body)) {
    if (!keys.includes(key)) form.wrong([key], 'UNKNOWN_KEY', 'Discord does not document this key here.');
  }
}

function checkThread(form, { name, auto_archive_duration: duration }) {
  if (typeof name !== 'string' || [...name.trim()].length < 1 || [...name.trim()].length > 100) {
    form.wrong(['name'], 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 100 in length.');
  }
  if ((duration ?? null) !== null && !durations.includes(duration))
    form.wrong(
      ['auto_archive_duration'],
      'BASE_TYPE_CHOICES',
      'Value must be one of (60, 1440, 4320, 10080).',
    );
}

const threadKeys = ['name', 'auto_archive_duration', 'rate_limit_per_user'];

export function startThread(discord, call) {
  const channel = visibleChannel(discord, call);
  const { name, type = 12 } = call.body;
  const autoArchive = call.body.auto_archive_duration ?? 1440;
  const isForum = [15, 16].includes(channel.type);
  const form = new Form({ takesUnknownKeys: discord.takesUnknownKeys });
  checkThread(form, call.body);
  if (isForum) checkKeys(form, call.body, [...threadKeys, 'message', 'applied_tags']);
  else checkKeys(form, call.body, call.params.message_id ? threadKeys : [...threadKeys, 'type', 'invitable']);
  if (isForum && call.body.applied_tags !== undefined)
    checkTags(discord, form, channel, call.body.applied_tags);
  form.reject();
  if (isForum) {
    if (call.params.message_id) throw new ApiError(400, 50024);
    return startPost(discord, channel, call, { name, autoArchive });
  }
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
  discord.ledger.changed();
  discord.gateway.threadCreated(thread);
  return { status: 201, body: channelView(thread) };
}

/// applied_tags: at most five of the forum's own; moderated ones only for who manages threads.
function checkTags(discord, form, forum, applied) {
  const isList = Array.isArray(applied) && applied.every((id) => typeof id === 'string');
  if (!isList || applied.length > 5 || new Set(applied).size !== applied.length) {
    form.wrong(['applied_tags'], 'BASE_TYPE_BAD_LENGTH', 'Must be 5 or fewer in length.');
    return;
  }
  const held = discord.world.permissions(discord.world.bot, forum);
  applied.forEach((id, i) => {
    const tag = (forum.available_tags ?? []).find((t) => t.id === id);
    if (!tag) form.wrong(['applied_tags', i], 'BASE_TYPE_CHOICES', 'This tag does not exist.');
    else if (tag.moderated && !(held & bits.MANAGE_THREADS)) throw new ApiError(403, 50013);
  });
}

/// A post: the thread has the id of its first message.
function startPost(discord, forum, call, { name, autoArchive }) {
  const held = need(discord, forum, 'SEND_MESSAGES');
  const { message: sent = {}, applied_tags: tags = [] } = call.body;
  checkMessage('forum', sent, { files: call.files, takesUnknownKeys: discord.takesUnknownKeys });
  if (forum.flags & requireTag && tags.length === 0) throw new ApiError(400, 40067);
  const body = allowedParts(held, sent, call.files);
  discord.noteBody('forum', call);
  const thread = discord.world.addThread(forum, name.trim(), { autoArchive });
  thread.applied_tags = tags;
  discord.gateway.threadCreated(thread);
  const message = post(discord, thread, body, {
    author: userView(discord.world.bot),
    files: call.files,
    extra: { id: thread.id },
  });
  call.message = message;
  return { status: 201, body: { ...channelView(thread), message: message.data } };
}

const requireTag = 1 << 4;

export function setArchived(discord, thread, isArchived) {
  Object.assign(thread.thread_metadata, { archived: isArchived, archive_timestamp: discord.world.iso() });
  discord.ledger.changed();
  discord.gateway.channelEvent('THREAD_UPDATE', thread);
}

/// Of a thread only: name, archived, auto_archive_duration for whoever opened it or manages threads; locked and
/// all of a locked one for who manages them; opening an archived one takes the right to write there.
export function changeThread(discord, call) {
  const thread = visibleChannel(discord, call);
  if (!thread.thread_metadata) throw new ApiError(403, 50013);
  const { body } = call;
  const meta = thread.thread_metadata;
  const form = new Form({ takesUnknownKeys: discord.takesUnknownKeys });
  checkKeys(form, body, [...threadKeys, 'archived', 'locked', 'invitable', 'flags', 'applied_tags']);
  checkThread(form, { ...body, name: body.name ?? thread.name });
  for (const key of ['archived', 'locked']) {
    if (body[key] !== undefined && typeof body[key] !== 'boolean')
      form.wrong([key], 'BASE_TYPE_BOOLEAN', 'Must be either true or false.');
  }
  const forum = discord.world.parentOf(thread);
  if (body.applied_tags !== undefined) checkTags(discord, form, forum, body.applied_tags);
  form.reject();
  const manages = discord.world.permissions(discord.world.bot, thread) & bits.MANAGE_THREADS;
  const isOpening = body.archived === false && Object.keys(body).length === 1;
  if (!manages && (meta.locked || body.locked !== undefined)) throw new ApiError(403, 50013);
  if (isOpening) need(discord, thread, 'SEND_MESSAGES_IN_THREADS');
  else if (!manages && thread.owner_id !== discord.world.bot.id) throw new ApiError(403, 50013);
  const changesMore = Object.keys(body).some((key) => !['archived', 'locked'].includes(key));
  if (meta.archived && body.archived !== false && changesMore) throw new ApiError(400, 50083);
  if (body.name !== undefined) thread.name = body.name.trim();
  if (body.locked !== undefined) meta.locked = body.locked;
  if (body.auto_archive_duration !== undefined) meta.auto_archive_duration = body.auto_archive_duration;
  if (body.applied_tags !== undefined) thread.applied_tags = body.applied_tags;
  setArchived(discord, thread, body.archived ?? meta.archived);
  return { body: channelView(thread) };
}

export function activeThreads(discord, guild) {
  const { world } = discord;
  const threads = [...world.channels.values()].filter(
    (c) =>
      c.guild_id === guild.id &&
      c.thread_metadata &&
      !c.thread_metadata.archived &&
      world.permissions(world.bot, c) & bits.VIEW_CHANNEL,
  );
  return { body: { threads: threads.map(channelView), members: [] } };
}
