// A storm: twenty thousand deliveries in a minute to one channel that takes one message a second. Nothing is lost or
// refused, failures are told one by one, the rest is summed up, and the channel is quiet soon after.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { test } from 'node:test';
import { example } from '../doubles/github.mjs';
import { accounts, assertAccounted, settled } from '../support/accounts.mjs';
import { heavy } from '../support/hookline.mjs';
import { assertClean, command, makeHook, push, startBoth } from '../support/story.mjs';

const deliveries = 20_000;
const lasts = 60_000; // ms
const failsEvery = 200; // one in so many is a failed run
const mostMemoryInKb = 320 * 1024; // with a sanitizer's shadow
// What was freed is kept by a sanitizer for a while, 256 MB of it: that would hide what is measured.
const env = { ASAN_OPTIONS: [process.env.ASAN_OPTIONS, 'quarantine_size_mb=16'].filter(Boolean).join(':') };

/// A payload as text, made once, with places for what differs: an example is large, and time is short.
function maker(payload, marks) {
  const text = JSON.stringify(payload);
  return (n) => Object.entries(marks).reduce((made, [mark, put]) => made.replaceAll(mark, put(n)), text);
}
const makePush = maker(push('push number 777777777', { change: (p) => (p.after = 'f'.repeat(40)) }), {
  777777777: String,
  [`${'f'.repeat(40)}`]: (n) => n.toString(16).padStart(40, 'd'),
  [`${'f'.repeat(12)}`]: (n) => n.toString(16).padStart(12, 'd'),
});
const makeFailure = maker(
  example('workflow_run', 'completed', (p) => {
    Object.assign(p.workflow_run, { conclusion: 'failure', name: 'Run number 777777777', id: 777777777 });
    p.workflow_run.head_branch = 'branch-777777777';
    p.workflow_run.html_url = 'https://github.com/octo/app/actions/runs/777777777';
  }),
  { 777777777: String },
);

async function residentKb(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))[1]);
}

function send(agent, url, { secret, hook }, n) {
  const isFailure = n % failsEvery === 0;
  const body = isFailure ? makeFailure(n) : makePush(n);
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'X-GitHub-Event': isFailure ? 'workflow_run' : 'push',
    'X-GitHub-Delivery': `storm-${n}`,
    'X-Hub-Signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  return new Promise((done, failed) => {
    const call = request(`${url}/webhook/github/${hook}`, { method: 'POST', headers, agent }, (answer) => {
      answer.resume();
      answer.on('end', () => done(answer.statusCode));
    });
    call.on('error', failed);
    call.end(body);
  });
}

/// All of them, spread evenly over the time: what is late is caught up with. { statuses: status → count, took: ms }
async function storm(hookline, hook) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const statuses = new Map();
  const began = Date.now();
  let next = 1;
  const sender = async () => {
    while (next <= deliveries) {
      const n = next++;
      const wait = began + (n / deliveries) * lasts - Date.now();
      // What arrives when is what a storm is: no condition to wait for.
      if (wait > 0) await new Promise((done) => setTimeout(done, wait));
      const status = await send(agent, hookline.url, hook, n);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 32 }, sender));
  agent.destroy();
  return { statuses, took: Date.now() - began };
}

const matchesIn = (messages, pattern) =>
  messages.flatMap((m) => m.embeds.flatMap((embed) => [...new Set([...JSON.stringify(embed).matchAll(pattern)].map((found) => Number(found[1])))]));

test('a storm of 20,000 deliveries in a minute to one channel', heavy, async (t) => {
  const { discord, hookline } = await startBoth(t, { discord: { pace: 1 }, env });
  const hook = await makeHook(discord);
  const dev = discord.channel('dev');
  let mostKb = 0;
  const watch = setInterval(async () => {
    mostKb = Math.max(mostKb, await residentKb(hookline.child.pid).catch(() => 0));
  }, 500);
  t.after(() => clearInterval(watch));

  const { statuses, took } = await storm(hookline, hook);
  assert.deepEqual([...statuses], [[202, deliveries]], 'every delivery was taken');
  const ended = Date.now();
  await hookline.until(async () => (await hookline.api('GET', 'status')).json.unprocessed === 0, {
    within: 120_000,
    what: 'all are processed',
  });
  const processedAfter = Date.now() - ended;
  await hookline.until(async () => (await hookline.api('GET', 'status')).json.waiting === 0, {
    within: 120_000,
    what: 'nothing waits',
  });
  const drainedAfter = Date.now() - ended;
  await settled(hookline);
  const quietAfter = Math.max(...dev.everything.flatMap((m) => [m.at ?? 0, ...m.revisions.map((r) => r.at ?? 0)])) - ended;
  clearInterval(watch);

  const rows = accounts(hookline);
  assert.equal(rows.length, deliveries, 'each event has one outcome');
  const { folded, summaries } = assertAccounted(rows, dev);
  const sent = rows.filter(({ kind }) => kind === 'sent');
  const told = (wanted) => sent.filter(({ type }) => type === wanted).map(({ delivery }) => Number(delivery.slice(6)));
  const pushes = matchesIn(dev.announced.slice(1), /push number (\d+)/g);
  const runs = matchesIn(dev.announced.slice(1), /actions\/runs\/(\d+)/g);
  assert.deepEqual(pushes, told('push'), 'each once, in the order of their events');
  assert.deepEqual(runs, told('workflow_run'), 'each failure once, in the order of their events');
  assert.equal(runs.length, deliveries / failsEvery, 'failures are told one by one');

  assert.deepEqual(discord.requests.filter((call) => call.status === 429).map((call) => call.path), [], 'no 429');
  assertClean(discord);
  t.diagnostic(
    `sent in ${took} ms; ${sent.length} told, ${folded.size} summed up in ${summaries} messages; ${dev.announced.length} messages; ` +
      `processed after ${processedAfter} ms, drained after ${drainedAfter} ms, quiet after ${quietAfter} ms; ${mostKb} kB at most`,
  );
  assert.ok(quietAfter < 120_000, `quiet ${quietAfter} ms after the end`);
  // At most a hundred waited when the last event was processed, and failures behind them: ten a second.
  assert.ok(drainedAfter - processedAfter < 60_000, `drained ${drainedAfter - processedAfter} ms later`);
  assert.ok(mostKb < mostMemoryInKb, `${mostKb} kB`);
  const log = await command(hookline, dev, `log ${hook.id}`);
  assert.match(log, /summed up: more came than the channel can take/);
});
