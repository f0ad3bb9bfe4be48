// What follows a pull request, a run or an issue: a thread under its message, or its post in a forum.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sample, send } from '../doubles/senders.mjs';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, assertInOrder, makeHook, startBoth } from '../support/story.mjs';

const guilds = [
  {
    name: 'Acme',
    channels: ['dev', { name: 'work', type: 15, tags: ['Issue', 'Pull request', 'News'], needsTag: true }],
    members: [{ name: 'alice', permissions: ['MANAGE_WEBHOOKS'] }],
  },
];

function delivering(hook) {
  return async (name, change) => {
    const event = name.slice(0, name.indexOf('.'));
    const payload = sample('github', name, change);
    const answer = await send('github', hook.url, payload, { secret: hook.secret, event });
    assert.equal(answer.status, 202, answer.text);
  };
}

test('threads on: a pull request is one message, and the talk about it is a thread', needsProgram, async (t) => {
  const { discord } = await startBoth(t);
  const hook = await makeHook(discord);
  const alice = discord.member('alice');
  const reply = await alice.asks('#dev', '!hook github threads on');
  assertInOrder(reply.text, ['📌 One message for each run and pull request', '🧵 What follows goes to a thread']);
  const dev = discord.channel('dev');
  const before = dev.announced.length;
  const deliver = delivering(hook);
  await deliver('pull_request.opened');
  await deliver('issue_comment.created_on_pull_request');
  const thread = await discord.until(() => dev.threads[0]?.announced.length === 1 && dev.threads[0]);
  assert.equal(thread.name, '#45 Add OAuth support');
  await deliver('pull_request_review.changes_requested');
  await deliver('check_run.failure', (payload) => {
    payload.check_run.head_sha = sample('github', 'pull_request.opened').pull_request.head.sha;
  });
  await deliver('pull_request.merged');
  await discord.until(() => thread.isArchived);
  assertInOrder(thread.texts.join('\n'), ['💬', 'Changes requested', '❌ Check', 'merged']);
  const told = dev.announced.slice(before);
  assert.equal(told.length, 1, 'one message in the channel');
  assertInOrder(told[0].text, ['🟣 PR #45', 'Merged by']);

  await deliver('issue_comment.created_on_pull_request', (payload) => {
    payload.comment.body = 'One more word';
  });
  await discord.until(() => !thread.isArchived && thread.last.text.includes('One more word'));
  assert.match((await alice.asks('#dev', `!hook show ${hook.id}`)).text, /🧵 What follows goes to a thread/);
  assert.match((await alice.asks('#dev', '!hook github threads off')).text, /Comments come as they are/);
  await deliver('issue_comment.created_on_pull_request');
  await dev.next(/💬/, { after: before });
  assertClean(discord);
});

test('threads on: what fails of a run is told under it', needsProgram, async (t) => {
  const { discord } = await startBoth(t);
  const hook = await makeHook(discord, { words: '!hook ci on', service: 'ci', prefix: 'ci' });
  await discord.member('alice').asks('#dev', '!hook ci threads on');
  const dev = discord.channel('dev');
  const deliver = delivering(hook);
  await deliver('workflow_run.in_progress');
  await deliver('workflow_job.failure');
  const thread = await discord.until(() => dev.threads[0]?.announced.length === 1 && dev.threads[0]);
  assert.match(thread.texts[0], /❌/);
  await deliver('workflow_run.failure', (payload) => {
    payload.workflow_run.id = sample('github', 'workflow_run.in_progress').workflow_run.id;
  });
  await discord.until(() => thread.announced.length === 2);
  assertClean(discord);
});

test('a forum has a post for each pull request and issue', needsProgram, async (t) => {
  const { discord } = await startBoth(t, { discord: { guilds } });
  const forum = discord.channel('work');
  const hook = await makeHook(discord, { words: `!hook github on --channel <#${forum.id}>` });
  const before = forum.threads.length;
  const deliver = delivering(hook);
  await deliver('pull_request.opened');
  await deliver('issues.opened');
  const [request, issue] = await discord.until(
    () => forum.threads.length === before + 2 && forum.threads.slice(before),
  );
  assert.equal(request.name, '#45 Add OAuth support');
  assert.deepEqual(request.tags, ['Pull request']);
  assert.deepEqual(issue.tags, ['Issue']);
  await deliver('pull_request_review.approved');
  await deliver('issue_comment.created');
  await discord.until(() => request.announced.length === 2 && issue.announced.length === 2);
  await deliver('issues.closed');
  await deliver('pull_request.merged');
  await discord.until(() => request.isArchived && issue.isArchived);
  assert.match(request.texts[0], /🟣 PR #45/);
  assert.match(issue.texts[0], /✔️ Issue #46/);
  await deliver('pull_request.labeled');
  await deliver('issues.reopened');
  await discord.until(() => !issue.isArchived && /🟢 Issue #46/.test(issue.texts[0]));
  assert.ok(request.isArchived, 'a label opens nothing');
  assert.equal(forum.threads.length, before + 2);
  assertClean(discord);
});
