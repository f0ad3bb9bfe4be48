// Discord, "Permissions": the bits, and what a member may do in a channel.
export const bits = {
  ADD_REACTIONS: 1n << 6n,
  ADMINISTRATOR: 1n << 3n,
  MANAGE_CHANNELS: 1n << 4n,
  MANAGE_GUILD: 1n << 5n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  SEND_TTS_MESSAGES: 1n << 12n,
  MANAGE_MESSAGES: 1n << 13n,
  EMBED_LINKS: 1n << 14n,
  ATTACH_FILES: 1n << 15n,
  READ_MESSAGE_HISTORY: 1n << 16n,
  MENTION_EVERYONE: 1n << 17n,
  USE_EXTERNAL_EMOJIS: 1n << 18n,
  MANAGE_ROLES: 1n << 28n,
  MANAGE_WEBHOOKS: 1n << 29n,
  USE_APPLICATION_COMMANDS: 1n << 31n,
  MANAGE_THREADS: 1n << 34n,
  CREATE_PUBLIC_THREADS: 1n << 35n,
  CREATE_PRIVATE_THREADS: 1n << 36n,
  SEND_MESSAGES_IN_THREADS: 1n << 38n,
};
export const all = (1n << 53n) - 1n;

export function bitsOf(names) {
  let sum = 0n;
  for (const name of [].concat(names)) {
    if (bits[name] === undefined) throw new Error(`no permission is called ${name}`);
    sum |= bits[name];
  }
  return sum;
}

/// What @everyone of a fresh guild may do.
export const everyoneDefault = bitsOf([
  'VIEW_CHANNEL',
  'SEND_MESSAGES',
  'EMBED_LINKS',
  'ATTACH_FILES',
  'READ_MESSAGE_HISTORY',
  'ADD_REACTIONS',
  'USE_EXTERNAL_EMOJIS',
  'USE_APPLICATION_COMMANDS',
  'CREATE_PUBLIC_THREADS',
  'SEND_MESSAGES_IN_THREADS',
]);

export function basePermissions(guild, member) {
  if (member.user.id === guild.id || member.user.id === guild.owner_id) return all;
  let held = guild.roles.get(guild.id).permissions;
  for (const id of member.roles) held |= guild.roles.get(id)?.permissions ?? 0n;
  return held & bits.ADMINISTRATOR ? all : held;
}

function applyOverwrites(held, channel, guild, member) {
  const overwrite = (id) => channel.permission_overwrites.find((o) => o.id === id);
  const everyone = overwrite(guild.id);
  if (everyone) held = (held & ~everyone.deny) | everyone.allow;
  let allow = 0n,
    deny = 0n;
  for (const id of member.roles) {
    const role = overwrite(id);
    if (role) {
      allow |= role.allow;
      deny |= role.deny;
    }
  }
  held = (held & ~deny) | allow;
  const own = overwrite(member.user.id);
  return own ? (held & ~own.deny) | own.allow : held;
}

/// `channel`: its own overwrites; a thread's are its parent's, which the caller passes as `parent`.
export function channelPermissions(guild, member, channel, parent = null, now = Date.now()) {
  if (!member) return 0n;
  let held = basePermissions(guild, member);
  if (held === all) return all;
  held = applyOverwrites(held, parent ?? channel, guild, member);
  const timeout = member.communication_disabled_until;
  if (timeout && Date.parse(timeout) > now) held &= bits.VIEW_CHANNEL | bits.READ_MESSAGE_HISTORY;
  if (!(held & bits.VIEW_CHANNEL)) return 0n;
  const sending = parent ? bits.SEND_MESSAGES_IN_THREADS : bits.SEND_MESSAGES;
  if (!(held & sending)) {
    held &= ~(bits.MENTION_EVERYONE | bits.SEND_TTS_MESSAGES | bits.ATTACH_FILES | bits.EMBED_LINKS);
  }
  return held;
}
