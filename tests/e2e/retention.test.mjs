// Retention: what is old goes, in the background; hooks stay.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, makeHook, push, startBoth } from '../support/story.mjs';

test('events older than the retention are deleted', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t, { env: { HOOKLINE_RETENTION: '1s' } });
  const hook = await makeHook(discord);
  await hookline.deliver('push', push('push number 1'), hook);
  await discord.channel('dev').next(/push number 1/);
  await hookline.restart();
  await hookline.until(async () => (await hookline.api('GET', 'events')).json.events.length === 0, {
    within: 90_000,
    what: 'the old event is gone',
  });
  await hookline.deliver('push', push('push number 2'), hook);
  await discord.channel('dev').next(/push number 2/);
  assertClean(discord);
});
