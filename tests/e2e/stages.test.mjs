// The stages of a build are asked of Jenkins: two seconds are waited for them, then the message goes without and is
// completed by an edit. Only the Jenkins that is configured is ever asked.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { startJenkins } from '../doubles/jenkins.mjs';
import { sample, send } from '../doubles/senders.mjs';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, assertInOrder, makeHook, startBoth } from '../support/story.mjs';

async function start(t, service = 'jenkins', prefix = 'jk') {
  const jenkins = await startJenkins();
  t.after(() => jenkins.close());
  const { discord, hookline } = await startBoth(t, { env: jenkins.env });
  const hook = await makeHook(discord, { words: `!hook ${service} on`, service, prefix });
  /// The end of build `number`, with the page `url`.
  const ends = async (name, number, url) => {
    const payload = sample('jenkins', name, ({ build }) => {
      Object.assign(build, { number, full_url: url, log: '' });
    });
    const { status, text } = await send('jenkins', hook.url, payload, { secret: hook.secret });
    assert.equal(status, 202, text);
  };
  return { jenkins, discord, hookline, dev: discord.channel('dev'), ends };
}

const failing = [
  { name: 'Build', status: 'SUCCESS', duration: 105_000 },
  {
    name: 'Test',
    status: 'FAILED',
    duration: 64_000,
    error: 'script returned exit code 1',
    log: '+ make test\n<span class="timestamp">x</span>\n3 tests failed in &lt;suite&gt;\nexport API_TOKEN=hunter2\n',
  },
  { name: 'Deploy', status: 'NOT_EXECUTED' },
];

test('stages in order, the one that failed and why; in `ci` hooks, too', needsProgram, async (t) => {
  for (const [service, prefix] of [
    ['jenkins', 'jk'],
    ['ci', 'ci'],
  ]) {
    const { jenkins, discord, dev, ends } = await start(t, service, prefix);
    await ends('notification.finalized_failure', 41, jenkins.knows('/job/app/job/feature%252Fx/41', failing));
    const failed = await dev.next(/#41/, { after: 1 });
    assertInOrder(failed.text, [
      '❌',
      'Pipeline Failed',
      'Stage',
      'Test',
      'Error',
      '3 tests failed in <suite>',
      'Stages',
      '✅ Build → ❌ Test → ⏭️ Deploy',
    ]);
    assert.doesNotMatch(failed.text, /hunter2|span/);
    assert.equal(failed.edits, 0, 'the answer came in time');
    const passed = failing.slice(0, 1).concat({ name: 'Test', status: 'SUCCESS' });
    await ends('notification.finalized_success', 42, jenkins.knows('/job/app/job/main/42', passed));
    assert.match((await dev.next(/#42/, { after: 2 })).text, /✅ Build → ✅ Test/);
    assertClean(discord);
  }
});

test('a slow Jenkins: the message goes, an edit completes it', needsProgram, async (t) => {
  const { jenkins, discord, dev, ends } = await start(t);
  jenkins.delay = 1000; // three requests
  const began = Date.now();
  await ends('notification.finalized_failure', 41, jenkins.knows('/job/app/41', failing));
  const message = await dev.next(/#41/, { after: 1 });
  assert.ok(Date.now() - began < 2900, `${Date.now() - began} ms`);
  assert.doesNotMatch(message.text, /Stages/);
  await discord.until(() => /Build → ❌ Test/.test(message.text), { what: 'the edit completes it' });
  assert.equal(message.edits, 1);
  assertClean(discord);
});

test('other addresses, builds without stages, refusals: the message goes without', needsProgram, async (t) => {
  const { jenkins, discord, dev, ends } = await start(t);
  const elsewhere = createServer((request, reply) => reply.end('{}'));
  let asked = 0;
  elsewhere.on('request', () => {
    asked += 1;
  });
  await new Promise((done) => {
    elsewhere.listen(0, '127.0.0.1', done);
  });
  t.after(() => elsewhere.close());
  const { origin } = new URL(jenkins.url);
  const foreign = [
    `http://127.0.0.1:${elsewhere.address().port}/ci/job/app/41/`,
    `${origin}/job/app/41/`,
    `${jenkins.url}/job/app/job/../../41/`,
    `${jenkins.url}/job/app/41/?x=`,
  ];
  for (const [i, url] of foreign.entries()) {
    await ends('notification.finalized_failure', 50 + i, url);
    await dev.next(new RegExp(`#${50 + i}`));
  }
  assert.deepEqual([asked, jenkins.requests.length], [0, 0], 'nobody is asked');

  await ends('notification.finalized_success', 60, `${jenkins.url}/job/freestyle/60/`);
  await dev.next(/#60/);
  assert.equal(jenkins.requests.length, 1, 'a build without stages: 404');
  jenkins.failWith = 500;
  await ends('notification.finalized_failure', 61, jenkins.knows('/job/app/61', failing));
  await dev.next(/#61/);
  jenkins.failWith = null;
  jenkins.token = 'another';
  await ends('notification.finalized_failure', 62, jenkins.knows('/job/app/62', failing));
  await dev.next(/#62/);
  const before = jenkins.requests.length;
  await ends('notification.finalized_failure', 63, jenkins.knows('/job/app/63', failing));
  await dev.next(/#63/);
  assert.equal(jenkins.requests.length, before, 'whoever is refused does not insist');
  assert.doesNotMatch(dev.texts.join('\n'), /Stages/);
  assertClean(discord);
});
