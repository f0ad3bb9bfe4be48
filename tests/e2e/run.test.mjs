// `hookline run`: the command runs as if it ran by itself, and what becomes of it is told. With a real engine, builds
// of images too; where none can be started those are skipped.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createSilence } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort, startEngine } from '../support/engine.mjs';
import { needsProgram, program } from '../support/hookline.mjs';
import { assertClean, assertInOrder, makeHook, startBoth } from '../support/story.mjs';

const long = { ...needsProgram, timeout: 300_000 };
const nowhere = { HOOKLINE_URL: 'http://127.0.0.1:1', HOOKLINE_ADMIN_TOKEN: 'none' };

/// A call of `hookline run` whose streams are bytes: { child, ended: { code, signal, stdout, stderr } }.
function begin(args, { env = nowhere, cwd = tmpdir(), input } = {}) {
  const child = spawn(program, ['run', ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DOCKER_HOST: 'none', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const pieces = { stdout: [], stderr: [] };
  for (const name of ['stdout', 'stderr']) child[name].on('data', (bytes) => pieces[name].push(bytes));
  child.stdin.on('error', () => {});
  if (input !== null) child.stdin.end(input);
  const ended = new Promise((done) => {
    child.once('close', (code, signal) =>
      done({ code, signal, stdout: Buffer.concat(pieces.stdout), stderr: Buffer.concat(pieces.stderr) }),
    );
  });
  return { child, ended, pieces };
}

const sh = (script) => ['--', '/bin/sh', '-c', script];

async function story(t, options) {
  const { discord, hookline } = await startBoth(t, options);
  const hook = await makeHook(discord, { words: '!hook docker on', service: 'docker', prefix: 'dk' });
  const dev = discord.channel('dev');
  const env = { HOOKLINE_URL: hookline.url, HOOKLINE_DATA_DIR: hookline.dataDir };
  const about = (name) => dev.announced.map(({ text }) => text).filter((text) => text.includes(`: ${name}`));
  const tells = (title, name, facts = []) =>
    hookline.until(
      () =>
        about(name).find((text) => {
          try {
            assertInOrder(text, [`${title}: ${name}`, ...facts]);
            return true;
          } catch {
            return false;
          }
        }),
      { what: () => `“${title}: ${name}” with ${facts.join(' … ')}; there is:\n${dev.texts.join('\n---\n')}` },
    );
  return { discord, hookline, hook, dev, env, about, tells };
}

test('a command is one message from its start to its end', long, async (t) => {
  const { discord, hookline, env, about, tells } = await story(t);
  const folder = await mkdtemp(join(tmpdir(), 'hookline-run-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const shop = join(folder, 'phigen-bot');
  await mkdir(shop);

  const first = begin(sh('read line; echo "got $line"; exit 0'), { env, cwd: shop, input: null });
  await tells('🔨 Building', 'phigen-bot', ['Command', 'read line']);
  first.child.stdin.end('it\n');
  const passed = await first.ended;
  assert.deepEqual([passed.code, `${passed.stdout}`, `${passed.stderr}`], [0, 'got it\n', '']);
  await tells('✅ Build Complete', 'phigen-bot', ['Duration', 'Command']);
  assert.equal(about('phigen-bot').length, 1);
  assert.ok(!about('phigen-bot')[0].includes('Ready to deploy'), 'no image was made');

  const fails = 'read line; echo one; echo API_TOKEN=abc123 >&2; exit 3';
  const waiting = begin(['--name', 'web', '--stage', 'test', ...sh(fails)], { env, input: null });
  await tells('🔨 Building', 'web', ['Stage', 'test']);
  const isKnown = async () => {
    const { json } = await hookline.api('GET', 'messages?limit=1000');
    return json.messages.every(({ state }) => state === 'sent');
  };
  await hookline.until(isKnown, { what: 'where its card stands is known' });
  waiting.child.stdin.end('go\n');
  const second = await waiting.ended;
  assert.deepEqual([second.code, `${second.stdout}`, `${second.stderr}`], [3, 'one\n', 'API_TOKEN=abc123\n']);
  const failed = await tells('❌ Build Failed', 'web', ['Exit code', '3', 'Stage', 'test', 'Last logs', 'one']);
  assert.match(failed, /API_TOKEN=…/, 'a secret is not told');
  await hookline.until(() => about('web').length === 2, { what: 'that it failed is said under its card' });

  const third = begin(['--name', 'slow', ...sh('trap "exit 9" TERM; echo ready; while :; do sleep 0.1; done')], { env });
  await hookline.until(() => `${Buffer.concat(third.pieces.stdout)}`.includes('ready'));
  await tells('🔨 Building', 'slow');
  third.child.kill('SIGTERM');
  assert.equal((await third.ended).code, 9, 'the command got the signal and ended by itself');
  await tells('⏹️ Build Cancelled', 'slow', ['Duration']);
  const fourth = begin(['--name', 'still', ...sh('trap "" TERM; echo ready; while :; do sleep 0.1; done')], { env });
  await hookline.until(() => `${Buffer.concat(fourth.pieces.stdout)}`.includes('ready'));
  fourth.child.kill('SIGINT');
  assert.deepEqual((await fourth.ended).signal, 'SIGINT');
  await tells('⏹️ Build Cancelled', 'still');

  const killed = await begin(['--name', 'killed', ...sh('kill -KILL $$')], { env }).ended;
  assert.deepEqual([killed.code, killed.signal], [null, 'SIGKILL'], 'it ends as the command did');
  await tells('❌ Build Failed', 'killed', ['137 (SIGKILL)']);
  const absent = await begin(['--name', 'absent', '--', 'no-such-command'], { env }).ended;
  assert.equal(absent.code, 127);
  assert.equal(`${absent.stderr}`, 'hookline: no-such-command: command not found\n');
  await tells('❌ Build Failed', 'absent', ['127 (command not found)']);
  assert.equal((await begin(['--', '/etc/passwd'], { env }).ended).code, 126);
  assertClean(discord);
});

test('without cards start and end are messages of their own', long, async (t) => {
  const { discord, hookline, env, about, tells } = await story(t);
  await discord.member('alice').asks('#dev', '!hook docker live off');
  assert.equal((await begin(['--name', 'app', ...sh('exit 0')], { env }).ended).code, 0);
  await tells('✅ Build Complete', 'app');
  await hookline.until(() => about('app').length === 2, { what: 'both are told' });
  assert.match(about('app')[0], /🔨 Building: app/);
  assertClean(discord);
});

test('to an endpoint, from another machine', long, async (t) => {
  const { discord, hookline, hook, tells, about } = await story(t);
  const to = `${hookline.url}/webhook/docker/${hook.id}/${hook.secret}`;
  const env = { HOOKLINE_DATA_DIR: '/nowhere' };
  const flag = await begin(['--to', to, '--name', 'far', ...sh('exit 5')], { env }).ended;
  assert.deepEqual([flag.code, `${flag.stderr}`], [5, '']);
  await tells('❌ Build Failed', 'far', ['Exit code', '5', 'Host']);
  const variable = await begin(['--name', 'further', ...sh('exit 0')], { env: { ...env, HOOKLINE_TO: to } }).ended;
  assert.deepEqual([variable.code, `${variable.stderr}`], [0, '']);
  await tells('✅ Build Complete', 'further');
  assert.equal(about('further').length, 1);

  const prints = await begin(['--name', 'open', ...sh('env; echo "I am ${HOOKLINE_TO##*/}"; exit 1')], {
    env: { ...env, HOOKLINE_TO: to },
  }).ended;
  assert.ok(`${prints.stdout}`.includes(`I am ${hook.secret}`), 'the command has it');
  const opened = await tells('❌ Build Failed', 'open', ['HOOKLINE_TO=', '/webhook/docker/', 'I am ***']);
  assert.ok(!opened.includes(hook.secret), opened);
  const password = ['--name', 'password', ...sh('echo "it is $2"; exit 1'), 'x', '--password', 'hunter2000'];
  await begin(password, { env: { ...env, HOOKLINE_TO: to } }).ended;
  assert.ok(!(await tells('❌ Build Failed', 'password', ['it is ***'])).includes('hunter2000'));

  const wrong = await begin(['--to', to.replace(hook.secret, 'dk_wrong'), ...sh('exit 0')], { env }).ended;
  assert.equal(wrong.code, 0);
  assert.match(`${wrong.stderr}`, /^hookline: nothing is told of this run: .* does not take this secret\n$/);
  const none = await begin(['--to', `${hookline.url}/elsewhere`, ...sh('echo ran')], { env }).ended;
  assert.equal(none.code, 2);
  assert.equal(`${none.stdout}`, '', 'what cannot be meant is said before anything is run');

  await discord.member('alice').asks('#dev', '!hook docker off');
  const ci = await makeHook(discord, { words: '!hook ci on', service: 'ci', prefix: 'ci' });
  const toCi = await begin(['--to', `${ci.url}/${ci.secret}`, '--name', 'job', ...sh('exit 0')], { env }).ended;
  assert.equal(`${toCi.stderr}`, '');
  await tells('✅ Build Complete', 'job');
  assert.ok(!hookline.log.includes(hook.secret) && !hookline.log.includes(ci.secret));
  assertClean(discord);
});

test('nothing that listens changes nothing', long, async () => {
  const bytes = randomBytes(300_000);
  const began = Date.now();
  const both = await begin(sh('tee /dev/stderr; exit 42'), { input: bytes }).ended;
  assert.equal(both.code, 42);
  assert.ok(both.stdout.equals(bytes), 'standard input and output, byte for byte');
  assert.ok(both.stderr.subarray(0, bytes.length).equals(bytes), 'standard error too');
  assert.match(
    `${both.stderr.subarray(bytes.length)}`,
    /^hookline: nothing is told of this run: http:\/\/127\.0\.0\.1:1 does not answer \([^\n]*\)\n$/,
  );
  assert.ok(Date.now() - began < 5_000);
  const lost = await begin(sh('exit 0'), { env: { HOOKLINE_DATA_DIR: '/nowhere' } }).ended;
  assert.equal(lost.code, 0);
  assert.match(`${lost.stderr}`, /there is no admin token/);
});

test('an address that says nothing holds up the end by a few seconds at most', long, async (t) => {
  const silent = createSilence(() => {});
  await new Promise((done) => silent.listen(0, '127.0.0.1', done));
  t.after(() => silent.close());
  const env = { ...nowhere, HOOKLINE_URL: `http://127.0.0.1:${silent.address().port}` };
  const run = begin(sh('echo first'), { env });
  const began = Date.now();
  await new Promise((done) => run.child.stdout.once('data', done));
  assert.ok(Date.now() - began < 2_000, 'the command does not wait for it');
  const ended = await run.ended;
  assert.equal(ended.code, 0);
  assert.ok(Date.now() - began < 8_000, `it took ${Date.now() - began} ms`);
});

test('a hundred megabytes pass, in bounded memory', long, async () => {
  const size = 100 * 1024 * 1024;
  const run = begin(['--', 'head', '-c', `${size}`, '/dev/zero']);
  let count = 0;
  let peak = 0;
  run.pieces.stdout.push = () => 0;
  run.child.stdout.on('data', (piece) => {
    count += piece.length;
    if (count > size / 2 && !peak) peak = readFile(`/proc/${run.child.pid}/status`, 'utf8');
  });
  assert.equal((await run.ended).code, 0);
  assert.equal(count, size);
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(await peak);
  assert.ok(Number(kilobytes) < 250_000, `${kilobytes} kB`);
});

test('who reads nothing any more ends the command, as without us', long, async () => {
  const run = begin(['--', 'yes']);
  run.child.stdout.once('data', () => run.child.stdout.destroy());
  assert.equal((await run.ended).signal, 'SIGPIPE');
});

test('what the command leaves running keeps its output', long, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-run-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const fifo = join(folder, 'fifo');
  const run = begin(sh(`mkfifo ${fifo}; (read line < ${fifo}; echo "$line") & echo parent`));
  const exited = new Promise((done) => run.child.once('exit', done));
  assert.equal(await exited, 0);
  await writeFile(fifo, 'late\n');
  const { stdout } = await run.ended;
  assert.equal(`${stdout}`, 'parent\nlate\n');
});

const python = ['/usr/bin/python3', '/usr/local/bin/python3'].find((path) => existsSync(path));

/// Runs `hookline run` (or `shell`) on a pseudo-terminal of its own, of 101 columns, and does with it what `script` says
/// (Python): read(until) reads what it shows up to these bytes, write(bytes) types, resize(rows, columns).
function onTerminal(args, script, { env = nowhere, shell } = {}) {
  const driver = `
import fcntl, os, pty, select, signal, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 41, 101, 0, 0))
    os.execv(sys.argv[1], sys.argv[1:])
seen = b''
def read(until):
    global seen
    while until not in seen:
        if not select.select([fd], [], [], 20)[0]:
            sys.exit('nothing came; so far: %r' % seen)
        try:
            piece = os.read(fd, 65536)
        except OSError:
            piece = b''
        if not piece:
            break
        seen += piece
    assert until in seen, seen
    at = seen.index(until) + len(until)
    head, seen = seen[:at], seen[at:]
    return head
def write(data): os.write(fd, data)
def resize(rows, columns): fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
def wait_for(name, state):
    # Until each such command here is stopped (T), or waits for lines (S): what is typed before that may be lost.
    states = []
    while not states or set(states) != {state} or (state == 'S' and not termios.tcgetattr(fd)[3] & termios.ICANON):
        states = []
        for each in filter(str.isdigit, os.listdir('/proc')):
            try:
                stat = open('/proc/%s/stat' % each).read()
            except OSError:
                continue
            command, rest = stat[stat.index('(') + 1:stat.rindex(')')], stat[stat.rindex(')') + 2:].split()
            if command == name and int(rest[3]) == pid:
                states.append(rest[0])
def end():
    global seen
    try:
        while True:
            piece = os.read(fd, 65536)
            if not piece: break
            seen += piece
    except OSError:
        pass
    return os.waitpid(pid, 0)[1]
${script}
`;
  const called = shell ? [shell, ...args] : [program, 'run', ...args];
  const child = spawn(python, ['-c', driver, ...called], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DOCKER_HOST: 'none', TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (bytes) => (output += bytes));
  child.stderr.on('data', (bytes) => (output += bytes));
  return new Promise((done) => child.once('close', (code) => done({ code, output })));
}

const terminal = { ...long, skip: needsProgram.skip || (python ? false : 'no python3, which plays the terminal') };

test('on a terminal the command sees a terminal', terminal, async () => {
  const look = `
import fcntl, os, shutil, signal, struct, sys, termios
size = lambda fd: struct.unpack('HHHH', fcntl.ioctl(fd, termios.TIOCGWINSZ, b'0' * 8))[:2]
print([os.isatty(fd) for fd in (0, 1, 2)], size(1), size(2), flush=True)
def changed(*_): os.write(1, b'now %d %d\\n' % size(1))
signal.signal(signal.SIGWINCH, changed)
os.write(1, b'ready\\n')
while 'typed' not in sys.stdin.readline(): pass
print('done', file=sys.stderr, flush=True)
`;
  const { code, output } = await onTerminal(
    ['--', python, '-c', look],
    `
print(read(b'ready'))
resize(50, 120)
read(b'now 50 120')
write(b'typed\\n')
read(b'done')
print('status', end())
`,
  );
  assert.equal(code, 0, output);
  assert.match(output, /\[True, True, True\] \(41, 101\) \(41, 101\)/);
  assert.match(output, /status 0/);
});

test('a terminal that is closed ends the command', terminal, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-run-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const { code, output } = await onTerminal(
    sh(`trap 'echo heard > ${folder}/heard; exit 0' HUP; echo ready; while :; do sleep 0.1; done`),
    `
read(b'ready')
os.close(fd)
os.waitpid(pid, 0)
print(open('${folder}/heard').read())
`,
  );
  assert.equal(code, 0, output);
  assert.match(output, /heard/);
});

/// Asks the terminal of its errors for a key, as pagers do.
const pager = `
import os, sys, termios, tty
keys = os.open(os.ttyname(2), os.O_RDWR)
before = termios.tcgetattr(keys)
tty.setcbreak(keys)
os.write(1, b'a key?\\n')
key = os.read(keys, 1)
termios.tcsetattr(keys, termios.TCSADRAIN, before)
os.write(1, b'got ' + key + b'\\n')
sys.stdin.readline()
`;

test('a pager, which asks the terminal of its errors for keys, is given them', terminal, async () => {
  const { code, output } = await onTerminal(
    ['--', python, '-c', pager],
    `
before = termios.tcgetattr(fd)
read(b'a key?')
while termios.tcgetattr(fd)[3] & termios.ICANON: pass
write(b'q')
read(b'got q')
while termios.tcgetattr(fd) != before: pass
write(b'a line\\n')
print('status', end())
`,
  );
  assert.equal(code, 0, output);
  assert.match(output, /status 0/);
});

test('colours stay on the terminal and are not told; Ctrl-C reaches the command once', terminal, async (t) => {
  const { discord, env, tells } = await story(t);
  const script = 'printf "\\033[31mred\\033[0m\\n10%%\\r20%%\\r100%%\\n"; exit 1';
  const coloured = await onTerminal(['--name', 'red', ...sh(script)], `print(repr(read(b'100%')), end())`, { env });
  assert.equal(coloured.code, 0, coloured.output);
  assert.ok(coloured.output.includes('\\x1b[31mred\\x1b[0m\\r\\n10%\\r20%\\r100%'), coloured.output);
  const told = await tells('❌ Build Failed', 'red', ['Last logs', 'red\n100%']);
  const logs = told.slice(told.indexOf('Last logs'));
  assert.ok(!logs.includes('20%') && !logs.includes('[31m'), told);

  const counts = `
import signal, sys, time
count = 0
def hear(*_):
    global count
    count += 1
signal.signal(signal.SIGINT, hear)
print('ready', flush=True)
sys.stdin.readline()
print('count', count, flush=True)
`;
  const interrupted = await onTerminal(
    ['--name', 'interrupted', '--', python, '-c', counts],
    `
read(b'ready')
write(b'\\x03')
read(b'^C')
write(b'\\n')
print(read(b'count 1'))
print('status', end())
`,
    { env },
  );
  assert.match(interrupted.output, /status 0/, interrupted.output);
  await tells('⏹️ Build Cancelled', 'interrupted');
  const died = await onTerminal(['--', 'sleep', '1000'], `
import time
while open('/proc/%d/task/%d/children' % (pid, pid)).read() == '': pass
while b'sleep' not in open('/proc/%s/cmdline' % open('/proc/%d/task/%d/children' % (pid, pid)).read().split()[0], 'rb').read(): pass
write(b'\\x03')
status = end()
print('ended by', os.WTERMSIG(status))
`);
  assert.match(died.output, /ended by 2/, died.output);
  assertClean(discord);
});

test('Ctrl-Z and fg: a shell has it as a job', terminal, async () => {
  const { code, output } = await onTerminal(
    ['--norc', '-i'],
    String.raw`
write(b"PS1='$ '; bind 'set enable-bracketed-paste off'; ${program} run -- cat\n")
read(b'run -- cat'); wait_for('cat', 'S')
write(b'one\n')
read(b'one'); read(b'one')
write(b'\x1a')
read(b'Stopped'); read(b'$ '); wait_for('cat', 'T')
write(b"echo bet''ween\n")
read(b'between')
write(b'fg\n')
read(b'run -- cat'); wait_for('cat', 'S')
write(b'two\n')
read(b'two'); read(b'two')
write(b'\x03')
read(b'nothing is told')
write(b'echo status $?\n')
print(read(b'status 130'))
write(b'exit 6\n')
print('exit', os.WEXITSTATUS(end()))
`,
    { shell: '/bin/bash' },
  );
  assert.equal(code, 0, output);
  assert.match(output, /exit 6/);
});

test('Ctrl-Z and fg: a pager has its keys again', terminal, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-run-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'pager.py');
  await writeFile(file, pager);
  const { code, output } = await onTerminal(
    ['--norc', '-i'],
    String.raw`
write(b"PS1='$ '; bind 'set enable-bracketed-paste off'; ${program} run -- ${python} ${file}\n")
read(b'a key?')
while termios.tcgetattr(fd)[3] & termios.ICANON: pass
write(b'\x1a')
read(b'Stopped'); read(b'pager.py'); read(b'$ ')
write(b'fg\n')
read(b'pager.py')
write(b'q')
read(b'got q')
write(b'a line\n')
read(b'nothing is told')
write(b'exit 6\n')
print('exit', os.WEXITSTATUS(end()))
`,
    { shell: '/bin/bash' },
  );
  assert.equal(code, 0, output);
  assert.match(output, /exit 6/);
});

/// A `docker` of our own in `folder`, which prints `output` and ends with `code`.
async function playDocker(folder, output, code = 0) {
  await writeFile(join(folder, 'output'), output);
  await writeFile(join(folder, 'docker'), `#!/bin/sh\ncat '${folder}/output' >&2\nexit ${code}\n`, { mode: 0o755 });
}

test('what the engine tells of an image, and what it does not tell in time', long, async (t) => {
  const { discord, env, tells, about } = await story(t);
  const folder = await mkdtemp(join(tmpdir(), 'hookline-engine-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const id = 'sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945';
  let isSilent = false;
  let image = { Id: id, Size: 450_000_000, RootFS: { Layers: ['a', 'b', 'c'] }, Created: '2020-01-01T00:00:00Z' };
  const engine = createServer((asked, answer) => {
    if (isSilent) return;
    if (asked.url === '/_ping') answer.writeHead(200, { 'Api-Version': '1.41' }).end('OK');
    else if (asked.url.startsWith('/v1.41/images/')) answer.end(JSON.stringify(image));
    else answer.writeHead(404).end();
  });
  await new Promise((done) => engine.listen(join(folder, 'engine.sock'), done));
  t.after(() => {
    engine.closeAllConnections();
    engine.close();
  });
  const build = (name, ...more) =>
    begin(['--', 'docker', 'build', '-t', `${name}:1`, ...more, '.'], {
      env: { ...env, PATH: `${folder}:${process.env.PATH}`, DOCKER_HOST: `unix://${join(folder, 'engine.sock')}` },
    }).ended;
  await playDocker(folder, `#5 [1/1] FROM demo\n#5 CACHED\n#6 writing image ${id} done\n`);
  assert.equal((await build('known')).code, 0);
  await tells('✅ Build Complete', 'known', ['Size', '450 MB', 'Layers', '3', 'Ready to deploy', 'known:1']);

  // buildx without --load leaves nothing in the engine: what has the tag there is an older image.
  await playDocker(folder, '#5 [1/1] FROM demo\n#5 DONE 0.1s\n');
  assert.equal((await build('older')).code, 0);
  assert.ok(!(await tells('✅ Build Complete', 'older', ['older:1'])).includes('450 MB'));
  assert.ok(!about('older').at(-1).includes('Ready to deploy'));
  image = { ...image, Metadata: { LastTagTime: new Date().toISOString() } };
  assert.equal((await build('newer')).code, 0);
  await tells('✅ Build Complete', 'newer', ['450 MB', 'Ready to deploy']);

  isSilent = true;
  await playDocker(folder, 'Step 1/1 : FROM demo\nSuccessfully built 4f53cda18c2b\n');
  const began = Date.now();
  assert.equal((await build('silent')).code, 0);
  assert.ok(Date.now() - began < 5_000);
  assert.ok(!(await tells('✅ Build Complete', 'silent', ['Ready to deploy'])).includes('Size'));

  await playDocker(
    folder,
    '#8 [builder 1/3] FROM demo\n#8 CACHED\n#9 [builder 2/3] COPY . .\n#9 DONE 0.1s\n#10 [builder 3/3] RUN make\n' +
      '#10 0.312 make: not found\n#10 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 127\n' +
      'ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 127\n',
    1,
  );
  assert.equal((await build('kit')).code, 1);
  await tells('❌ Build Failed', 'kit', ['Step', 'RUN make', 'Exit code', '1', 'Steps', '2 of 3', 'make: not found']);
  assertClean(discord);
});

test('builds of images', long, async (t) => {
  if (needsProgram.skip) return;
  const tlsPort = await freePort();
  const engine = await startEngine(t, { tlsPort });
  if (!engine) return;
  const { discord, env, tells, about } = await story(t);
  const folder = await mkdtemp(join(tmpdir(), 'hookline-build-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(
    join(folder, 'Dockerfile'),
    'FROM demo:1\nLABEL a=b\nARG API_TOKEN\nRUN ["/bin/sh", "-c", "echo the token is $API_TOKEN; cat /bin/test > /dev/null"]\n',
  );
  const build = (tag, ...more) =>
    begin(
      ['--', 'docker', 'build', '--network', 'none', '-t', tag, '--build-arg', 'API_TOKEN=hunter2000', ...more, '.'],
      { env: { ...env, DOCKER_HOST: engine.host, DOCKER_BUILDKIT: '0' }, cwd: folder },
    ).ended;
  const made = await build('phigen-bot:latest');
  assert.equal(made.code, 0, `${made.stdout}${made.stderr}`);
  assert.match(`${made.stdout}`, /Successfully tagged phigen-bot:latest/);
  await tells('✅ Build Complete', 'phigen-bot', ['Duration', 'Size', 'Layers', 'Ready to deploy', 'phigen-bot:latest']);
  assert.equal(about('phigen-bot').length, 1);

  await writeFile(join(folder, 'Dockerfile'), 'FROM demo:1\nLABEL a=c\nRUN echo building && nonsense\nRUN true\n');
  const broken = await build('broken:1');
  assert.equal(broken.code, 127, `${broken.stderr}`);
  await tells('❌ Build Failed', 'broken', [
    'Step',
    'RUN echo building && nonsense',
    'Exit code',
    '127',
    'Steps',
    '2 of 4',
    'Image',
    'broken:1',
    'Last logs',
    'nonsense: not found',
  ]);

  await writeFile(join(folder, 'Dockerfile'), 'FROM demo:1\nLABEL a=d\n');
  const overTls = { DOCKER_HOST: `tcp://127.0.0.1:${tlsPort}`, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: engine.certificates };
  const secured = await begin(['--', 'docker', 'build', '-t', 'secured:1', '.'], {
    env: { ...env, ...overTls, DOCKER_BUILDKIT: '0' },
    cwd: folder,
  }).ended;
  assert.equal(secured.code, 0, `${secured.stderr}`);
  await tells('✅ Build Complete', 'secured', ['Size', 'Layers', 'Ready to deploy', 'secured:1']);
  for (const { text } of discord.channel('dev').announced) assert.ok(!text.includes('hunter2000'), text);
  assertClean(discord);
});
