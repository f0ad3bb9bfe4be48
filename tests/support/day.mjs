// A working day of one busy repository, from the octokit examples: pull requests from their first push to their
// merge, what CI and two outside services say, issues, a main branch that breaks and is mended, deployments, a
// release. Every run makes the same day.   node tests/support/day.mjs > day.jsonl
//
// A line is a delivery in the order of its arrival: { at, event, id, payload }. What happens here happens at exact
// times; deliveries arrive up to 2.5 s later, each by itself, so that neighbours overtake each other as they do.
import { pathToFileURL } from 'node:url';
import * as make from './day_payloads.mjs';

const midnight = Date.UTC(2026, 9, 13); // a Tuesday
const minute = 60_000;
const clock = (text) => {
  const [hours, minutes] = text.split(':').map(Number);
  return midnight + (hours * 60 + minutes) * minute;
};

/// Mulberry32: small, and the same everywhere.
function dice(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// opens: when. pushes: minutes after that, each with its commit's title. reviews: [minutes, who, state, words].
// comments: [minutes, who, words]; a path makes it a comment on a line. ci: how each head's run ends, the opened
// one first ("ok" where nothing is said). ends: minutes until it is merged, or closed.
const pulls = [
  { opens: '08:06', author: 'dependabot[bot]', title: 'Bump undici from 6.19.2 to 6.21.1', branch: 'dependabot/npm/undici-6.21.1', labels: ['dependencies'], files: ['package.json', 'package-lock.json'], reviews: [[47, 'tlindqvist', 'approved']], ends: 49 },
  { opens: '08:09', author: 'dependabot[bot]', title: 'Bump eslint from 9.14.0 to 9.15.0', branch: 'dependabot/npm/eslint-9.15.0', labels: ['dependencies'], files: ['package.json', 'package-lock.json'], reviews: [[45, 'tlindqvist', 'approved']], ends: 51 },
  { opens: '08:31', author: 'isantos', title: 'Retry lamp pairing when the bridge answers late', branch: 'fix/pairing-retry', labels: ['bug'], asks: ['priya-n'], files: ['src/bridge/pairing.ts', 'test/pairing.test.ts'], pushes: [[34, 'Wait twice as long each time']], reviews: [[26, 'priya-n', 'changes_requested', 'The second try comes too soon: real bridges need up to 8 s.'], [52, 'priya-n', 'approved', 'Works with the old bridge on my desk.']], comments: [[27, 'priya-n', 'Could this be a constant with a name?', 'src/bridge/pairing.ts']], ends: 58, fixes: 0 },
  { opens: '09:02', author: 'priya-n', title: 'Show the battery level in the device list', branch: 'feature/battery-level', labels: ['enhancement'], asks: ['hana-sato', 'isantos'], files: ['src/ui/DeviceList.tsx', 'src/ui/Battery.tsx', 'src/api/devices.ts'], pushes: [[41, 'Battery: say "unknown" where the lamp says nothing']], reviews: [[33, 'hana-sato', 'commented', 'Nice. What does a lamp without a battery show?'], [63, 'hana-sato', 'approved'], [70, 'isantos', 'approved']], ends: 74 },
  { opens: '09:14', author: 'tlindqvist', title: 'Move the scheduler to a package of its own', branch: 'refactor/scheduler-package', labels: ['refactoring'], asks: ['jokafor'], files: ['packages/scheduler/index.ts', '+packages/scheduler/package.json', 'src/jobs.ts', 'tsconfig.json'], pushes: [[19, 'Scheduler: mend the import in jobs.ts'], [55, 'Scheduler: no default export']], ci: ['lint', 'ok', 'ok'], reviews: [[49, 'jokafor', 'changes_requested', 'Please no default exports in packages.'], [92, 'jokafor', 'approved']], ends: 97 },
  { opens: '09:37', author: 'hana-sato', title: 'Fix the time zone of sunrise scenes', branch: 'fix/sunrise-zone', labels: ['bug', 'scenes'], asks: ['mkowalski'], files: ['src/scenes/sun.ts', 'test/scenes/sun.test.ts'], reviews: [[28, 'mkowalski', 'approved', 'Checked against Lisbon and Kiritimati.']], ends: 35, fixes: 1 },
  { opens: '09:48', author: 'jokafor', title: 'Add an endpoint for firmware rollouts', branch: 'feature/firmware-rollouts', labels: ['enhancement', 'api'], asks: ['tlindqvist', 'isantos'], draft: true, readyAfter: 118, files: ['+src/api/rollouts.ts', '+src/db/migrations/0042_rollouts.sql', 'src/api/index.ts', '+test/api/rollouts.test.ts'], pushes: [[37, 'Rollouts: stop when one lamp in ten fails'], [96, 'Rollouts: a page of docs']], ci: ['test', 'ok', 'ok'], reviews: [[151, 'tlindqvist', 'approved', 'The migration is safe to run twice, I tried.'], [394, 'isantos', 'approved']], comments: [[140, 'isantos', 'What happens to a lamp that is offline for the whole rollout?'], [147, 'jokafor', 'It is told at its next hello; the rollout does not wait for it.']], ends: 408 },
  { opens: '10:01', author: 'mkowalski', title: 'Docs: how to add a bridge', branch: 'docs/add-a-bridge', labels: ['documentation'], asks: ['jokafor'], files: ['docs/bridges.md', 'README.md'], reviews: [[16, 'jokafor', 'approved', 'Clear. Thanks!']], ends: 21 },
  { opens: '10:08', author: 'priya-n', title: 'Limit login attempts per address', branch: 'feature/login-limit', labels: ['security'], asks: ['tlindqvist'], files: ['src/auth/login.ts', '+src/auth/limit.ts', '+test/auth/limit.test.ts'], pushes: [[24, 'Limit: count IPv6 by /64']], reviews: [[17, 'tlindqvist', 'changes_requested', 'One address per IPv6 host is none: count /64.'], [44, 'tlindqvist', 'approved']], comments: [[18, 'tlindqvist', 'A Map grows without end here.', 'src/auth/limit.ts']], ends: 47 },
  { opens: '10:19', author: 'isantos', title: 'Group lamps by room', branch: 'feature/rooms', labels: ['enhancement'], asks: ['hana-sato'], files: ['src/rooms.ts', 'src/ui/RoomList.tsx', 'src/api/rooms.ts', '+test/rooms.test.ts'], pushes: [[31, 'Rooms: an empty room is a room'], [66, 'Rooms: sort by name']], reviews: [[58, 'hana-sato', 'commented', 'Lamps jump around when two rooms have one name.'], [83, 'hana-sato', 'approved']], ends: 88 },
  { opens: '10:33', author: 'tlindqvist', title: 'Drop Node 18', branch: 'chore/drop-node-18', labels: ['breaking'], asks: ['jokafor', 'mkowalski'], files: ['package.json', '.github/workflows/ci.yml', 'README.md'], reviews: [[12, 'mkowalski', 'changes_requested', 'The hubs of 2023 still run 18. Can we wait for 3.0?']], comments: [[15, 'tlindqvist', 'Good point. Closing; I have put it on the list for 3.0.']], closes: 17 },
  { opens: '10:47', author: 'hana-sato', title: 'Scenes can be shared between homes', branch: 'feature/shared-scenes', labels: ['enhancement', 'scenes'], asks: ['priya-n', 'isantos'], draft: true, readyAfter: 155, files: ['src/scenes/share.ts', 'src/api/scenes.ts', 'src/ui/ShareDialog.tsx', '+test/scenes/share.test.ts'], pushes: [[62, 'Share: a link dies after a week'], [149, 'Share: who shared it is shown']], reviews: [[181, 'priya-n', 'approved'], [338, 'isantos', 'approved', 'Tried it with three homes.']], ends: 344 },
  { opens: '11:05', author: 'jokafor', title: 'Faster cold start: load translations lazily', branch: 'perf/lazy-translations', labels: ['performance'], asks: ['tlindqvist'], files: ['src/i18n.ts', 'src/main.ts'], reviews: [[22, 'tlindqvist', 'approved', '1.9 s to 0.7 s on the small hub.']], ends: 26 },
  { opens: '11:12', author: 'mkowalski', title: 'Warn before the lamp overheats', branch: 'feature/overheat-warning', labels: ['enhancement', 'safety'], asks: ['isantos'], files: ['src/lamp/heat.ts', 'src/notify.ts', 'test/lamp/heat.test.ts'], pushes: [[14, 'Heat: the sensor speaks in tenths'], [38, 'Heat: warn once, not every second']], ci: ['test', 'test', 'ok'], reviews: [[51, 'isantos', 'approved']], ends: 56, fixes: 2 },
  { opens: '13:02', author: 'tlindqvist', title: 'Use one connection pool for all jobs', branch: 'refactor/one-pool', labels: ['refactoring'], asks: ['jokafor'], files: ['src/db/pool.ts', 'src/jobs.ts', 'packages/scheduler/index.ts'], reviews: [[38, 'jokafor', 'approved']], ends: 62, breaksMain: true },
  { opens: '13:20', author: 'priya-n', title: 'Export usage as CSV', branch: 'feature/usage-csv', labels: ['enhancement'], asks: ['mkowalski'], files: ['src/api/usage.ts', '+src/csv.ts', '+test/csv.test.ts'], pushes: [[21, 'CSV: quotes inside quotes']], reviews: [[43, 'mkowalski', 'approved']], ends: 57 },
  { opens: '14:21', author: 'isantos', title: 'Give the pool as many connections as there are jobs', branch: 'fix/pool-size', labels: ['bug'], asks: ['tlindqvist'], files: ['src/db/pool.ts', 'test/jobs.test.ts'], reviews: [[9, 'tlindqvist', 'approved', 'Sorry, and thank you.']], ends: 11, mendsMain: true },
  { opens: '13:41', author: 'hana-sato', title: 'Try the new motion sensor driver', branch: 'spike/motion-driver', labels: ['experiment'], files: ['src/sensors/motion.ts', '+src/sensors/driver2.ts'], ci: ['test'], comments: [[74, 'hana-sato', 'It loses every third movement on the old firmware. Not now.']], closes: 75 },
  { opens: '14:52', author: 'isantos', title: 'Remember the last colour of each room', branch: 'feature/last-colour', labels: ['enhancement'], asks: ['hana-sato'], files: ['src/rooms.ts', 'src/lamp/colour.ts'], reviews: [[71, 'hana-sato', 'approved']], ends: 101 },
  { opens: '15:06', author: 'mkowalski', title: 'Refuse scenes with unknown lamps', branch: 'fix/unknown-lamps', labels: ['bug', 'scenes'], asks: ['hana-sato'], files: ['src/scenes/check.ts', 'test/scenes/check.test.ts'], pushes: [[25, 'Scenes: name the lamp in the error']], reviews: [[40, 'hana-sato', 'approved']], ends: 90, fixes: 3 },
  { opens: '15:17', author: 'priya-n', title: 'Name the lamp in every notification', branch: 'feature/named-notifications', labels: ['enhancement'], asks: ['isantos'], files: ['src/notify.ts', 'src/templates/mail.ts'], reviews: [[56, 'isantos', 'approved']], ends: 80 },
  { opens: '15:33', author: 'jokafor', title: 'Cache bridge discovery for a minute', branch: 'perf/discovery-cache', labels: ['performance'], asks: ['tlindqvist'], files: ['src/bridge/discovery.ts'], reviews: [[35, 'tlindqvist', 'approved', 'Much quieter on my network.']], ends: 66 },
  { opens: '15:41', author: 'hana-sato', title: 'Make the audit log searchable', branch: 'feature/audit-search', labels: ['enhancement'], asks: ['mkowalski', 'priya-n'], files: ['src/audit/search.ts', 'src/ui/AuditLog.tsx', '+src/db/migrations/0043_audit_index.sql'], pushes: [[28, 'Audit: an index for the search']], reviews: [[44, 'mkowalski', 'approved'], [49, 'priya-n', 'approved', 'Fast even with a million rows.']], ends: 60 },
  { opens: '15:58', author: 'tlindqvist', title: 'A dark mode for the status page', branch: 'feature/dark-status', labels: ['enhancement'], asks: ['priya-n'], files: ['status/index.html', 'status/style.css'], reviews: [[29, 'priya-n', 'approved', 'My eyes thank you.']], ends: 47 },
  { opens: '16:55', author: 'tlindqvist', title: 'Prepare release 2.8.0', branch: 'release/2.8.0', labels: ['release'], asks: ['isantos'], files: ['CHANGELOG.md', 'package.json'], reviews: [[8, 'isantos', 'approved']], ends: 14 },
  { opens: '17:21', author: 'mkowalski', title: 'Count pairing failures by bridge model', branch: 'feature/pairing-metrics', labels: ['enhancement'], asks: ['jokafor'], files: ['src/bridge/pairing.ts', 'src/metrics.ts'], comments: [[19, 'jokafor', 'I will look at it tomorrow morning.']] },
];

// opens: when; null: it was there before this day. closes: minutes after it; a fixing pull request closes it too.
const issueRows = [
  { opens: null, author: 'gkeller', title: 'Pairing fails every second time with the old bridge', labels: ['bug'] },
  { opens: '08:52', author: 'mrossi', title: 'Sunrise scene starts an hour late in Lisbon', labels: ['bug', 'scenes'], comments: [[11, 'hana-sato', 'Thank you! I can see it: we use the zone of the server. Fix follows.']] },
  { opens: '10:26', author: 'gkeller', title: 'Lamp gets very hot at full brightness', labels: ['bug', 'safety'], comments: [[9, 'mkowalski', 'Which lamp is it? We will warn much earlier in any case.'], [21, 'gkeller', 'The small round one, firmware 4.1.']] },
  { opens: '13:34', author: 'awojcik', title: 'Scene with a removed lamp cannot be started', labels: ['bug', 'scenes'], comments: [[30, 'mkowalski', 'It should not have been saved at all. On it.']] },
  { opens: '11:44', author: 'lnguyen', title: 'Please support Matter over Thread', labels: ['enhancement'] },
  { opens: '15:24', author: 'mrossi', title: 'How do I reset a bridge?', labels: ['question'], comments: [[7, 'mkowalski', 'Hold the button for ten seconds: docs/bridges.md has a picture.'], [16, 'mrossi', 'That was it, thank you!']], closes: 17 },
];

export function makeDay(seed = 20261013) {
  const roll = dice(seed);
  const between = (least, most) => least + roll() * (most - least);
  const issues = issueRows.map((row) => ({ ...row }));
  const agenda = [];
  const deliveries = [];
  const main = { head: make.sha('main', 'yesterday'), isBroken: false };
  let nextNumber = 812;
  let nextRun = 18_240_117_301;
  let runCount = 2310;

  const plan = (at, act) => agenda.push({ at: Math.round(at / 1000) * 1000, act, order: agenda.length });
  const tell = (at, event, payload) => {
    const id = make.sha('delivery', deliveries.length).slice(0, 32);
    deliveries.push({ at: at + Math.round(between(300, 2500)), event, id, payload });
  };

  const steps = { lint: 'Run npm run lint', test: 'Run npm test', build: 'Run npm run build' };

  // What machines say of a commit: { branch, sha, before, message, by, pull }.
  const runJob = (run, { name, place }, begins, ends, conclusion) => {
    const job = { name, place, started: begins };
    plan(begins, (at) => tell(at, 'workflow_job', make.workflowJob('in_progress', run, { ...job, at })));
    plan(ends, (at) => {
      const over = { ...job, at, conclusion, failedStep: steps[name] };
      tell(at, 'workflow_job', make.workflowJob('completed', run, over));
      const id = make.jobId(run, place);
      const check = { id, app: 'github-actions', name, branch: run.branch, head: run.sha, before: run.before, pull: run.pull };
      check.url = `https://github.com/${make.repository.full_name}/actions/runs/${run.id}/job/${id}`;
      tell(at, 'check_run', make.checkRun('completed', check, { by: run.by, started: begins, at, conclusion }));
    });
  };
  const runWorkflow = (begins, commit, failing) => {
    const run = { ...commit, id: nextRun, number: runCount, workflow: 'CI', path: '.github/workflows/ci.yml', started: begins };
    nextRun += Math.round(between(900, 90_000));
    runCount += 1;
    run.trigger = commit.pull ? 'pull_request' : 'push';
    plan(begins, (at) => tell(at, 'workflow_run', make.workflowRun('requested', run, { at })));
    const starts = begins + between(4, 12) * 1000;
    plan(starts, (at) => tell(at, 'workflow_run', make.workflowRun('in_progress', run, { at })));
    let last = starts;
    const jobs = [['lint', 50, 85], ['test', 170, 290], ...(commit.pull ? [] : [['build', 120, 160]])];
    for (const [place, [name, least, most]] of jobs.entries()) {
      const ends = starts + between(least, most) * 1000;
      const conclusion = name === failing ? 'failure' : 'success';
      runJob(run, { name, place }, starts + between(1, 5) * 1000, ends, conclusion);
      last = Math.max(last, ends);
    }
    const conclusion = failing ? 'failure' : 'success';
    plan(last + 3000, (at) => {
      tell(at, 'workflow_run', make.workflowRun('completed', run, { at, conclusion }));
      const check = { app: 'github-actions', branch: run.branch, head: run.sha, before: run.before, pull: run.pull };
      tell(at, 'check_suite', make.checkSuite(check, { by: run.by, at, conclusion, message: run.message }));
    });
  };
  const reportCoverage = (begins, commit) => {
    const about = { context: 'codecov/patch', head: commit.sha, branch: commit.branch, message: commit.message };
    const page = `https://app.codecov.io/gh/${make.repository.full_name}/pull/${commit.pull.number}`;
    const say = (state, description) => (at) =>
      tell(at, 'status', make.status(about, { by: commit.by, at, state, description, page }));
    plan(begins + 9000, say('pending', 'Waiting for the tests'));
    plan(begins + between(305, 330) * 1000, say('success', `${between(82, 97).toFixed(1)}% of the diff is covered`));
  };
  const reportQuality = (begins, commit) => {
    const check = { app: 'quality-gate', name: 'Quality Gate', branch: commit.branch, head: commit.sha, before: commit.before, pull: commit.pull };
    const started = begins + 6000;
    const facts = { by: commit.by, started };
    plan(started, (at) => tell(at, 'check_run', make.checkRun('created', check, { ...facts, at })));
    plan(begins + between(70, 110) * 1000, (at) => {
      const over = { ...facts, at, conclusion: 'success', title: 'Passed' };
      tell(at, 'check_run', make.checkRun('completed', check, over));
      tell(at, 'check_suite', make.checkSuite(check, { by: commit.by, at, conclusion: 'success', message: commit.message }));
    });
  };
  const checkHead = (begins, pull, message, ends) => {
    const commit = { branch: pull.branch, sha: pull.head, before: pull.base, message, by: pull.author, pull: { ...pull } };
    runWorkflow(begins, commit, ends === 'ok' ? null : ends);
    reportCoverage(begins, commit);
    if (pull.number % 3 === 0) reportQuality(begins, commit);
  };

  // A pull request's life.
  const told = (pull) => ({ ...pull, labels: [...pull.labels], requested: [...pull.requested] });
  const sayPull = (at, action, pull, by, extra) =>
    tell(at, 'pull_request', make.pullRequest(action, told(pull), { by, at, extra }));
  const pushTo = (at, pull, before, message) => {
    const commit = { id: pull.head, message, author: pull.author, at, files: pull.files };
    tell(at, 'push', make.push(`refs/heads/${pull.branch}`, { by: pull.author, at, before, after: pull.head, commits: [commit] }));
  };

  const open = (row) => (at) => {
    const pull = {
      ...row,
      number: nextNumber,
      opened: at,
      head: make.sha(row.branch, 0),
      base: main.head,
      draft: Boolean(row.draft),
      labels: [],
      requested: [],
      commits: 1,
      additions: Math.round(between(4, 160)),
      deletions: Math.round(between(1, 70)),
      body: row.fixes === undefined ? row.body ?? null : `Fixes #${issues[row.fixes].number}.`,
    };
    nextNumber += 1;
    const ci = row.ci ?? [];
    tell(at - 40_000, 'create', make.ref('create', pull.branch, 'branch', { by: pull.author }));
    pushTo(at - 40_000, pull, null, pull.title);
    sayPull(at, 'opened', pull, pull.author);
    checkHead(at + 3000, pull, pull.title, ci[0] ?? 'ok');
    for (const name of row.labels) plan(at + between(1, 20) * 1000, (when) => addLabel(when, pull, name));
    if (!pull.draft) plan(at + between(20, 60) * 1000, (when) => askForReview(when, pull));
    planRest(at, pull, row, ci);
  };
  const addLabel = (at, pull, name) => {
    pull.labels.push(name);
    sayPull(at, 'labeled', pull, pull.author, { label: name });
  };
  const askForReview = (at, pull) => {
    pull.requested.push(...(pull.asks ?? []));
    for (const reviewer of pull.requested) sayPull(at, 'review_requested', pull, pull.author, { reviewer });
  };
  const planRest = (at, pull, row, ci) => {
    const after = (minutes, act) => plan(at + minutes * minute, act);
    (row.pushes ?? []).forEach(([minutes, message], i) => after(minutes, (when) => pushMore(when, pull, message, ci[i + 1] ?? 'ok')));
    for (const [minutes, who, state, body] of row.reviews ?? []) after(minutes, (when) => judge(when, pull, who, state, body));
    for (const [minutes, who, body, path] of row.comments ?? []) after(minutes, (when) => comment(when, pull, who, body, path));
    if (row.readyAfter) after(row.readyAfter, (when) => becomeReady(when, pull));
    if (row.ends) after(row.ends, (when) => merge(when, pull));
    if (row.closes) after(row.closes, (when) => close(when, pull));
  };
  const pushMore = (at, pull, message, ends) => {
    const before = pull.head;
    pull.head = make.sha(pull.branch, pull.commits);
    pull.commits += 1;
    pull.additions += Math.round(between(2, 40));
    pushTo(at, pull, before, message);
    sayPull(at, 'synchronize', pull, pull.author, { before });
    checkHead(at + 3000, pull, message, ends);
  };
  const judge = (at, pull, by, state, body) => {
    pull.requested = pull.requested.filter((name) => name !== by);
    tell(at, 'pull_request_review', make.review(told(pull), { by, at, state, body }));
  };
  const comment = (at, pull, by, body, path) =>
    path
      ? tell(at, 'pull_request_review_comment', make.reviewComment(told(pull), { by, at, body, path }))
      : tell(at, 'issue_comment', make.issueComment(told(pull), { by, at, body }));
  const becomeReady = (at, pull) => {
    pull.draft = false;
    sayPull(at, 'ready_for_review', pull, pull.author);
    plan(at + 15_000, (when) => askForReview(when, pull));
  };
  const dropBranch = (at, pull, by) => {
    tell(at, 'delete', make.ref('delete', pull.branch, 'branch', { by }));
    tell(at, 'push', make.push(`refs/heads/${pull.branch}`, { by, at, before: pull.head, after: null, commits: [] }));
  };
  const close = (at, pull) => {
    pull.closed = at;
    sayPull(at, 'closed', pull, pull.author);
    plan(at + 5000, (when) => dropBranch(when, pull, pull.author));
  };
  const merge = (at, pull) => {
    const by = pull.author.endsWith('[bot]') ? 'tlindqvist' : pull.author;
    const before = main.head;
    const message = `${pull.title} (#${pull.number})`;
    main.head = pull.mergeSha = make.sha('main', pull.number);
    main.isBroken = pull.breaksMain || (main.isBroken && !pull.mendsMain);
    Object.assign(pull, { closed: at, merged: at, mergedBy: by });
    sayPull(at, 'closed', pull, by);
    const commit = { id: main.head, message, author: pull.author, at, files: pull.files };
    tell(at, 'push', make.push('refs/heads/main', { by, at, before, after: main.head, commits: [commit] }));
    runWorkflow(at + 4000, { branch: 'main', sha: main.head, before, message, by, pull: null }, main.isBroken ? 'test' : null);
    plan(at + 6000, (when) => dropBranch(when, pull, by));
    if (pull.fixes !== undefined) plan(at + 2000, (when) => closeIssue(when, issues[pull.fixes], by));
  };

  // Issues, deployments, the release, passers-by.
  const openIssue = (issue) => (at) => {
    Object.assign(issue, { number: nextNumber, opened: at, body: null, closed: null });
    nextNumber += 1;
    tell(at, 'issues', make.issue('opened', { ...issue, labels: [] }, { by: issue.author, at }));
    issue.labels.forEach((name, i) =>
      plan(at + (90 + i) * 1000, (when) => tell(when, 'issues', make.issue('labeled', issue, { by: 'mkowalski', at: when, extra: { label: name } }))));
    for (const [minutes, by, body] of issue.comments ?? [])
      plan(at + minutes * minute, (when) => tell(when, 'issue_comment', make.issueComment(issue, { by, at: when, body })));
    if (issue.closes) plan(at + issue.closes * minute, (when) => closeIssue(when, issue, 'mkowalski'));
  };
  const closeIssue = (at, issue, by) => {
    issue.closed = at;
    tell(at, 'issues', make.issue('closed', issue, { by, at }));
  };
  const deploy = (environment, description) => (at) => {
    const about = { environment, description, head: main.head, id: make.idOf('deployment', environment, at) };
    tell(at, 'deployment', make.deployment(about, { by: 'tlindqvist', at }));
    for (const [seconds, state] of [[8, 'in_progress'], [between(80, 110), 'success']])
      plan(at + seconds * 1000, (when) => tell(when, 'deployment_status', make.deployment(about, { by: 'tlindqvist', at: when, state })));
  };
  const publish = (at) => {
    const about = { tag: 'v2.8.0', name: 'Beacon 2.8.0', body: '## New\n- Lamps can be grouped by room\n- Scenes can be shared between homes\n- Warns before a lamp overheats\n\n## Mended\n- Sunrise scenes in other time zones\n- Pairing with slow bridges' };
    tell(at, 'create', make.ref('create', about.tag, 'tag', { by: 'tlindqvist' }));
    tell(at, 'release', make.release('published', about, { by: 'tlindqvist', at }));
    tell(at, 'release', make.release('released', about, { by: 'tlindqvist', at }));
  };

  for (const row of pulls) plan(clock(row.opens), open(row));
  for (const issue of issues) {
    if (issue.opens) plan(clock(issue.opens), openIssue(issue));
    else Object.assign(issue, { number: 797, opened: midnight - 26 * 60 * minute, body: null, closed: null });
  }
  plan(clock('12:10'), deploy('staging', 'The morning\'s work'));
  plan(clock('17:31'), deploy('production', 'Release 2.8.0'));
  plan(clock('17:28'), publish);
  plan(clock('09:55'), (at) => tell(at, 'star', make.star({ by: 'lnguyen', at })));
  plan(clock('11:46'), (at) => tell(at, 'fork', make.fork({ by: 'lnguyen', at })));
  plan(clock('14:40'), (at) => tell(at, 'star', make.star({ by: 'awojcik', at })));

  while (agenda.length > 0) {
    agenda.sort((a, b) => a.at - b.at || a.order - b.order);
    const { at, act } = agenda.shift();
    act(at);
  }
  return deliveries.sort((a, b) => a.at - b.at);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { at, ...rest } of makeDay())
    process.stdout.write(`${JSON.stringify({ at: new Date(at).toISOString(), ...rest })}\n`);
}
