// A double of GitHub: deliveries signed as GitHub signs them, from real payloads, and the two REST calls that
// Hookline makes (compare two commits, get a commit) with ETags and rate-limit headers.
//
// It leaves out: every other route, pagination of files, GitHub Apps, secondary limits that nobody asked for.
import { createServer } from 'node:http';
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { Webhooks } from '@octokit/webhooks';

/// X-Hub-Signature-256 of `body`, by GitHub's own library.
export const sign = (secret, body) => new Webhooks({ secret }).sign(body);

const catalogue = createRequire(import.meta.url)('@octokit/webhooks-examples');

/// Every example: [{ event, payload, name }].
export function examples() {
  return catalogue.flatMap(({ name, examples: list }) =>
    list.map((payload, i) => ({
      event: name,
      payload,
      name: `${name}${payload.action ? `.${payload.action}` : ''} #${i}`,
    })),
  );
}

/// A copy of an example of `event` (with `action`), changed by `change`.
export function example(event, action = null, change = () => {}) {
  const found = catalogue
    .find((entry) => entry.name === event)
    ?.examples.find((payload) => action === null || payload.action === action);
  if (!found) throw new Error(`there is no example of ${event} ${action ?? ''}`);
  const payload = structuredClone(found);
  change(payload);
  return payload;
}

/// What GitHub sends for `payload` (an object or the very text): { headers, body }.
/// form: as application/x-www-form-urlencoded; secret null: unsigned.
export async function delivery(event, payload, { secret, deliveryId = randomUUID(), form = false } = {}) {
  const json = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const body = form ? new URLSearchParams({ payload: json }).toString() : json;
  const headers = {
    'User-Agent': 'GitHub-Hookshot/044aadd',
    Accept: '*/*',
    'Content-Type': form ? 'application/x-www-form-urlencoded' : 'application/json',
    'X-GitHub-Event': event,
    'X-GitHub-Delivery': deliveryId,
    'X-GitHub-Hook-ID': '292430182',
    'X-GitHub-Hook-Installation-Target-ID': '79929171',
    'X-GitHub-Hook-Installation-Target-Type': 'repository',
  };
  if (secret) {
    headers['X-Hub-Signature-256'] = await sign(secret, body);
    headers['X-Hub-Signature'] = `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`;
  }
  return { headers, body };
}

/// Sends one delivery to `url`; { status, json, headers }.
export async function deliver(url, event, payload, options = {}) {
  const { headers, body } = await delivery(event, payload, options);
  const reply = await fetch(url, { method: 'POST', headers: { ...headers, ...options.headers }, body });
  const text = await reply.text();
  let json = null;
  try {
    json = JSON.parse(text);
  } catch {
    /* stays null: the caller's assertion shows the text */
  }
  return { status: reply.status, json, text, headers: reply.headers };
}

export class GitHubApi {
  requests = [];
  comparisons = new Map(); // "owner/name base...head" or "owner/name sha" → files
  limit = { limit: 5000, remaining: 5000, resetAt: Math.floor(Date.now() / 1000) + 3600 };
  delay = 0; // ms before an answer
  failWith = null; // a status for every answer

  constructor(token) {
    this.token = token;
  }

  answers = new Map(); // path without its query → body, for what is asked of pull requests

  /// What is asked of a pull request: its reviews, the checks of its head, the approvals that its base asks for.
  knowsPull(repository, number, { sha, base = 'main', reviews = [], checks = [], statuses = [], required = null, mergeable = true }) {
    const path = `/repos/${repository}`;
    this.answers.set(`${path}/pulls/${number}`, { number, state: 'open', mergeable, head: { sha }, base: { ref: base } });
    this.answers.set(`${path}/pulls/${number}/reviews`, reviews);
    this.answers.set(`${path}/commits/${sha}/check-runs`, { total_count: checks.length, check_runs: checks });
    this.answers.set(`${path}/commits/${sha}/status`, { state: 'success', statuses });
    this.answers.set(
      `${path}/rules/branches/${encodeURIComponent(base)}`,
      required === null ? [] : [{ type: 'pull_request', parameters: { required_approving_review_count: required } }],
    );
  }

  /// files: [[name, additions, deletions], …]
  knows(repository, what, files) {
    this.comparisons.set(
      `${repository} ${what}`,
      files.map(([filename, additions, deletions], i) => ({
        sha: createHash('sha1')
          .update(filename + i)
          .digest('hex'),
        filename,
        status: 'modified',
        additions,
        deletions,
        changes: additions + deletions,
      })),
    );
  }

  async listen() {
    this.server = createServer((request, reply) => {
      this.#serve(request, reply);
    });
    await new Promise((done) => {
      this.server.listen(0, '127.0.0.1', done);
    });
    this.url = `http://127.0.0.1:${this.server.address().port}`;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((done) => {
      this.server.close(done);
    });
  }

  async #serve(request, reply) {
    const call = { at: Date.now(), method: request.method, path: request.url, headers: request.headers };
    this.requests.push(call);
    if (this.delay > 0)
      await new Promise((done) => {
        setTimeout(done, this.delay);
      });
    const { status, body, headers = {} } = this.#answer(call);
    call.status = status;
    const text = body === undefined ? '' : JSON.stringify(body);
    reply
      .writeHead(status, {
        Server: 'github.com',
        'X-RateLimit-Limit': this.limit.limit,
        'X-RateLimit-Remaining': this.limit.remaining,
        'X-RateLimit-Reset': this.limit.resetAt,
        'X-RateLimit-Used': this.limit.limit - this.limit.remaining,
        'X-RateLimit-Resource': 'core',
        ...(text ? { 'Content-Type': 'application/json; charset=utf-8' } : {}),
        ...headers,
      })
      .end(text);
  }

  #answer({ method, path, headers }) {
    const refused = (status, message) => ({
      status,
      body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
    });
    if (!headers['user-agent'])
      return refused(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
      );
    if (headers.authorization !== `Bearer ${this.token}`) return refused(401, 'Bad credentials');
    if (this.failWith) return refused(this.failWith, 'Server Error');
    if (this.limit.remaining === 0) return refused(403, 'API rate limit exceeded');
    const known = method === 'GET' ? this.answers.get(path.split('?')[0]) : undefined;
    if (known !== undefined) {
      this.limit.remaining -= 1;
      return { status: 200, body: known };
    }
    const match =
      /^\/repos\/([\w.-]+\/[\w.-]+)\/(?:compare\/([0-9a-f]+\.\.\.[0-9a-f]+)|commits\/([0-9a-f]+))$/.exec(
        path,
      );
    const files =
      match && method === 'GET' ? this.comparisons.get(`${match[1]} ${match[2] ?? match[3]}`) : undefined;
    if (!files) {
      this.limit.remaining -= 1;
      return refused(404, 'Not Found');
    }
    const etag = `W/"${createHash('sha256').update(JSON.stringify(files)).digest('hex')}"`;
    if (headers['if-none-match'] === etag) return { status: 304, headers: { ETag: etag } };
    this.limit.remaining -= 1;
    return {
      status: 200,
      headers: { ETag: etag },
      body: match[2] ? { status: 'ahead', total_commits: 1, commits: [], files } : { sha: match[3], files },
    };
  }
}

export async function startGitHubApi({ token = 'ghp_canaryCanaryCanaryCanaryCanaryCanary' } = {}) {
  const api = new GitHubApi(token);
  await api.listen();
  return api;
}
