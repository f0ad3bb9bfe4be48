// What most end-to-end tests begin and end with: a guild with a hook, and the promises that hold in every one
// of them.
import assert from 'node:assert/strict';
import { startDiscord } from '../doubles/discord/discord.mjs';
import { example } from '../doubles/github.mjs';
import { startHookline } from './hookline.mjs';

/// A double of Discord whose windows of time are ten times as short, and the program as its bot.
export async function startBoth(t, { discord: discordOptions, ...options } = {}) {
  const discord = await startDiscord({ pace: 10, heartbeatInterval: 5000, ...discordOptions });
  t.after(() => discord.close());
  const hookline = await startHookline(t, { discord, ...options });
  return { discord, hookline };
}

/// Says `words` and reads what came: { id, secret, path, reply, told }. prefix: how the service's secrets begin.
export async function makeHook(
  discord,
  { who = 'alice', where = '#dev', words = '!hook github on', service = 'github', prefix = 'gh' } = {},
) {
  const member = discord.member(who);
  const toldBefore = member.directMessages.announced.length;
  const reply = await member.asks(where, words);
  const form = new RegExp(`\\b${prefix}_\\w{20,}`);
  const told = await member.directMessages.next(form, { after: toldBefore });
  const secret = form.exec(told.text)[0];
  const url = new RegExp(`https?://[^\\s\`>]+/webhook/${service}/(hook_\\d+)`).exec(reply.text);
  assert.ok(url, `no URL in the reply:\n${reply.text}`);
  return { id: url[1], secret, hook: url[1], reply, told, url: url[0] };
}

/// What the administrator is answered to `words` about `channel`: the same language, without the pace at which
/// a member may speak.
export async function command(hookline, channel, words) {
  const { status, json } = await hookline.api('POST', 'commands', { words, channel: channel.id });
  assert.equal(status, 200, JSON.stringify(json));
  const { content = '', embeds = [] } = json.message;
  return [content, ...embeds.map((embed) => JSON.stringify(embed))].join('\n');
}

/// A push to `branch` of one commit with that subject; every call makes another commit id.
let commits = 0;
export function push(subject, { branch = 'main', change = () => {} } = {}) {
  commits += 1;
  const id = commits.toString(16).padStart(40, 'c');
  return example('push', null, (payload) => {
    Object.assign(payload, {
      ref: `refs/heads/${branch}`,
      before: 'a'.repeat(40),
      after: id,
      created: false,
      deleted: false,
      forced: false,
    });
    const commit = {
      id,
      tree_id: 'b'.repeat(40),
      distinct: true,
      message: subject,
      timestamp: '2025-11-08T12:00:00Z',
      url: `https://github.com/${payload.repository.full_name}/commit/${id}`,
      author: { name: 'Stryk', email: 's@example.org', username: 'STRYK' },
      committer: { name: 'Stryk', email: 's@example.org', username: 'STRYK' },
      added: [],
      removed: [],
      modified: ['src/encryption.py'],
    };
    payload.commits = [commit];
    payload.head_commit = commit;
    change(payload);
    const base = `https://github.com/${payload.repository.full_name}`;
    payload.compare = `${base}/compare/${payload.before.slice(0, 12)}...${payload.after.slice(0, 12)}`;
  });
}

/// Every fact stands in `text`, in this order.
export function assertInOrder(text, facts) {
  let at = 0;
  for (const fact of facts) {
    const rest = text.slice(at);
    const found =
      fact instanceof RegExp
        ? fact.exec(rest)
        : rest.includes(fact)
          ? { index: rest.indexOf(fact), 0: fact }
          : null;
    assert.ok(found, `${fact} is missing, or stands too early, in:\n${text}`);
    at += found.index + found[0].length;
  }
}

/// What no message may show, whatever the payload was.
export function assertPresentable(message) {
  const { text } = message;
  assert.doesNotMatch(text, /\bnull\b|\bundefined\b|NaN|\[object/, text);
  assert.doesNotMatch(text.replace(/https?:\/\/\S+/g, ''), /\b[0-9a-f]{40}\b/, text);
  for (const { body } of message.revisions) {
    assert.ok(body.allowed_mentions, 'allowed_mentions is explicit on every create and edit');
  }
  for (const embed of message.embeds) {
    for (const part of [
      embed.title,
      embed.description,
      ...(embed.fields ?? []).flatMap((f) => [f.name, f.value]),
    ]) {
      assert.notEqual(part?.trim(), '', text);
    }
  }
}

/// At the end of a test: the double saw nothing that Discord would refuse, and every message is presentable.
export function assertClean(discord, { pings = false } = {}) {
  assert.deepEqual(discord.problemTexts(), []);
  for (const { message } of discord.ledger.messages) {
    if (!message.data.author.bot) continue;
    assertPresentable(message);
    if (!pings) assert.deepEqual(message.pings, { users: [], roles: [], everyone: false }, message.text);
  }
}

/// What was announced in the channel after its first `after` messages: each event is an embed of its own, also where
/// several waited and shared a message.
export const embedsIn = (channel, { after = 0 } = {}) =>
  channel.announced.slice(after).flatMap((message) => message.embeds);

/// The numbers of "push number N" that the channel's messages tell, in order; an embed (or a plain text) that tells
/// one in two places tells it once.
export const numbersIn = (channel) =>
  channel.announced.flatMap((message) =>
    [message.data.content, ...message.embeds.map((embed) => JSON.stringify(embed))].flatMap((text) => [
      ...new Set([...text.matchAll(/\bpush number (\d+)\b/g)].map((match) => Number(match[1]))),
    ]),
  );
