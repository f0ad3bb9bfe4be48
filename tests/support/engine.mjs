// A Docker engine of its own for a test: Debian's dockerd, started as root without touching the host's network,
// with one image made of busybox. Leaves out: networks, BuildKit, registries.
import { execFile, spawn } from 'node:child_process';
import { createServer, request } from 'node:http';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer as createListener } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const call = promisify(execFile);
const dockerd = '/usr/sbin/dockerd';
const cli = '/usr/bin/docker';
const busybox = '/bin/busybox';

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/// A port that nobody uses now.
export async function freePort() {
  const server = createListener();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/// Why no engine can be started here; null: it can be tried.
export async function missing() {
  if (process.getuid() !== 0) return 'an engine is started by root alone';
  for (const file of [dockerd, cli, busybox])
    if (!existsSync(file)) return `${file} is missing (Debian: docker.io, busybox-static)`;
  const linked = await call('ldd', [busybox]).catch(() => null);
  return linked ? `${busybox} is not linked statically (Debian: busybox-static)` : null;
}

export class Engine {
  log = '';

  constructor(folder) {
    this.folder = folder;
    this.host = `unix://${folder}/docker.sock`;
    this.more = []; // further arguments of the daemon
  }

  /// Lets it be spoken to over TLS too, by whoever has the certificates of the folder that is returned. Before start().
  async overTls(port) {
    const folder = join(this.folder, 'certificates');
    await mkdir(folder);
    const at = (name) => join(folder, name);
    const openssl = (...args) => call('openssl', args);
    const key = (name) => ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', at(`${name}key.pem`)];
    await openssl('req', '-x509', ...key('ca-'), '-out', at('ca.pem'), '-subj', '/CN=authority', '-days', '2');
    for (const [name, use] of [['server-', 'serverAuth'], ['', 'clientAuth']]) {
      await writeFile(at(`${name}ext`), `subjectAltName=IP:127.0.0.1\nextendedKeyUsage=${use}\n`);
      await openssl('req', ...key(name), '-out', at(`${name}csr`), '-subj', '/CN=engine');
      const signed = ['-CA', at('ca.pem'), '-CAkey', at('ca-key.pem'), '-CAcreateserial', '-days', '2'];
      await openssl('x509', '-req', '-in', at(`${name}csr`), ...signed, '-extfile', at(`${name}ext`), '-out', at(`${name}cert.pem`));
    }
    this.more.push('-H', `tcp://127.0.0.1:${port}`, '--tlsverify', '--tlscacert', at('ca.pem'));
    this.more.push('--tlscert', at('server-cert.pem'), '--tlskey', at('server-key.pem'));
    return folder;
  }

  /// True once it answers; false where it ended, or said nothing for long.
  async start({ within = 40_000 } = {}) {
    await rm(join(this.folder, 'pid'), { force: true });
    const at = (name) => join(this.folder, name);
    const args = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid'), '-H', this.host];
    args.push('--iptables=false', '--ip6tables=false', '--bridge=none', '--storage-driver=vfs', ...this.more);
    this.child = spawn(dockerd, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = new Promise((done) => this.child.once('exit', done));
    let isOver = false;
    this.ended.then(() => (isOver = true));
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on('data', (bytes) => (this.log = (this.log + bytes).slice(-20_000)));
    for (const until = Date.now() + within; Date.now() < until && !isOver; await pause(100))
      if (await this.docker('version').catch(() => null)) return true;
    return false;
  }

  async makeImage() {
    const root = join(this.folder, 'root');
    await mkdir(join(root, 'bin'), { recursive: true });
    await copyFile(busybox, join(root, 'bin/busybox'));
    for (const name of ['sh', 'sleep', 'kill', 'test', 'touch', 'rm', 'cat'])
      await symlink('busybox', join(root, 'bin', name));
    await call('tar', ['-C', root, '-cf', join(this.folder, 'root.tar'), '.']);
    await this.docker('import', '--change', 'LABEL team=core', join(this.folder, 'root.tar'), 'demo:1');
  }

  /// A call of Docker's own command line: what it printed. Fails as it fails.
  async docker(...args) {
    const { stdout } = await call(cli, ['-H', this.host, ...args], { timeout: 60_000 });
    return stdout.trim();
  }

  /// Starts container `name` with `script` in a shell, without a network. Does not wait for its end.
  run(name, script, ...options) {
    return this.docker('run', '-d', '--network', 'none', '--name', name, ...options, 'demo:1', '/bin/sh', '-c', script);
  }

  kill() {
    this.child.kill('SIGKILL');
    return this.ended;
  }

  /// Ends it, what it started, and what it left mounted.
  async close() {
    const running = await this.docker('ps', '-aq').catch(() => '');
    for (const id of running.split('\n').filter(Boolean)) await this.docker('rm', '-f', id).catch(() => null);
    this.child.kill('SIGTERM');
    await Promise.race([this.ended, pause(20_000)]);
    this.child.kill('SIGKILL');
    const containerd = await readFile(join(this.folder, 'exec/containerd/containerd.pid'), 'utf8').catch(() => '');
    if (Number(containerd) > 1) {
      const name = await readFile(`/proc/${Number(containerd)}/comm`, 'utf8').catch(() => '');
      if (name.trim() === 'containerd') process.kill(Number(containerd), 'SIGKILL');
    }
    const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
    for (const mount of mounts.filter((path) => path.startsWith(this.folder)).reverse())
      await call('umount', ['-l', mount]).catch(() => null);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/// A running engine with its image, ended with test `t`; null, and `t` skipped with the reason, where there can be
/// none.
export async function startEngine(t, { tlsPort = 0 } = {}) {
  const why = await missing();
  if (why) {
    t.skip(why);
    return null;
  }
  const engine = new Engine(await mkdtemp(join(tmpdir(), 'hle-')));
  t.after(() => engine.close());
  if (tlsPort) engine.certificates = await engine.overTls(tlsPort);
  if (!(await engine.start())) {
    const last = engine.log.trim().split('\n').at(-1) ?? '';
    t.skip(`the engine does not start here: ${last.slice(0, 300)}`);
    return null;
  }
  await engine.makeImage();
  const works = await engine.docker('run', '--rm', '--network', 'none', 'demo:1', '/bin/sh', '-c', 'true').then(
    () => null,
    (error) => error.message,
  );
  if (works) {
    t.skip(`no container can be started here: ${works.slice(-300)}`);
    return null;
  }
  return engine;
}

const allowed = [
  /^\/_ping$/,
  /^\/v[\d.]+\/events\?/,
  /^\/v[\d.]+\/containers\/json\?all=1$/,
  /^\/v[\d.]+\/containers\/\w+\/json$/,
  /^\/v[\d.]+\/containers\/\w+\/logs\?/,
  /^\/v[\d.]+\/images\/[^?]+\/json$/,
];

/// A proxy in front of `engine` that lets only these through, as one should stand before an engine's socket:
/// { host, refused }, the latter what else was asked for.
export async function readOnlyProxy(t, engine) {
  const refused = [];
  const proxy = createServer((asked, answer) => {
    if (asked.method !== 'GET' || !allowed.some((form) => form.test(asked.url))) {
      refused.push(`${asked.method} ${asked.url}`);
      answer.writeHead(403).end();
      return;
    }
    const options = { socketPath: join(engine.folder, 'docker.sock'), path: asked.url, headers: asked.headers };
    const passed = request(options, (reply) => {
      answer.writeHead(reply.statusCode, reply.headers);
      answer.flushHeaders();
      reply.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    passed.end();
  });
  const path = join(engine.folder, 'proxy.sock');
  await new Promise((done) => proxy.listen(path, done));
  t.after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { host: `unix://${path}`, refused };
}
