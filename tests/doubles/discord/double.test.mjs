// What discord.js does not show: that the double is strict, and that its limits are Discord's, with a clock
// that a test moves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDiscord } from './discord.mjs';

const agent = 'DiscordBot (https://example.org/hookline, 1.0)';

async function start(t, options) {
  const clock = {
    time: 1_700_000_000_000,
    now() {
      return this.time;
    },
  };
  const discord = await startDiscord({ clock, ...options });
  t.after(() => discord.close());
  const channel = discord.channel('dev');
  const ask = async (method, path, body, headers = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const reply = await fetch(discord.api + path, {
      method,
      body: body === undefined ? undefined : text,
      headers: {
        'User-Agent': agent,
        Authorization: `Bot ${discord.token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
    });
    const answer = await reply.text();
    let json = null;
    try {
      json = JSON.parse(answer);
    } catch {
      /* an HTML page */
    }
    return { status: reply.status, headers: reply.headers, text: answer, json };
  };
  const create = (body) => ask('POST', `/channels/${channel.id}/messages`, body);
  return { discord, clock, channel, ask, create };
}

test('the way in: agent, route, token, content type, JSON', async (t) => {
  const { channel, ask, create } = await start(t);
  const path = `/channels/${channel.id}/messages`;
  assert.equal((await ask('GET', '/users/@me', undefined, { 'User-Agent': 'curl/8' })).json.code, 40333);
  assert.equal((await ask('GET', '/nowhere')).status, 404);
  assert.equal((await ask('GET', '/users/@me', undefined, { Authorization: 'Bot wrong' })).status, 401);
  assert.equal(
    (await ask('POST', path, '{"content":"x"}', { 'Content-Type': 'text/plain' })).json.code,
    50035,
  );
  assert.equal((await create('{"content":')).json.code, 50109);
  assert.equal((await create({ content: 'x' })).status, 200);
});

test('bodies that Discord refuses', async (t) => {
  const { create, clock } = await start(t);
  const embed = (more) => ({ embeds: [{ title: 'x', ...more }] });
  const cases = [
    [{}, 50006],
    [{ content: '   ' }, 50006],
    [{ content: 'x', colour: 3 }, 'UNKNOWN_KEY'],
    [{ content: '😀'.repeat(2001) }, 'BASE_TYPE_MAX_LENGTH'],
    [embed({ title: ' ' }), 'BASE_TYPE_REQUIRED'],
    [embed({ url: 'javascript:alert(1)' }), 'URL_TYPE_INVALID_URL'],
    [embed({ color: 0x1000000 }), 'NUMBER_TYPE_MAX'],
    [embed({ timestamp: 'yesterday' }), 'DATE_TIME_TYPE_PARSE'],
    [embed({ fields: [{ name: 'a', value: '' }] }), 'BASE_TYPE_REQUIRED'],
    [embed({ fields: Array(26).fill({ name: 'a', value: 'b' }) }), 'BASE_TYPE_MAX_LENGTH'],
    [embed({ footer: {} }), 'BASE_TYPE_REQUIRED'],
    [{ embeds: Array(11).fill({ title: 'x' }) }, 'BASE_TYPE_MAX_LENGTH'],
    [{ embeds: [{}] }, 'BASE_TYPE_REQUIRED'],
    [
      { content: 'x', allowed_mentions: { parse: ['users'], users: ['1'] } },
      'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
    ],
    [{ content: 'x', allowed_mentions: { parse: ['all'] } }, 'BASE_TYPE_CHOICES'],
    [{ content: 'x', flags: 64 }, 'BASE_TYPE_CHOICES'],
    [{ content: 'x', flags: 32768 }, 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2'],
    [{ content: 'x', nonce: 'n'.repeat(26) }, 'NONCE_TYPE_TOO_LONG'],
    [{ content: 'x', components: [{ type: 10, content: 'y' }] }, 'BASE_TYPE_CHOICES'],
    ['{"content":"\\ud83d"}', 'STRING_TYPE_CONVERT'],
    [
      { content: 'x', components: [{ type: 1, components: [{ type: 2, style: 5, label: 'go' }] }] },
      'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
    ],
    [{ content: 'x', message_reference: { message_id: '5' } }, 'MESSAGE_REFERENCE_UNKNOWN_MESSAGE'],
  ];
  for (const [body, expected] of cases) {
    clock.time += 5000;
    const { status, json, text } = await create(body);
    assert.equal(status, 400, JSON.stringify(body));
    assert.ok(
      typeof expected === 'number' ? json.code === expected : text.includes(`"${expected}"`),
      `${JSON.stringify(body).slice(0, 200)} → ${text}`,
    );
  }
});

test('create: five in five seconds for each channel, told in headers and in the 429', async (t) => {
  const { discord, clock, ask, create } = await start(t);
  for (let left = 4; left >= 0; left -= 1) {
    const { headers } = await create({ content: 'x' });
    assert.equal(headers.get('x-ratelimit-remaining'), String(left));
    assert.equal(headers.get('x-ratelimit-limit'), '5');
    assert.equal(headers.get('x-ratelimit-reset-after'), '5.000');
    assert.equal(headers.get('x-ratelimit-reset'), '1700000005.000');
  }
  clock.time += 4624;
  const refused = await create({ content: 'x' });
  assert.equal(refused.status, 429);
  assert.deepEqual(refused.json, {
    message: 'You are being rate limited.',
    retry_after: 0.376,
    global: false,
  });
  assert.equal(refused.headers.get('retry-after'), '1');
  assert.equal(refused.headers.get('x-ratelimit-scope'), 'user');
  assert.equal(
    (await ask('POST', `/channels/${discord.channel('ops').id}/messages`, { content: 'x' })).status,
    200,
  );
  clock.time += 376;
  assert.equal((await create({ content: 'x' })).status, 200);
});

test('a request before retry_after ended is noted', async (t) => {
  const { discord, clock, create } = await start(t);
  for (let i = 0; i < 6; i += 1) await create({ content: 'x' });
  assert.deepEqual(discord.problemTexts(), []);
  clock.time += 1000;
  await create({ content: 'x' });
  assert.match(discord.problemTexts()[0], /asked 4000 ms before retry_after ended/);
});

test('the global limit, the hidden limit of webhooks, and the ban', async (t) => {
  const { discord, clock, ask } = await start(t, {
    limits: { lookup: { calls: 1000, window: 1000 }, invalid: { calls: 3, window: 600000 } },
  });
  for (let i = 0; i < 50; i += 1) await ask('GET', '/users/@me');
  const refused = await ask('GET', '/users/@me');
  assert.equal(refused.json.global, true);
  assert.equal(refused.headers.get('x-ratelimit-global'), 'true');
  const { id, token } = discord.channel('ops').webhook();
  const execute = () => ask('POST', `/webhooks/${id}/${token}?wait=true`, { content: 'x' });
  let last;
  for (let i = 0; i < 31; i += 1) {
    last = await execute();
    clock.time += 500;
  }
  assert.equal(last.status, 429);
  assert.equal(last.json.retry_after, 45);
  assert.equal(last.headers.get('x-ratelimit-scope'), 'shared');
  assert.notEqual(last.headers.get('x-ratelimit-remaining'), '0');
  assert.ok(discord.problemTexts().some((text) => text.includes('the bot token was sent')));
  clock.time += 1000;
  for (let i = 0; i < 3; i += 1) await ask('GET', '/users/@me', undefined, { Authorization: 'Bot wrong' });
  const banned = await ask('GET', '/users/@me');
  assert.equal(banned.status, 429);
  assert.match(banned.text, /^<html>/);
  assert.equal(banned.headers.get('x-ratelimit-limit'), null);
});

test('nonces: once in a minute, a deleted one is 10008, another text is noted', async (t) => {
  const { discord, clock, channel, create } = await start(t);
  const first = await create({ content: 'x', nonce: 'n', enforce_nonce: true });
  assert.equal((await create({ content: 'x', nonce: 'n', enforce_nonce: true })).json.id, first.json.id);
  assert.equal(channel.messages.length, 1);
  assert.equal((await create({ content: 'y', nonce: 'n', enforce_nonce: true })).json.content, 'x');
  assert.match(discord.problemTexts()[0], /a nonce was used again/);
  discord.deleteMessage(channel.data, channel.messages[0]);
  assert.equal((await create({ content: 'x', nonce: 'n', enforce_nonce: true })).json.code, 10008);
  clock.time += 60_001;
  assert.equal((await create({ content: 'x', nonce: 'n', enforce_nonce: true })).status, 200);
});

test('faults before and after the work is done', async (t) => {
  const { discord, channel, create } = await start(t);
  discord.faults.push({ kind: 'status', status: 503 }, { kind: 'status', status: 502, when: 'after' });
  assert.equal((await create({ content: 'a' })).status, 503);
  assert.equal(channel.messages.length, 0);
  const after = await create({ content: 'a' });
  assert.match(after.text, /<html>/);
  assert.equal(channel.messages.length, 1);
  discord.faults.push({ kind: 'reset', when: 'after' }, { kind: 'truncated' }, { kind: 'garbled' });
  await assert.rejects(create({ content: 'b' }));
  await assert.rejects(create({ content: 'c' }));
  assert.equal((await create({ content: 'd' })).json, null);
  assert.deepEqual(
    channel.messages.map((m) => m.content),
    ['a', 'b', 'c', 'd'],
  );
  assert.equal(discord.faults.waiting, 0);
});

test('a thread under a message: once, named, and only with the permission', async (t) => {
  const { discord, channel, ask, create } = await start(t);
  const { id } = (await create({ content: 'card' })).json;
  const open = (body, of = id) => ask('POST', `/channels/${channel.id}/messages/${of}/threads`, body);
  assert.equal((await open({ name: ' ' })).json.code, 50035);
  assert.equal((await open({ name: 'x'.repeat(101) })).json.code, 50035);
  assert.equal((await open({ name: 'x', type: 11 })).json.code, 50035, 'a key of another route');
  assert.equal((await open({ name: 'x' }, '5')).json.code, 10008);
  channel.deny('@everyone', 'CREATE_PUBLIC_THREADS');
  assert.equal((await open({ name: 'x' })).json.code, 50013);
  channel.allow('@everyone', 'CREATE_PUBLIC_THREADS');
  const opened = await open({ name: 'Fix it' });
  assert.equal(opened.status, 201);
  assert.equal(opened.json.id, id);
  assert.equal((await open({ name: 'Fix it' })).json.code, 160004);
  assert.deepEqual(
    channel.threads.map((thread) => thread.name),
    ['Fix it'],
  );
  const said = await ask('POST', `/channels/${id}/messages`, { content: 'in it' });
  const inside = `/channels/${id}/messages/${said.json.id}/threads`;
  assert.equal((await ask('POST', inside, { name: 'x' })).json.code, 50024);
  const active = await ask('GET', `/guilds/${discord.guild('Acme').id}/threads/active`);
  assert.deepEqual(
    active.json.threads.map((thread) => thread.id),
    [id],
  );
});

test('archived and locked threads', async (t) => {
  const { discord, channel, ask, create } = await start(t);
  const { id } = (await create({ content: 'card' })).json;
  await ask('POST', `/channels/${channel.id}/messages/${id}/threads`, { name: 'x' });
  const thread = channel.threads[0];
  const say = () => ask('POST', `/channels/${id}/messages`, { content: 'x' });
  const said = (await say()).json.id;
  const edit = () => ask('PATCH', `/channels/${id}/messages/${said}`, { content: 'y' });
  const change = (body) => ask('PATCH', `/channels/${id}`, body);
  assert.equal((await change({ archived: 'yes' })).json.code, 50035);
  assert.equal((await change({ archived: true, colour: 1 })).json.code, 50035);
  assert.equal((await change({ archived: true })).json.thread_metadata.archived, true);
  assert.equal((await edit()).json.code, 50083);
  assert.equal((await change({ name: 'z' })).json.code, 50083);
  assert.equal((await change({ archived: true })).status, 200);
  assert.equal((await say()).status, 200);
  assert.equal(thread.isArchived, false, 'a message opens it');
  assert.equal((await edit()).status, 200);
  assert.equal((await change({ locked: true })).json.code, 50013, 'needs Manage Threads');
  thread.archive({ locked: true });
  assert.equal((await say()).json.code, 160005);
  assert.equal((await change({ archived: false })).json.code, 50013);
  discord.guild('Acme').setRole('@everyone', ['VIEW_CHANNEL', 'SEND_MESSAGES_IN_THREADS', 'MANAGE_THREADS']);
  assert.equal((await say()).status, 200);
  discord.guild('Acme').setRole('@everyone', ['VIEW_CHANNEL', 'SEND_MESSAGES_IN_THREADS']);
  thread.data.thread_metadata.locked = false;
  thread.data.owner_id = discord.member('bob').id;
  assert.equal((await change({ archived: true })).json.code, 50013, 'somebody else opened it');
  assert.equal((await ask('PATCH', `/channels/${channel.id}`, { name: 'x' })).json.code, 50013);
  thread.remove();
  assert.equal((await say()).json.code, 10003);
});

test('edits of messages older than an hour have their own limit', async (t) => {
  const { channel, clock, ask, create } = await start(t);
  const { id } = (await create({ content: 'x' })).json;
  clock.time += 3600_001;
  const edit = () => ask('PATCH', `/channels/${channel.id}/messages/${id}`, { content: 'y' });
  for (let i = 0; i < 3; i += 1) assert.equal((await edit()).status, 200);
  const refused = await edit();
  assert.equal(refused.status, 429);
  assert.equal(refused.json.code, 30046);
});

test('a forum takes posts with its own tags', async (t) => {
  const { discord, ask } = await start(t);
  const forum = discord.guild('Acme').addChannel('work', {
    type: 15,
    tags: ['Open', { name: 'Staff', moderated: true }],
    needsTag: true,
  });
  const [open, staff] = (await ask('GET', `/channels/${forum.id}`)).json.available_tags;
  assert.equal((await ask('POST', `/channels/${forum.id}/messages`, { content: 'x' })).json.code, 40058);
  const post = (more) =>
    ask('POST', `/channels/${forum.id}/threads`, { name: 'Fix', message: { content: 'x' }, ...more });
  assert.equal((await post()).json.code, 40067);
  assert.equal((await post({ applied_tags: ['5'] })).json.code, 50035);
  assert.equal((await post({ applied_tags: Array(6).fill(open.id) })).json.code, 50035);
  assert.equal((await post({ applied_tags: [staff.id] })).json.code, 50013);
  assert.equal((await post({ applied_tags: [open.id], message: {} })).json.code, 50006);
  assert.equal((await post({ applied_tags: [open.id], type: 11 })).json.code, 50035);
  const posted = await post({ applied_tags: [open.id] });
  assert.equal(posted.status, 201);
  assert.equal(posted.json.message.id, posted.json.id);
  assert.equal(posted.json.message.channel_id, posted.json.id);
  assert.deepEqual(forum.threads[0].tags, ['Open']);
  forum.deny('@everyone', 'SEND_MESSAGES');
  assert.equal((await post({ applied_tags: [open.id] })).json.code, 50013);
  forum.allow('@everyone', 'CREATE_PUBLIC_THREADS');
  assert.equal((await ask('PATCH', `/channels/${posted.json.id}`, { applied_tags: [] })).status, 200);
});

test('without allowed_mentions a bot pings everybody, with it only those', async (t) => {
  const { discord, channel, create } = await start(t);
  const { id } = discord.member('bob');
  await create({ content: `@everyone <@${id}>` });
  assert.deepEqual(channel.messages[0].pings, { users: [id], roles: [], everyone: true });
  await create({ content: `@everyone <@${id}>`, allowed_mentions: { parse: [] } });
  assert.deepEqual(channel.messages[1].pings, { users: [], roles: [], everyone: false });
});
