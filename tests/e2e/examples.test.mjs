// Every real payload that @octokit/webhooks-examples has goes through the whole program.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examples } from '../doubles/github.mjs';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, embedsIn, makeHook, startBoth } from '../support/story.mjs';

test('each example makes a valid message or a recorded outcome, none an error', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t, { discord: { pace: 100 } });
  const { hook, secret } = await makeHook(discord);
  const all = examples();
  assert.ok(all.length > 300, `${all.length} examples`);
  const events = new Map();
  for (const [i, { event, payload, name }] of all.entries()) {
    const { status, json, text } = await hookline.deliver(event, payload, {
      hook,
      secret,
      form: i % 7 === 0,
    });
    if (event === 'ping') {
      assert.equal(status, 200, name);
      continue;
    }
    assert.equal(status, 202, `${name}: ${text}`);
    events.set(json.event, name);
  }
  await hookline.until(async () => (await hookline.api('GET', 'status')).json.unprocessed === 0, {
    within: 30_000,
    what: 'all are processed',
  });
  await hookline.until(async () => (await hookline.api('GET', 'status')).json.waiting === 0, {
    within: 60_000,
    what: 'all are posted',
  });
  const kinds = new Map();
  for (const [id, name] of events) {
    const { json } = await hookline.api('GET', `events/${id}`);
    assert.equal(json.outcomes.length, 1, name);
    const [{ kind, reason }] = json.outcomes;
    assert.ok(['sent', 'not_announced', 'folded'].includes(kind), `${name}: ${kind} (${reason})`);
    if (kind === 'not_announced') assert.match(reason, /: .|channels that not everyone sees/, `${name}: why?`);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  assert.ok(kinds.get('sent') >= 40, JSON.stringify([...kinds]));
  assert.ok(kinds.get('not_announced') >= 100, JSON.stringify([...kinds]));
  assert.equal(await hookline.metric('hookline_layout_failures_total'), 0);
  assert.equal(await hookline.metric('hookline_outbox_parked'), 0);
  assert.equal(embedsIn(discord.channel('dev'), { after: 1 }).length, kinds.get('sent'));
  assertClean(discord);
});
