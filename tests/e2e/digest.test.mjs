// "!hook github aggregate": what comes in a while is one message, across a kill, and nothing of it is lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { example } from '../doubles/github.mjs';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, assertInOrder, command, makeHook, push, startBoth } from '../support/story.mjs';

test('aggregation: a window opens with its first event and closes on time', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const hook = await makeHook(discord);
  const dev = discord.channel('dev');
  const reply = await discord.member('alice').asks('#dev', '!hook github aggregate 5m');
  assertInOrder(reply.text, ['📊', 'Events will be aggregated every 5 minutes']);
  assert.match(await command(hookline, dev, 'github aggregate 1s'), /10 seconds at least/);
  assert.match(await command(hookline, dev, 'github aggregate 10s'), /every 10 seconds/);
  const told = dev.announced.length;

  const closed = (number) => example('issues', 'opened', (p) => {
    p.action = 'closed';
    Object.assign(p.issue, { number, state: 'closed', state_reason: 'completed' });
  });
  const events = [];
  const deliver = async (event, payload) => {
    const answer = await hookline.deliver(event, payload, hook);
    assert.equal(answer.status, 202, answer.text);
    events.push(answer.json.event);
  };
  await deliver('push', push('One'));
  await deliver('push', push('Two', { branch: 'feature-oauth' }));
  await deliver('push', push('Three', { branch: 'dev' }));
  await deliver('pull_request', example('pull_request', 'opened'));
  await hookline.kill();
  await hookline.start();
  await deliver('issues', closed(11));
  await deliver('issues', closed(12));
  const failed = example('workflow_run', 'completed', (p) => {
    Object.assign(p.workflow_run, { conclusion: 'failure', head_branch: p.repository.default_branch, event: 'push' });
  });
  assert.equal((await hookline.deliver('workflow_run', failed, hook)).status, 202);
  const atOnce = await dev.next(/Workflow/, { after: told });
  assert.match(atOnce.text, /failed/i, 'a failure on the main branch does not wait');

  const digest = await dev.next(/Activity/, { after: told, within: 20_000 });
  assertInOrder(digest.text, [
    '📊', 'GitHub Activity (last 10s)', 'Pushes: 3', 'main', 'feature-oauth', 'dev', 'PRs: 1 opened', 'Issues: 2 closed', 'By ',
  ]);
  assert.equal(dev.announced.length, told + 2, 'one digest, and the failure');
  for (const event of events) {
    assert.match(await command(hookline, dev, `why ${event}`), /sent \(summed up with others\)/);
  }
  assert.match(await command(hookline, dev, 'github aggregate off'), /tells each event at once again/);
  await hookline.deliver('push', push('At once'), hook);
  await dev.next(/At once/);
  assertClean(discord);
});

test('a mute holds back what comes, says why, and sums it up', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const hook = await makeHook(discord);
  const dev = discord.channel('dev');
  const reply = await discord.member('alice').asks('#dev', '!hook mute github 12s "event == \'push\'" release day');
  assertInOrder(reply.text, ['🔇', 'hook_001 is muted for 12s', 'release day', "event == 'push'", 'summed up afterwards']);
  const told = dev.announced.length;
  const muted = await hookline.deliver('push', push('Held back'), hook);
  await hookline.deliver('push', push('Held back too', { branch: 'dev' }), hook);
  await hookline.deliver('issues', example('issues', 'opened'), hook);
  await dev.next(/Issue/, { after: told });
  assert.equal(dev.announced.length, told + 1, 'the pushes wait');
  assert.match(await command(hookline, dev, `why ${muted.json.event}`), /it is muted: release day/);
  const digest = await dev.next(/Activity/, { after: told, within: 25_000 });
  assertInOrder(digest.text, ['GitHub Activity', 'Pushes: 2', 'main', 'dev']);
  await hookline.deliver('push', push('Told at once'), hook);
  await dev.next(/Told at once/);

  assert.match(await command(hookline, dev, 'quiet 00:00-24:00 UTC'), /no part of a day/);
  const hour = new Date().getUTCHours();
  const two = (n) => String((n + 24) % 24).padStart(2, '0');
  assert.match(await command(hookline, dev, `quiet ${two(hour - 1)}:00-${two(hour + 2)}:00 UTC`), /Quiet here/);
  await hookline.deliver('push', push('In the quiet'), hook);
  await hookline.until(async () => (await hookline.api('GET', 'status')).json.unprocessed === 0, { what: 'it is processed' });
  assert.ok(!dev.texts.some((text) => /In the quiet/.test(text)));
  assert.match(await command(hookline, dev, 'quiet off'), /What was held back comes now/);
  await dev.next(/In the quiet/);
  // The program ends in time also while something is due later: an open window.
  await command(hookline, dev, 'github aggregate 1h');
  await hookline.deliver('push', push('For later'), hook);
  await hookline.until(async () => (await hookline.api('GET', 'status')).json.unprocessed === 0, { what: 'it is processed' });
  assertClean(discord);
});
