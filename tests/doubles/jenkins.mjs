// A double of Jenkins' Pipeline REST API as its plugin documents it: a build's stages, a stage's steps, a step's log.
// It stands below a path of its own, as many a Jenkins does, and refuses whoever shows no API token.
//
// It leaves out: every other page, crumbs (a GET needs none), progressive logs, artifacts, pending inputs.
import { createServer } from 'node:http';

const root = '/ci';

export class Jenkins {
  requests = [];
  builds = new Map(); // "/job/app/12" → [{ name, status, duration, error, log }]
  delay = 0; // ms before an answer
  failWith = null; // a status for every answer

  constructor(user, token) {
    this.user = user;
    this.token = token;
  }

  get env() {
    return { HOOKLINE_JENKINS_URL: this.url, HOOKLINE_JENKINS_USER: this.user, HOOKLINE_JENKINS_TOKEN: this.token };
  }

  /// Makes a build with these stages known; its page.
  knows(path, stages) {
    this.builds.set(path, stages);
    return `${this.url}${path}/`;
  }

  async listen() {
    this.server = createServer((request, reply) => {
      this.#serve(request, reply);
    });
    await new Promise((done) => {
      this.server.listen(0, '127.0.0.1', done);
    });
    this.url = `http://127.0.0.1:${this.server.address().port}${root}`;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((done) => {
      this.server.close(done);
    });
  }

  async #serve(request, reply) {
    this.requests.push({ method: request.method, path: request.url, headers: request.headers });
    if (this.delay > 0)
      await new Promise((done) => {
        setTimeout(done, this.delay);
      });
    const { status, body } = this.#answer(request);
    reply
      .writeHead(status, { Server: 'Jetty(10.0.18)', 'Content-Type': body ? 'application/json' : 'text/html' })
      .end(body ? JSON.stringify(body) : `<html><body>${status}</body></html>`);
  }

  #answer({ method, url, headers }) {
    const expected = `Basic ${Buffer.from(`${this.user}:${this.token}`).toString('base64')}`;
    if (headers.authorization !== expected) return { status: 401 };
    if (method !== 'GET') return { status: 405 };
    if (this.failWith) return { status: this.failWith };
    const match = new RegExp(`^${root}((?:/job/[^/]+)+/\\d+)(?:/execution/node/(\\d+))?/wfapi/(describe|log)$`).exec(url);
    const stages = match && this.builds.get(match[1]);
    if (!stages) return { status: 404 };
    const [, path, node, what] = match;
    const { stage, step } = find(stages, node);
    if (node === undefined && what === 'describe') return { status: 200, body: run(path, stages) };
    if (stage && what === 'describe') return { status: 200, body: stageNode(path, stage, node) };
    if (step && what === 'log') return { status: 200, body: log(path, step, node) };
    return { status: 404 };
  }
}

// Stage n is node 10n, its one step that says something node 10n + 5.
const find = (stages, node) => ({
  stage: node % 10 === 0 ? stages[node / 10 - 1] : undefined,
  step: node % 10 === 5 ? stages[(node - 5) / 10 - 1] : undefined,
});

const error = (stage) => (stage.error ? { error: { message: stage.error, type: 'hudson.AbortException' } } : {});

const run = (path, stages) => ({
  _links: { self: { href: `${root}${path}/wfapi/describe` } },
  id: path.split('/').at(-1),
  name: `#${path.split('/').at(-1)}`,
  status: stages.find(({ status }) => status !== 'SUCCESS')?.status ?? 'SUCCESS',
  startTimeMillis: 1795425151000,
  endTimeMillis: 1795425355200,
  durationMillis: 204200,
  queueDurationMillis: 3,
  pauseDurationMillis: 0,
  stages: stages.map((stage, i) => ({
    _links: { self: { href: `${root}${path}/execution/node/${10 * (i + 1)}/wfapi/describe` } },
    id: String(10 * (i + 1)),
    name: stage.name,
    execNode: '',
    status: stage.status,
    ...error(stage),
    startTimeMillis: 1795425151000,
    durationMillis: stage.duration ?? 0,
    pauseDurationMillis: 0,
  })),
});

const stageNode = (path, stage, node) => ({
  id: node,
  name: stage.name,
  status: stage.status,
  stageFlowNodes: [
    { id: String(Number(node) + 1), name: 'Check out from version control', status: 'SUCCESS', parentNodes: [node] },
    {
      _links: { log: { href: `${root}${path}/execution/node/${Number(node) + 5}/wfapi/log` } },
      id: String(Number(node) + 5),
      name: 'Shell Script',
      status: stage.status,
      ...error(stage),
      parentNodes: [String(Number(node) + 1)],
    },
  ],
});

const log = (path, stage, node) => ({
  nodeId: node,
  nodeStatus: stage.status,
  length: (stage.log ?? '').length,
  hasMore: false,
  text: stage.log ?? '',
  consoleUrl: `${root}${path}/execution/node/${node}/log`,
});

export async function startJenkins({ user = 'hookline', token = '11canaryCanaryCanaryCanary' } = {}) {
  const jenkins = new Jenkins(user, token);
  await jenkins.listen();
  return jenkins;
}
