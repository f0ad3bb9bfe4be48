// Discord's gateway, v10, JSON without compression ("Gateway"). Two addresses: one to identify at and one to
// resume at, because Discord's differ and a client must not mix them up.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { Connection } from './connection.mjs';
import { bits } from './permissions.mjs';
import { channelView, guildCreateView, memberView, roleView, userView } from './views.mjs';

export const intents = {
  GUILDS: 1,
  GUILD_MEMBERS: 2,
  GUILD_WEBHOOKS: 32,
  GUILD_PRESENCES: 256,
  GUILD_MESSAGES: 512,
  DIRECT_MESSAGES: 4096,
  MESSAGE_CONTENT: 32768,
};
export const privileged = intents.GUILD_MEMBERS | intents.GUILD_PRESENCES | intents.MESSAGE_CONTENT;
const sessionLife = 120_000; // how long a session without a connection can be resumed

export class Gateway {
  sessions = new Map();
  connections = new Set();
  identifies = []; // times, for the limit of concurrent ones
  history = []; // { at, what: 'identify' | 'resume' | 'close', … }
  sessionLimit = { total: 1000, remaining: 1000 };
  #servers = [];
  /// Taken by the next thing that asks: closeOnIdentify, closeOnResume (codes), invalidOnIdentify,
  /// invalidOnResume (d of op 9). Until they are false: ignoresHeartbeats, silentHello, repeatsEvents (each
  /// event is dispatched twice, as Discord may do).
  faults = {};

  constructor(discord, { heartbeatInterval = 41250, identifyInterval = 5000, pace = 1 } = {}) {
    this.discord = discord;
    this.heartbeatInterval = heartbeatInterval;
    this.identifyInterval = identifyInterval / pace;
  }

  async listen(port = 0) {
    this.url = await this.#open(port, 'identify');
    this.resumeUrl = await this.#open(0, 'resume');
  }

  async #open(port, kind) {
    const server = createServer((_, reply) => reply.writeHead(426).end());
    const sockets = new WebSocketServer({ server, maxPayload: 1 << 20 });
    sockets.on('connection', (socket, request) => {
      this.connections.add(new Connection(this, socket, kind, new URL(request.url, 'ws://double')));
    });
    await new Promise((done, failed) => {
      server.once('error', failed).listen(port, '127.0.0.1', done);
    });
    this.#servers.push(server, sockets);
    return `ws://127.0.0.1:${server.address().port}`;
  }

  async close() {
    for (const connection of this.connections) connection.drop();
    for (const server of this.#servers) server.close();
  }

  botInfo() {
    const { total, remaining } = this.sessionLimit;
    return {
      url: this.url,
      shards: 1,
      session_start_limit: { total, remaining, reset_after: 86400000, max_concurrency: 1 },
    };
  }

  note(what, more = {}) {
    this.history.push({ at: this.discord.clock.now(), what, ...more });
    this.discord.ledger.changed();
  }

  count(what) {
    return this.history.filter((entry) => entry.what === what).length;
  }
  get isReady() {
    return this.#live().length > 0;
  }
  #live() {
    return [...this.connections].filter((connection) => connection.isReady);
  }

  // On demand
  reconnect() {
    this.#live().forEach((c) => c.send({ op: 7, d: null }));
  }
  invalidate(isResumable) {
    for (const connection of this.#live()) {
      if (!isResumable) this.sessions.delete(connection.session.id);
      connection.send({ op: 9, d: isResumable });
    }
  }
  closeAll(code, reason = '') {
    this.#live().forEach((c) => c.close(code, reason));
  }
  dropAll() {
    this.connections.forEach((c) => c.drop());
  }
  askHeartbeat() {
    this.#live().forEach((c) => c.send({ op: 1, d: null }));
  }
  forgetSessions() {
    this.sessions.clear();
  }

  sessionOf(id) {
    const session = this.sessions.get(id);
    if (!session) return null;
    const isOld = session.leftAt !== null && this.discord.clock.now() - session.leftAt > sessionLife;
    return isOld ? null : session;
  }

  // Events
  dispatch(t, d, { needs, channel = null, strip = (data) => data } = {}) {
    const { world } = this.discord;
    if (channel && channel.guild_id && !(world.permissions(world.bot, channel) & bits.VIEW_CHANNEL)) return;
    for (const session of this.sessions.values()) {
      if (needs && !(session.intents & needs)) continue;
      session.dispatch(t, strip(d, session.intents));
      if (this.faults.repeatsEvents) session.dispatch(t, strip(d, session.intents));
    }
  }

  #messageEvent(t, channel, message, member) {
    const isDirect = channel.type === 1;
    const data = {
      ...message.data,
      channel_type: channel.type,
      ...(isDirect ? {} : { guild_id: channel.guild_id }),
      ...(member ? { member: memberView(member, { withUser: false }) } : {}),
    };
    const { bot } = this.discord.world;
    const isFree = isDirect || data.author.id === bot.id || data.mentions.some((u) => u.id === bot.id);
    this.dispatch(t, data, {
      channel,
      needs: isDirect ? intents.DIRECT_MESSAGES : intents.GUILD_MESSAGES,
      strip: (d, held) =>
        isFree || held & intents.MESSAGE_CONTENT
          ? d
          : { ...d, content: '', embeds: [], attachments: [], components: [] },
    });
  }

  messageCreated(channel, message, member) {
    this.#messageEvent('MESSAGE_CREATE', channel, message, member);
  }
  messageUpdated(channel, message) {
    this.#messageEvent('MESSAGE_UPDATE', channel, message);
  }

  messageDeleted(channel, message) {
    const isDirect = channel.type === 1;
    this.dispatch(
      'MESSAGE_DELETE',
      { id: message.id, channel_id: channel.id, ...(isDirect ? {} : { guild_id: channel.guild_id }) },
      { channel, needs: isDirect ? intents.DIRECT_MESSAGES : intents.GUILD_MESSAGES },
    );
  }

  threadCreated(thread) {
    this.dispatch(
      'THREAD_CREATE',
      { ...channelView(thread), newly_created: true },
      { channel: thread, needs: intents.GUILDS },
    );
  }
  channelEvent(t, channel) {
    this.dispatch(t, channelView(channel), { needs: intents.GUILDS });
  }
  roleEvent(t, guild, role) {
    this.dispatch(t, { guild_id: guild.id, role: roleView(role) }, { needs: intents.GUILDS });
  }
  webhooksUpdated(channel) {
    this.dispatch(
      'WEBHOOKS_UPDATE',
      { guild_id: channel.guild_id, channel_id: channel.id },
      { channel, needs: intents.GUILD_WEBHOOKS },
    );
  }
  guildCreated(guild) {
    this.dispatch('GUILD_CREATE', guildCreateView(this.discord.world, guild), { needs: intents.GUILDS });
  }
  guildDeleted(guild, isOutage) {
    this.dispatch(
      'GUILD_DELETE',
      { id: guild.id, ...(isOutage ? { unavailable: true } : {}) },
      { needs: intents.GUILDS },
    );
  }

  botMemberUpdated(guild) {
    this.dispatch(
      'GUILD_MEMBER_UPDATE',
      { guild_id: guild.id, ...memberView(guild.members.get(this.discord.world.bot.id)) },
      { needs: intents.GUILDS },
    );
  }

  /// READY and the guilds that follow it.
  welcome(session) {
    const { world, messageContent } = this.discord;
    const own = [...world.guilds.values()].filter((guild) => guild.hasBot);
    session.dispatch('READY', {
      v: 10,
      user: { ...userView(world.bot), verified: true, mfa_enabled: true, email: null },
      guilds: own.map((guild) => ({ id: guild.id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: this.resumeUrl,
      session_type: 'normal',
      shard: [0, 1],
      private_channels: [],
      presences: [],
      relationships: [],
      user_settings: {},
      _trace: [],
      application: { id: world.application.id, flags: messageContent ? 1 << 19 : 0 },
    });
    if (!(session.intents & intents.GUILDS)) return;
    for (const guild of own) {
      if (guild.unavailable) session.dispatch('GUILD_CREATE', { id: guild.id, unavailable: true });
      else session.dispatch('GUILD_CREATE', guildCreateView(world, guild));
    }
  }
}
