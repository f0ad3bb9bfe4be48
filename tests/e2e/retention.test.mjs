// Retention: what is old goes, in the background; what is new, and hooks, stay.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, makeHook, push, startBoth } from '../support/story.mjs';

/// Moves what was received before `event` and that event itself two days into the past. The daemon is not running.
const age = `
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    db.execute("UPDATE webhook_events SET received_at = strftime('%Y-%m-%dT%H:%M:%fZ', received_at, '-2 days') WHERE id <= ?",
               (int(sys.argv[2]),))
`;

test('events older than the retention are deleted', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t, { env: { HOOKLINE_RETENTION: '1d' } });
  const hook = await makeHook(discord);
  const old = await hookline.deliver('push', push('push number 1'), hook);
  const fresh = await hookline.deliver('push', push('push number 2'), hook);
  await discord.channel('dev').next(/push number 2/);
  await hookline.terminate();
  execFileSync('python3', ['-c', age, join(hookline.dataDir, 'hookline.db'), String(old.json.event)]);
  await hookline.start();
  const ids = async () => (await hookline.api('GET', 'events')).json.events.map((event) => event.id);
  await hookline.until(async () => !(await ids()).includes(old.json.event), {
    within: 90_000,
    what: 'the old event is gone',
  });
  assert.deepEqual(await ids(), [fresh.json.event]);
  await hookline.deliver('push', push('push number 3'), hook);
  await discord.channel('dev').next(/push number 3/);
  assertClean(discord);
});
