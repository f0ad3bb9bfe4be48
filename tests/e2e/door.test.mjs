// What the HTTP door answers to whom: good and bad proofs, bodies, sizes, repetitions; and bytes that are no HTTP.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { delivery, example, sign } from '../doubles/github.mjs';
import { needsProgram, startHookline } from '../support/hookline.mjs';
import { makeHook, numbersIn, push, startBoth, assertClean } from '../support/story.mjs';

async function terminalHook(hookline) {
  const { status, json } = await hookline.api('POST', 'hooks', { service: 'github' });
  assert.equal(status, 201, JSON.stringify(json));
  return { hook: json.id, secret: json.secret };
}

async function post(hookline, path, headers, body, method = 'POST') {
  const reply = await fetch(hookline.url + path, { method, headers, body });
  return { status: reply.status, text: await reply.text(), headers: reply.headers };
}

test(
  'proofs: the same answer for a wrong one, none, two, and an unknown or deleted hook',
  needsProgram,
  async (t) => {
    const hookline = await startHookline(t);
    const { hook, secret } = await terminalHook(hookline);
    const other = await hookline.api('POST', 'hooks', { service: 'github', new: true });
    const { headers, body } = await delivery('push', push('x'), { secret });
    const path = `/webhook/github/${hook}`;
    const signature = headers['X-Hub-Signature-256'];
    const without = ({ 'X-Hub-Signature-256': _, ...rest }) => rest;
    const cases = {
      'no signature': [path, without(headers)],
      'SHA-1 only': [path, { ...without(headers), 'X-Hub-Signature': headers['X-Hub-Signature'] }],
      empty: [path, { ...headers, 'X-Hub-Signature-256': '' }],
      wrong: [path, { ...headers, 'X-Hub-Signature-256': await sign('other', body) }],
      'without its prefix': [path, { ...headers, 'X-Hub-Signature-256': signature.slice(7) }],
      cut: [path, { ...headers, 'X-Hub-Signature-256': signature.slice(0, -2) }],
      'a megabyte': [path, { ...headers, 'X-Hub-Signature-256': `sha256=${'a'.repeat(6000)}` }],
      'right for another hook': [`/webhook/github/${other.json.id}`, headers],
      'two in one': [path, { ...headers, 'X-Hub-Signature-256': `${signature}, ${signature}` }],
      'unknown hook': ['/webhook/github/hook_999', headers],
      'no hook of that name': ['/webhook/github/nonsense', headers],
      'no endpoint of that secret': [
        '/webhook/github',
        { ...headers, 'X-Hub-Signature-256': await sign('other', body) },
      ],
    };
    const texts = new Set();
    for (const [name, [where, fields]] of Object.entries(cases)) {
      const answer = await post(hookline, where, fields, body);
      assert.equal(answer.status, 401, `${name}: ${answer.text}`);
      texts.add(answer.text);
    }
    assert.equal(texts.size, 1, [...texts].join('\n'));
    const changed = await post(hookline, path, headers, `${body} `);
    assert.equal(changed.status, 401);
    assert.equal((await post(hookline, path, headers, body)).status, 202);
    assert.equal((await hookline.api('GET', 'events')).json.events.length, 1, 'nothing else was stored');
    const { headers: more, body: again } = await delivery('push', push('y'), { secret });
    assert.equal(
      (await post(hookline, '/webhook/github', more, again)).status,
      202,
      'the signature proves the endpoint',
    );
  },
);

test('bodies: what is no JSON, too large, compressed, of another type', needsProgram, async (t) => {
  const hookline = await startHookline(t);
  const { hook, secret } = await terminalHook(hookline);
  const path = `/webhook/github/${hook}`;
  const signed = async (body, more = {}, event = 'push') => {
    const bytes = Buffer.from(body);
    const { headers } = await delivery(event, '{}', { secret });
    headers['X-Hub-Signature-256'] = `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
    return post(hookline, path, { ...headers, ...more }, bytes);
  };
  const good = JSON.stringify(push('x'));
  const table = [
    ['truncated JSON', good.slice(0, 500), {}, 400, /line 1, column \d+|line.*column/i],
    ['trailing garbage', `${good} x`, {}, 400, /column/i],
    ['two documents', `${good}${good}`, {}, 400, /column/i],
    ['empty', '', {}, 400],
    ['deeper than 100 levels', `${'['.repeat(1000)}${']'.repeat(1000)}`, {}, 400],
    ['a million levels', '['.repeat(1_000_000), {}, 400],
    ['no UTF-8: kept as it is', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), {}, 202],
    ['text/plain', good, { 'Content-Type': 'text/plain' }, 415],
    ['multipart', good, { 'Content-Type': 'multipart/form-data; boundary=x' }, 415],
    ['another encoding of text', good, { 'Content-Type': 'application/json; charset=utf-16' }, 415],
    ['brotli', good, { 'Content-Encoding': 'br' }, 415],
    ['no gzip at all', good, { 'Content-Encoding': 'gzip' }, 400],
    ['a bomb', gzipSync(Buffer.alloc(30 * 1024 * 1024, 32)), { 'Content-Encoding': 'gzip' }, 413],
    ['a form without payload', 'a=b', { 'Content-Type': 'application/x-www-form-urlencoded' }, 400],
    ['charset utf-8', good, { 'Content-Type': 'application/json; charset=utf-8' }, 202],
    ['gzip', gzipSync(JSON.stringify(push('gz'))), { 'Content-Encoding': 'gzip' }, 202],
    ['deflate', deflateSync(JSON.stringify(push('df'))), { 'Content-Encoding': 'deflate' }, 202],
    [
      'numbers of every size',
      '{"ref":"refs/heads/main","a":1e400,"b":-0,"c":9223372036854775808,"d":[1,2]}',
      {},
      202,
    ],
    ['keys twice', '{"action":"opened","action":"closed"}', {}, 202],
  ];
  for (const [name, body, headers, status, says] of table) {
    const answer = await signed(body, headers);
    assert.equal(answer.status, status, `${name}: ${answer.status} ${answer.text}`);
    assert.doesNotThrow(() => JSON.parse(answer.text), `${name}: ${answer.text}`);
    if (says) assert.match(answer.text, says, name);
  }
  for (const [event, body, status] of [
    ['no_such_event', '{"a":1}', 202],
    ['issues', '{"action":"no_such_action"}', 202],
    ['push', '[]', 202],
    ['push', 'null', 202],
  ]) {
    const answer = await signed(body, {}, event);
    assert.ok(
      answer.status === status ||
        (body === 'null' && answer.status === 400) ||
        (body === '[]' && answer.status === 400),
      `${event} ${body}: ${answer.status} ${answer.text}`,
    );
  }
  await hookline.until(async () => (await hookline.api('GET', 'status')).json.unprocessed === 0, {
    what: 'everything is processed',
  });
  assert.equal((await post(hookline, '/healthz', {}, undefined, 'GET')).status, 200);
});

test('25 MiB is taken, one byte more is not, announced or in chunks', needsProgram, async (t) => {
  const hookline = await startHookline(t);
  const { hook, secret } = await terminalHook(hookline);
  const limit = 25 * 1024 * 1024;
  const head = '{"ref":"refs/heads/main","x":"';
  const body = `${head}${'a'.repeat(limit - head.length - 2)}"}`;
  assert.equal((await hookline.deliver('push', body, { hook, secret })).status, 202);
  const answer = await raw(hookline, [
    `POST /webhook/github/${hook} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${limit + 1}\r\n\r\n`,
  ]);
  assert.match(answer, /^HTTP\/1\.1 413 /, 'as soon as the announced length says so');
  const chunk = `100000\r\n${'a'.repeat(0x100000)}\r\n`;
  const chunked = await raw(hookline, [
    `POST /webhook/github/${hook} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    ...Array(26).fill(chunk),
  ]);
  assert.match(chunked, /^HTTP\/1\.1 413 /);
});

test('methods and paths', needsProgram, async (t) => {
  const hookline = await startHookline(t);
  const { hook } = await terminalHook(hookline);
  for (const [method, path, status] of [
    ['GET', `/webhook/github/${hook}`, 405],
    ['PUT', `/webhook/github/${hook}`, 405],
    ['POST', '/webhook/nonsense', 404],
    ['POST', '/nowhere', 404],
    ['GET', '/', 404],
    ['GET', '/healthz', 200],
    ['GET', '/readyz', 200],
    ['GET', '/metrics', 200],
    ['POST', '/healthz', 405],
    ['GET', '/api/v1/hooks', 401],
    ['GET', '/api/v1/openapi.json', 200],
    ['GET', '/webhook/../healthz%00', 404],
  ]) {
    const { status: answered, text } = await post(
      hookline,
      path,
      {},
      method === 'GET' ? undefined : '{}',
      method,
    );
    assert.equal(answered, status, `${method} ${path}: ${text}`);
  }
  assert.equal(
    (await fetch(`${hookline.url}/api/v1/hooks`, { headers: { Authorization: 'Bearer wrong' } })).status,
    401,
  );
});

/// Sends `pieces` over one connection; everything that came until it was closed (or nothing came for a while).
function raw(hookline, pieces, { quiet = 1500 } = {}) {
  const { hostname, port } = new URL(hookline.url);
  return new Promise((done, failed) => {
    let heard = '';
    const socket = connect(Number(port), hostname);
    socket.setTimeout(quiet, () => socket.destroy());
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
    });
    socket.on('error', (error) =>
      ['EPIPE', 'ECONNRESET'].includes(error.code) ? done(heard) : failed(error),
    );
    socket.on('close', () => done(heard));
    socket.on('connect', async () => {
      for (const piece of pieces) {
        if (socket.destroyed) break;
        if (!socket.write(piece))
          await new Promise((go) => {
            socket.once('drain', go);
            socket.once('close', go);
          });
      }
    });
  });
}

test(
  'bytes that are no HTTP get 400 and a closed connection, never a second request',
  needsProgram,
  async (t) => {
    const hookline = await startHookline(t);
    const start = 'POST /webhook/github/hook_001 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    const smuggled = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
    const table = {
      'no HTTP': 'hello\r\n\r\n',
      'TLS hello': Buffer.from('160301020001000200', 'hex'),
      'no version': 'GET /\r\n\r\n',
      'HTTP/9.9': 'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
      'length and chunks': `${start}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
      'two lengths': `${start}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x${smuggled}`,
      'length no number': `${start}Content-Length: -1\r\n\r\n${smuggled}`,
      'length too long': `${start}Content-Length: 99999999999999999999999\r\n\r\n`,
      xchunked: `${start}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
      'chunk size no number': `${start}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`,
      'space before colon': `POST / HTTP/1.1\r\nHost : x\r\n\r\n`,
      'folded header': `${start}X: a\r\n b\r\nContent-Length: 2\r\n\r\n{}`,
      'NUL in a header': `${start}X: a\0b\r\nContent-Length: 2\r\n\r\n{}`,
      'no name': `${start}: x\r\n\r\n`,
      'a megabyte of header': `${start}X: ${'a'.repeat(1 << 20)}\r\n\r\n`,
      'ten thousand headers': `${start}${Array.from({ length: 10_000 }, (_, i) => `X${i}: y\r\n`).join('')}\r\n`,
    };
    for (const [name, bytes] of Object.entries(table)) {
      const answer = await raw(hookline, [bytes], { quiet: 3000 });
      assert.match(answer, /^HTTP\/1\.1 (400|413|417|431|501|505) |^$/, `${name}: ${answer.slice(0, 200)}`);
      assert.equal(
        (answer.match(/HTTP\/1\.1 /g) ?? []).length <= 1,
        true,
        `${name}: answered twice:\n${answer}`,
      );
    }
    assert.equal((await fetch(`${hookline.url}/healthz`)).status, 200);
  },
);

test('keep-alive and pipelining: ten deliveries in one write, answered in order', needsProgram, async (t) => {
  const hookline = await startHookline(t);
  const { hook, secret } = await terminalHook(hookline);
  const requests = await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      const { headers, body } = await delivery('push', push(`p ${i}`), { secret });
      const lines = Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('');
      return `POST /webhook/github/${hook} HTTP/1.1\r\nHost: x\r\n${lines}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    }),
  );
  const answer = await raw(hookline, [requests.join('')]);
  const ids = [...answer.matchAll(/"event": ?(\d+)/g)].map((m) => Number(m[1]));
  assert.equal(ids.length, 10, answer.slice(0, 500));
  assert.deepEqual(
    ids,
    [...ids].sort((a, b) => a - b),
  );
});

test('a delivery id counts once, whoever repeats it, however fast', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const { hook, secret } = await makeHook(discord);
  const deliveryId = '72d3162e-cc78-11e3-81ab-4c9367dc0958';
  const payload = push('push number 1');
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => hookline.deliver('push', payload, { hook, secret, deliveryId })),
  );
  assert.ok(answers.every((a) => a.status === 202));
  assert.equal(new Set(answers.map((a) => a.json.event)).size, 1);
  assert.equal(answers.filter((a) => !a.json.duplicate).length, 1);
  const other = await hookline.deliver('push', push('push number 2'), { hook, secret, deliveryId });
  assert.equal(other.json.duplicate, true, 'also where the body differs');
  await hookline.deliver('push', push('push number 3'), { hook, secret });
  await discord.channel('dev').next(/push number 3/);
  await hookline.restart();
  assert.equal(
    (await hookline.deliver('push', payload, { hook, secret, deliveryId })).json.duplicate,
    true,
    'after a restart too',
  );
  assert.deepEqual(numbersIn(discord.channel('dev')), [1, 3]);
  assert.ok((await hookline.metric('hookline_deliveries_total', 'outcome="duplicate"')) >= 1);
  assertClean(discord);
});

test(
  'slow connections with large bodies do not keep an honest one waiting, nor fill the memory',
  needsProgram,
  async (t) => {
    const hookline = await startHookline(t, { env: { HOOKLINE_BODY_BUDGET: '32MiB' } });
    const { hook, secret } = await terminalHook(hookline);
    const { hostname, port } = new URL(hookline.url);
    const slow = Array.from({ length: 200 }, () => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      socket.write(
        `POST /webhook/github/${hook} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20000000\r\n\r\n${' '.repeat(200_000)}`,
      );
      return socket;
    });
    t.after(() => slow.forEach((socket) => socket.destroy()));
    await hookline.until(() => slow.every((socket) => socket.bytesWritten > 0 || socket.destroyed), {
      what: 'the slow ones have begun',
    });
    const began = Date.now();
    let status;
    for (let i = 0; i < 5; i += 1) {
      status = (await hookline.deliver('push', push('honest'), { hook, secret })).status;
      if (status === 202) break;
      assert.equal(status, 503);
    }
    assert.equal(status, 202, 'an honest delivery gets in');
    assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
  },
);

test('a ping without a secret proves nothing', needsProgram, async (t) => {
  const hookline = await startHookline(t);
  const { hook } = await terminalHook(hookline);
  assert.equal((await hookline.deliver('ping', example('ping'), { hook })).status, 401);
});

test(
  'over HOOKLINE_INGEST_LIMIT an endpoint gets 429 with Retry-After, another does not',
  needsProgram,
  async (t) => {
    const hookline = await startHookline(t, { env: { HOOKLINE_INGEST_LIMIT: '5' } });
    const hook = await terminalHook(hookline);
    const { json } = await hookline.api('POST', 'hooks', { service: 'github', new: true });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => hookline.deliver('push', push(`p ${i}`), hook)),
    );
    const throttled = answers.filter((a) => a.status === 429);
    assert.ok(throttled.length >= 10, `${throttled.length} of 40 were throttled`);
    assert.ok(throttled.every((a) => Number(a.headers.get('retry-after')) >= 1));
    assert.ok(answers.every((a) => [202, 429].includes(a.status)));
    const other = await hookline.deliver('push', push('other'), { hook: json.id, secret: json.secret });
    assert.equal(other.status, 202);
  },
);
