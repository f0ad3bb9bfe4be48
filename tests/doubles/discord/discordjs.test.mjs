// discord.js, which nobody here wrote, works against the double: so the double answers as Discord does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { once } from 'node:events';
import {
  ChannelType,
  Client,
  EmbedBuilder,
  Events,
  GatewayIntentBits,
  Partials,
  WebhookClient,
} from 'discord.js';
import { startDiscord } from './discord.mjs';

let discord;
let client;
let channel;

const newClient = (
  double,
  intents = [
    GatewayIntentBits.Guilds,
    GatewayIntentBits.GuildMessages,
    GatewayIntentBits.DirectMessages,
    GatewayIntentBits.MessageContent,
  ],
) =>
  new Client({
    intents,
    partials: [Partials.Channel],
    rest: { api: double.api.replace(/\/v10$/, ''), version: '10' },
  });

before(async () => {
  discord = await startDiscord({
    pace: 10,
    takesUnknownKeys: true,
    checksItself: true,
    guilds: [
      {
        name: 'Acme',
        channels: ['dev', 'ops', { name: 'ideas', type: 15 }],
        members: [{ name: 'alice', permissions: ['MANAGE_WEBHOOKS'] }, 'bob'],
        roles: { Moderators: ['MANAGE_MESSAGES'] },
      },
    ],
  });
  client = newClient(discord);
  client.login(discord.token);
  await once(client, Events.ClientReady);
  channel = await client.channels.fetch(discord.channel('dev').id);
});

after(async () => {
  await client?.destroy();
  await discord?.close();
});

test('logs in and sees the guild with its channels and permissions', () => {
  const guild = client.guilds.cache.first();
  assert.equal(guild.name, 'Acme');
  assert.deepEqual([...guild.channels.cache.values()].map((c) => c.name).sort(), ['dev', 'ideas', 'ops']);
  assert.ok(guild.members.me.permissionsIn(channel).has('EmbedLinks'));
  assert.ok(!guild.members.me.permissionsIn(channel).has('ManageWebhooks'));
});

test('sends, edits and deletes a message with an embed', async () => {
  const embed = new EmbedBuilder()
    .setTitle('Push to main')
    .setURL('https://github.com/octo/app')
    .setColor(0x2ecc71)
    .addFields({ name: 'Commits', value: '3', inline: true })
    .setTimestamp(new Date())
    .setFooter({ text: 'octo/app' });
  const sent = await channel.send({ content: 'hello', embeds: [embed], allowedMentions: { parse: [] } });
  const seen = discord.channel('dev').last;
  assert.equal(seen.id, sent.id);
  assert.equal(seen.embeds[0].title, 'Push to main');
  const edited = await sent.edit({ content: 'changed', allowedMentions: { parse: [] } });
  assert.equal(edited.content, 'changed');
  assert.equal(seen.content, 'changed');
  assert.equal(seen.edits, 1);
  assert.equal(
    (await channel.messages.fetch({ message: sent.id, force: true })).embeds[0].fields[0].name,
    'Commits',
  );
  await sent.delete();
  assert.ok(seen.deletedAt);
  await assert.rejects(channel.messages.fetch({ message: sent.id, force: true }), { code: 10008 });
});

test('receives what members say, and answers by a reply and a reaction', async () => {
  const [[message]] = await Promise.all([
    once(client, Events.MessageCreate),
    discord.member('alice').says('#dev', '!hook list'),
  ]);
  assert.equal(message.content, '!hook list');
  assert.equal(message.author.username, 'alice');
  assert.ok(message.member.permissions.has('ManageWebhooks'));
  const reply = await message.reply('there are none');
  assert.equal((await reply.fetchReference()).id, message.id);
  await message.react('👍');
});

test('a nonce that is enforced posts once', async () => {
  const before = discord.channel('dev').messages.length;
  const first = await channel.send({ content: 'once', nonce: 'abc', enforceNonce: true });
  const second = await channel.send({ content: 'once', nonce: 'abc', enforceNonce: true });
  assert.equal(second.id, first.id);
  assert.equal(discord.channel('dev').messages.length, before + 1);
});

test('direct messages, and a member who takes none', async () => {
  const user = await client.users.fetch(discord.member('alice').id);
  await user.send('the secret');
  assert.equal(discord.member('alice').directMessages.last.content, 'the secret');
  const [[answer]] = await Promise.all([
    once(client, Events.MessageCreate),
    discord.member('alice').saysToBot('thanks'),
  ]);
  assert.equal(answer.content, 'thanks');
  assert.equal(answer.channel.type, ChannelType.DM);
  discord.member('bob').refuseDirectMessages();
  const bob = await client.users.fetch(discord.member('bob').id);
  await assert.rejects(bob.send('psst'), { code: 50007 });
});

test('a thread under a message, and a post in a forum', async () => {
  const message = await channel.send('CI run 42');
  const thread = await message.startThread({ name: 'CI run 42' });
  assert.equal(thread.id, message.id);
  await thread.send('step 1');
  assert.equal(discord.channel(thread.id).last.content, 'step 1');
  await assert.rejects(message.startThread({ name: 'again' }), { code: 160004 });
  const forum = await client.channels.fetch(discord.channel('ideas').id);
  const post = await forum.threads.create({ name: 'An idea', message: { content: 'what if' } });
  assert.equal(discord.channel(post.id).last.content, 'what if');
});

test('what Discord refuses is refused, with the field that is wrong', async () => {
  await assert.rejects(
    channel.send({ content: 'x'.repeat(2001) }),
    (error) =>
      error.code === 50035 && error.rawError.errors.content._errors[0].code === 'BASE_TYPE_MAX_LENGTH',
  );
  await assert.rejects(channel.send({ content: '' }), { code: 50006 });
  const tooMuch = Array.from({ length: 2 }, () => ({ description: 'x'.repeat(3001) }));
  await assert.rejects(
    channel.send({ embeds: tooMuch }),
    (error) => error.rawError.errors.embeds._errors[0].code === 'MAX_EMBED_SIZE_EXCEEDED',
  );
  await assert.rejects(channel.send({ embeds: [{ title: '👩‍💻'.repeat(86) }] }), { code: 50035 });
  await channel.send({ embeds: [{ title: '𝒳'.repeat(256) }] }); // 512 UTF-16 units, 256 characters
  discord.ledger.problems.length = 0;
});

test('permissions decide', async () => {
  const ops = await client.channels.fetch(discord.channel('ops').id);
  discord.channel('ops').deny('@hookline', 'SEND_MESSAGES');
  await assert.rejects(ops.send('no'), { code: 50013, status: 403 });
  discord.channel('ops').deny('@hookline', 'VIEW_CHANNEL');
  await assert.rejects(client.rest.get(`/channels/${ops.id}`), { code: 50001 });
  discord.channel('ops').allow('@hookline', 'VIEW_CHANNEL', 'SEND_MESSAGES');
  await ops.send('yes');
  await assert.rejects(client.rest.get('/channels/1234567890'), { code: 10003 });
});

test('a webhook posts under its own name', async () => {
  const { url } = discord.channel('ops').webhook('Builds');
  const webhook = new WebhookClient(
    { url },
    { rest: { api: discord.api.replace(/\/v10$/, ''), version: '10' } },
  );
  const sent = await webhook.send({ content: 'built', username: 'CI' });
  assert.equal(discord.channel('ops').last.content, 'built');
  await webhook.editMessage(sent.id, { content: 'rebuilt' });
  assert.equal(discord.channel('ops').last.content, 'rebuilt');
  await assert.rejects(webhook.send({ content: 'x', username: 'My Discord' }), { code: 50035 });
  discord.ledger.problems.length = 0;
});

test('rate limits: nine messages at once take two windows, and a 429 is waited for', async () => {
  const started = Date.now();
  await Promise.all(Array.from({ length: 9 }, (_, i) => channel.send(`burst ${i}`)));
  assert.deepEqual(
    discord
      .channel('dev')
      .announced.slice(-9)
      .map((m) => m.content),
    Array.from({ length: 9 }, (_, i) => `burst ${i}`),
  );
  assert.ok(Date.now() - started >= 300);
  discord.faults.push({ kind: 'limited', method: 'POST', retryAfter: 0.3, scope: 'shared' });
  await channel.send('after the 429');
  assert.deepEqual(discord.problemTexts(), []);
});

test('errors of the server are retried', async () => {
  discord.faults.push({ kind: 'status', status: 502, method: 'POST' });
  await channel.send('second try');
  assert.equal(discord.channel('dev').last.content, 'second try');
});

test('reconnects and resumes, and misses nothing', async () => {
  const resumed = () => discord.gateway.count('resumed');
  for (const [name, fault] of [
    ['op 7', () => discord.gateway.reconnect()],
    ['close 4000', () => discord.gateway.closeAll(4000)],
    ['a cut', () => discord.gateway.dropAll()],
  ]) {
    const before = resumed();
    fault();
    const heard = once(client, Events.MessageCreate);
    discord.member('bob').says('#dev', `during ${name}`);
    await discord.until(() => resumed() > before, { what: `resumed after ${name}` });
    assert.equal((await heard)[0].content, `during ${name}`);
  }
});

test('an invalid session is identified anew', async () => {
  const before = discord.gateway.count('ready');
  discord.gateway.invalidate(false);
  await discord.until(() => discord.gateway.count('ready') > before, { what: 'a new session' });
});

test('the message content intent: empty text without it, close 4014 where it is not allowed', async (t) => {
  const strict = await startDiscord({ messageContent: false });
  t.after(() => strict.close());
  const refused = newClient(strict);
  t.after(() => refused.destroy());
  await assert.rejects(refused.login(strict.token), /disallowed intents/i);
  assert.equal(strict.gateway.history.find((e) => e.what === 'closed by Discord').code, 4014);

  const other = await startDiscord({ messageContent: false });
  t.after(() => other.close());
  const modest = newClient(other, [
    GatewayIntentBits.Guilds,
    GatewayIntentBits.GuildMessages,
    GatewayIntentBits.DirectMessages,
  ]);
  t.after(() => modest.destroy());
  modest.login(other.token);
  await once(modest, Events.ClientReady);
  const [[hidden]] = await Promise.all([
    once(modest, Events.MessageCreate),
    other.member('alice').says('#dev', '!hook list'),
  ]);
  assert.equal(hidden.content, '');
  const [[plain]] = await Promise.all([
    once(modest, Events.MessageCreate),
    other.member('alice').says('#dev', `<@${other.world.bot.id}> list`),
  ]);
  assert.equal(plain.content, `<@${other.world.bot.id}> list`);
});

test(
  "the double's own answers are what Discord's description has",
  { skip: !process.env.HOOKLINE_DISCORD_OPENAPI && 'HOOKLINE_DISCORD_OPENAPI names no description' },
  () => {
    assert.deepEqual([...new Set(discord.ownMistakes)], []);
  },
);
