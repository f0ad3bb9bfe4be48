// What a push changed is asked of GitHub: two seconds are waited for it, then the message goes without and is
// completed by an edit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGitHubApi } from '../doubles/github.mjs';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, makeHook, push, startBoth } from '../support/story.mjs';

async function start(t) {
  const github = await startGitHubApi();
  t.after(() => github.close());
  const both = await startBoth(t, { github });
  return { github, ...both, hook: await makeHook(both.discord), dev: both.discord.channel('dev') };
}

function known(github, subject, files = [['src/encryption.py', 15, 8]]) {
  const payload = push(subject);
  github.knows(payload.repository.full_name, `${payload.before}...${payload.after}`, files);
  return payload;
}

test('files with what was added and removed; many end in a count', needsProgram, async (t) => {
  const { github, discord, hookline, hook, dev } = await start(t);
  await hookline.deliver('push', known(github, 'push number 1'), hook);
  const message = await dev.next(/push number 1/);
  assert.match(message.text, /src\/encryption\.py.*\+15.*[-−]8/s);
  assert.equal(message.edits, 0, 'the answer came in time');
  await hookline.deliver(
    'push',
    known(
      github,
      'push number 2',
      Array.from({ length: 60 }, (_, i) => [`src/file_${i}.cpp`, i, 1]),
    ),
    hook,
  );
  assert.match((await dev.next(/push number 2/)).text, /and \d+ more/);
  assertClean(discord);
});

test(
  'a slow answer: the message goes, an edit completes it, and nothing else waits',
  needsProgram,
  async (t) => {
    const { github, discord, hookline, hook, dev } = await start(t);
    github.delay = 4000;
    const began = Date.now();
    await hookline.deliver('push', known(github, 'push number 1'), hook);
    const message = await dev.next(/push number 1/);
    assert.ok(Date.now() - began < 3900, `${Date.now() - began} ms`);
    assert.doesNotMatch(message.text, /encryption\.py.*\+15/s);
    await discord.until(() => /encryption\.py.*\+15/s.test(message.text), { what: 'the edit completes it' });
    assert.equal(message.edits, 1);
    assertClean(discord);
  },
);

test(
  'errors, a used-up limit, an unknown commit: the message goes without, and GitHub is left in peace',
  needsProgram,
  async (t) => {
    const { github, discord, hookline, hook, dev } = await start(t);
    github.failWith = 500;
    await hookline.deliver('push', known(github, 'push number 1'), hook);
    await dev.next(/push number 1/);
    github.failWith = null;
    await hookline.deliver('push', push('push number 2'), hook);
    await dev.next(/push number 2/);
    github.limit.remaining = 0;
    await hookline.deliver('push', known(github, 'push number 3'), hook);
    await dev.next(/push number 3/);
    const asked = github.requests.length;
    await hookline.deliver('push', known(github, 'push number 4'), hook);
    await dev.next(/push number 4/);
    assert.equal(github.requests.length, asked, 'not asked again before the limit is reset');
    assert.equal(dev.announced.length, 5);
    assertClean(discord);
  },
);
