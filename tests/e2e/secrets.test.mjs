// Secrets are in no log, no message, no metric, and in the database only encrypted.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { startGitHubApi } from '../doubles/github.mjs';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, makeHook, push, startBoth } from '../support/story.mjs';

test('a canary for every secret', needsProgram, async (t) => {
  const github = await startGitHubApi();
  t.after(() => github.close());
  const { discord, hookline } = await startBoth(t, { github, env: { HOOKLINE_LOG: 'debug' } });
  const hook = await makeHook(discord);
  const webhook = discord.channel('ops').webhook('Builds');
  const alice = discord.member('alice');
  const before = alice.directMessages.announced.length;
  await alice.asks('#ops', `!hook github on --channel ${webhook.url}`);
  const second = /gh_\w{20,}/.exec(
    (await alice.directMessages.next(/gh_\w{20,}/, { after: before })).text,
  )[0];
  for (let n = 1; n <= 3; n += 1) await hookline.deliver('push', push(`push number ${n}`), hook);
  await hookline.deliver('push', push('x'), { ...hook, secret: 'canary-wrong-secret' });
  await fetch(`${hookline.url}/webhook/github/${hook.id}/canary-in-the-path`, { method: 'POST', body: '{}' });
  await fetch(`${hookline.url}/webhook/github/${hook.id}?token=canary-in-the-query`, {
    method: 'POST',
    body: '{}',
  });
  await fetch(`${hookline.url}/api/v1/hooks`, { headers: { Authorization: 'Bearer canary-bearer' } });
  await discord.channel('dev').next(/push number 3/);
  await hookline.cli(['hook', 'list']);
  await alice.asks('#dev', `!hook show ${hook.id}`);

  const secrets = {
    'the hook': hook.secret,
    'the second hook': second,
    'the bot': discord.token,
    'the Discord webhook': webhook.token,
    GitHub: github.token,
    'the admin token': await hookline.adminToken(),
    'the key': (await readFile(join(hookline.dataDir, 'secret.key'), 'utf8')).trim(),
    'a path': 'canary-in-the-path',
    'a query': 'canary-in-the-query',
    'a bearer': 'canary-bearer',
    'a wrong secret': 'canary-wrong-secret',
  };
  const metrics = await hookline.metrics();
  await hookline.terminate();
  const database = Buffer.concat(
    await Promise.all(
      (await readdir(hookline.dataDir))
        .filter((name) => name.startsWith('hookline.db'))
        .map((name) => readFile(join(hookline.dataDir, name))),
    ),
  );
  const shown = [...discord.ledger.messages]
    .filter(({ channel }) => channel.type !== 1)
    .map(({ message }) => JSON.stringify(message.revisions.map((r) => r.body)));
  for (const [what, secret] of Object.entries(secrets)) {
    assert.ok(!hookline.log.includes(secret), `${what} is in the log`);
    assert.ok(!metrics.includes(secret), `${what} is in the metrics`);
    assert.ok(!database.includes(secret), `${what} is in the database`);
    assert.ok(
      !shown.some((text) => text.includes(secret) && !text.includes(webhook.url)),
      `${what} is in a message`,
    );
  }
  assert.ok(
    !metrics.includes('Hello-World') && !metrics.includes('STRYK'),
    'no repository or member names in the metrics',
  );
  assertClean(discord);
});
