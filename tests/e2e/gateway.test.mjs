// The bot stays connected: reconnects, resumes, notices a dead connection, and listens as far as it may.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDiscord } from '../doubles/discord/discord.mjs';
import { heavy, needsProgram, startHookline } from '../support/hookline.mjs';
import { assertClean, makeHook, startBoth } from '../support/story.mjs';

const answers = async (discord, words = '!hook list') =>
  (await discord.member('alice').asks('#dev', words, { within: 15_000 })).text;

// A drop after a drop is waited for longer and longer: a few here, all of them where there is time.
const drops = [
  ['op 7', ({ gateway }) => gateway.reconnect()],
  ['a cut', ({ gateway }) => gateway.dropAll()],
  ['close 4000', ({ gateway }) => gateway.closeAll(4000)],
  ['op 9 that can be resumed', ({ gateway }) => gateway.invalidate(true)],
  ['close 4008', ({ gateway }) => gateway.closeAll(4008)],
];
const ends = [
  ['op 9 that cannot be resumed', ({ gateway }) => gateway.invalidate(false)],
  ['close 4007', ({ gateway }) => gateway.closeAll(4007)],
  ['close 4009', ({ gateway }) => gateway.closeAll(4009)],
  [
    'a session that Discord forgot',
    ({ gateway }) => {
      gateway.forgetSessions();
      gateway.closeAll(4000);
    },
  ],
];

async function resumesAfter(t, list) {
  const { discord } = await startBoth(t);
  await makeHook(discord);
  for (const [name, fault] of list) {
    const resumed = discord.gateway.count('resumed');
    const asked = answers(discord);
    fault(discord);
    assert.match(await asked, /hook_001/, name);
    await discord.until(() => discord.gateway.count('resumed') > resumed, {
      within: 45_000,
      what: () => `resumed after ${name}: ${JSON.stringify(discord.gateway.history.slice(-8))}`,
    });
  }
  assert.equal(discord.gateway.count('identify'), 1, 'never identified anew');
  const own = discord.gateway.history.filter((e) => e.what === 'close' && e.byDouble === null);
  assert.ok(own.every((e) => e.code !== 1000 && e.code !== 1001));
  assertClean(discord);
}

test('op 7 and a cut: resumed, what was said meanwhile is answered', needsProgram, (t) =>
  resumesAfter(t, drops.slice(0, 2)),
);
test('every close that can be resumed after', heavy, (t) => resumesAfter(t, drops));

async function identifiesAfter(t, list) {
  const { discord } = await startBoth(t);
  await makeHook(discord);
  for (const [name, fault] of list) {
    const ready = discord.gateway.count('ready');
    fault(discord);
    await discord.until(() => discord.gateway.count('ready') > ready, {
      within: 45_000,
      what: () => `a new session after ${name}: ${JSON.stringify(discord.gateway.history.slice(-8))}`,
    });
    assert.match(await answers(discord), /hook_001/);
  }
  assertClean(discord);
}

test('a session that is gone: identified anew', needsProgram, (t) => identifiesAfter(t, ends.slice(0, 2)));
test('every way in which a session ends', heavy, (t) => identifiesAfter(t, ends));

test('a connection without acknowledged heartbeats is left and resumed', needsProgram, async (t) => {
  const { discord } = await startBoth(t, { discord: { heartbeatInterval: 700 } });
  await makeHook(discord);
  const resumed = discord.gateway.count('resumed');
  discord.gateway.faults.ignoresHeartbeats = true;
  await discord.until(() => discord.gateway.history.some((e) => e.what === 'close' && e.byDouble === null), {
    within: 10_000,
    what: 'it leaves the zombie',
  });
  discord.gateway.faults.ignoresHeartbeats = false;
  await discord.until(() => discord.gateway.count('resumed') > resumed, {
    within: 15_000,
    what: () => `it resumes: ${JSON.stringify(discord.gateway.history.slice(-8))}`,
  });
  assert.match(await answers(discord), /hook_001/);
  assert.ok(discord.gateway.history.filter((e) => e.what === 'close').every((e) => e.code !== 1000));
});

test('heartbeats keep their time, and one asked for comes at once', needsProgram, async (t) => {
  const { discord } = await startBoth(t, { discord: { heartbeatInterval: 400 } });
  const [connection] = discord.gateway.connections;
  await discord.until(() => connection.heartbeats.length >= 4, { what: 'four heartbeats' });
  const gaps = connection.heartbeats.slice(1).map((at, i) => at - connection.heartbeats[i]);
  assert.ok(gaps.every((gap) => gap > 150) && gaps[0] + gaps[1] < 4000, String(gaps));
  assertClean(discord);
});

test(
  'the message content intent is refused: goes on without it, and hears mentions',
  needsProgram,
  async (t) => {
    const { discord, hookline } = await startBoth(t, { discord: { messageContent: false } });
    const identifies = discord.gateway.history.filter((e) => e.what === 'identify');
    assert.equal(identifies.length, 2, JSON.stringify(discord.gateway.history));
    assert.equal(identifies[1].intents & 32768, 0);
    const reply = await discord
      .member('alice')
      .asks('#dev', `<@${discord.world.bot.id}> github on`, { within: 15_000 });
    assert.match(reply.text, /Webhook Setup/);
    assert.match(hookline.log, /content/i, 'the log says what is missing');
    assertClean(discord);
  },
);

test('a bad token is final: said once, not tried again and again', needsProgram, async (t) => {
  const discord = await startDiscord({ pace: 10 });
  t.after(() => discord.close());
  const hookline = await startHookline(t, {
    env: { HOOKLINE_DISCORD_TOKEN: 'canary.wrong.token', HOOKLINE_DISCORD_API: discord.api },
  });
  await hookline.until(
    async () => /refused|token/i.test((await hookline.api('GET', 'status')).json.gateway),
    { what: 'status says that the token is refused' },
  );
  const asked = discord.requests.length;
  assert.ok(asked <= 3, `${asked} requests`);
  assert.ok(!hookline.log.includes('canary.wrong.token'));
  assert.equal((await fetch(`${hookline.url}/healthz`)).status, 200);
});

test(
  'an outage of a guild keeps its hooks; bots and webhooks are not listened to',
  needsProgram,
  async (t) => {
    const { discord } = await startBoth(t);
    const { id } = await makeHook(discord);
    discord.guild('Acme').outage(true);
    discord.guild('Acme').outage(false);
    assert.match(await answers(discord), new RegExp(id));
    const { url, ...webhook } = discord.channel('dev').webhook('Builds');
    const before = discord.channel('dev').announced.length;
    await fetch(`${discord.api}/webhooks/${webhook.id}/${webhook.token}?wait=true`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'DiscordBot (https://example.org, 1)' },
      body: JSON.stringify({ content: '!hook list' }),
    });
    assert.match(await answers(discord, '!hook help'), /github/);
    assert.equal(
      discord.channel('dev').announced.length,
      before + 2,
      'what the webhook said, and one answer',
    );
  },
);

test('an event that Discord sends twice is one command', needsProgram, async (t) => {
  const { discord } = await startBoth(t);
  discord.gateway.faults.repeatsEvents = true;
  await makeHook(discord);
  await discord.member('alice').asks('#dev', '!hook github on --new');
  discord.gateway.faults.repeatsEvents = false;
  const before = discord.channel('dev').announced.length;
  const list = await answers(discord);
  assert.equal(before, 2, discord.channel('dev').texts.join('\n--\n'));
  assert.match(list, /hook_002/);
  assert.doesNotMatch(list, /hook_003/);
});
