// What the double's Discord consists of: users, guilds with roles, members and channels, messages, webhooks.
// Plain data with the few rules that keep it consistent; who may do what is decided by its callers.
import { randomBytes } from 'node:crypto';
import { bitsOf, channelPermissions, everyoneDefault } from './permissions.mjs';

const discordEpoch = 1420070400000n;
export const threadTypes = [10, 11, 12];
export const textTypes = [0, 1, 2, 5, 10, 11, 12, 13];

export const token = (bytes = 32) => randomBytes(bytes).toString('base64url');

/// A message with everything that happened to it.
export class Message {
  revisions = []; // bodies as they were sent, the first is the create
  deletedAt = null;

  constructor(data, sent, at) {
    this.data = data; // as Discord shows it
    this.at = at;
    this.revisions.push({ body: sent, at });
  }

  get id() {
    return this.data.id;
  }
  get content() {
    return this.data.content;
  }
  get embeds() {
    return this.data.embeds;
  }
  get edits() {
    return this.revisions.length - 1;
  }

  /// Every text a reader sees, top to bottom.
  get text() {
    const lines = [this.data.content];
    for (const embed of this.data.embeds) {
      lines.push(embed.author?.name, embed.title, embed.description);
      for (const field of embed.fields ?? []) lines.push(`${field.name}: ${field.value}`);
      lines.push(embed.footer?.text);
    }
    for (const row of this.data.components) {
      for (const part of row.components ?? []) lines.push(part.label);
    }
    return lines.filter(Boolean).join('\n');
  }
}

export class World {
  users = new Map();
  guilds = new Map();
  channels = new Map();
  webhooks = new Map();
  #lastId = 0n;

  constructor(clock) {
    this.clock = clock;
    this.bot = this.addUser('hookline', { bot: true });
    this.application = { id: this.bot.id, verifyKey: randomBytes(32).toString('hex') };
  }

  id() {
    const now = (BigInt(Math.floor(this.clock.now())) - discordEpoch) << 22n;
    this.#lastId = now > this.#lastId ? now : this.#lastId + 1n;
    return String(this.#lastId);
  }

  iso() {
    return new Date(this.clock.now()).toISOString().replace('Z', '000+00:00');
  }

  timeOf(id) {
    return Number((BigInt(id) >> 22n) + discordEpoch);
  }

  addUser(username, { bot = false } = {}) {
    const user = {
      id: this.id(),
      username,
      discriminator: '0',
      global_name: bot ? null : username,
      avatar: null,
      public_flags: 0,
      flags: 0,
      primary_guild: null,
      ...(bot ? { bot: true } : {}),
    };
    this.users.set(user.id, user);
    return user;
  }

  addGuild(name, { hasBot = true } = {}) {
    const id = this.id();
    const guild = {
      id,
      name,
      owner_id: null,
      roles: new Map(),
      members: new Map(),
      hasBot,
      unavailable: false,
      joined_at: this.iso(),
    };
    this.guilds.set(id, guild);
    this.addRole(guild, '@everyone', everyoneDefault, id);
    const owner = this.addUser(`owner-of-${name.toLowerCase()}`);
    this.addMember(guild, owner);
    guild.owner_id = owner.id;
    if (hasBot) this.addMember(guild, this.bot);
    return guild;
  }

  addRole(guild, name, permissions = 0n, id = this.id()) {
    const role = {
      id,
      name,
      permissions: typeof permissions === 'bigint' ? permissions : bitsOf(permissions),
      position: guild.roles.size,
      mentionable: false,
    };
    guild.roles.set(id, role);
    return role;
  }

  addMember(guild, user, roles = []) {
    const member = {
      user,
      roles: roles.map((r) => r.id),
      nick: null,
      joined_at: this.iso(),
      communication_disabled_until: null,
    };
    guild.members.set(user.id, member);
    return member;
  }

  /// tags: names of a forum's tags (or { name, moderated }); needsTag: a post must have one.
  addChannel(guild, name, { type = 0, parent = null, tags, needsTag = false, ...rest } = {}) {
    const asTag = (tag) => ({
      id: this.id(),
      moderated: false,
      emoji_id: null,
      emoji_name: null,
      ...(typeof tag === 'string' ? { name: tag } : tag),
    });
    const channel = {
      id: this.id(),
      type,
      guild_id: guild.id,
      name,
      position: this.channels.size,
      parent_id: parent,
      permission_overwrites: [],
      rate_limit_per_user: 0,
      nsfw: false,
      topic: null,
      flags: needsTag ? 1 << 4 : 0,
      last_message_id: null,
      messages: [],
      ...(tags ? { available_tags: tags.map(asTag) } : {}),
      ...rest,
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  addThread(parent, name, { type = 11, id = this.id(), autoArchive = 1440, owner = this.bot.id } = {}) {
    const thread = {
      id,
      type,
      guild_id: parent.guild_id,
      name,
      parent_id: parent.id,
      owner_id: owner,
      rate_limit_per_user: 0,
      flags: 0,
      last_message_id: null,
      message_count: 0,
      member_count: 1,
      messages: [],
      permission_overwrites: [],
      thread_metadata: {
        archived: false,
        auto_archive_duration: autoArchive,
        locked: false,
        archive_timestamp: this.iso(),
        create_timestamp: this.iso(),
      },
    };
    this.channels.set(id, thread);
    return thread;
  }

  /// The one DM channel between the bot and `user`.
  directChannel(user) {
    for (const channel of this.channels.values()) {
      if (channel.type === 1 && channel.recipient.id === user.id) return channel;
    }
    const channel = {
      id: this.id(),
      type: 1,
      flags: 0,
      last_message_id: null,
      recipient: user,
      messages: [],
      permission_overwrites: [],
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  addWebhook(channel, name, { applicationId = null, user = null } = {}) {
    const webhook = {
      id: this.id(),
      type: 1,
      token: token(51),
      channel_id: channel.id,
      guild_id: channel.guild_id,
      name,
      avatar: null,
      application_id: applicationId,
      user,
    };
    this.webhooks.set(webhook.id, webhook);
    return webhook;
  }

  parentOf(channel) {
    return threadTypes.includes(channel.type) ? (this.channels.get(channel.parent_id) ?? null) : null;
  }

  permissions(user, channel) {
    const guild = this.guilds.get(channel.guild_id);
    if (!guild)
      return channel.type === 1 && (user.id === this.bot.id || user.id === channel.recipient.id)
        ? everyoneDefault
        : 0n;
    return channelPermissions(
      guild,
      guild.members.get(user.id),
      channel,
      this.parentOf(channel),
      this.clock.now(),
    );
  }

  message(channel, id) {
    const found = channel.messages.find((m) => m.id === id);
    return found && found.deletedAt === null ? found : null;
  }
}
