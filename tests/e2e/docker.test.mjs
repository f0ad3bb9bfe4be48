// Containers of a real engine, told in Discord: how they end, that nothing is missed or told twice. Where no engine
// can be started these tests are skipped.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort, readOnlyProxy, startEngine } from '../support/engine.mjs';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, assertInOrder, makeHook, startBoth } from '../support/story.mjs';

const long = { ...needsProgram, timeout: 300_000 };

async function begin(t, { isProxied = false } = {}) {
  if (needsProgram.skip) return null;
  const engine = await startEngine(t);
  if (!engine) return null;
  const proxy = isProxied ? await readOnlyProxy(t, engine) : { host: engine.host, refused: [] };
  return { engine, proxy, ...(await follow(t, { env: { DOCKER_HOST: proxy.host } })) };
}

/// Hookline with these options, and a docker hook in #dev.
async function follow(t, options) {
  const { discord, hookline } = await startBoth(t, options);
  const hook = await makeHook(discord, { words: '!hook docker on', service: 'docker', prefix: 'dk' });
  assertInOrder(hook.reply.text, ['Docker Monitoring Active', 'Watching', 'All containers', 'Events', '✅ Docker/']);
  const dev = discord.channel('dev');
  await hookline.until(() => /an engine is followed/.test(hookline.log), { what: 'the engine is followed' });
  /// All messages whose title ends in that container's name, the oldest first.
  const of = (name) => dev.announced.map((message) => message.text).filter((text) => text.includes(`: ${name}\n`));
  /// The message about `name` that begins so, once it says `facts` in their order.
  const tells = async (title, name, facts = []) => {
    let found;
    await hookline.until(
      () => {
        found = of(name).find((text) => text.includes(`${title}: ${name}`));
        if (!found) return false;
        try {
          assertInOrder(found, facts);
        } catch {
          return false;
        }
        return true;
      },
      { within: 30_000, what: `“${title}: ${name}” with ${facts.join(' … ')}; there is:\n${dev.texts.join('\n---\n')}` },
    );
    return found;
  };
  return { discord, hookline, hook, dev, of, tells };
}

test('how containers end, through a proxy that only reads', long, async (t) => {
  const all = await begin(t, { isProxied: true });
  if (!all) return;
  const { engine, proxy, discord, dev, of, tells } = all;

  await engine.run('three', 'echo one; echo API_TOKEN=abc123 >&2; exit 3');
  await tells('🟢 Container Started', 'three', ['Image', 'demo:1']);
  const crash = await tells('🚨 Container Stopped', 'three', ['Exit code', '3', 'Uptime', 'Last logs', 'one']);
  assert.ok(!dev.texts.join().includes('abc123'), 'a secret in a log is not told');
  assert.match(crash, /API_TOKEN=…/);

  await engine.run('segv', "/bin/sh -c 'kill -SEGV $$'; exit $?");
  await tells('🚨 Container Stopped', 'segv', ['139 (segmentation fault)']);
  await engine.run('nothing', '/bin/nope');
  await tells('🚨 Container Stopped', 'nothing', ['127 (command not found)', 'Last logs', 'not found']);
  await engine.docker('run', '-d', '--network', 'none', '--name', 'nostart', 'demo:1', '/bin/nope').catch(() => null);
  await tells('🚨 Container Did Not Start', 'nostart', ['127 (command not found)', 'Error', '/bin/nope']);
  await engine.run('tty', 'echo hello from a terminal; exit 1', '-t');
  await tells('🚨 Container Stopped', 'tty', ['Exit code', '1', 'hello from a terminal']);
  await engine.run('chatty', 'i=0; while test $i -lt 10000; do i=$((i+1)); echo line $i; done; exit 1');
  const chatty = await tells('🚨 Container Stopped', 'chatty', ['line 9999', 'line 10000']);
  assert.ok(!chatty.includes('line 9900'), 'the last lines only');
  await engine.run('binary', 'cat /bin/busybox; echo; echo after it; exit 1');
  const binary = await tells('🚨 Container Stopped', 'binary', ['Last logs', 'after it']);
  assert.doesNotMatch(binary, /[\0-\x08\x0e-\x1f\ufffe\uffff]/, 'no control characters');
  await engine.run('well', 'echo done');
  await tells('✅ Container Finished', 'well', ['Exit code', '0']);

  await engine.run('eater', 'x=a; while true; do x=$x$x; done', '-m', '16m');
  await engine.docker('wait', 'eater');
  const { OOMKilled: ranOut } = JSON.parse(await engine.docker('inspect', '--format', '{{json .State}}', 'eater'));
  if (ranOut) await tells('🚨 Container Stopped', 'eater', ['137 (OOM)', 'Memory limit', '16 MiB']);
  else t.diagnostic('this machine kills nothing for want of memory: OOM was not tried');

  await engine.run('stopped', "trap 'exit 143' TERM; while true; do sleep 1; done");
  await engine.docker('stop', '-t', '5', 'stopped');
  await tells('⏹️ Container Shut Down', 'stopped', ['143 (SIGTERM)']);
  await engine.run('killed', 'sleep 1000');
  await engine.docker('kill', 'killed');
  await tells('⏹️ Container Shut Down', 'killed', ['137 (SIGKILL)']);
  assert.ok(!of('killed').some((text) => text.includes('🚨')), 'who was killed by somebody did not crash');
  await engine.run('again', "trap 'exit 0' TERM; while true; do sleep 1; done");
  await engine.docker('restart', '-t', '5', 'again');
  await tells('🔄 Container Restarted', 'again');
  assert.deepEqual(proxy.refused, ['POST /grpc'], 'nothing else is asked of an engine, and for its builds once');
  assertClean(discord);
});

test('a row of crashes is one message that counts', long, async (t) => {
  const all = await begin(t);
  if (!all) return;
  const { engine, discord, of, tells } = all;
  await engine.run('loop', 'echo bye; exit 7', '--restart', 'on-failure:4');
  await tells('🔁 Container Keeps Restarting', 'loop', ['Exit code', '7', '5 times in', 'on-failure', 'Last logs', 'bye']);
  const about = of('loop').map((text) => text.split('\n')[0]);
  assert.equal(about.filter((title) => title.includes('Keeps Restarting')).length, 1, about.join('\n'));
  assert.equal(about.filter((title) => title.includes('Stopped')).length, 0, about.join('\n'));
  assertClean(discord);
});

test('health', long, async (t) => {
  const all = await begin(t);
  if (!all) return;
  const { engine, discord, hookline, of, tells } = all;
  const check = 'test ! -e /bad || { echo it is bad; exit 1; }';
  await engine.run('sick', 'sleep 1000', '--health-cmd', check, '--health-interval', '1s', '--health-retries', '1');
  const health = () => engine.docker('inspect', '--format', '{{.State.Health.Status}}', 'sick');
  const until = (state) =>
    hookline.until(async () => (await health()) === state, { within: 30_000, what: `it is ${state}` });
  await until('healthy');
  await engine.docker('exec', 'sick', 'touch', '/bad');
  await tells('💔 Container Unhealthy', 'sick', ['it is bad']);
  await engine.docker('exec', 'sick', 'rm', '/bad');
  await tells('💚 Container Healthy Again', 'sick');
  assert.equal(of('sick').length, 3, 'that it became healthy at first is no news');
  assertClean(discord);
});

test('nothing is missed or told twice while Hookline or the engine is away', long, async (t) => {
  const all = await begin(t);
  if (!all) return;
  const { engine, discord, hookline, dev, of, tells } = all;
  await engine.run('before', 'exit 3');
  await tells('🚨 Container Stopped', 'before');
  await hookline.kill();
  await engine.run('meanwhile', 'exit 4');
  await engine.docker('wait', 'meanwhile');
  await hookline.start();
  await tells('🚨 Container Stopped', 'meanwhile', ['Exit code', '4']);
  assert.equal(of('before').filter((text) => text.includes('🚨')).length, 1, 'told before, and not again');
  assert.equal(of('meanwhile').filter((text) => text.includes('🚨')).length, 1);

  await engine.run('with-it', 'sleep 1000');
  await tells('🟢 Container Started', 'with-it');
  await engine.kill();
  await hookline.until(() => dev.texts.some((text) => text.includes('cannot be reached')), {
    within: 60_000,
    what: 'an engine that is away is told',
  });
  // Its containerd may still be about to end, and is then in the way.
  const isUp = (await engine.start()) || (await engine.start());
  assert.ok(isUp, engine.log.slice(-2000));
  await hookline.until(() => dev.texts.some((text) => text.includes('is back')), { within: 60_000, what: 'it is back' });
  // Either the engine stops what it finds when it starts again, or it says nothing of it.
  await hookline.until(() => of('with-it').some((text) => /Container (Shut Down|Stopped): with-it/.test(text)), {
    within: 30_000,
    what: 'the end of a container that ended with its engine is told',
  });
  assert.equal(of('with-it').length, 2, 'its start and its end');
  await engine.run('after', 'exit 5');
  await tells('🚨 Container Stopped', 'after', ['Exit code', '5']);
  for (const words of ['cannot be reached', 'is back'])
    assert.equal(dev.texts.filter((text) => text.includes(words)).length, 1, words);
  assert.equal(of('before').filter((text) => text.includes('🚨')).length, 1);
  const doctor = await hookline.cli(['doctor'], { env: { DOCKER_HOST: engine.host } });
  assert.match(doctor.stdout, /ok\s+Docker\s+engine “docker” answers: Docker\//);
  assertClean(discord);
});

test('what the engine has forgotten is found by comparing', long, async (t) => {
  const all = await begin(t);
  if (!all) return;
  const { engine, discord, hookline, of, tells } = all;
  await engine.run('lost', 'while test ! -e /end; do sleep 0.1; done; exit 9');
  await engine.run('removed', 'sleep 1000');
  await tells('🟢 Container Started', 'lost');
  await tells('🟢 Container Started', 'removed');
  await hookline.kill();
  await engine.docker('exec', 'lost', 'touch', '/end');
  await engine.docker('wait', 'lost');
  await engine.docker('rm', '-f', 'removed');
  await engine.run('fresh', 'sleep 1000');
  // An engine remembers 256 events.
  for (let i = 0; i < 260; i += 20)
    await Promise.all(Array.from({ length: 20 }, (_, n) => engine.docker('tag', 'demo:1', `demo:t${i + n}`)));
  await hookline.start();
  const found = 'comparing its containers showed it';
  await tells('🚨 Container Stopped', 'lost', [found, 'Exit code', '9']);
  await tells('🟢 Container Started', 'fresh', [found]);
  await tells('❔ Container Gone', 'removed');
  await hookline.kill();
  await hookline.start();
  await engine.run('last', 'exit 1');
  await tells('🚨 Container Stopped', 'last');
  assert.deepEqual(
    ['lost', 'fresh', 'removed'].map((name) => of(name).length),
    [2, 1, 2],
    'each once',
  );
  assertClean(discord);
});

test('what is built is told, and what only gets a name is not', long, async (t) => {
  const all = await begin(t);
  if (!all) return;
  const { engine, discord, dev } = all;
  const at = (name) => join(engine.folder, name);
  await engine.docker('import', at('root.tar'), 'imported:1');
  await engine.docker('tag', 'imported:1', 'imported:2');
  await engine.docker('create', '--network', 'none', '--name', 'source', 'demo:1', '/bin/sh', '-c', 'true');
  await engine.docker('commit', '-m', 'by hand', 'source', 'committed:1');
  await mkdir(at('context'));
  await writeFile(at('context/Dockerfile'), 'FROM demo:1\nCOPY Dockerfile /\n');
  await engine.docker('build', '-t', 'elsewhere:1', at('context'));
  await dev.next(/Build Complete: elsewhere\n/);
  await engine.docker('save', '-o', at('image.tar'), 'elsewhere:1');
  await engine.docker('rmi', 'elsewhere:1');
  await engine.docker('load', '-i', at('image.tar'));
  await engine.docker('tag', 'elsewhere:1', 'loaded:1');
  await writeFile(at('context/more'), 'more');
  await writeFile(at('context/Dockerfile'), 'FROM demo:1\nCOPY more /\n');
  await engine.docker('build', '-t', 'here:1', at('context'));
  await dev.next(/Build Complete: here\n/);
  assert.deepEqual(dev.texts.filter((text) => /imported|committed|loaded/.test(text)), []);
  assert.equal(dev.texts.filter((text) => text.includes('Build Complete')).length, 2);
  assertClean(discord);
});

test('several engines, one of them over TLS', long, async (t) => {
  if (needsProgram.skip) return;
  const near = await startEngine(t);
  if (!near) return;
  const tlsPort = await freePort();
  const farm = await startEngine(t, { tlsPort });
  if (!farm) return;
  const config = join(farm.folder, 'hookline.toml');
  await writeFile(
    config,
    `[[docker]]\nname = "near"\nhost = "${near.host}"\n` +
      `[[docker]]\nname = "farm"\nhost = "tcp://127.0.0.1:${tlsPort}"\ncert_path = "${farm.certificates}"\n`,
  );
  const { discord, hookline, tells, dev } = await follow(t, { args: ['--config', config], env: { DOCKER_HOST: '' } });
  await hookline.until(() => hookline.log.match(/an engine is followed/g)?.length === 2, { what: 'both are followed' });
  await near.run('one', 'exit 3');
  await farm.run('two', 'exit 4');
  await tells('🚨 Container Stopped', 'one', ['Exit code', '3', 'Engine', 'near']);
  await tells('🚨 Container Stopped', 'two', ['Exit code', '4', 'Engine', 'farm']);
  const doctor = await hookline.cli(['doctor', '--config', config], { env: { DOCKER_HOST: '' } });
  assert.match(doctor.stdout, /engine “farm” answers: Docker\//);
  await farm.kill();
  await hookline.until(() => dev.texts.some((text) => text.includes('The engine “farm” cannot be reached')), {
    within: 60_000,
    what: 'which of them is away',
  });
  await near.run('three', 'exit 5');
  await tells('🚨 Container Stopped', 'three', ['Exit code', '5']);
  assertClean(discord);
});
