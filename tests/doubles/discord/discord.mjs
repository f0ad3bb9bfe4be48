// A double of Discord: REST and gateway as documented, over real sockets, on 127.0.0.1. It refuses what
// Discord would refuse and is stricter where a client could not tell: a body with a key that Discord does not
// document, a nonce used twice for different messages, or a request before a 429's time has come is noted in
// `problems`, and the body refused.
//
// What it leaves out: interactions and application commands, voice, stickers, polls, audit logs, moderation,
// reactions as events, message search, invites; sharding (one shard), compression and ETF on the gateway;
// TLS; member and presence events other than the bot's own; slowmode; premium limits; AutoMod. Uploaded files
// are kept, their CDN is not there. Nothing is ever lost, repeated or reordered unless a fault asks for it.
import { Faults } from './faults.mjs';
import { Gateway } from './gateway.mjs';
import { Guild, Member, Channel } from './handles.mjs';
import { Ledger } from './ledger.mjs';
import { RateLimits } from './limits.mjs';
import { OpenApi } from './openapi.mjs';
import { Rest } from './rest.mjs';
import { token as randomToken, World } from './world.mjs';

export const realClock = { now: () => Date.now() };

export class Discord {
  ownMistakes = []; // answers of this double that Discord's description does not have
  nonces = new Map();
  faults = new Faults();

  constructor({
    clock = realClock,
    takesUnknownKeys = false,
    checksItself = false,
    token,
    messageContent = true,
    openapi = OpenApi.load(),
    pace,
    limits,
    heartbeatInterval,
    identifyInterval,
  } = {}) {
    this.clock = clock;
    this.token = token ?? `${randomToken(18)}.${randomToken(4)}.${randomToken(28)}`;
    this.messageContent = messageContent;
    this.takesUnknownKeys = takesUnknownKeys;
    this.checksItself = checksItself;
    this.openapi = openapi;
    this.world = new World(clock);
    this.ledger = new Ledger(clock);
    this.limits = new RateLimits(clock, { pace, limits });
    this.rest = new Rest(this);
    this.gateway = new Gateway(this, { heartbeatInterval, identifyInterval, pace });
  }

  get api() {
    return this.rest.url;
  }
  get requests() {
    return this.ledger.requests;
  }
  get problems() {
    return this.ledger.problems;
  }
  until(holds, options) {
    return this.ledger.until(holds, options);
  }
  problem(what, call = null) {
    this.ledger.problems.push({ what, call });
  }
  noteBody(kind, call) {
    this.ledger.emit('body', kind, call);
  }

  /// One line for each problem, for a test to show.
  problemTexts() {
    return this.problems.map(
      ({ what, call }) => (call?.method ? `${call.method} ${call.path}: ` : '') + what,
    );
  }

  guild(name) {
    return this.#named(this.world.guilds, name, Guild, 'guild');
  }
  /// By name ("dev" or "#dev") or id.
  channel(name) {
    return this.#named(this.world.channels, name.replace(/^#/, ''), Channel, 'channel');
  }

  #named(map, name, Handle, kind) {
    const found = map.get(name) ?? [...map.values()].find((one) => one.name === name);
    if (!found) throw new Error(`there is no ${kind} called ${name}`);
    return new Handle(this, found);
  }

  /// A member by user name, of `guildName` or of the guild that has one of that name.
  member(name, guildName) {
    for (const guild of this.world.guilds.values()) {
      if (guildName && guild.name !== guildName) continue;
      for (const member of guild.members.values()) {
        if (member.user.username === name) return new Member(this, guild, member);
      }
    }
    throw new Error(`there is no member called ${name}`);
  }

  deleteMessage(channel, message) {
    message.deletedAt = this.clock.now();
    this.ledger.changed();
    this.gateway.messageDeleted(channel, message);
  }

  async close() {
    await this.gateway.close();
    await this.rest.close();
  }
}

/// guilds: [{ name, hasBot, roles: { name: [permission, …] }, channels: ['dev', { name, type, … }],
///            members: ['bob', { name, permissions: […], roles: […] }] }]
export function populate(discord, guilds) {
  const { world } = discord;
  for (const { name, hasBot, roles = {}, channels = [], members = [] } of guilds) {
    const guild = world.addGuild(name, { hasBot });
    const byName = {};
    for (const [role, permissions] of Object.entries(roles))
      byName[role] = world.addRole(guild, role, permissions);
    for (const channel of channels) {
      const { name: channelName, ...rest } = typeof channel === 'string' ? { name: channel } : channel;
      world.addChannel(guild, channelName, rest);
    }
    for (const member of members) {
      const {
        name: userName,
        permissions,
        roles: held = [],
      } = typeof member === 'string' ? { name: member } : member;
      const own = held.map((role) => byName[role]);
      if (permissions) own.push(world.addRole(guild, `of ${userName}`, permissions));
      world.addMember(guild, world.addUser(userName), own);
    }
  }
}

const someGuild = [
  {
    name: 'Acme',
    channels: ['dev', 'ops'],
    members: [{ name: 'alice', permissions: ['MANAGE_WEBHOOKS'] }, 'bob'],
  },
];

/// Starts a double on free ports (or `port`, `gatewayPort`). Options: guilds, token, messageContent, clock,
/// pace (divides every window of time), limits, heartbeatInterval and identifyInterval (ms), openapi,
/// takesUnknownKeys (as Discord does; else a key that Discord does not document is refused), checksItself
/// (holds its own answers against Discord's description, too).
export async function startDiscord({ port = 0, gatewayPort = 0, guilds = someGuild, ...options } = {}) {
  const discord = new Discord(options);
  populate(discord, guilds);
  await discord.rest.listen(port);
  await discord.gateway.listen(gatewayPort);
  return discord;
}
