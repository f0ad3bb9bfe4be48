// A merge arrives as three deliveries: the pull request, the push of it, and its branch that goes. The channel has one
// message about it, whichever comes first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sample, send } from '../doubles/senders.mjs';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, command, makeHook, startBoth } from '../support/story.mjs';

const merge = '14091a9f2461267ee7e02525b4f1f2923f1c9849'; // the sample's merge_commit_sha
const merged = { event: 'pull_request', payload: sample('github', 'pull_request.merged') };
const pushed = {
  event: 'push',
  payload: sample('github', 'push', (payload) => {
    payload.after = merge;
  }),
};
const gone = { event: 'delete', payload: sample('github', 'delete.branch') };

async function begin(t) {
  const { discord, hookline } = await startBoth(t);
  const hook = await makeHook(discord, { words: '!hook github on --events push,pr,branch' });
  const dev = discord.channel('dev');
  const before = dev.announced.length;
  const why = (event) => command(hookline, dev, `why ${event}`);
  /// Sends them one after the other, each once the one before has become a message or none.
  const deliver = async (...all) => {
    const events = [];
    for (const { event, payload } of all) {
      const { status, text } = await send('github', hook.url, payload, { secret: hook.secret, event });
      assert.equal(status, 202, text);
      const { event: id } = JSON.parse(text);
      events.push(id);
      const what = () => `event ${id} is dealt with`;
      await hookline.until(async () => /sent|not announced/.test(await why(id)), { what });
    }
    return events;
  };
  const told = () => dev.announced.slice(before);
  return { discord, hookline, deliver, told, why };
}

test('a merge that comes first tells its push and that its branch goes', needsProgram, async (t) => {
  const { discord, hookline, deliver, told, why } = await begin(t);
  const [first, push, branch] = await deliver(merged, pushed, gone);
  await hookline.until(() => told().length > 0, { what: 'the merge is told' });
  assert.equal(told().length, 1);
  assert.match(told()[0].text, /Pull Request #45 merged/);
  for (const event of [push, branch]) {
    assert.match(await why(event), new RegExp(`pr\\.merged tells it already, in message \\d+ \\(event ${first}\\)`));
  }
  assertClean(discord);
});

test('a merge that comes last takes over the one message and removes the other', needsProgram, async (t) => {
  const { discord, hookline, deliver, told, why } = await begin(t);
  const [push, branch] = await deliver(pushed, gone);
  await hookline.until(() => told().length === 2, { what: 'push and branch are told' });
  const [kept] = told();
  const [last] = await deliver(merged);
  await hookline.until(() => told().length === 1 && /Pull Request #45 merged/.test(told()[0].text), {
    what: 'one message tells the merge',
  });
  assert.equal(told()[0].id, kept.id, 'by an edit');
  assert.match(await why(last), /it tells more than push, whose message it is now/);
  assert.match(await why(branch), new RegExp(`pr\\.merged tells it, in message \\d+ \\(event ${last}\\)`));
  assert.match(await why(push), /sent/);
  assertClean(discord);
});
