// A busy engine followed: how many of its events arrive, how long it takes, and what other senders notice of it.
// Usage: engine.mjs HOOKLINE [--seconds N] [--rate N]. README.md says what is compared.
//
// The engine is a double of its API that does as dockerd does with a reader that lags: it waits 100 ms, then skips.
import { spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { createServer as createProbe } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = process.argv[2];
const option = (name, usual) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? Number(process.argv[at + 1]) : usual;
};
const seconds = option('seconds', 20);
const rate = option('rate', 1000);
const deliveriesPerSecond = 50;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const image = JSON.stringify({ Id: 'sha256:aa', RepoTags: ['shop:1'], Created: '2026-11-20T00:00:00Z', Size: 48213004 });
const inspected = (id) =>
  JSON.stringify({
    Id: id,
    Name: `/c${id}`,
    Image: 'sha256:aa',
    RestartCount: 0,
    State: { Status: 'exited', Running: false, ExitCode: 3, StartedAt: '2026-11-20T00:00:00Z', FinishedAt: '2026-11-20T00:00:01Z' },
    Config: { Image: 'shop:1', Tty: true, Env: Array.from({ length: 40 }, (_, i) => `VARIABLE_${i}=value`) },
    HostConfig: { RestartPolicy: { Name: 'no' } },
  });

class Engine {
  readers = new Set();
  sent = 0;
  skipped = 0;
  asked = 0;

  constructor(path) {
    this.server = http.createServer((request, answer) => this.answer(request, answer));
    this.listening = new Promise((done) => this.server.listen(path, done));
  }
  answer(request, answer) {
    const target = request.url.replace(/^\/v[\d.]+/, '');
    if (target === '/_ping') return answer.writeHead(200, { 'Api-Version': '1.41', Server: 'Docker/bench' }).end('OK');
    if (target.startsWith('/events')) {
      answer.writeHead(200, { 'Content-Type': 'application/json' });
      answer.flushHeaders();
      this.readers.add(answer);
      answer.on('close', () => this.readers.delete(answer));
      return undefined;
    }
    this.asked += 1;
    if (target.startsWith('/containers/json')) return answer.end('[]');
    if (target.includes('/logs')) return answer.end('ready\nGET / 200\nValueError: no such thing\n');
    if (target.startsWith('/images/')) return answer.end(image);
    return answer.end(inspected(target.split('/')[2]));
  }
  say(event) {
    for (const reader of this.readers) {
      if (reader.writableNeedDrain && Date.now() - (reader.full ??= Date.now()) > 100) {
        this.skipped += 1;
      } else {
        if (!reader.writableNeedDrain) reader.full = undefined;
        reader.write(`${JSON.stringify(event)}\n`);
        this.sent += 1;
      }
    }
  }
  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/// `rate` events a second for `seconds`: containers that start and end by themselves.
async function makeEvents(engine) {
  const began = Date.now();
  for (let made = 0; made < rate * seconds; ) {
    const due = Math.min(((Date.now() - began) * rate) / 1000, rate * seconds);
    for (; made < due; ++made) {
      const id = (Math.floor(made / 2) + 1).toString(16).padStart(64, '0');
      const attributes = { image: 'shop:1', name: `c${made >> 1}`, team: 'core', ...(made % 2 ? { exitCode: '3' } : {}) };
      engine.say({
        Type: 'container',
        Action: made % 2 ? 'die' : 'start',
        Actor: { ID: id, Attributes: attributes },
        scope: 'local',
        time: Math.floor(Date.now() / 1000),
        timeNano: Date.now() * 1_000_000 + (made % 1_000_000),
      });
    }
    await pause(2);
  }
}

function freePort() {
  const probe = createProbe();
  return new Promise((done) =>
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    }),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'hookline-bench-'));
const port = await freePort();
const base = `http://127.0.0.1:${port}`;
const socket = join(folder, 'engine.sock');
const engine = new Engine(socket);
await engine.listening;
const environment = { ...process.env, HOOKLINE_DATA_DIR: join(folder, 'data'), HOOKLINE_LISTEN: `127.0.0.1:${port}`, DOCKER_HOST: `unix://${socket}`, HOOKLINE_URL: base };
const daemon = spawn(program, ['serve'], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });

const get = (path) =>
  new Promise((done, fail) => {
    http.get(`${base}${path}`, { agent }, (answer) => {
      let text = '';
      answer.on('data', (bytes) => (text += bytes)).on('end', () => done(text));
    }).on('error', fail);
  });
const hook = (...words) =>
  new Promise((done) => {
    const call = spawn(program, ['hook', ...words], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    call.stdout.on('data', (bytes) => (text += bytes));
    call.on('exit', () => done(text));
  });
const outcomes = async () =>
  (await get('/metrics'))
    .split('\n')
    .filter((line) => line.startsWith('hookline_outcomes_total'))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
const cpu = () => {
  const [user, system] = readFileSync(`/proc/${daemon.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).map(Number);
  return (user + system) / 100;
};
const peakMegabytes = () => Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))[1]) / 1024);

const examples = createRequire(import.meta.url)('@octokit/webhooks-examples').default ?? createRequire(import.meta.url)('@octokit/webhooks-examples');
const push = JSON.stringify(examples.find((kind) => kind.name === 'push').examples[0]);

/// How long a signed push takes to be acknowledged, 50 a second: milliseconds, sorted.
async function deliver(secret, path, howLong) {
  const times = [];
  const signature = `sha256=${createHmac('sha256', secret).update(push).digest('hex')}`;
  const began = Date.now();
  const running = [];
  for (let sent = 0; sent < deliveriesPerSecond * howLong; ) {
    if ((Date.now() - began) * deliveriesPerSecond < sent * 1000) {
      await pause(2);
      continue;
    }
    sent += 1;
    running.push(
      new Promise((done) => {
        const from = performance.now();
        const headers = { 'Content-Type': 'application/json', 'X-GitHub-Event': 'push', 'X-GitHub-Delivery': randomUUID(), 'X-Hub-Signature-256': signature };
        const request = http.request(`${base}${path}`, { method: 'POST', agent, headers }, (answer) => {
          answer.resume().on('end', () => {
            if (answer.statusCode === 202) times.push(performance.now() - from);
            done();
          });
        });
        request.on('error', done);
        request.end(push);
      }),
    );
  }
  await Promise.all(running);
  return times.sort((a, b) => a - b);
}
const at = (times, share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);

/// The limit: a reader that counts lines and does nothing else.
function bareReader() {
  const reader = { lines: 0 };
  http.get({ socketPath: socket, path: '/v1.41/events' }, (answer) => {
    answer.on('data', (bytes) => {
      for (const byte of bytes) if (byte === 10) reader.lines += 1;
    });
    reader.close = () => answer.destroy();
  });
  return reader;
}

try {
  for (let i = 0; i < 200 && !(await get('/healthz').catch(() => '')); ++i) await pause(50);
  const github = await hook('github', 'on');
  const secret = /gh_\w+/.exec(github)[0];
  const path = /\/webhook\/github\/hook_\d+/.exec(github)[0];
  await deliver(secret, path, 1);
  const alone = await deliver(secret, path, seconds / 2);
  await hook('docker', 'on');
  while (engine.readers.size === 0) await pause(20);
  const idleFrom = cpu();
  await pause(5_000);
  const idle = (cpu() - idleFrom) / 5;
  const bare = bareReader();
  while (engine.readers.size < 2) await pause(20);
  const before = await outcomes();
  const cpuFrom = cpu();
  const began = Date.now();
  let sentPushes = 0;
  const pushes = deliver(secret, path, seconds).then((times) => {
    sentPushes = times.length;
    return times;
  });
  await makeEvents(engine);
  const made = Date.now() - began;
  const besides = await pushes;
  const wanted = rate * seconds + sentPushes;
  let done = 0;
  while ((done = (await outcomes()) - before) < wanted && Date.now() - began < seconds * 4_000) await pause(100);
  const took = Date.now() - began;
  console.log(`events       ${rate * seconds} in ${(made / 1000).toFixed(1)} s, skipped for a reader that lagged: ${engine.skipped}`);
  console.log(`bare reader  ${bare.lines} lines`);
  console.log(`Hookline     ${done - sentPushes} told or decided, ${((done - sentPushes) / (rate * seconds)).toFixed(3)} of them, the last ${((took - made) / 1000).toFixed(1)} s after it was said`);
  console.log(`             ${engine.asked} questions to the engine; ${(((cpu() - cpuFrom) / (rate * seconds)) * 1e6).toFixed(0)} µs of CPU an event; peak ${peakMegabytes()} MB`);
  console.log(`idle         ${(idle * 100).toFixed(2)} % of a core`);
  console.log(`a push       alone p50 ${at(alone, 0.5)} ms, p99 ${at(alone, 0.99)} ms; beside it p50 ${at(besides, 0.5)} ms, p99 ${at(besides, 0.99)} ms`);
  bare.close();
} finally {
  daemon.kill('SIGTERM');
  await new Promise((ended) => daemon.once('exit', ended));
  engine.close();
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
}
