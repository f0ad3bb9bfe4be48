// The world's parts as Discord writes them into answers and events.
const nothing = { avatar: null, banner: null };

export const userView = (user) => ({
  accent_color: null,
  avatar_decoration_data: null,
  banner: null,
  collectibles: null,
  ...user,
});

export const roleView = (role) => ({
  id: role.id,
  name: role.name,
  description: null,
  permissions: String(role.permissions),
  position: role.position,
  color: 0,
  colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
  hoist: false,
  managed: false,
  mentionable: role.mentionable,
  icon: null,
  unicode_emoji: null,
  flags: 0,
});

export const memberView = (member, { withUser = true } = {}) => ({
  roles: member.roles,
  nick: member.nick,
  ...nothing,
  joined_at: member.joined_at,
  premium_since: null,
  pending: false,
  mute: false,
  deaf: false,
  flags: 0,
  communication_disabled_until: member.communication_disabled_until,
  ...(withUser ? { user: userView(member.user) } : {}),
});

const overwriteView = (o) => ({ id: o.id, type: o.type, allow: String(o.allow), deny: String(o.deny) });

export function channelView(channel) {
  const { messages, recipient, permission_overwrites: overwrites, ...rest } = channel;
  if (channel.type === 1) return { ...rest, recipients: [userView(recipient)] };
  if (channel.thread_metadata)
    return { ...rest, last_pin_timestamp: null, total_message_sent: channel.message_count };
  return {
    ...rest,
    last_pin_timestamp: null,
    permission_overwrites: overwrites.map(overwriteView),
    ...([15, 16].includes(channel.type) ? { available_tags: channel.available_tags ?? [] } : {}),
  };
}

export function guildView(guild) {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    description: null,
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: [],
    banner: null,
    owner_id: guild.owner_id,
    application_id: null,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    default_message_notifications: 0,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_presences: null,
    max_members: 500000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: 'en-US',
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
    incidents_data: null,
    roles: [...guild.roles.values()].map(roleView),
  };
}

/// GUILD_CREATE: the guild with what a bot sees of it. Channel objects inside lack guild_id.
export function guildCreateView(world, guild) {
  const own = [...world.channels.values()].filter((c) => c.guild_id === guild.id);
  const inside = (list) =>
    list.map((channel) => {
      const { guild_id: _, ...rest } = channelView(channel);
      return rest;
    });
  return {
    ...guildView(guild),
    joined_at: guild.joined_at,
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    members: [memberView(guild.members.get(world.bot.id))],
    channels: inside(own.filter((c) => !c.thread_metadata)),
    threads: inside(own.filter((c) => c.thread_metadata && !c.thread_metadata.archived)),
  };
}

export function webhookView(webhook, { withToken = true } = {}) {
  const { token, user, ...rest } = webhook;
  return { ...rest, ...(withToken ? { token } : {}), ...(user ? { user: userView(user) } : {}) };
}
