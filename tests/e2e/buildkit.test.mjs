// Builds that an engine's BuildKit tells of, by both doors: each is told when it begins and how it ends, once, whoever
// was away meanwhile. Looked at are the deliveries that were stored, and a few of the messages.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BuildKitEngine, status } from '../doubles/buildkit.mjs';
import { needsProgram } from '../support/hookline.mjs';
import { assertInOrder, makeHook, startBoth } from '../support/story.mjs';

const began = Date.UTC(2026, 10, 28, 12);
const build = (ref, more = {}) => ({
  ref,
  attributes: { filename: 'Dockerfile' },
  names: [`docker.io/library/${ref}:1`],
  created: began,
  completed: began + 135_000,
  steps: [5, 5, 2],
  ...more,
});

async function begin(t, prepare = () => {}) {
  if (needsProgram.skip) return null;
  const folder = await mkdtemp(join(tmpdir(), 'hlb-'));
  const engine = new BuildKitEngine(folder);
  prepare(engine);
  await engine.start();
  t.after(async () => {
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const { discord, hookline } = await startBoth(t, { env: { DOCKER_HOST: engine.host, HOOKLINE_LOG: 'debug' } });
  await makeHook(discord, { words: '!hook docker on', service: 'docker', prefix: 'dk' });
  const listened = () => hookline.until(() => engine.listening === 1, { what: 'builds are listened to' });
  /// The payloads of all builds that were told, the oldest first.
  const builds = async () => {
    const { json } = await hookline.api('GET', 'events?type=build&after=0&limit=1000');
    const payloads = [];
    for (const { id } of json.events.reverse()) {
      const one = await hookline.api('GET', `events/${id}`);
      payloads.push(one.json.payload.build);
    }
    return payloads;
  };
  const told = async () => (await builds()).map((each) => `${each.key.replace('docker ', '')} ${each.status}`);
  const tells = (expected) => {
    let last = [];
    const all = async () => {
      last = await told();
      return last.length >= expected.length;
    };
    const what = () => `${expected.join(', ')}; there is ${last.join(', ')}\n${engine.asked.join('\n')}`;
    return hookline.until(all, { what }).then(() => assert.deepEqual(last, expected));
  };
  return { engine, hookline, discord, listened, builds, tells };
}

const doors = {
  'POST /grpc': () => {},
  'HTTP/2 from the first byte': (engine) => {
    engine.api = '1.53';
    engine.speaksHttp2 = true;
    engine.grpc = 404;
  },
};
for (const [door, prepare] of Object.entries(doors)) {
  test(`builds by ${door}`, needsProgram, async (t) => {
    const all = await begin(t, (engine) => {
      prepare(engine);
      for (let i = 0; i < 50; ++i) engine.remembers.push(build(`old${i}`, { created: began - 1e6 - i }));
    });
    if (!all) return;
    const { engine, hookline, discord, listened, builds, tells } = all;
    const dev = discord.channel('dev');
    await listened();

    engine.images.set('sha256:dd', { Id: 'sha256:ii', Size: 450_000_000, RootFS: { Layers: ['a', 'b', 'c'] } });
    engine.starts(build('web'));
    await tells(['web started']);
    const response = { 'containerimage.digest': 'sha256:dd' };
    const attributes = { target: 'prod', 'build-arg:KEY': 'geheim-geheim' };
    engine.ends(build('web', { response, attributes, unknown: 'of a newer BuildKit' }));
    await tells(['web started', 'web completed']);
    const [, web] = await builds();
    assert.deepEqual(web, {
      key: 'docker web',
      status: 'completed',
      by: 'buildkit',
      engine: 'docker',
      name: 'web',
      context: '.',
      target: 'prod',
      tags: ['web:1'],
      started: began * 1e6,
      ended: (began + 135_000) * 1e6,
      steps: { total: 5, done: 5, cached: 2 },
      image: { id: 'sha256:ii', digest: 'sha256:dd', size: 450_000_000, layers: 3 },
    });

    const card = await dev.next(/Build Complete: web/);
    assertInOrder(card.text, ['Duration', '2m 15s', 'Size', '450 MB', 'Layers', '3', 'Ready to deploy', 'web:1']);

    const log = { digest: 'sha256:aa', name: '[2/3] RUN make' };
    engine.logs.set('bad', [
      status({ ...log, prints: ['gcc -c x.c\nAPI_TOKEN=abc', '123\n'] }),
      status({ ...log, error: 'exit code: 2', prints: ['make: *** [x] Error 1\n'] }),
    ]);
    const error = { code: 2, message: 'process "make geheim-geheim" failed: exit code: 2' };
    engine.ends(build('bad', { error, attributes }));
    engine.ends(build('stopped', { error: { code: 1, message: 'context canceled' } }));
    await tells(['web started', 'web completed', 'bad failed', 'stopped cancelled']);
    const [, , bad] = await builds();
    assert.equal(bad.error, 'process "make …" failed: exit code: 2');
    assert.deepEqual(bad.steps, { total: 5, done: 5, cached: 2, failed: 'RUN make' });
    await dev.next(/Build Failed: bad\n/);
    assert.equal(dev.texts.filter((text) => text.includes('Build Complete: web')).length, 1, 'from start to end one message');
    assert.deepEqual(bad.logs, ['gcc -c x.c', 'API_TOKEN=…', 'make: *** [x] Error 1']);

    // Two frames of a message, a message that is too large and one that is none stand in nobody's way.
    const large = Buffer.alloc(5 + 5_000_000);
    large.writeUInt32BE(5_000_000, 1);
    engine.saysRaw(large, 100_000);
    engine.says(Buffer.from('garbage'));
    engine.starts(build('cut'));
    await hookline.until(async () => (await builds()).length === 5, { what: 'cut started' });
    assert.match(hookline.log, /passed over.*5000000 bytes/);

    // What ends while the connection is away is told once, in its order.
    engine.cut();
    engine.ends(build('cut', { completed: began + 200_000 }));
    engine.ends(build('away', { completed: began + 190_000 }));
    await hookline.until(async () => (await builds()).length === 7, { what: 'cut and away' });
    await listened();
    engine.cut();
    await hookline.until(() => engine.listening === 0);
    await listened();

    // So is what ends while Hookline is.
    engine.starts(build('lost'));
    await hookline.until(async () => (await builds()).length === 8, { what: 'lost started' });
    await hookline.kill();
    engine.running = []; // the engine was restarted: of what ran it knows nothing
    engine.ends(build('night', { completed: began + 900_000 }));
    await hookline.start();
    await listened();
    engine.starts(build('last'));
    await tells(
      ['web started', 'web completed', 'bad failed', 'stopped cancelled', 'cut started', 'away completed'].concat(
        ['cut completed', 'lost started', 'night completed', 'last started'],
      ),
    );
    if (door !== 'POST /grpc') assert.ok(!engine.asked.includes('1.1 POST /grpc'), 'the first door is enough');
  });
}

test('an engine that is restarted', needsProgram, async (t) => {
  const all = await begin(t);
  if (!all) return;
  const { engine, hookline, listened, tells } = all;
  await listened();
  engine.starts(build('one'));
  await tells(['one started']);
  await engine.stop();
  engine.running = [];
  engine.remembers = [build('two')];
  await engine.start();
  await hookline.until(() => engine.listening === 1, { within: 40_000, what: 'it is found again' });
  await tells(['one started', 'two completed']);
});

const refusals = {
  'whose BuildKit has no history': (engine) => {
    engine.method = 12;
  },
  'without /grpc': (engine) => {
    engine.grpc = 404;
  },
  'whose proxy lets nothing else through': (engine) => {
    engine.grpc = 403;
  },
  'that says it speaks HTTP/2 and does not': (engine) => {
    engine.api = '1.53';
    engine.grpc = 400;
  },
};
for (const [which, prepare] of Object.entries(refusals)) {
  test(`an engine ${which} is followed without builds`, needsProgram, async (t) => {
    const all = await begin(t, prepare);
    if (!all) return;
    const { engine, hookline, builds } = all;
    await hookline.until(() => /an engine has no history of builds/.test(hookline.log), { what: 'it is known' });
    assert.match(hookline.log, /an engine is followed/);
    const calls = () => engine.asked.filter((each) => /grpc/.test(each)).length;
    const before = calls();
    assert.ok(before <= 2, engine.asked.join('\n'));
    assert.deepEqual(await builds(), []);
    assert.doesNotMatch(hookline.log, /(warn|error)[^\n]*build/);
    await engine.stop();
    await engine.start();
    await hookline.until(() => calls() === 2 * before, { within: 40_000, what: 'asked anew when it is back' });
  });
}

test('an engine that takes the call and says nothing', needsProgram, async (t) => {
  const all = await begin(t, (engine) => {
    engine.isStalled = true;
    engine.remembers = [build('old')];
  });
  if (!all) return;
  const { engine, hookline, listened, tells } = all;
  await hookline.until(() => engine.asked.some((each) => /^grpc Listen/.test(each)), { what: 'the call' });
  engine.isStalled = false;
  await hookline.until(() => engine.listening === 1, { within: 40_000, what: 'asked again after a while' });
  await listened();
  engine.starts(build('new'));
  await tells(['new started']);
});
