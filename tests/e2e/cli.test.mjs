// The command line: `hook`, `send`, `render`, `doctor`, `version`, with the terminal as destination.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { example } from '../doubles/github.mjs';
import { needsProgram, run, startHookline } from '../support/hookline.mjs';
import { push, startBoth } from '../support/story.mjs';

async function folder(t) {
  const path = await mkdtemp(join(tmpdir(), 'hookline-cli-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('without a Discord token the whole job is done to the terminal', needsProgram, async (t) => {
  const files = await folder(t);
  const hookline = await startHookline(t);
  const on = await hookline.cli(['hook', 'github', 'on']);
  assert.equal(on.code, 0, on.stderr);
  const secret = /gh_\w{20,}/.exec(on.stdout)[0];
  assert.match(on.stdout, new RegExp(`${hookline.url}/webhook/github/hook_001`));
  await writeFile(join(files, 'push.json'), JSON.stringify(push('Fix encryption bug')));
  const sent = await hookline.cli([
    'send',
    '--service',
    'github',
    '--event',
    'push',
    join(files, 'push.json'),
    '--hook',
    'hook_001',
  ]);
  assert.equal(sent.code, 0, sent.stderr);
  assert.ok(!(sent.stdout + sent.stderr).includes(secret));
  await hookline.until(() => /Push to main[\s\S]*Fix encryption bug/.test(hookline.terminal), {
    what: 'the terminal shows the push',
  });
  const list = await hookline.cli(['hook', 'list']);
  assert.match(list.stdout, /hook_001/);
  const wrong = await hookline.cli(['hook', 'gihtub', 'on']);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /github/);
  const none = await hookline.cli([
    'send',
    '--service',
    'github',
    '--event',
    'push',
    join(files, 'push.json'),
    '--hook',
    'hook_777',
  ]);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /^hookline: /);
  assert.ok(!hookline.log.includes(secret));
});

test(
  'render: as text, as JSON, from standard input, with errors that name what is wrong',
  needsProgram,
  async (t) => {
    const files = await folder(t);
    await writeFile(
      join(files, 'issue.json'),
      JSON.stringify(
        example('issues', 'opened', (p) => {
          p.issue.title = 'It crashes';
        }),
      ),
    );
    const text = await run(['render', '--service', 'github', '--event', 'issues', join(files, 'issue.json')]);
    assert.equal(text.code, 0, text.stderr);
    assert.match(text.stdout, /It crashes/);
    assert.doesNotMatch(text.stdout, /\x1b/);
    const json = await run(
      [
        'render',
        '--service',
        'github',
        '--as',
        'json',
        '--header',
        'X-GitHub-Event: issues',
        '--header',
        'X-GitHub-Delivery: 1',
        '-',
      ],
      { input: await readFile(join(files, 'issue.json')) },
    );
    assert.equal(json.code, 0, json.stderr);
    assert.ok(JSON.stringify(JSON.parse(json.stdout)).includes('It crashes'));
    for (const args of [
      ['render', '--service', 'github', '--event', 'issues', join(files, 'none.json')],
      ['render', '--service', 'githib', join(files, 'issue.json')],
      ['render'],
      ['nonsense'],
      [],
    ]) {
      const wrong = await run(args, { input: '' });
      assert.equal(wrong.code, 2, `${args}: ${wrong.stdout}${wrong.stderr}`);
      assert.notEqual(wrong.stderr, '');
    }
  },
);

test('version and help', needsProgram, async () => {
  const version = await run(['version']);
  assert.equal(version.code, 0);
  assert.match(version.stdout, /^hookline \d+\.\d+/);
  for (const args of [
    ['--help'],
    ['serve', '--help'],
    ['hook', '--help'],
    ['render', '--help'],
    ['send', '--help'],
    ['doctor', '--help'],
  ]) {
    const help = await run(args);
    assert.equal(help.code, 0, args.join(' '));
    assert.ok(help.stdout.length > 50);
  }
});

test(
  'configuration: the flag wins over the environment, the environment over the file; unknown keys are named',
  needsProgram,
  async (t) => {
    const files = await folder(t);
    await writeFile(join(files, 'hookline.toml'), 'log = "warn"\nprefix = "!file"\n');
    const fine = await startHookline(t, {
      args: ['--config', join(files, 'hookline.toml'), '--log', 'info'],
    });
    assert.equal((await fetch(`${fine.url}/healthz`)).status, 200);
    await writeFile(join(files, 'wrong.toml'), 'discord_tokn = "x"\n');
    const cases = [
      [['serve', '--config', join(files, 'wrong.toml')], {}, /discord_tokn.*discord_token/s],
      [['serve', '--config', join(files, 'none.toml')], {}, /none\.toml/],
      [['serve'], { HOOKLINE_LISTEN: 'nowhere' }, /HOOKLINE_LISTEN/],
      [['serve'], { HOOKLINE_DATABASE: 'postgresql://x/y' }, /postgresql/i],
      [['serve'], { HOOKLINE_DISCORD_API: 'http://discord.example/api' }, /HOOKLINE_DISCORD_API/],
      [['serve'], { HOOKLINE_RETENTION: 'soon' }, /HOOKLINE_RETENTION/],
      [['serve'], { HOOKLINE_DISCORD_TOKEN_FILE: join(files, 'no-token') }, /no-token/],
      [['serve', '--listne', 'x'], {}, /listne/],
    ];
    for (const [args, env, says] of cases) {
      const { code, stderr } = await run(args, {
        env: { HOOKLINE_DATA_DIR: join(files, 'data'), HOOKLINE_LISTEN: '127.0.0.1:0', ...env },
        within: 5000,
      });
      assert.equal(code, 2, `${args} ${JSON.stringify(env)}: ${stderr}`);
      assert.match(stderr, says);
    }
  },
);

test("the data folder is the owner's alone", needsProgram, async (t) => {
  const hookline = await startHookline(t);
  assert.equal((await stat(hookline.dataDir)).mode & 0o777, 0o700);
  for (const name of ['secret.key', 'admin.token'])
    assert.equal((await stat(join(hookline.dataDir, name))).mode & 0o777, 0o600, name);
  assert.ok((await readdir(hookline.dataDir)).includes('hookline.db'));
});

test('doctor says what is well and what is not', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const well = await hookline.cli(['doctor'], {
    env: { HOOKLINE_DISCORD_TOKEN: discord.token, HOOKLINE_DISCORD_API: discord.api },
  });
  assert.match(well.stdout, /database/i);
  assert.match(well.stdout, /discord/i);
  assert.equal(well.code, 0, well.stdout + well.stderr);
  const wrong = await hookline.cli(['doctor'], {
    env: { HOOKLINE_DISCORD_TOKEN: 'canary.wrong.token', HOOKLINE_DISCORD_API: discord.api },
  });
  assert.equal(wrong.code, 1, wrong.stdout);
  assert.match(wrong.stdout, /token/i);
  assert.ok(!(wrong.stdout + wrong.stderr).includes('canary.wrong.token'));
});

test(
  'the API: hooks are listed, made, changed, tested and deleted; its description is OpenAPI',
  needsProgram,
  async (t) => {
    const hookline = await startHookline(t);
    const made = await hookline.api('POST', 'hooks', { service: 'github', events: ['push', 'pr'] });
    assert.equal(made.status, 201, JSON.stringify(made.json));
    assert.match(made.json.secret, /^gh_/);
    const list = await hookline.api('GET', 'hooks');
    assert.equal(list.json.hooks.length, 1);
    assert.doesNotMatch(JSON.stringify(list.json), /gh_\w{20,}/);
    assert.equal((await hookline.api('PATCH', `hooks/${made.json.id}`, { paused: true })).json.paused, true);
    assert.equal(
      (await hookline.api('PATCH', `hooks/${made.json.id}`, { paused: false })).json.paused,
      false,
    );
    assert.equal((await hookline.api('POST', `hooks/${made.json.id}/test`, {})).status, 202);
    await hookline.until(
      async () => (await hookline.api('GET', 'messages')).json.messages.some((m) => m.state === 'sent'),
      { what: 'the test is shown' },
    );
    assert.equal((await hookline.api('DELETE', `hooks/${made.json.id}`)).status, 200);
    assert.equal((await hookline.api('GET', `hooks/${made.json.id}`)).status, 404);
    assert.equal((await hookline.api('POST', 'hooks', { service: 'nonsense' })).status, 400);
    assert.equal((await hookline.api('POST', 'hooks', { servic: 'github' })).status, 400);
    const description = await hookline.api('GET', 'openapi.json');
    assert.match(description.json.openapi, /^3\./);
    assert.ok(description.json.paths['/api/v1/hooks']);
    const said = await hookline.api('POST', 'commands', { words: 'list' });
    assert.equal(said.status, 200, JSON.stringify(said.json));
  },
);
