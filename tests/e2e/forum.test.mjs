// A forum as a hook's channel: every message is a post, and a post that is being written to may be closed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, makeHook, push, startBoth } from '../support/story.mjs';

const guilds = [
  {
    name: 'Acme',
    channels: ['dev', { name: 'work', type: 15, tags: ['News'], needsTag: true }],
    members: [{ name: 'alice', permissions: ['MANAGE_WEBHOOKS'] }],
  },
];

test('a hook posts into a forum, also when an answer is lost', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t, { discord: { guilds } });
  const forum = discord.channel('work');
  const hook = await makeHook(discord, { words: `!hook github on --channel <#${forum.id}>` });
  const before = forum.threads.length;
  const posts = (n) => discord.until(() => forum.threads.length >= before + n && forum.threads.slice(before));
  assert.equal((await hookline.deliver('push', push('One fix'), hook)).status, 202);
  const [first] = await posts(1);
  assert.match(first.texts[0], /One fix/);
  assert.equal(first.name, '🚀 Push to main', 'as its embed');
  assert.deepEqual(first.tags, ['News']);

  discord.faults.push({ method: 'POST', path: `/channels/${forum.id}/threads`, kind: 'reset', when: 'after' });
  assert.equal((await hookline.deliver('push', push('Another fix'), hook)).status, 202);
  assert.equal((await hookline.deliver('push', push('A third fix'), hook)).status, 202);
  const all = await posts(3);
  assert.deepEqual(
    all.map((post) => /(\w+) fix/.exec(post.texts.join())[1]),
    ['One', 'Another', 'third'],
    'the one whose answer was lost is there once',
  );
  assertClean(discord);
});
