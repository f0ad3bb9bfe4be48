// One message for a run and for a pull request, kept up to date in place, over real sockets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sample, send } from '../doubles/senders.mjs';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, assertInOrder, makeHook, startBoth } from '../support/story.mjs';

async function begin(t, service, prefix, command) {
  const { discord, hookline } = await startBoth(t);
  const hook = await makeHook(discord, { words: `!hook ${service} on`, service, prefix });
  if (command) {
    const reply = await discord.member('alice').asks('#dev', command);
    assert.match(reply.text, /One message for each run and pull request/);
  }
  const dev = discord.channel('dev');
  const before = dev.announced.length;
  const deliver = async (name, change) => {
    const event = name.slice(0, name.indexOf('.'));
    const answer = await send('github', hook.url, sample('github', name, change), { secret: hook.secret, event });
    assert.equal(answer.status, 202, answer.text);
  };
  /// The one message, once it says all of `facts` in their order.
  const shows = (facts) =>
    hookline.until(
      () => {
        const told = dev.announced.slice(before);
        if (told.length === 0) return false;
        try {
          assertInOrder(told[0].text, facts);
        } catch {
          return false;
        }
        return true;
      },
      { what: `the card says ${facts.join(' … ')}` },
    );
  const told = () => dev.announced.slice(before);
  return { discord, deliver, shows, told };
}

test('CI: one message from the start of a run to its end', needsProgram, async (t) => {
  const { discord, deliver, shows, told } = await begin(t, 'ci', 'ci');
  await deliver('workflow_run.in_progress');
  await shows(['⏳', 'is running', 'Branch', 'Started']);
  await deliver('workflow_job.success');
  await shows(['▰ 1 of 1 over', '✅', 'build', '1m 45s']);
  await deliver('workflow_run.success');
  await shows(['✅', 'Pipeline Passed', 'Duration']);
  assert.equal(told().length, 1, 'one message');
  assertClean(discord);
});

test('GitHub with live on: a pull request is one message', needsProgram, async (t) => {
  const { discord, deliver, shows, told } = await begin(t, 'github', 'gh', '!hook github live on');
  await deliver('pull_request.opened');
  await shows(['👀 PR #45', 'Waits for a review']);
  await deliver('pull_request_review.approved');
  await shows(['✅ PR #45', 'Approved', 'Approvals', '1 · ✅']);
  await deliver('pull_request.merged');
  await shows(['🟣 PR #45', 'Merged by']);
  assert.equal(told().length, 1, 'one message');
  assertClean(discord);
});
