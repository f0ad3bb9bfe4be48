// A thousand strangers who announce 25 MiB each and send it slowly: the memory stays bounded, and an honest sender
// is answered in time.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { test } from 'node:test';
import { delivery } from '../doubles/github.mjs';
import { heavy, startHookline } from '../support/hookline.mjs';
import { push } from '../support/story.mjs';

const strangers = 1000;
const piece = 160 * 1024; // each; together 160 MB, far over the budget of 64 MiB
const budgetInKb = 64 * 1024;

async function residentKb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]);
}

function stranger(url) {
  const socket = connect(Number(url.port), url.hostname);
  const head =
    'POST /webhook/github/hook_001 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
    `X-GitHub-Event: push\r\nX-GitHub-Delivery: x\r\nContent-Length: ${25 * 1024 * 1024}\r\n\r\n`;
  socket.on('error', () => {}); // being refused is an answer too
  return new Promise((done) => {
    socket.on('close', () => done(socket));
    socket.on('connect', () => {
      socket.write(head + ' '.repeat(piece));
      done(socket);
    });
  });
}

test('a thousand slow bodies of 25 MiB fill no memory and stop nobody', heavy, async (t) => {
  const hookline = await startHookline(t);
  const { json } = await hookline.api('POST', 'hooks', { service: 'github' });
  const before = await residentKb(hookline.child.pid);
  const url = new URL(hookline.url);
  const sockets = await Promise.all(Array.from({ length: strangers }, () => stranger(url)));
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  for (let round = 0; round < 5; round += 1) {
    const { headers, body } = await delivery('push', push(`honest ${round}`), { secret: json.secret });
    const began = Date.now();
    const answer = await fetch(`${hookline.url}/webhook/github/${json.id}`, { method: 'POST', headers, body });
    assert.equal(answer.status, 202, await answer.text());
    assert.ok(Date.now() - began < 5000, `answered after ${Date.now() - began} ms`);
  }
  const grown = (await residentKb(hookline.child.pid)) - before;
  // Buffers of a connection cost more than their bytes, and a sanitizer keeps what was freed for a while.
  assert.ok(grown < 4 * budgetInKb, `grew by ${grown} kB`);
});
