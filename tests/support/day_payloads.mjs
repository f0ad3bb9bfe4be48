// The octokit examples as deliveries of one repository: each is a copy of a real payload in which ids, numbers,
// shas, names, branches, times and addresses are replaced, the same everywhere. Knows no story: day.mjs tells it.
import { createHash } from 'node:crypto';
import { example } from '../doubles/github.mjs';

export const repository = { id: 714_203_551, name: 'beacon', owner: 'nova-labs', full_name: 'nova-labs/beacon' };

const web = `https://github.com/${repository.full_name}`;
const zeros = '0'.repeat(40);
const iso = (at) => new Date(at).toISOString().replace('.000Z', 'Z');

/// The same 40 hex digits for the same words in every run.
export const sha = (...words) => createHash('sha1').update(words.join(' ')).digest('hex');

/// A number that is an id of its kind, the same in every run.
export const idOf = (kind, ...words) => parseInt(sha(kind, ...words).slice(0, 9), 16);

/// An id of what is made at `at`: GitHub counts up, and who reads a later one knows that it is later.
const idAt = (at, ...words) => Math.floor(at / 1000) * 1000 + (idOf(...words) % 1000);

const people = new Map();

/// A user as GitHub's payloads show one; "name[bot]" is a bot.
export function user(login) {
  if (!people.has(login)) {
    const isBot = login.endsWith('[bot]');
    const page = `https://github.com/${isBot ? `apps/${login.slice(0, -5)}` : login}`;
    const id = idOf('user', login);
    people.set(login, {
      ...example('issues', 'opened').sender,
      login,
      id,
      node_id: `U_${id}`,
      avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
      url: `https://api.github.com/users/${encodeURIComponent(login)}`,
      html_url: page,
      type: isBot ? 'Bot' : 'User',
    });
  }
  return people.get(login);
}

function walk(value, visit) {
  if (value === null || typeof value !== 'object') return;
  visit(value);
  for (const inner of Object.values(value)) walk(inner, visit);
}

/// Every repository in it is ours, however deep it stands.
function moveIn(object) {
  if (object.full_name !== repository.full_name) return;
  Object.assign(object, { id: repository.id, name: repository.name, private: false, fork: false });
  if ('default_branch' in object) object.default_branch = 'main';
  if (object.owner) object.owner = { ...user(repository.owner), type: 'Organization' };
}

/// A copy of the example in which one text stands for another everywhere: [[old, new], …].
function copy(event, action, { by, swaps = [] }) {
  const original = example(event, action);
  const homes = new Set([original.repository.full_name]);
  walk(original, (object) => {
    if (typeof object.full_name === 'string') homes.add(object.full_name);
  });
  let text = JSON.stringify(original);
  for (const home of homes) text = text.replaceAll(home, repository.full_name);
  for (const [old, now] of swaps) if (old) text = text.replaceAll(old, now);
  const payload = JSON.parse(text);
  walk(payload, moveIn);
  payload.sender = user(by);
  return payload;
}

const label = (name) => ({
  id: idOf('label', name),
  node_id: `LA_${idOf('label', name)}`,
  url: `https://api.github.com/repos/${repository.full_name}/labels/${name}`,
  name,
  color: sha('colour', name).slice(0, 6),
  default: false,
  description: null,
});

const pullSwaps = (event, action, pull) => {
  const old = example(event, action).pull_request;
  return [
    [`/pulls/${old.number}`, `/pulls/${pull.number}`],
    [`/pull/${old.number}`, `/pull/${pull.number}`],
    [`/issues/${old.number}`, `/issues/${pull.number}`],
    [old.head.sha, pull.head],
    [old.base.sha, pull.base],
  ];
};

/// What a payload says of a pull request at `at`. `pull`: see day.mjs.
function fillPull(target, pull, at) {
  Object.assign(target, {
    id: idOf('pull', pull.number),
    number: pull.number,
    state: pull.closed ? 'closed' : 'open',
    title: pull.title,
    body: pull.body,
    draft: pull.draft,
    user: user(pull.author),
    labels: pull.labels.map(label),
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: pull.requested.map(user),
    created_at: iso(pull.opened),
    updated_at: iso(at),
    closed_at: pull.closed ? iso(pull.closed) : null,
    merged_at: pull.merged ? iso(pull.merged) : null,
    merge_commit_sha: pull.merged ? pull.mergeSha : null,
  });
  Object.assign(target.head, { label: `${repository.owner}:${pull.branch}`, ref: pull.branch, sha: pull.head });
  Object.assign(target.base, { label: `${repository.owner}:main`, ref: 'main', sha: pull.base });
  target.head.user = target.base.user = user(repository.owner);
  if ('merged' in target) {
    Object.assign(target, {
      merged: Boolean(pull.merged),
      merged_by: pull.merged ? user(pull.mergedBy) : null,
      commits: pull.commits,
      additions: pull.additions,
      deletions: pull.deletions,
      changed_files: pull.files.length,
    });
  }
}

export function pullRequest(action, pull, { by, at, extra = {} }) {
  const payload = copy('pull_request', action, { by, swaps: pullSwaps('pull_request', action, pull) });
  payload.number = pull.number;
  fillPull(payload.pull_request, pull, at);
  if (extra.label) payload.label = label(extra.label);
  if (extra.reviewer) payload.requested_reviewer = user(extra.reviewer);
  if (action === 'synchronize') Object.assign(payload, { before: extra.before, after: pull.head });
  return payload;
}

export function review(pull, { by, at, state, body = null }) {
  const event = 'pull_request_review';
  const payload = copy(event, 'submitted', { by, swaps: pullSwaps(event, 'submitted', pull) });
  fillPull(payload.pull_request, pull, at);
  const id = idAt(at, 'review', pull.number, by);
  Object.assign(payload.review, {
    id,
    user: user(by),
    body,
    commit_id: pull.head,
    submitted_at: iso(at),
    state,
    html_url: `${web}/pull/${pull.number}#pullrequestreview-${id}`,
    author_association: 'MEMBER',
  });
  return payload;
}

export function reviewComment(pull, { by, at, body, path }) {
  const event = 'pull_request_review_comment';
  const payload = copy(event, 'created', { by, swaps: pullSwaps(event, 'created', pull) });
  fillPull(payload.pull_request, pull, at);
  const id = idAt(at, 'review comment', pull.number, by);
  Object.assign(payload.comment, {
    id,
    user: user(by),
    body,
    path,
    commit_id: pull.head,
    original_commit_id: pull.head,
    created_at: iso(at),
    updated_at: iso(at),
    html_url: `${web}/pull/${pull.number}#discussion_r${id}`,
  });
  return payload;
}

/// `about`: an issue, or a pull request, whose comments are an issue's.
export function issueComment(about, { by, at, body }) {
  const old = example('issue_comment', 'created').issue.number;
  const payload = copy('issue_comment', 'created', {
    by,
    swaps: [[`/issues/${old}`, `/issues/${about.number}`]],
  });
  fillIssue(payload.issue, about, at);
  const page = `${web}/${about.branch ? 'pull' : 'issues'}/${about.number}`;
  payload.issue.html_url = page;
  if (about.branch) {
    payload.issue.pull_request = { url: `https://api.github.com/repos/${repository.full_name}/pulls/${about.number}`, html_url: page };
  }
  const id = idAt(at, 'comment', about.number, by);
  Object.assign(payload.comment, {
    id,
    user: user(by),
    body,
    created_at: iso(at),
    updated_at: iso(at),
    html_url: `${page}#issuecomment-${id}`,
  });
  return payload;
}

function fillIssue(target, issue, at) {
  Object.assign(target, {
    id: idOf('issue', issue.number),
    number: issue.number,
    title: issue.title,
    body: issue.body,
    user: user(issue.author),
    labels: issue.labels.map(label),
    state: issue.closed ? 'closed' : 'open',
    state_reason: issue.closed ? 'completed' : null,
    assignee: null,
    assignees: [],
    milestone: null,
    created_at: iso(issue.opened),
    updated_at: iso(at),
    closed_at: issue.closed ? iso(issue.closed) : null,
  });
}

/// The examples have no closed issue: an opened one, closed.
export function issue(action, about, { by, at, extra = {} }) {
  const from = action === 'closed' ? 'opened' : action;
  const old = example('issues', from).issue.number;
  const payload = copy('issues', from, { by, swaps: [[`/issues/${old}`, `/issues/${about.number}`]] });
  payload.action = action;
  fillIssue(payload.issue, about, at);
  if (extra.label) payload.label = label(extra.label);
  return payload;
}

const signature = (login) => ({ name: login, email: `${login}@users.noreply.github.com`, username: login });

function commit({ id, message, author, at, files }) {
  return {
    id,
    tree_id: sha('tree', id),
    distinct: true,
    message,
    timestamp: iso(at),
    url: `${web}/commit/${id}`,
    author: signature(author),
    committer: signature(author),
    added: files.filter((name) => name.startsWith('+')).map((name) => name.slice(1)),
    removed: [],
    modified: files.filter((name) => !name.startsWith('+')),
  };
}

/// `commits`: [{ id, message, author, at, files }]; none: the branch was deleted. `before` null: it is new.
export function push(ref, { by, at, before, after, commits }) {
  const payload = copy('push', null, { by });
  const isDeleted = after === null;
  const made = commits.map(commit);
  Object.assign(payload, {
    ref,
    before: before ?? zeros,
    after: after ?? zeros,
    created: before === null,
    deleted: isDeleted,
    forced: false,
    base_ref: null,
    compare: `${web}/compare/${(before ?? 'main').slice(0, 12)}...${(after ?? zeros).slice(0, 12)}`,
    commits: made,
    head_commit: isDeleted ? null : made.at(-1),
    pusher: { name: by, email: `${by}@users.noreply.github.com` },
  });
  payload.repository.pushed_at = Math.floor(at / 1000);
  return payload;
}

export function ref(event, name, type, { by }) {
  const payload = copy(event, null, { by });
  Object.assign(payload, { ref: name, ref_type: type });
  if (event === 'create') payload.master_branch = 'main';
  return payload;
}

const listed = (pull) =>
  pull
    ? [
        {
          url: `https://api.github.com/repos/${repository.full_name}/pulls/${pull.number}`,
          id: idOf('pull', pull.number),
          number: pull.number,
          head: { ref: pull.branch, sha: pull.head, repo: { id: repository.id, name: repository.name } },
          base: { ref: 'main', sha: pull.base, repo: { id: repository.id, name: repository.name } },
        },
      ]
    : [];

/// `run`: { id, number, workflow, branch, sha, message, trigger, by, started, pull }.
export function workflowRun(action, run, { at, conclusion = null }) {
  const from = action === 'in_progress' ? 'requested' : action;
  const payload = copy('workflow_run', from, { by: run.by });
  const page = `${web}/actions/runs/${run.id}`;
  payload.action = action;
  Object.assign(payload.workflow, { id: idOf('workflow', run.workflow), name: run.workflow, path: run.path });
  Object.assign(payload.workflow_run, {
    id: run.id,
    name: run.workflow,
    path: run.path,
    workflow_id: idOf('workflow', run.workflow),
    check_suite_id: idOf('suite', run.sha),
    head_branch: run.branch,
    head_sha: run.sha,
    head_commit: { ...payload.workflow_run.head_commit, id: run.sha, message: run.message, timestamp: iso(run.started) },
    display_title: run.message.split('\n')[0],
    event: run.trigger,
    run_number: run.number,
    run_attempt: 1,
    status: { requested: 'queued', in_progress: 'in_progress', completed: 'completed' }[action],
    conclusion,
    created_at: iso(run.started),
    run_started_at: iso(run.started),
    updated_at: iso(at),
    html_url: page,
    pull_requests: listed(run.pull),
    actor: user(run.by),
    triggering_actor: user(run.by),
  });
  return payload;
}

/// Of the run's job of that place: a run's jobs are made one after the other.
export const jobId = (run, place) => run.id * 10 + place;

export function workflowJob(action, run, { name, place, started, at, conclusion = null, failedStep = null }) {
  const payload = copy('workflow_job', action, { by: run.by });
  const id = jobId(run, place);
  const step = (title, number, ended) => ({
    name: title,
    status: 'completed',
    conclusion: ended,
    number,
    started_at: iso(started),
    completed_at: iso(at),
  });
  const steps =
    action === 'completed'
      ? [step('Set up job', 1, 'success'), step(failedStep ?? 'Run it', 2, conclusion)]
      : [{ ...step('Set up job', 1, null), status: 'in_progress', completed_at: null }];
  Object.assign(payload.workflow_job, {
    id,
    run_id: run.id,
    run_attempt: 1,
    run_url: `https://api.github.com/repos/${repository.full_name}/actions/runs/${run.id}`,
    html_url: `${web}/actions/runs/${run.id}/job/${id}`,
    check_run_url: `https://api.github.com/repos/${repository.full_name}/check-runs/${id}`,
    workflow_name: run.workflow,
    head_branch: run.branch,
    head_sha: run.sha,
    name,
    status: action,
    conclusion,
    created_at: iso(started),
    started_at: iso(started),
    completed_at: action === 'completed' ? iso(at) : null,
    labels: ['ubuntu-latest'],
    steps: action === 'queued' ? [] : steps,
  });
  return payload;
}

const apps = { 'github-actions': 'GitHub Actions', 'quality-gate': 'Quality Gate' };

function fillApp(app, slug) {
  Object.assign(app, { id: idOf('app', slug), slug, name: apps[slug] });
}

function fillSuite(suite, { app, branch, head, before, at, pull, isOver, conclusion }) {
  Object.assign(suite, {
    id: idOf('suite', app, head),
    head_branch: branch,
    head_sha: head,
    before,
    after: head,
    status: isOver ? 'completed' : 'in_progress',
    conclusion: isOver ? conclusion : null,
    created_at: iso(at),
    updated_at: iso(at),
    pull_requests: listed(pull),
  });
  fillApp(suite.app, app);
}

/// A check of `app` on a commit: { app, name, branch, head, before, pull }.
export function checkRun(action, check, { by, started, at, conclusion = null, title = null }) {
  const payload = copy('check_run', action, { by });
  const run = payload.check_run;
  const id = check.id ?? idOf('check', check.app, check.name, check.head);
  delete run.deployment;
  Object.assign(run, {
    id,
    name: check.name,
    head_sha: check.head,
    status: action === 'completed' ? 'completed' : 'queued',
    conclusion,
    started_at: iso(started),
    completed_at: action === 'completed' ? iso(at) : null,
    output: { ...run.output, title },
    html_url: check.url ?? `${web}/runs/${id}`,
    details_url: check.url ?? `${web}/runs/${id}`,
    pull_requests: listed(check.pull),
  });
  fillApp(run.app, check.app);
  fillSuite(run.check_suite, { ...check, at, isOver: action === 'completed', conclusion });
  return payload;
}

export function checkSuite(check, { by, at, conclusion, message }) {
  const payload = copy('check_suite', 'completed', { by });
  fillSuite(payload.check_suite, { ...check, at, isOver: true, conclusion });
  Object.assign(payload.check_suite.head_commit, { id: check.head, message, timestamp: iso(at) });
  return payload;
}

export function status({ context, head, branch, message }, { by, at, state, description, page }) {
  const old = example('status').commit.sha;
  const payload = copy('status', null, { by, swaps: [[old, head]] });
  Object.assign(payload, {
    id: idAt(at, 'status', context, head, state),
    sha: head,
    context,
    state,
    description,
    target_url: page,
    branches: [{ ...payload.branches[0], name: branch, commit: { ...payload.branches[0].commit, sha: head } }],
    created_at: iso(at),
    updated_at: iso(at),
  });
  payload.commit.commit.message = message;
  payload.commit.author = user(by);
  return payload;
}

export function deployment({ environment, head, id, description }, { by, at, state = null }) {
  const payload = copy(state ? 'deployment_status' : 'deployment', 'created', { by });
  Object.assign(payload.deployment, {
    id,
    sha: head,
    ref: 'main',
    environment,
    original_environment: environment,
    description,
    created_at: iso(at),
    updated_at: iso(at),
  });
  if (state) {
    Object.assign(payload.deployment_status, {
      id: idAt(at, 'deployment', id, state),
      state,
      description: '',
      environment,
      environment_url: `https://${environment === 'production' ? 'beacon' : environment}.nova-labs.example`,
      created_at: iso(at),
      updated_at: iso(at),
    });
  }
  payload.workflow = payload.workflow_run = payload.check_run = null;
  return payload;
}

export function release(action, { tag, name, body }, { by, at }) {
  const payload = copy('release', action, { by, swaps: [[example('release', action).release.tag_name, tag]] });
  Object.assign(payload.release, {
    id: idOf('release', tag),
    tag_name: tag,
    name,
    body,
    draft: false,
    prerelease: false,
    author: user(by),
    target_commitish: 'main',
    html_url: `${web}/releases/tag/${tag}`,
    created_at: iso(at),
    published_at: iso(at),
  });
  return payload;
}

export function star({ by, at }) {
  const payload = copy('star', 'created', { by });
  payload.starred_at = iso(at);
  return payload;
}

export function fork({ by, at }) {
  const payload = copy('fork', null, { by });
  Object.assign(payload.forkee, {
    id: idOf('fork', by),
    full_name: `${by}/${repository.name}`,
    html_url: `https://github.com/${by}/${repository.name}`,
    owner: user(by),
    fork: true,
    created_at: iso(at),
  });
  return payload;
}
