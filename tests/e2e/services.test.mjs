// Every service from "!hook … on" to the message in the channel: the URL and the secret are those that the bot
// told, a delivery is proved as its service proves it, and a wrong proof is refused and never told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sample, send } from '../doubles/senders.mjs';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, assertInOrder, makeHook, startBoth } from '../support/story.mjs';

/// A hook for `service` and a way to send to it: tells(sender, payload, facts) expects one message with these facts.
async function begin(t, service, prefix, options) {
  const { discord, hookline } = await startBoth(t, options);
  const hook = await makeHook(discord, { words: `!hook ${service} on`, service, prefix });
  const dev = discord.channel('dev');
  const setUp = options?.isLive === false ? 2 : 1; // replies
  if (setUp === 2) {
    const reply = await discord.member('alice').asks('#dev', `!hook ${service} live off`);
    assert.match(reply.text, /Each event in a message of its own/);
  }
  assert.ok(!hook.reply.text.includes(hook.secret), 'the secret is not for the channel');
  const deliver = (sender, payload, more) => send(sender, hook.url, payload, { secret: hook.secret, ...more });
  const tells = async (sender, payload, facts, more) => {
    const after = dev.announced.length;
    const { status, text } = await deliver(sender, payload, more);
    assert.equal(status, 202, text);
    const message = await dev.next(/./, { after });
    assertInOrder(message.text, facts);
    return message;
  };
  const refuses = async (sender, payload, more) => {
    const { status, text } = await deliver(sender, payload, { secret: 'wrong_secret', ...more });
    assert.equal(status, 401, text);
  };
  /// What was sent last was the last thing to be told: nothing that was refused or is silent came in between.
  const ends = async (count) => {
    await hookline.until(async () => (await hookline.api('GET', 'status')).json.unprocessed === 0, {
      what: 'all is processed',
    });
    assert.equal(dev.announced.length, setUp + count, dev.texts.join('\n---\n'));
    assert.match(hook.reply.text, /Connected/);
    assertClean(discord);
  };
  return { discord, hookline, hook, dev, deliver, tells, refuses, ends };
}

const pipelineFailed = ['❌', 'Pipeline Failed', 'Stage', 'test', 'Job', 'unit-tests', 'Error', 'script failure'];

test('GitLab: push, merge request, pipeline; by token and by signature', needsProgram, async (t) => {
  const { hook, tells, refuses, deliver, ends } = await begin(t, 'gitlab', 'gl');
  assertInOrder(hook.reply.text, ['GitLab', hook.url, 'Settings → Webhooks', 'Secret token']);
  const push = sample('gitlab', 'push');
  await refuses('gitlab', push, { event: 'Push Hook' });
  await refuses('gitlab', push, { event: 'Push Hook', signed: true });
  await tells(
    'gitlab',
    push,
    ['🚀', 'Push to', 'Repo', 'nova-labs/beacon', 'Author', '@', 'Commits', 'Latest', 'Files'],
    { event: 'Push Hook' },
  );
  await tells(
    'gitlab',
    sample('gitlab', 'merge_request.open'),
    ['📋', 'New Merge Request', '!', 'Title', 'Author', '@', 'Status', 'Open'],
    { event: 'Merge Request Hook', signed: true },
  );
  await tells('gitlab', sample('gitlab', 'pipeline.failed'), pipelineFailed);
  const silent = await deliver('gitlab', sample('gitlab', 'pipeline.running'));
  assert.equal(silent.status, 202, 'starts are for `ci` hooks');
  await ends(3);
});

test('Jenkins: a build of each plugin; the secret in the URL or as password', needsProgram, async (t) => {
  const { hook, tells, refuses, deliver, ends } = await begin(t, 'jenkins', 'jk');
  assert.match(hook.told.text, new RegExp(`${hook.url}/${hook.secret}`));
  const failed = sample('jenkins', 'notification.finalized_failure');
  await refuses('jenkins', failed);
  await refuses('jenkins', failed, { basic: true });
  const message = await tells('jenkins', failed, [
    '❌',
    'Pipeline Failed',
    'Error',
    'unrecognized option -Wfoo',
    'Duration',
    '1m 1s',
    'Branch',
    'feature/oauth',
    '#130',
  ]);
  assert.doesNotMatch(message.text, /\[31m/);
  await tells(
    'jenkins',
    sample('jenkins', 'outbound.unstable'),
    ['❌', 'Pipeline Failed', 'The build is unstable', 'nightly'],
    { basic: true },
  );
  await tells('jenkins', sample('jenkins', 'run.finalized'), ['✅', 'Pipeline Passed', 'Duration', '@stryk', '#12']);
  await tells('jenkins', sample('jenkins', 'notification.deploy_success'), ['🚢', 'Deployed to production']);
  const started = await deliver('jenkins', sample('jenkins', 'notification.started'));
  assert.equal(started.status, 202, 'starts are for `ci` hooks');
  await ends(4);
});

test('CircleCI: a workflow that passed and one that failed', needsProgram, async (t) => {
  const { hook, tells, refuses, ends } = await begin(t, 'circleci', 'cc');
  assertInOrder(hook.reply.text, ['CircleCI', hook.url, 'Project Settings → Webhooks', 'Secret token']);
  const failed = sample('circleci', 'workflow.failed');
  await refuses('circleci', failed);
  await tells('circleci', failed, [
    '❌',
    'Pipeline Failed',
    'Duration',
    '3m 23s',
    'Branch',
    'main',
    'Triggered by',
    '@STRYK',
    'build-and-test',
  ]);
  await tells('circleci', sample('circleci', 'workflow.success', again), ['✅', 'Pipeline Passed', 'Duration']);
  await ends(2);
});

/// Another delivery, not the same one once more.
function again(payload) {
  payload.id = `${payload.id.slice(0, -4)}${(0x1000 + (again.count += 1)).toString(16)}`;
}
again.count = 0;

test('Docker: Docker Hub and a registry', needsProgram, async (t) => {
  const { hook, tells, refuses, deliver, ends } = await begin(t, 'docker', 'dk');
  assert.match(hook.told.text, new RegExp(`${hook.url}/${hook.secret}`));
  const hub = sample('docker', 'dockerhub.push');
  const registry = sample('docker', 'registry.push');
  await refuses('docker', hub);
  await refuses('docker', registry);
  await tells('docker', hub, ['🐳', 'Image phigen-bot:1.4.0 pushed', 'octoorg/phigen-bot:1.4.0', '@monalisa']);
  await tells('docker', registry, [
    '🐳',
    'Image phigen-bot:1.4.0 pushed',
    'platform/phigen-bot:1.4.0',
    'Pushed by',
    '@ci',
    'Size',
    '48 MB',
  ]);
  const pulled = await deliver('docker', sample('docker', 'registry.pull'));
  assert.equal(pulled.status, 202, 'pulls are silent');
  await ends(2);
});

test('all CI: started, stage passed and failed, of every platform that tells it', needsProgram, async (t) => {
  const { hook, tells, refuses, deliver, ends } = await begin(t, 'ci', 'ci', { isLive: false });
  assertInOrder(hook.reply.text, [
    'CI/CD Webhook Ready',
    'Supported platforms',
    'Jenkins',
    'GitLab CI',
    'CircleCI',
    'GitHub Actions',
    `Webhook: \`${hook.url}\``,
  ]);
  const run = (name) => ['github', sample('github', `workflow_run.${name}`), { event: 'workflow_run' }];
  const job = (name, change) => [
    'github',
    sample('github', `workflow_job.${name}`, change),
    { event: 'workflow_job' },
  ];
  for (const [sender, payload, more] of [
    run('failure'),
    ['gitlab', sample('gitlab', 'pipeline.failed')],
    ['circleci', sample('circleci', 'workflow.failed')],
    ['jenkins', sample('jenkins', 'notification.started')],
  ]) {
    await refuses(sender, payload, more);
  }

  const started = ['⚙️', 'Pipeline Started', 'Project'];
  const [, running, asRun] = run('in_progress');
  await tells('github', running, [...started, 'hello-hook', 'Branch', 'Triggered by', '@monalisa'], asRun);
  await tells('gitlab', sample('gitlab', 'pipeline.running'), [
    ...started,
    'Beacon',
    'Branch',
    'main',
    'Stage',
    'build',
    'Triggered by',
    '@isantos',
  ]);
  await tells('jenkins', sample('jenkins', 'notification.started'), [...started, 'phigen-app', 'Branch', 'main']);

  const [, passed, asJob] = job('success');
  await tells('github', passed, ['✅', 'Stage "build" passed', 'Duration', '1m 45s'], asJob);
  await tells('gitlab', sample('gitlab', 'pipeline.stage'), [
    '✅',
    'Stage "build" passed',
    'Duration',
    '1m 45s',
    'Next',
    'test',
  ]);
  await tells('circleci', sample('circleci', 'job.success', again), ['✅', 'Stage "build" passed', 'Duration', '1m 45s']);

  // A job that failed is told once: by the end of its run.
  const [, jobFailed] = job('failure');
  const [, runFailed] = run('failure');
  Object.assign(jobFailed.workflow_job, {
    run_id: runFailed.workflow_run.id,
    run_attempt: runFailed.workflow_run.run_attempt,
    html_url: `${runFailed.workflow_run.html_url}/job/56171203002`,
  });
  assert.equal((await deliver('github', jobFailed, asJob)).status, 202);
  const failed = ['❌', 'Pipeline Failed', 'Stage', 'unit-tests'];
  await tells('github', runFailed, [...failed, 'Error', 'Run pytest', 'Logs', 'Duration', 'Branch'], asRun);
  await tells('gitlab', sample('gitlab', 'pipeline.failed'), pipelineFailed);
  assert.equal((await deliver('circleci', sample('circleci', 'job.failed', again))).status, 202);
  await tells('circleci', sample('circleci', 'workflow.failed', again), [...failed, 'Logs', 'Duration']);
  await tells('jenkins', sample('jenkins', 'notification.finalized_failure'), [
    '❌',
    'Pipeline Failed',
    'Error',
    'unrecognized option -Wfoo',
  ]);
  await ends(10);
});

test('all CI: a failed job whose run ended before it is told by itself', needsProgram, async (t) => {
  const { tells, ends } = await begin(t, 'ci', 'ci');
  await tells('circleci', sample('circleci', 'workflow.failed', again), ['❌', 'Pipeline Failed']);
  await tells('circleci', sample('circleci', 'job.failed', again), ['❌', 'Stage "unit-tests" failed']);
  await ends(2);
});
