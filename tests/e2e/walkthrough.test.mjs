// The way a person goes: a hook is asked for in Discord, GitHub delivers, and the channel tells it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { example, startGitHubApi } from '../doubles/github.mjs';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, assertInOrder, command, makeHook, push, startBoth } from '../support/story.mjs';

const repository = (payload) =>
  Object.assign(payload.repository, {
    name: 'PhiGEN',
    full_name: 'user/PhiGEN',
    html_url: 'https://github.com/user/PhiGEN',
  });

test(
  '!hook github on, then a push, a pull request, a workflow, an issue and a release',
  needsProgram,
  async (t) => {
    const github = await startGitHubApi();
    t.after(() => github.close());
    const { discord, hookline } = await startBoth(t, { github });
    const dev = discord.channel('dev');

    const { hook, secret, url, reply, told } = await makeHook(discord);
    assert.equal(url, `${hookline.url}/webhook/github/${hook}`);
    assertInOrder(reply.text, [
      'GitHub Webhook Setup',
      url,
      'Settings',
      'Webhooks',
      'Add webhook',
      /push/i,
      /pull requests/i,
      /issues/i,
      /releases/i,
      /workflow runs/i,
    ]);
    assert.ok(!reply.text.includes(secret), 'the secret is not for the channel');
    assert.ok(told.text.includes(secret));
    assert.doesNotMatch(reply.text, /connected/i);

    const ping = await hookline.deliver(
      'ping',
      example('ping', null, (p) => {
        p.hook.events = ['push', 'pull_request', 'issues', 'release', 'workflow_run'];
      }),
      { hook, secret },
    );
    assert.deepEqual([ping.status, ping.json], [200, { pong: true }]);
    await discord.until(() => /connected/i.test(reply.text), {
      what: () => `the setup reply says "connected": ${reply.text}`,
    });
    assert.equal(dev.announced.length, 1, 'nothing but the reply, which was edited');

    const ok = async (event, payload) => {
      const answer = await hookline.deliver(event, payload, { hook, secret });
      assert.equal(answer.status, 202, answer.text);
      assert.ok(Number.isInteger(answer.json.event), answer.text);
    };
    const pushed = push('Fix encryption bug', {
      change: (p) => {
        repository(p);
        const last = p.commits[0];
        p.commits = [
          { ...last, id: '1'.repeat(40), message: 'First' },
          { ...last, id: '2'.repeat(40), message: 'Second' },
          last,
        ];
        p.pusher = { name: 'STRYK', email: 's@example.org' };
        Object.assign(p.sender, { login: 'STRYK', html_url: 'https://github.com/STRYK' });
      },
    });
    github.knows('user/PhiGEN', `${pushed.before}...${pushed.after}`, [['src/encryption.py', 15, 8]]);
    await ok('push', pushed);
    const first = await dev.next(/Push/, { after: 1 });
    assertInOrder(first.text, [
      '🚀',
      'Push to main',
      'PhiGEN',
      'STRYK',
      '3',
      'Fix encryption bug',
      'src/encryption.py',
      '+15',
      /[-−]8/,
    ]);
    assert.ok(
      JSON.stringify(first.data).includes('https://github.com/user/PhiGEN/'),
      'it links to what was pushed',
    );

    await ok(
      'pull_request',
      example('pull_request', 'opened', (p) => {
        repository(p);
        Object.assign(p, { number: 45 });
        Object.assign(p.sender, { login: 'JC' });
        Object.assign(p.pull_request, {
          number: 45,
          title: 'Add OAuth support',
          changed_files: 8,
          additions: 450,
          deletions: 120,
          draft: false,
          state: 'open',
          merged: false,
        });
        Object.assign(p.pull_request.user, { login: 'JC' });
      }),
    );
    const second = await dev.next(/#45/, { after: 2 });
    assertInOrder(second.text, [
      '📋',
      'New Pull Request',
      '#45',
      'Add OAuth support',
      'JC',
      'Open',
      '8 changed',
      '+450',
      /[-−]120/,
    ]);
    assert.doesNotMatch(second.text, /review-queue/, 'no command is named that does not exist');

    await ok(
      'workflow_run',
      example('workflow_run', 'completed', (p) => {
        repository(p);
        Object.assign(p.workflow, { name: 'Tests' });
        Object.assign(p.workflow_run, {
          name: 'Tests',
          conclusion: 'success',
          status: 'completed',
          head_branch: 'feature-oauth',
          event: 'push',
          run_attempt: 1,
          created_at: '2025-11-08T12:00:00Z',
          run_started_at: '2025-11-08T12:00:00Z',
          updated_at: '2025-11-08T12:03:24Z',
        });
      }),
    );
    const third = await dev.next(/Tests/, { after: 3 });
    assertInOrder(third.text, ['✅', 'Workflow', 'Tests', /success/i, '3m 24s', 'feature-oauth']);

    await ok(
      'issues',
      example('issues', 'opened', (p) => {
        repository(p);
        Object.assign(p.issue, { number: 7, title: 'It crashes' });
      }),
    );
    assertInOrder((await dev.next(/#7/, { after: 4 })).text, ['#7', 'It crashes']);
    await ok(
      'release',
      example('release', 'published', (p) => {
        repository(p);
        Object.assign(p.release, { tag_name: 'v1.2.0', name: 'v1.2.0', draft: false });
      }),
    );
    await dev.next(/v1\.2\.0/, { after: 5 });
    assert.equal(dev.announced.length, 6);
    assertClean(discord);
  },
);

test(
  'commands: list, show, pause, resume, events, test, log, why, copy, rotate, delete, undo, off',
  needsProgram,
  async (t) => {
    const { discord, hookline } = await startBoth(t);
    const alice = discord.member('alice');
    const { hook, secret } = await makeHook(discord);
    const ask = (words) => command(hookline, discord.channel('dev'), words);
    const say = async (words) => (await alice.asks('#dev', `!hook ${words}`)).text;
    const send = (subject, options = {}) =>
      hookline.deliver('push', push(subject), { hook, secret, ...options });

    assert.match(await say('list'), new RegExp(`${hook}.*GitHub`));
    assert.match(await say(`show ${hook}`), new RegExp(hook));
    assert.match(await ask(`pause ${hook}`), /paus/i);
    const missed = await send('push number 1');
    assert.equal(missed.status, 202);
    assert.match(await ask(`resume ${hook}`), /resum|on again|goes on|active/i);
    const sent = await send('push number 2');
    await discord.channel('dev').next(/push number 2/);
    assert.doesNotMatch(discord.channel('dev').texts.join('\n'), /push number 1/);
    assert.match(await ask(`why ${missed.json.event}`), /paus|off/i);
    assert.match(await ask(`why ${sent.json.event}`), /sent/i);
    assert.match(await ask(`log ${hook}`), /push/);

    assert.match(await ask('github events pr,issue'), /pr/i);
    const filtered = await send('push number 3');
    assert.match(await ask(`why ${filtered.json.event}`), /events|pr/i);
    await ask('github events push');

    const before = discord.channel('dev').announced.length;
    alice.says('#dev', `!hook test ${hook}`);
    await discord.channel('dev').next(/test/i, { after: before });

    assert.match(await ask(`copy ${hook} <#${discord.channel('ops').id}>`), /hook_\d+/);
    await send('push number 4');
    await discord.channel('ops').next(/push number 4/);
    await discord.channel('dev').next(/push number 4/);

    const told = alice.directMessages.announced.length;
    await say(`rotate ${hook}`);
    const fresh = /gh_\w{20,}/.exec((await alice.directMessages.next(/gh_/, { after: told })).text)[0];
    assert.notEqual(fresh, secret);
    assert.equal((await send('push number 5')).status, 202, 'the old secret holds for 24 h');
    assert.equal((await send('push number 6', { secret: fresh })).status, 202);
    await discord.channel('dev').next(/push number 6/);

    await ask(`delete ${hook}`);
    const gone = await send('push number 7', { secret: fresh });
    assert.ok([202, 401].includes(gone.status), gone.text);
    await ask('undo');
    assert.equal((await send('push number 8', { secret: fresh })).status, 202);
    await discord.channel('dev').next(/push number 8/);
    assert.match(await ask('github off'), /off/i);
    assert.equal(
      (await send('push number 9', { secret: fresh })).status,
      202,
      'a hook that is off takes deliveries',
    );
    assert.match(await ask('gihtub on'), /github/, 'the nearest known word');
    assert.match(await ask('help'), /github/);
    await discord.channel('ops').next(/push number 9/);
    assert.doesNotMatch(discord.channel('dev').texts.join('\n'), /push number [379]/);
    assertClean(discord);
  },
);

test(
  'filters of `on`: --events, --repo with globs and exclusions; --new and --from',
  needsProgram,
  async (t) => {
    const { discord, hookline } = await startBoth(t);
    const dev = discord.channel('dev');
    const one = await makeHook(discord, { words: '!hook github on --events push --repo acme/*,!acme/noisy' });
    const send = (subject, name, hook = one) =>
      hookline.deliver(
        'push',
        push(subject, {
          change: (p) => {
            p.repository.full_name = name;
            p.repository.name = name.split('/')[1];
          },
        }),
        hook,
      );
    await send('push number 1', 'acme/noisy');
    await send('push number 2', 'other/app');
    await send('push number 3', 'acme/app');
    await dev.next(/push number 3/);
    assert.doesNotMatch(dev.texts.join('\n'), /push number [12]/);
    const two = await makeHook(discord, { words: '!hook github on --new' });
    assert.notEqual(two.id, one.id);
    assert.notEqual(two.secret, one.secret);
    await discord.member('alice').asks('#ops', `!hook github on --from ${one.id}`);
    await send('push number 4', 'acme/app');
    await discord.channel('ops').next(/push number 4/);
    assertClean(discord);
  },
);
