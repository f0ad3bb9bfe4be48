// Engines that Debian does not have, played: Docker 29 and 25, Podman 5. What differs between them is in what they send
// (no legacy members, another framing, other words), not in what is told of it.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { EnginePlayer, frame } from '../doubles/engine_player.mjs';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, assertInOrder, makeHook, startBoth } from '../support/story.mjs';

const id = (letter) => letter.repeat(64);
const image = `sha256:${id('9')}`;

async function play(t, kind) {
  if (needsProgram.skip) return null;
  const folder = await mkdtemp(join(tmpdir(), 'hlp-'));
  const engine = new EnginePlayer(folder, kind);
  await engine.start();
  t.after(async () => {
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const { discord, hookline } = await startBoth(t, { env: { DOCKER_HOST: engine.host } });
  await makeHook(discord, { words: '!hook docker on', service: 'docker', prefix: 'dk' });
  await hookline.until(() => engine.readers === 1, { what: `it is listened to; asked was ${engine.asked}` });
  let nanos = BigInt(Date.now()) * 1_000_000n;
  const says = (Type, Action, ID, Attributes, more = {}) => {
    nanos += 1_000_000n;
    const time = { scope: 'local', time: Number(nanos / 1_000_000_000n), timeNano: Number(nanos) };
    engine.says({ Type, Action, Actor: { ID, Attributes }, ...time, ...more });
  };
  const dev = discord.channel('dev');
  const tells = async (title, facts = []) => {
    const message = await dev.next(new RegExp(title));
    assertInOrder(message.text, facts);
    return message;
  };
  return { engine, discord, hookline, dev, says, tells };
}

const docker = { contentType: 'application/json', minimum: '1.24' };

test('Docker 29: records of application/json-seq, no legacy members, a minimum version', needsProgram, async (t) => {
  const kind = { api: '1.55', minimum: '1.44', server: 'Docker/29.6.0 (linux)' };
  const all = await play(t, { ...kind, contentType: 'application/json-seq', separator: '\x1e' });
  if (!all) return;
  const { engine, discord, says, tells } = all;
  // Members that are empty are left out from API 1.50 on.
  engine.images[image] = { Id: image, RepoTags: ['shop:1'], Created: '2026-11-20T15:06:13Z', Size: 48213004 };
  engine.containers[id('a')] = {
    Id: id('a'),
    Name: '/web',
    Image: image,
    State: { Status: 'exited', Running: false, ExitCode: 139, StartedAt: '2026-11-28T10:00:00.5Z', FinishedAt: '2026-11-28T12:15:00Z' },
    Config: { Image: 'shop:1' },
    HostConfig: { RestartPolicy: { Name: 'no' } },
  };
  engine.logs[id('a')] = Buffer.concat([frame(1, 'ready\n'), frame(2, 'Segmentation fault\n')]);
  const web = { image: 'shop:1', name: 'web', 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' };
  says('container', 'start', id('a'), web);
  await tells('Container Started: web', ['shop / web']);
  says('container', 'exec_create: /bin/check --token=abc', id('a'), { ...web, execID: '7' });
  says('container', 'die', id('a'), { ...web, exitCode: '139', execDuration: '8100' });
  const crash = ['Exit code', '139 (segmentation fault)', 'Uptime', '2h 15m', 'Last logs', 'Segmentation fault'];
  await tells('Container Stopped: web', crash);
  assert.ok(engine.asked.every((each) => !/v1\.(5[3-9]|4[0-3])/.test(each)), engine.asked.join('\n'));
  // The image is said to be made, and then gets its name.
  engine.images[`sha256:${id('8')}`] = { Id: `sha256:${id('8')}`, Created: new Date().toISOString(), Size: 450e6, RootFS: { Layers: ['a', 'b'] } };
  says('image', 'create', `sha256:${id('8')}`, { name: `sha256:${id('8')}` });
  says('image', 'tag', `sha256:${id('8')}`, { name: 'docker.io/library/bot:latest' });
  await tells('Build Complete: bot', ['Size', '450 MB', 'Layers', '2', 'Ready to deploy', 'bot:latest']);
  assertClean(discord);
});

test('Docker 25: an end by memory, whose kill is told after it', needsProgram, async (t) => {
  const all = await play(t, { ...docker, api: '1.44', server: 'Docker/25.0.5 (linux)' });
  if (!all) return;
  const { engine, discord, dev, says, tells } = all;
  engine.containers[id('b')] = {
    Name: '/eater',
    State: { Status: 'exited', Running: false, OOMKilled: true, ExitCode: 137, StartedAt: '2026-11-28T12:00:00Z', FinishedAt: '2026-11-28T12:00:40Z' },
    Config: { Image: 'shop:1', Tty: true },
    HostConfig: { Memory: 16 * 2 ** 20 },
  };
  engine.logs[id('b')] = 'MemoryError\r\n';
  says('container', 'die', id('b'), { image: 'shop:1', name: 'eater', exitCode: '137', execDuration: '40' });
  says('container', 'oom', id('b'), { image: 'shop:1', name: 'eater' });
  await tells('Container Stopped: eater', ['137 (OOM)', 'Uptime', '40s', '16 MiB', 'MemoryError']);
  says('container', 'start', id('c'), { image: 'shop:1', name: 'next' });
  await tells('Container Started: next');
  assert.equal(dev.texts.filter((text) => text.includes('eater')).length, 1, 'once');
  assertClean(discord);
});

test('Podman 5: its own words', needsProgram, async (t) => {
  const kind = { api: '1.41', minimum: '1.24', server: 'Libpod/5.4.0 (linux)', podman: '5.4.0', contentType: 'application/json' };
  const all = await play(t, kind);
  if (!all) return;
  const { engine, discord, dev, says, tells } = all;
  engine.containers[id('d')] = { Name: 'api', State: { Status: 'running', Running: true, Health: { Status: 'unhealthy', FailingStreak: 3, Log: [{ Output: 'refused' }] } }, Config: { Image: 'localhost/api:1' } };
  const api = { image: 'localhost/api:1', name: 'api', podId: '', containerExitCode: '0' };
  says('container', 'init', id('d'), api);
  says('container', 'start', id('d'), api);
  await tells('Container Started: api');
  says('container', 'health_status', id('d'), api, { HealthStatus: 'unhealthy' });
  await tells('Container Unhealthy: api', ['refused']);
  delete engine.containers[id('d')];
  says('container', 'died', id('d'), { ...api, containerExitCode: '137', exitCode: '137', oomKilled: 'true' });
  says('container', 'remove', id('d'), api);
  await tells('Container Stopped: api', ['137 (OOM)']);
  engine.images[id('7')] = { Id: id('7'), RepoTags: ['localhost/tool:2'], Created: '2026-01-01T00:00:00Z', Size: 5e6 };
  says('image', 'build', '', { name: id('7') });
  says('image', 'tag', id('7'), { name: 'localhost/tool:2' });
  await tells('Build Complete: tool', ['Size', '5.0 MB', 'tool:2']);
  says('container', 'start', id('e'), { ...api, name: 'last' });
  await tells('Container Started: last');
  assert.equal(dev.texts.filter((text) => text.includes('Build Complete')).length, 1, dev.texts.join('\n---\n'));
  assertClean(discord);
});
