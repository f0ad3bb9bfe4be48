// Filters, templates, alerts and mentions as a member types them: SPEC's advanced examples, multi-line and with the
// quotes that phones make.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { example, startGitHubApi } from '../doubles/github.mjs';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, assertInOrder, command, makeHook, push, startBoth } from '../support/story.mjs';

const repository = { id: 7, name: 'PhiGEN', full_name: 'user/PhiGEN', html_url: 'https://github.com/user/PhiGEN' };

let reviews = 0;
/// A pull request of GitHub's own example, number 45, at `sha`.
const pull = (action, { sha = 'a'.repeat(40), at = '2026-11-29T10:00:00Z', ...changes } = {}) =>
  example('pull_request', 'opened', (p) => {
    p.action = action;
    p.number = 45;
    Object.assign(p.repository, repository);
    Object.assign(p.pull_request, { number: 45, title: 'Add OAuth support', draft: false, state: 'open', merged: false,
      html_url: 'https://github.com/user/PhiGEN/pull/45', created_at: '2026-11-29T10:00:00Z', updated_at: at, ...changes });
    p.pull_request.head.sha = sha;
    p.pull_request.base.ref = 'main';
    p.pull_request.user.login = 'JC';
  });
const review = (who, state, at) =>
  example('pull_request_review', 'submitted', (p) => {
    const { pull_request: request } = pull('opened', { at });
    reviews += 1;
    p.action = state === 'dismissed' ? 'dismissed' : 'submitted';
    Object.assign(p.repository, repository);
    Object.assign(p.pull_request, { ...request, head: { ...p.pull_request.head, sha: request.head.sha } });
    Object.assign(p.review, { id: reviews, state, submitted_at: at, body: 'Looks good' });
    p.review.user.login = who;
    p.sender.login = who;
  });
const check = (conclusion, id) =>
  example('check_run', 'completed', (p) => {
    Object.assign(p.repository, repository);
    Object.assign(p.check_run, { id, name: 'unit', head_sha: 'a'.repeat(40), status: 'completed', conclusion, pull_requests: [] });
    p.check_run.app.slug = 'some-ci';
  });

async function story(t, options) {
  const both = await startBoth(t, options);
  const hook = await makeHook(both.discord);
  const dev = both.discord.channel('dev');
  let told = dev.announced.length;
  return {
    ...both,
    hook,
    dev,
    says: (words) => both.discord.member('alice').asks('#dev', words),
    as: (words) => command(both.hookline, dev, words),
    async deliver(event, payload) {
      const answer = await both.hookline.deliver(event, payload, hook);
      assert.equal(answer.status, 202, answer.text);
      return answer.json.event;
    },
    /// What the channel was told by now and had not been told before, once all is processed and sent.
    async fresh() {
      await both.hookline.until(async () => {
        const { json } = await both.hookline.api('GET', 'status');
        return json.unprocessed === 0 && json.waiting === 0;
      }, { what: 'all is processed and sent' });
      const texts = dev.announced.slice(told).map((message) => message.text);
      told = dev.announced.length;
      return texts;
    },
  };
}

test('smart filtering: only main branch events', needsProgram, async (t) => {
  const { discord, says, as, deliver, fresh, dev } = await story(t);
  const reply = await says('!hook github filter branch=main');
  assertInOrder(reply.text, ['✅', 'Filter added', 'Only main branch events']);
  await fresh();
  const stopped = await deliver('push', push('On another branch', { branch: 'feature-oauth' }));
  await deliver('push', push('On main'));
  await deliver('issues', example('issues', 'opened', (p) => { p.issue.title = 'Has no branch'; }));
  const texts = await fresh();
  assert.equal(texts.length, 2, texts.join('\n---\n'));
  assert.match(texts[0], /On main/);
  assert.match(texts[1], /Has no branch/);
  assert.match(await as(`why ${stopped}`), /filtered: filter 1 stops it: branch=main/);

  // An error is answered while it is typed, with a caret and the nearest name.
  const wrong = await as('github filter "brnch == \'main\'"');
  assertInOrder(wrong, ['there is no field', 'brnch', 'did you mean "branch"?', "brnch == 'main'\n^^^^^"]);
  const tried = await as('try github "branch == \'feature-oauth\'" --last 1d');
  assertInOrder(tried, ['Of the 3 events', '**1** would pass', stopped.toString()]);
  assert.match(await as('github filter remove 1'), /Filter removed/);
  await deliver('push', push('Passes again', { branch: 'feature-oauth' }));
  await dev.next(/Passes again/);
  assertClean(discord);
});

test('how much a message says: a line, the usual, everything', needsProgram, async (t) => {
  const { says, as, deliver, fresh, dev, discord } = await story(t);
  const told = async (event, payload) => {
    await deliver(event, payload);
    await fresh();
    return dev.announced.at(-1).embeds[0];
  };
  const labelled = pull('opened', { body: 'Why it is needed.\n\n'.repeat(18), milestone: null });
  labelled.pull_request.labels = [{ name: 'enhancement' }];
  const usual = await told('pull_request', labelled);
  assert.ok(usual.fields.length > 3);

  assert.match((await says('!hook github on --style compact')).text, /hook_001/);
  await fresh();
  assert.match(await as('show hook_001'), /Style: compact/);
  const line = await told('pull_request', labelled);
  assert.deepEqual([line.title, line.url, line.color, line.footer.text],
    [usual.title, usual.url, usual.color, usual.footer.text]);
  assert.equal(line.fields?.length ?? 0, 0);
  assert.match(line.description, /^Add OAuth support · \[@Codertocat\]\(\S+\) · `.+` → `main`/);
  assert.doesNotMatch(line.description, /\n|Why it is needed/);

  await as('github on --style full');
  const whole = await told('pull_request', labelled);
  assert.ok(whole.description.length > 2 * usual.fields.find(({ name }) => name === 'Description').value.length);
  assert.ok(whole.author.icon_url);
  assert.match(await as('github on --style huge'), /`compact`, `normal` or `full`/);
  await as('github on --style normal');
  assert.deepEqual((await told('pull_request', labelled)).fields, usual.fields);
  assertClean(discord);
});

test('message templates: several lines, typographic quotes, a fence', needsProgram, async (t) => {
  const { discord, says, as, deliver, fresh } = await story(t);
  const reply = await says(
    '!hook format github-push “\n📤 **{{author}}** pushed to **{{branch}}**\nCommits: {{commit_count}}\nLatest: {{latest_commit_message}}\n”',
  );
  assertInOrder(reply.text, ['✅', 'Template saved for GitHub push events', '📤', 'pushed to']);
  await fresh();
  await deliver('push', push('Fix *encryption* bug', { change: (p) => { p.sender.login = 'STRYK'; } }));
  const [text] = await fresh();
  assert.equal(text.trim(), '📤 **STRYK** pushed to **main**\nCommits: 1\nLatest: Fix \\*encryption\\* bug');

  const embed = await as('format github-push ```toml\ntitle = "{{ author }} → {{ branch }}"\ncolor = "green"\n[[fields]]\nname = "Latest"\nvalue = "{{ latest_commit_message }}"\n```');
  assert.match(embed, /Template saved/);
  await deliver('push', push('As an embed'));
  assertInOrder((await fresh())[0], ['STRYK → main'.slice(5), 'Latest', 'As an embed']);

  // One that fails for an event falls back, and its owner is told once.
  await as('format github-push "{{ 1 / (commit_count - 1) }}"');
  const alice = discord.member('alice').directMessages;
  const before = alice.announced.length;
  await deliver('push', push('Divides by zero'));
  await deliver('push', push('And again'));
  const texts = await fresh();
  assert.match(texts[0], /Push to main[^]*Divides by zero/);
  assert.match(texts[1], /And again/);
  await alice.next(/The template of hook_001 for push failed[^]*divides by zero/, { after: before });
  assert.equal(alice.announced.length, before + 1);
  assert.match(await as('format github-push reset'), /Template removed/);
  assertClean(discord);
});

test('a custom webhook in its own form', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const { id, url, told } = await makeHook(discord, { words: '!hook custom https://api.monitoring.com/events', service: 'custom', prefix: 'whsec' });
  const secret = new RegExp(`${url}/(\\S+?)[\`\\s]`).exec(told.text)[1];
  const dev = discord.channel('dev');
  const reply = await discord.member('alice').asks('#dev', `!hook format ${id} "🔔 {{event}}: {{message}}"`);
  assertInOrder(reply.text, ['✅', 'Message Template Updated', `Will use custom format for ${id}`]);
  await command(hookline, dev, `${id} alert-if "cpu > 90" "🔥 {{ cpu }}%" --resolved`);
  const post = (cpu) => fetch(`${url}/${secret}`, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ event: 'Server Alert', message: `CPU usage at ${cpu}%`, cpu }) });
  for (const cpu of [95, 97, 40, 99]) {
    assert.equal((await post(cpu)).status, 202);
  }
  await dev.next(/CPU usage at 99%/);
  await dev.next(/🔥 99%/);
  const texts = dev.announced.map((message) => message.text.trim());
  assert.ok(texts.includes('🔔 Server Alert: CPU usage at 95%'), texts.join('\n'));
  assert.equal(texts.filter((text) => text.startsWith('🔥')).length, 2, 'once, and once more after it was over');
  assert.equal(texts.filter((text) => /No longer/.test(text)).length, 1);
  assertClean(discord);
});

test('conditional alerts: ready to merge, once, across a kill', needsProgram, async (t) => {
  const { discord, hookline, says, as, deliver, fresh, dev } = await story(t);
  const reply = await says('!hook github alert-if “pr.status == ‘approved’ and pr.reviews >= 2”');
  assertInOrder(reply.text, ['🔔', 'Alert rule added', 'Condition:']);
  await fresh();
  await deliver('pull_request', pull('opened'));
  await deliver('check_run', check('success', 1));
  await deliver('pull_request_review', review('ann', 'approved', '2026-11-29T10:01:00Z'));
  assert.ok(!(await fresh()).some((text) => /Ready to Merge/.test(text)), 'one approval is not two');
  const second = await deliver('pull_request_review', review('bob', 'approved', '2026-11-29T10:02:00Z'));
  const ready = (await fresh()).filter((text) => /Ready to Merge/.test(text));
  assert.equal(ready.length, 1);
  assertInOrder(ready[0], ['⚡', 'PR #45 Ready to Merge', 'Approvals: 2', '✓', 'Checks: All passed ✓']);
  assert.doesNotMatch(ready[0], /git merge/, 'an action is named only where it exists');
  assert.match(await as(`why ${second}`), /alert 1 fired/);

  await hookline.kill();
  await hookline.start();
  await deliver('pull_request_review', review('cid', 'approved', '2026-11-29T10:03:00Z'));
  assert.ok(!(await fresh()).some((text) => /Ready to Merge/.test(text)), 'it was said before the kill');
  // One reviewer asks for changes and takes it back: it is ready once more.
  await deliver('pull_request_review', review('ann', 'changes_requested', '2026-11-29T10:04:00Z'));
  await deliver('pull_request_review', review('ann', 'approved', '2026-11-29T10:05:00Z'));
  assert.equal((await fresh()).filter((text) => /Ready to Merge/.test(text)).length, 1);
  assertInOrder(await as('github alert-if list'), ['Alerts of hook_001', "1. `pr.status == ‘approved’ and pr.reviews >= 2`"]);
  await as('github alert-if remove 1');
  assert.match(await as('github alert-if list'), /has no alerts/);
  assert.equal(dev.announced.length > 0, true);
  assertClean(discord);
});

test('what came before the hook was there is asked of GitHub, once', needsProgram, async (t) => {
  const github = await startGitHubApi();
  t.after(() => github.close());
  const { discord, as, deliver, dev } = await story(t, { github });
  const at = '2026-11-29T09:00:00Z';
  github.knowsPull('user/PhiGEN', 45, {
    sha: 'a'.repeat(40),
    required: 2,
    reviews: [{ id: 9001, user: { login: 'ann' }, state: 'APPROVED', submitted_at: at }, { id: 9002, user: { login: 'bob' }, state: 'APPROVED', submitted_at: at }],
    checks: [{ id: 1, name: 'unit', status: 'completed', conclusion: 'success', started_at: at, completed_at: at }],
  });
  await as('github alert-if "pr.status == \'approved\' and pr.reviews >= 2"');
  await deliver('pull_request', pull('labeled'));
  const ready = await dev.next(/Ready to Merge/);
  assertInOrder(ready.text, ['⚡', 'PR #45 Ready to Merge', 'Approvals: 2/2', '✓', 'ann', 'bob', 'Checks: All passed ✓']);
  const asked = github.requests.length;
  await deliver('pull_request', pull('labeled', { at: '2026-11-29T10:06:00Z' }));
  await deliver('push', push('Afterwards'));
  await dev.next(/Afterwards/);
  assert.equal(github.requests.filter((call) => call.path.includes('/pulls/')).length, 2, `of ${asked} requests`);
  assertClean(discord);
});

test('mentions and silence by rules, and what CI people want', needsProgram, async (t) => {
  const { discord, as, deliver, fresh, dev } = await story(t);
  const role = '555000000000000001';
  assert.match(await as(`github mention <@&${role}> if "is_failure and branch == 'main'"`), /Mention added/);
  assert.match(await as('github silent if "is_bot"'), /makes no sound/);
  assert.match(await as('github on --only failures'), /active|Setup|hook_001/);
  assert.match(await as('github alert-if "build.changed"'), /Alert rule added/);
  await fresh();
  const run = (number, conclusion) =>
    example('workflow_run', 'completed', (p) => {
      Object.assign(p.repository, repository);
      Object.assign(p.workflow_run, { id: 900 + number, run_number: number, run_attempt: 1, name: 'Tests', conclusion, event: 'push',
        head_branch: 'main', status: 'completed', pull_requests: [] });
    });
  await deliver('push', push('Is no failure'));
  await deliver('workflow_run', run(1, 'success'));
  assert.deepEqual(await fresh(), []);
  await deliver('workflow_run', run(2, 'failure'));
  const broken = await fresh();
  assert.equal(broken.length, 2, broken.join('\n---\n'));
  assert.match(broken.join('\n'), /Tests on main[^]*broken/);
  const failed = dev.announced.find((message) => message.revisions[0].body.content?.includes(`<@&${role}>`));
  assert.ok(failed, 'the role stands in the message');
  assert.deepEqual(failed.revisions[0].body.allowed_mentions.roles, [role]);
  await deliver('workflow_run', run(3, 'failure'));
  assert.equal((await fresh()).length, 1, 'still broken: the failure alone');
  await deliver('workflow_run', run(4, 'success'));
  const fixed = await fresh();
  assert.equal(fixed.length, 1);
  assert.match(fixed[0], /Tests on main[^]*fixed/);
  assertClean(discord, { pings: true });
});
