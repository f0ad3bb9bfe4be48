// A webhook that was set up with another secret: its owner is told, once, instead of waiting in vain.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, assertInOrder, makeHook, push, startBoth } from '../support/story.mjs';

test('deliveries with the wrong secret are told to whoever made the hook', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const hook = await makeHook(discord);
  const alice = discord.member('alice').directMessages;
  const before = alice.announced.length;
  const wrong = { ...hook, secret: 'gh_another_secret_than_that_of_the_hook' };
  assert.equal((await hookline.deliver('push', push('Refused'), wrong)).status, 401);
  const told = await alice.next(/are refused/, { after: before });
  assertInOrder(told.text, ['🔑', 'Deliveries to hook_001 are refused', 'GitHub', '!hook rotate hook_001 --new']);
  assert.equal((await hookline.deliver('push', push('Refused again'), wrong)).status, 401);
  assert.equal((await hookline.deliver('push', push('Accepted'), hook)).status, 202);
  await discord.channel('dev').next(/Accepted/);
  assert.equal(alice.announced.length, before + 1, 'once');
  assertClean(discord);
});
