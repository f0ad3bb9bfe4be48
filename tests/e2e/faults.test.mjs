// Discord has bad days: nothing is lost, nothing is said twice, nobody is asked before the time that Discord named.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heavy, needsProgram } from '../support/hookline.mjs';
import { assertClean, makeHook, numbersIn, push, startBoth } from '../support/story.mjs';

const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1);

async function sendNumbers(hookline, hook, from, to) {
  for (let n = from; n <= to; n += 1) {
    const { status, text } = await hookline.deliver('push', push(`push number ${n}`), hook);
    assert.equal(status, 202, text);
  }
}

async function allArrive(discord, hookline, channel, n, within = 45_000) {
  await discord.until(() => numbersIn(channel).length >= n, {
    within,
    what: () => `${n} pushes; there are ${numbersIn(channel)}\n${hookline.log.slice(-3000)}`,
  });
  await hookline.until(async () => (await hookline.api('GET', 'status')).json.waiting === 0, {
    within: 20_000,
    what: 'nothing waits any more',
  });
  assert.deepEqual(numbersIn(channel), upTo(n), 'each once, in order');
}

const create = { method: 'POST', route: '/channels/{channel_id}/messages' };
const table = {
  '500, 502 and 503 before the message is made': [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 502 },
    { kind: 'status', status: 503, body: '' },
  ],
  '502 after the message is made': [
    { kind: 'status', status: 502, when: 'after' },
    { kind: 'status', status: 504, when: 'after' },
  ],
  'a reset before': [{ kind: 'reset' }],
  'a reset after the message is made': [
    { kind: 'reset', when: 'after' },
    { kind: 'reset', when: 'after', skip: 2 },
  ],
  'an answer cut in the middle': [{ kind: 'truncated' }],
  '200 with something that is no JSON': [{ kind: 'garbled' }],
  '429 of the user': [{ kind: 'limited', retryAfter: 0.376 }],
  '429 shared': [{ kind: 'limited', retryAfter: 0.5, scope: 'shared' }],
  '429 global': [{ kind: 'limited', retryAfter: 0.7, scope: 'global', global: true }],
  '429 whose header says later than its body': [{ kind: 'limited', retryAfter: 0.2, headerRetryAfter: 2 }],
  '429 with a header alone': [{ kind: 'limited', retryAfter: 1, form: 'header' }],
};

for (const [name, faults] of Object.entries(table)) {
  test(`${name}: nothing lost, nothing twice, in order`, needsProgram, async (t) => {
    const { discord, hookline } = await startBoth(t);
    const hook = await makeHook(discord);
    const dev = discord.channel('dev');
    await sendNumbers(hookline, hook, 1, 1);
    await dev.next(/push number 1\b/);
    discord.faults.push(...faults.map((fault) => ({ ...create, ...fault })));
    await sendNumbers(hookline, hook, 2, 7);
    await allArrive(discord, hookline, dev, 7);
    // Messages that waited together shared a request: what a later one was to meet needs more of them.
    for (let n = 8; discord.faults.waiting > 0 && n <= 12; n += 1) {
      await sendNumbers(hookline, hook, n, n);
      await allArrive(discord, hookline, dev, n);
    }
    assert.equal(discord.faults.waiting, 0, 'every fault was met');
    for (const call of discord.requests.filter((c) => c.fault?.kind === 'limited')) {
      const { retryAfter, headerRetryAfter = 0, global } = call.fault;
      const wait = Math.max(retryAfter, headerRetryAfter) * 1000;
      const early = discord.requests.find(
        (c) =>
          c.at > call.at + 30 &&
          c.at < call.at + wait &&
          c.method === 'POST' &&
          (global || c.params.channel_id === call.params.channel_id),
      );
      assert.ok(!early, `a request ${early?.at - call.at} ms after a 429 that asked for ${wait} ms`);
    }
    assertClean(discord);
  });
}

test('an answer that comes too late, and one that never comes', heavy, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const hook = await makeHook(discord);
  discord.faults.push(
    { ...create, kind: 'delay', ms: 35_000, when: 'after' },
    { ...create, kind: 'hang', when: 'after' },
  );
  await sendNumbers(hookline, hook, 1, 4);
  await allArrive(discord, hookline, discord.channel('dev'), 4, 180_000);
  assertClean(discord);
});

test('a Cloudflare page instead of an answer silences everything, and nothing is lost', heavy, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const hook = await makeHook(discord);
  discord.faults.push({ ...create, kind: 'limited', form: 'html', retryAfter: 20 });
  const began = Date.now();
  await sendNumbers(hookline, hook, 1, 3);
  await allArrive(discord, hookline, discord.channel('dev'), 3, 120_000);
  assert.ok(Date.now() - began >= 20_000);
  assertClean(discord);
});

test('one dead channel delays no other', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const dev = await makeHook(discord);
  const ops = await makeHook(discord, { where: '#ops' });
  discord.faults.push({
    method: 'POST',
    path: discord.channel('dev').id,
    kind: 'status',
    status: 503,
    times: 1000,
  });
  await sendNumbers(hookline, dev, 1, 3);
  const began = Date.now();
  await sendNumbers(hookline, ops, 1, 3);
  await allArriveIn(discord, 'ops', 3);
  assert.ok(Date.now() - began < 5000, `${Date.now() - began} ms`);
  assert.deepEqual(numbersIn(discord.channel('dev')), []);
  discord.faults.clear();
  await discord.until(() => numbersIn(discord.channel('dev')).length === 3, {
    within: 60_000,
    what: 'the dead channel lives again',
  });
  assert.deepEqual(numbersIn(discord.channel('dev')), [1, 2, 3]);
  assertClean(discord);
});

async function allArriveIn(discord, name, n) {
  await discord.until(() => numbersIn(discord.channel(name)).length === n, {
    what: () => `${n} pushes in ${name}; there are ${numbersIn(discord.channel(name))}`,
  });
}

test('a burst keeps the buckets: no 429 of its own making', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const hook = await makeHook(discord);
  await sendNumbers(hookline, hook, 1, 40);
  await allArrive(discord, hookline, discord.channel('dev'), 40);
  assert.deepEqual(
    discord.requests.filter((c) => c.status === 429).map((c) => c.path),
    [],
  );
  assertClean(discord);
});

test(
  'refused content falls back to a plain line, and is parked only if that is refused too',
  needsProgram,
  async (t) => {
    const { discord, hookline } = await startBoth(t);
    const hook = await makeHook(discord);
    const dev = discord.channel('dev');
    const refusal = {
      ...create,
      kind: 'status',
      status: 400,
      body: { message: 'Message was blocked by automatic moderation', code: 200000 },
    };
    discord.faults.push(refusal);
    await sendNumbers(hookline, hook, 1, 1);
    const plain = await dev.next(/push number 1\b|Push/, { after: 1 });
    assert.equal(plain.embeds.length, 0);
    discord.faults.push({ ...refusal, times: 2 });
    await sendNumbers(hookline, hook, 2, 3);
    await dev.next(/push number 3\b/);
    assert.ok(!numbersIn(dev).includes(2));
    assert.equal((await hookline.api('GET', 'status')).json.parked, 1);
    assertClean(discord);
  },
);

test(
  'a channel that takes nothing any more is held with its backlog, its owner is told once, and resume empties it',
  needsProgram,
  async (t) => {
    const { discord, hookline } = await startBoth(t);
    const hook = await makeHook(discord);
    const alice = discord.member('alice');
    const dev = discord.channel('dev');
    const before = alice.directMessages.announced.length;
    dev.deny('@hookline', 'SEND_MESSAGES');
    await sendNumbers(hookline, hook, 1, 4);
    await alice.directMessages.next(/dev|hook_\d+|permission/i, { after: before });
    await hookline.until(async () => (await hookline.api('GET', 'status')).json.held.length === 1, {
      what: 'the destination is held',
    });
    const refused = discord.requests.filter((c) => c.status === 403).length;
    assert.ok(refused <= 2, `${refused} refused requests`);
    await sendNumbers(hookline, hook, 5, 6);
    assert.equal(alice.directMessages.announced.length, before + 1, 'told once');
    dev.allow('@hookline', 'SEND_MESSAGES');
    alice.says('#dev', `!hook resume ${hook.id}`);
    await discord.until(() => numbersIn(dev).length === 6, {
      within: 20_000,
      what: () => `the backlog arrives; ${numbersIn(dev)}\n${hookline.log.slice(-2000)}`,
    });
    assert.deepEqual(numbersIn(dev), upTo(6));
    assertClean(discord);
  },
);

test('a deleted channel stops its hook, not the others', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const dev = await makeHook(discord);
  const ops = await makeHook(discord, { where: '#ops' });
  discord.channel('dev').remove();
  await sendNumbers(hookline, dev, 1, 3);
  await sendNumbers(hookline, ops, 1, 3);
  await allArriveIn(discord, 'ops', 3);
  await hookline.until(async () => (await hookline.api('GET', 'status')).json.held.length === 1, {
    what: 'it is held',
  });
  assert.ok(discord.requests.filter((c) => c.status === 404).length <= 2);
  assertClean(discord);
});

test(
  'a Discord webhook URL as destination: kept secret, rate limited, gone for good when it is deleted',
  needsProgram,
  async (t) => {
    const { discord, hookline } = await startBoth(t);
    const webhook = discord.channel('ops').webhook('Builds');
    const alice = discord.member('alice');
    const before = alice.directMessages.announced.length;
    const reply = await alice.asks('#dev', `!hook github on --channel ${webhook.url}`);
    const told = await alice.directMessages.next(/gh_\w{20,}/, { after: before });
    const hook = { hook: /hook_\d+/.exec(reply.text)[0], secret: /gh_\w{20,}/.exec(told.text)[0] };
    assert.ok(!reply.text.includes(webhook.token), 'the URL is a secret');
    await sendNumbers(hookline, hook, 1, 8);
    await discord.until(() => numbersIn(discord.channel('ops')).length === 8, {
      within: 30_000,
      what: () => `eight in #ops: ${numbersIn(discord.channel('ops'))}\n${hookline.log.slice(-3000)}`,
    });
    assert.deepEqual(numbersIn(discord.channel('ops')), upTo(8));
    const executes = discord.requests.filter(
      (c) => c.route === '/webhooks/{webhook_id}/{webhook_token}' && c.method === 'POST',
    );
    assert.ok(executes.every((c) => c.query.get('wait') === 'true'));
    webhook.remove();
    await sendNumbers(hookline, hook, 9, 11);
    await hookline.until(async () => (await hookline.api('GET', 'status')).json.held.length === 1, {
      what: 'it is held',
    });
    assert.ok(
      discord.requests.filter((c) => c.status === 404 && c.path.startsWith('/webhooks/')).length <= 2,
    );
    assert.ok(!hookline.log.includes(webhook.token), 'nor is it in the log');
    assertClean(discord);
  },
);
