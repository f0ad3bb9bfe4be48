// "!hook custom <url>": the walk-through of any JSON, every proof, and streams that are read where nobody can
// deliver.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, assertInOrder, makeHook, startBoth } from '../support/story.mjs';

const address = 'https://api.monitoring.com/events';

async function post(url, body, headers = {}) {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return reply.status;
}

const hmac = (key, text, form) => createHmac('sha256', key).update(text).digest(form);

/// The headers of a Standard Webhooks delivery.
function standard(secret, body, { id = 'msg_1', at = Date.now() } = {}) {
  const timestamp = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = hmac(key, `${id}.${timestamp}.${JSON.stringify(body)}`, 'base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

test('any JSON, by each proof', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const words = `!hook custom ${address} --name Monitoring`;
  const hook = await makeHook(discord, { words, service: 'custom', prefix: 'whsec' });
  assertInOrder(hook.reply.text, ['Custom Webhook Added', 'ID: hook_001', 'Name: Monitoring', address, 'JSON', 'test']);
  const secret = new RegExp(`${hook.url}/(\\S+?)[\`\\s]`).exec(hook.told.text)[1];
  const dev = discord.channel('dev');
  const alert = (n) => ({ event: 'Server Alert', message: `CPU usage at ${n}%`, severity: 'critical' });
  const tells = async (n) => assertInOrder((await dev.next(new RegExp(`${n}%`))).text, ['Server Alert', `${n}%`]);

  assert.equal(await post(`${hook.url}/${secret}`, alert(91)), 202);
  await tells(91);
  assert.match(dev.announced.at(-1).text, /Monitoring/, 'signed with its name');
  assert.equal(await post(hook.url, alert(92), { authorization: `Bearer ${secret}` }), 202);
  await tells(92);
  const signed = { 'x-hub-signature-256': `sha256=${hmac(secret, JSON.stringify(alert(93)), 'hex')}` };
  assert.equal(await post(hook.url, alert(93), signed), 202);
  await tells(93);
  const delivery = standard(secret, alert(94));
  assert.equal(await post(hook.url, alert(94), delivery), 202);
  await tells(94);

  assert.equal(await post(hook.url, alert(95)), 401);
  assert.equal(await post(`${hook.url}/wrong_secret`, alert(95)), 401);
  assert.equal(await post(hook.url, alert(95), signed), 401, 'another body');
  const old = standard(secret, alert(95), { id: 'msg_2', at: Date.now() - 6 * 60_000 });
  assert.equal(await post(hook.url, alert(95), old), 401, 'signed six minutes ago');
  assert.equal(await post(hook.url, alert(94), delivery), 202, 'the same once more is a duplicate');
  await hookline.until(async () => (await hookline.api('GET', 'status')).json.unprocessed === 0, {
    what: 'all is processed',
  });
  assert.equal(dev.announced.length, 1 + 4, dev.texts.join('\n---\n'));
  assertClean(discord);
});

/// A relay: says what a test gives it, remembers who asked.
async function startRelay(t) {
  const relay = { asked: [], open: new Set(), backlog: [], refuseWith: null };
  const server = createServer((request, reply) => {
    relay.asked.push(request.headers['last-event-id'] ?? '');
    if (relay.refuseWith) {
      reply.writeHead(relay.refuseWith).end();
      return;
    }
    reply.writeHead(200, { 'content-type': 'text/event-stream' });
    reply.write(': welcome\n\nevent: ready\ndata: {}\n\n');
    relay.open.add(reply);
    request.on('close', () => relay.open.delete(reply));
    const after = Number(request.headers['last-event-id'] ?? 0);
    for (const { id, data } of relay.backlog) if (id > after) reply.write(`id: ${id}\ndata: ${data}\n\n`);
  });
  relay.say = (body) => {
    const entry = { id: relay.backlog.length + 1, data: typeof body === 'string' ? body : JSON.stringify(body) };
    relay.backlog.push(entry);
    for (const reply of relay.open) reply.write(`id: ${entry.id}\ndata: ${entry.data}\n\n`);
  };
  relay.breaks = () => {
    for (const reply of relay.open) reply.destroy();
  };
  await new Promise((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  t.after(() => {
    relay.breaks();
    server.close();
  });
  relay.url = `http://127.0.0.1:${server.address().port}/channel`;
  return relay;
}

test('a stream: read, gone on with after a break and a restart, left when told', needsProgram, async (t) => {
  const relay = await startRelay(t);
  const { discord, hookline } = await startBoth(t, { env: { HOOKLINE_ALLOW_PRIVATE: '127.0.0.1' } });
  const dev = discord.channel('dev');
  const alice = discord.member('alice');
  const reply = await alice.asks('#dev', `!hook custom ${relay.url} --stream --name Relay`);
  assertInOrder(reply.text, ['Custom Stream Added', 'Name: Relay', relay.url, 'stream', 'Waiting for the first event']);
  await hookline.until(() => relay.open.size === 1, { what: 'the stream is open' });

  relay.say({ title: 'Disk full', host: 'db-1' });
  assert.match((await dev.next(/Disk full/)).text, /Relay/);
  await discord.until(() => /Connected/.test(reply.text), { what: 'the reply says so' });
  relay.say({
    'x-github-event': 'issues',
    'x-github-delivery': 'relayed-1',
    timestamp: Date.now(),
    query: {},
    body: {
      action: 'opened',
      issue: { number: 46, title: 'Login loops', html_url: 'https://github.com/o/r/issues/46', user: { login: 'mona' } },
      repository: { id: 1, full_name: 'o/r', html_url: 'https://github.com/o/r' },
      sender: { login: 'mona' },
    },
  });
  assertInOrder((await dev.next(/#46/)).text, ['New Issue #46', 'Login loops']);

  relay.breaks();
  relay.say('words that are no JSON');
  await dev.next(/words that are no JSON/, { within: 10_000 });
  assert.equal(relay.asked.at(-1), '2', 'it says where it left off');

  await hookline.restart();
  relay.say({ title: 'After the restart' });
  await dev.next(/After the restart/, { within: 20_000 });
  assert.equal(dev.announced.filter(({ text }) => /Disk full/.test(text)).length, 1, 'nothing is told twice');

  await alice.asks('#dev', '!hook pause hook_001');
  await hookline.until(() => relay.open.size === 0, { what: 'a paused hook reads nothing' });
  assertClean(discord);
});

test('a stream that cannot be read is told once; private addresses are not reached', needsProgram, async (t) => {
  const relay = await startRelay(t);
  const { discord, hookline } = await startBoth(t);
  const alice = discord.member('alice');
  await alice.asks('#dev', `!hook custom ${relay.url} --stream`);
  const told = await alice.directMessages.next(/cannot be read/, { within: 20_000 });
  assert.match(told.text, /no public address/);
  assert.equal(relay.asked.length, 0, 'nobody was asked');
  const shown = await alice.asks('#dev', '!hook show hook_001');
  assertInOrder(shown.text, ['Reads the stream', relay.url, 'It cannot be read', 'no public address']);
  assert.ok(hookline.exit === null);
  assertClean(discord);
});
