// The real program, driven as its users do: a process of its own with a data folder of its own, stopped by
// signals; command line calls; the API.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliver } from '../doubles/github.mjs';

export const program = process.env.HOOKLINE_BIN;
/// For `test(name, needsProgram, …)`: without the program there is nothing to drive.
export const needsProgram = { skip: program ? false : 'HOOKLINE_BIN names no program', timeout: 120_000 };
export const heavy = {
  ...needsProgram,
  timeout: 600_000,
  skip: needsProgram.skip || (process.env.HOOKLINE_TEST_ALL ? false : 'heavy: HOOKLINE_TEST_ALL=1 runs it'),
};

const sanitizers = /AddressSanitizer|LeakSanitizer|runtime error:|UndefinedBehaviorSanitizer/;

/// Nothing of this environment's HOOKLINE_* reaches the program but what the test gives.
function environment(more) {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|HOME|TMPDIR|LANG|[AUL]*SAN_OPTIONS)$/.test(name),
  );
  return { ...Object.fromEntries(kept), ...more };
}

export class Hookline {
  log = '';
  url = null;
  exit = null; // { code, signal } once it ended

  constructor(dataDir, env, args) {
    this.dataDir = dataDir;
    this.env = env;
    this.args = args;
  }

  async start({ within = 30_000 } = {}) {
    const began = Date.now();
    this.child = spawn(program, ['serve', ...this.args], {
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exit = null;
    this.url = null;
    let fresh = '';
    const hear = (bytes) => {
      this.log += bytes;
      fresh += bytes;
      this.url ??= /listening.*url=(\S+)/.exec(fresh)?.[1] ?? null;
    };
    this.terminal = '';
    this.child.stdout.on('data', (bytes) => {
      this.terminal += bytes;
      hear(bytes);
    });
    this.child.stderr.on('data', hear);
    this.ended = new Promise((done) => {
      this.child.once('close', (code, signal) => {
        this.exit = { code, signal };
        done(this.exit);
      });
    });
    await this.until(() => this.url || this.exit, { within, what: 'the program listens' });
    if (!this.url) throw new Error(`the program ended (${JSON.stringify(this.exit)}):\n${this.log}`);
    this.startTook = Date.now() - began;
    return this;
  }

  async until(holds, { within = 20_000, what = 'the condition' } = {}) {
    const end = Date.now() + within;
    for (;;) {
      const result = await holds();
      if (result) return result;
      if (Date.now() > end)
        throw new Error(
          `after ${within} ms it still does not hold: ${typeof what === 'function' ? what() : what}\n${this.log.slice(-4000)}`,
        );
      await new Promise((done) => {
        setTimeout(done, 20);
      });
    }
  }

  async #stop(signal, within) {
    const began = Date.now();
    if (!this.exit) this.child.kill(signal);
    const late = setTimeout(() => this.child.kill('SIGKILL'), within);
    const exit = await this.ended;
    clearTimeout(late);
    return { ...exit, took: Date.now() - began };
  }

  /// Ends it as an operator does; it must end by itself, well, within ten seconds.
  async terminate() {
    const exit = await this.#stop('SIGTERM', 15_000);
    assert.doesNotMatch(this.log, sanitizers);
    assert.deepEqual(
      { code: exit.code, signal: exit.signal },
      { code: 0, signal: null },
      this.log.slice(-3000),
    );
    assert.ok(exit.took < 10_000, `it took ${exit.took} ms to end`);
    return exit;
  }

  kill() {
    return this.#stop('SIGKILL', 15_000);
  }

  async restart() {
    await this.terminate();
    return this.start();
  }

  deliver(event, payload, { hook, path = `/webhook/github/${hook}`, ...options }) {
    return deliver(this.url + path, event, payload, options);
  }

  async adminToken() {
    return (await readFile(join(this.dataDir, 'admin.token'), 'utf8')).trim();
  }

  async api(method, path, body) {
    const reply = await fetch(`${this.url}/api/v1/${path}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: {
        Authorization: `Bearer ${await this.adminToken()}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
    });
    const text = await reply.text();
    return { status: reply.status, json: text ? JSON.parse(text) : null };
  }

  async metrics() {
    return (await fetch(`${this.url}/metrics`)).text();
  }

  /// The sum of a metric over the label sets that contain every text of `labels`.
  async metric(name, ...labels) {
    let sum = 0;
    for (const line of (await this.metrics()).split('\n')) {
      const [, found, set = '', value] = /^(\w+)(\{[^}]*\})? (\S+)/.exec(line) ?? [];
      if (found === name && labels.every((label) => set.includes(label))) sum += Number(value);
    }
    return sum;
  }

  /// A command line call against this daemon: { code, stdout, stderr }.
  cli(args, options) {
    return run(args, {
      ...options,
      env: { HOOKLINE_URL: this.url, HOOKLINE_DATA_DIR: this.dataDir, ...options?.env },
    });
  }
}

/// One call of the program that ends by itself.
export async function run(args, { env = {}, input = '', cwd, within = 30_000 } = {}) {
  const child = spawn(program, args, { env: environment(env), cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '',
    stderr = '';
  child.stdout.on('data', (bytes) => {
    stdout += bytes;
  });
  child.stderr.on('data', (bytes) => {
    stderr += bytes;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const late = setTimeout(() => child.kill('SIGKILL'), within);
  const [code, signal] = await new Promise((done) => {
    child.once('close', (...exit) => done(exit));
  });
  clearTimeout(late);
  assert.doesNotMatch(stderr, sanitizers);
  return { code, signal, stdout, stderr };
}

/// Starts the daemon for test `t`; it is ended with the test. discord: a double (its token and API are used);
/// github: a GitHubApi.
export async function startHookline(t, { discord, github, env = {}, args = [], dataDir } = {}) {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'hookline-')));
  const hookline = new Hookline(
    folder,
    environment({
      HOOKLINE_LISTEN: '127.0.0.1:0',
      HOOKLINE_DATA_DIR: join(folder, 'data'),
      DOCKER_HOST: 'none',
      ...(discord ? { HOOKLINE_DISCORD_TOKEN: discord.token, HOOKLINE_DISCORD_API: discord.api } : {}),
      ...(github ? { HOOKLINE_GITHUB_TOKEN: github.token, HOOKLINE_GITHUB_API: github.url } : {}),
      ...env,
    }),
    args,
  );
  hookline.dataDir = hookline.env.HOOKLINE_DATA_DIR;
  t.after(async () => {
    if (hookline.child && !hookline.exit) await hookline.terminate();
    if (!dataDir) await rm(folder, { recursive: true, force: true });
    if (process.env.HOOKLINE_SHOW_LOG) console.error(hookline.log);
  });
  await hookline.start();
  if (discord)
    await discord.until(() => discord.gateway.isReady, {
      what: () => `the gateway is connected\n${hookline.log}`,
    });
  return hookline;
}
