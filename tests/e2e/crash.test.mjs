// kill -9, SIGTERM and restarts: what was acknowledged is in the channel, once, in order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts, assertAccounted, settled } from '../support/accounts.mjs';
import { heavy, needsProgram, run } from '../support/hookline.mjs';
import { assertClean, makeHook, numbersIn, push, startBoth } from '../support/story.mjs';

/// Sends pushes from `first` on, several at a time, until `isOver()`; what was acknowledged, by event id.
async function burst(hookline, hook, acknowledged, first, isOver, width = 4) {
  let next = first;
  const sender = async () => {
    while (!isOver()) {
      const n = next++;
      try {
        const { status, json } = await hookline.deliver('push', push(`push number ${n}`), hook);
        if (status === 202) acknowledged.push({ n, event: json.event });
      } catch {
        /* the daemon died in the middle: not acknowledged */
      }
    }
  };
  await Promise.all(Array.from({ length: width }, sender));
  return next;
}

/// The acknowledged ones that `channel` does not show.
function missing(acknowledged, channel) {
  const shown = new Set(numbersIn(channel));
  return acknowledged.filter(({ n }) => !shown.has(n)).map(({ n }) => n);
}

async function killsInABurst(t, kills, pace) {
  const { discord, hookline } = await startBoth(t, { discord: { pace } });
  const hook = await makeHook(discord);
  const acknowledged = [];
  let next = 1;
  for (let kill = 0; kill < kills; kill += 1) {
    let isOver = false;
    const enough = acknowledged.length + 8 + kill * 5;
    const killed = hookline
      .until(() => acknowledged.length >= enough, { what: 'some are acknowledged' })
      .then(() => hookline.kill())
      .finally(() => {
        isOver = true;
      });
    next = await burst(hookline, hook, acknowledged, next, () => isOver);
    await killed;
    await hookline.start();
  }
  const dev = discord.channel('dev');
  await settled(hookline, { within: 60_000 + acknowledged.length * 60 }); // a channel takes one in 20 ms here
  const { folded } = assertAccounted(accounts(hookline), dev);
  const toBeShown = acknowledged.filter(({ event }) => !folded.has(event));
  assert.deepEqual(missing(toBeShown, dev), [], 'every acknowledged one is told or summed up');
  const shown = numbersIn(dev);
  assert.equal(new Set(shown).size, shown.length, `none twice: ${shown}`);
  const order = new Map(acknowledged.map(({ n, event }) => [n, event]));
  const events = shown.filter((n) => order.has(n)).map((n) => order.get(n));
  assert.deepEqual(
    events,
    [...events].sort((a, b) => a - b),
    'in the order of their events',
  );
  assertClean(discord);
}

test('kill -9 in the middle of a burst, three times', needsProgram, (t) => killsInABurst(t, 3, 20));
test('kill -9 in the middle of a burst, twenty times', heavy, (t) => killsInABurst(t, 20, 50));

test('kill -9 while an answer of Discord is on its way: not said twice', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const hook = await makeHook(discord);
  const dev = discord.channel('dev');
  discord.faults.push({
    method: 'POST',
    route: '/channels/{channel_id}/messages',
    kind: 'hang',
    when: 'after',
  });
  await hookline.deliver('push', push('push number 1'), hook);
  await dev.next(/push number 1\b/);
  await hookline.kill();
  await hookline.start();
  await hookline.deliver('push', push('push number 2'), hook);
  await dev.next(/push number 2\b/, { within: 20_000 });
  assert.deepEqual(numbersIn(dev), [1, 2]);
  assertClean(discord);
});

test('SIGTERM under load ends within ten seconds and loses nothing', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t, { discord: { pace: 20 } });
  const hook = await makeHook(discord);
  const acknowledged = [];
  let isOver = false;
  const ended = hookline
    .until(() => acknowledged.length >= 25, { what: 'some are acknowledged' })
    .then(() => hookline.terminate())
    .finally(() => {
      isOver = true;
    });
  await burst(hookline, hook, acknowledged, 1, () => isOver);
  await ended;
  await hookline.start();
  const dev = discord.channel('dev');
  await discord.until(() => missing(acknowledged, dev).length === 0, {
    within: 60_000,
    what: 'every acknowledged one arrives',
  });
  const shown = numbersIn(dev);
  assert.equal(new Set(shown).size, shown.length, `none twice: ${shown}`);
  assertClean(discord);
});

test('a second daemon on the same data folder is refused, and says so', needsProgram, async (t) => {
  const { hookline } = await startBoth(t);
  const second = await run(['serve', '--listen', '127.0.0.1:0'], {
    env: { HOOKLINE_DATA_DIR: hookline.dataDir },
    within: 5000,
  });
  assert.notEqual(second.code, 0);
  assert.match(second.stderr, /^hookline: .*(another|already|in use|lock)/i);
});

test('starts in under a second with what it already knows', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const hook = await makeHook(discord);
  for (let n = 1; n <= 50; n += 1)
    await hookline.deliver(
      'star',
      { action: 'created', repository: { id: 1, full_name: 'o/r' }, sender: { login: 'a' } },
      hook,
    );
  await hookline.restart();
  assert.ok(hookline.startTook < 3000, `${hookline.startTook} ms (built with sanitizers, perhaps)`);
  assert.equal((await hookline.api('GET', 'status')).json.events, 50);
});
