// What a test holds: people who say something, channels that are looked at and changed.
import { bitsOf } from './permissions.mjs';
import { post, setArchived } from './messages.mjs';
import { guildCreateView, userView } from './views.mjs';

export class Channel {
  constructor(discord, data) {
    this.discord = discord;
    this.data = data;
  }

  get id() {
    return this.data.id;
  }
  get name() {
    return this.data.name;
  }
  get everything() {
    return this.data.messages;
  }
  /// Messages that are there, oldest first.
  get messages() {
    return this.data.messages.filter((m) => m.deletedAt === null);
  }
  /// Those of the bot and of webhooks.
  get announced() {
    return this.messages.filter((m) => m.data.author.bot);
  }
  get texts() {
    return this.announced.map((m) => m.text);
  }
  get last() {
    return this.announced.at(-1);
  }
  /// The threads in it, or a forum's posts, oldest first.
  get threads() {
    return [...this.discord.world.channels.values()]
      .filter((c) => c.parent_id === this.id && c.thread_metadata)
      .map((c) => new Channel(this.discord, c));
  }
  get isArchived() {
    return this.data.thread_metadata.archived;
  }
  /// The names of a post's tags.
  get tags() {
    const { available_tags: known = [] } = this.discord.world.parentOf(this.data);
    return (this.data.applied_tags ?? []).map((id) => known.find((tag) => tag.id === id)?.name);
  }
  get requests() {
    return this.discord.requests.filter((call) => call.params.channel_id === this.id);
  }

  /// Waits for a message that was not there before and matches.
  async next(pattern = /(?:)/, { after = 0, within } = {}) {
    return this.discord.until(() => this.announced.slice(after).find((m) => pattern.test(m.text)), {
      within,
      what: () =>
        `#${this.name} has a message that matches ${pattern}; it has:\n${this.texts.slice(-5).join('\n--\n')}`,
    });
  }

  async count(n, options) {
    return this.discord.until(() => this.announced.length >= n && this.announced, {
      what: () => `#${this.name} has ${n} messages; it has ${this.announced.length}`,
      ...options,
    });
  }

  #overwrite(who) {
    const guild = this.discord.world.guilds.get(this.data.guild_id);
    const role = [...guild.roles.values()].find((r) => r.name === who);
    const member = [...guild.members.values()].find((m) => m.user.username === who.replace(/^@/, ''));
    if (!role && !member) throw new Error(`there is no role or member called ${who}`);
    const id = role ? role.id : member.user.id;
    let overwrite = this.data.permission_overwrites.find((o) => o.id === id);
    if (!overwrite) {
      overwrite = { id, type: role ? 0 : 1, allow: 0n, deny: 0n };
      this.data.permission_overwrites.push(overwrite);
    }
    return overwrite;
  }

  /// who: a role's name, '@everyone', or '@member'.
  deny(who, ...permissions) {
    const overwrite = this.#overwrite(who);
    overwrite.deny |= bitsOf(permissions);
    overwrite.allow &= ~bitsOf(permissions);
    this.discord.gateway.channelEvent('CHANNEL_UPDATE', this.data);
  }

  allow(who, ...permissions) {
    const overwrite = this.#overwrite(who);
    overwrite.allow |= bitsOf(permissions);
    overwrite.deny &= ~bitsOf(permissions);
    this.discord.gateway.channelEvent('CHANNEL_UPDATE', this.data);
  }

  /// Of a thread, as a person who manages threads does it.
  archive({ locked = false } = {}) {
    this.data.thread_metadata.locked = locked;
    setArchived(this.discord, this.data, true);
  }

  webhook(name = 'Builds') {
    const webhook = this.discord.world.addWebhook(this.data, name);
    const url = `https://discord.com/api/webhooks/${webhook.id}/${webhook.token}`;
    return { ...webhook, url, remove: () => this.discord.world.webhooks.delete(webhook.id) };
  }

  remove() {
    this.discord.world.channels.delete(this.id);
    this.discord.gateway.channelEvent(
      this.data.thread_metadata ? 'THREAD_DELETE' : 'CHANNEL_DELETE',
      this.data,
    );
  }
}

export class Guild {
  constructor(discord, data) {
    this.discord = discord;
    this.data = data;
  }

  get id() {
    return this.data.id;
  }

  channel(name) {
    const found = [...this.discord.world.channels.values()].find(
      (c) => c.guild_id === this.id && c.name === name.replace(/^#/, ''),
    );
    if (!found) throw new Error(`${this.data.name} has no channel ${name}`);
    return new Channel(this.discord, found);
  }

  addChannel(name, options) {
    const channel = this.discord.world.addChannel(this.data, name, options);
    this.discord.gateway.channelEvent('CHANNEL_CREATE', channel);
    return new Channel(this.discord, channel);
  }

  setRole(name, permissions) {
    const role = [...this.data.roles.values()].find((r) => r.name === name);
    role.permissions = bitsOf(permissions);
    this.discord.gateway.roleEvent('GUILD_ROLE_UPDATE', this.data, role);
  }

  outage(isOut) {
    this.data.unavailable = isOut;
    if (isOut) this.discord.gateway.guildDeleted(this.data, true);
    else this.discord.gateway.guildCreated(this.data);
  }

  removeBot() {
    this.data.hasBot = false;
    this.data.members.delete(this.discord.world.bot.id);
    this.discord.gateway.guildDeleted(this.data, false);
  }

  view() {
    return guildCreateView(this.discord.world, this.data);
  }
}

export class Member {
  constructor(discord, guild, member) {
    this.discord = discord;
    this.guild = guild;
    this.member = member;
  }

  get id() {
    return this.member.user.id;
  }
  /// The direct messages between the bot and this member.
  get directMessages() {
    return new Channel(this.discord, this.discord.world.directChannel(this.member.user));
  }
  refuseDirectMessages(isRefusing = true) {
    this.member.user.refusesDirectMessages = isRefusing;
  }

  #say(channel, content, member) {
    const { world } = this.discord;
    const mentioned = [...content.matchAll(/<@!?(\d+)>/g)]
      .map((m) => m[1])
      .filter((id) => world.users.has(id));
    return post(
      this.discord,
      channel,
      { content },
      { author: userView(this.member.user), member, pings: { users: mentioned, roles: [], everyone: false } },
    );
  }

  says(where, content) {
    const name = where.replace(/^#/, '');
    const channel = [...this.discord.world.channels.values()].find(
      (c) => c.guild_id === this.guild.id && (c.name === name || c.id === name),
    );
    if (!channel) throw new Error(`${this.guild.name} has no channel ${where}`);
    return this.#say(channel, content, this.member);
  }

  saysToBot(content) {
    return this.#say(this.discord.world.directChannel(this.member.user), content, undefined);
  }

  /// Says it, and waits for the bot's next message in that channel.
  async asks(where, content, { within } = {}) {
    const channel = new Guild(this.discord, this.guild).channel(where);
    const before = channel.announced.length;
    this.says(where, content);
    await channel.count(before + 1, { within, what: () => `an answer to "${content}" in ${where}` });
    return channel.announced[before];
  }
}
