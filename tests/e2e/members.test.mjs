// Who may say what: Manage Webhooks in the channel, and nothing of another guild.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsProgram } from '../support/hookline.mjs';
import { assertClean, embedsIn, makeHook, push, startBoth } from '../support/story.mjs';

test('a member without Manage Webhooks is refused, overwrites count both ways', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t);
  const bob = discord.member('bob');
  const refused = await bob.asks('#dev', '!hook github on');
  assert.match(refused.text, /Manage Webhooks/);
  assert.equal((await hookline.api('GET', 'hooks')).json.hooks.length, 0);
  discord.channel('dev').allow('@bob', 'MANAGE_WEBHOOKS');
  await makeHook(discord, { who: 'bob' });
  discord.channel('ops').deny('@alice', 'MANAGE_WEBHOOKS');
  assert.match((await discord.member('alice').asks('#ops', '!hook github on')).text, /Manage Webhooks/);
  discord.channel('dev').deny('@bob', 'MANAGE_WEBHOOKS');
  assert.match((await bob.asks('#dev', '!hook pause hook_001')).text, /Manage Webhooks/);
  assert.match(
    (await discord.member('alice').asks('#dev', `!hook github on --channel <#${discord.channel('ops').id}>`))
      .text,
    /Manage Webhooks/,
  );
  assertClean(discord);
});

// Several, because one member is slowed down after a few commands.
const strangers = Array.from({ length: 8 }, (_, i) => `mallory-${i}`);

test('ids of another guild do not exist', needsProgram, async (t) => {
  const { discord, hookline } = await startBoth(t, {
    discord: {
      guilds: [
        {
          name: 'Acme',
          channels: ['dev', 'ops'],
          members: [{ name: 'alice', permissions: ['MANAGE_WEBHOOKS'] }],
        },
        {
          name: 'Other',
          channels: ['main', ...strangers.map((_, i) => `room-${i}`)],
          members: strangers.map((name) => ({ name, permissions: ['ADMINISTRATOR'] })),
        },
      ],
    },
  });
  const hook = await makeHook(discord);
  const {
    json: { event },
  } = await hookline.deliver('push', push('push number 1'), hook);
  await discord.channel('dev').next(/push number 1/);
  let said = 0;
  const stranger = (words) => {
    const i = Math.floor(said++ / 4) % strangers.length;
    return discord.member(strangers[i]).asks(`#room-${i}`, `!hook ${words}`);
  };
  const dev = discord.channel('dev').id;
  for (const words of [
    `show ${hook.id}`,
    `pause ${hook.id}`,
    `delete ${hook.id}`,
    `rotate ${hook.id}`,
    `test ${hook.id}`,
    `log ${hook.id}`,
    `undo ${hook.id}`,
    `copy ${hook.id} <#${discord.channel('main').id}>`,
    `github on --from ${hook.id}`,
    `${hook.id} events push`,
  ]) {
    const unknown = words.replaceAll(hook.id, 'hook_777');
    const [there, nowhere] = [await stranger(words), await stranger(unknown)];
    assert.equal(there.text.replaceAll(hook.id, 'hook_777'), nowhere.text, words);
  }
  for (const words of [`why ${event}`, `replay ${event}`]) {
    const [there, nowhere] = [await stranger(words), await stranger(words.replace(String(event), '777'))];
    assert.equal(there.text.replaceAll(String(event), '777'), nowhere.text, words);
  }
  assert.match((await stranger(`github on --channel <#${dev}>`)).text, /channel/i);
  assert.doesNotMatch((await stranger('list')).text, new RegExp(`${hook.id}\\b`));
  assert.equal(discord.channel('dev').announced.length, 2, 'nothing happened in the other guild');
  const { json } = await hookline.api('GET', 'hooks');
  assert.deepEqual(
    json.hooks.map((h) => [h.id, h.paused, h.enabled]),
    [[hook.id, false, true]],
  );
  assertClean(discord);
});

test(
  'a member who takes no direct messages: the reply says what to do, the secret stays secret',
  needsProgram,
  async (t) => {
    const { discord } = await startBoth(t);
    const alice = discord.member('alice');
    alice.refuseDirectMessages();
    const reply = await alice.asks('#dev', '!hook github on');
    await discord.until(() => /direct message/i.test(discord.channel('dev').texts.join('\n')), {
      what: () => reply.text,
    });
    for (const { message } of discord.ledger.messages) {
      for (const { body } of message.revisions) assert.doesNotMatch(JSON.stringify(body), /gh_\w{20,}/);
    }
    assertClean(discord);
  },
);

test(
  'no text of a payload pings, links under a false name, or breaks the layout',
  needsProgram,
  async (t) => {
    const { discord, hookline } = await startBoth(t);
    const hook = await makeHook(discord);
    const { id } = discord.member('bob');
    const attacks = [
      '@everyone',
      '@here',
      `<@${id}>`,
      `<@!${id}>`,
      `<@&${discord.guild('Acme').id}>`,
      '[github.com](https://evil.example)',
      '](https://evil.example)',
      '```',
      '||x||',
      '\u202egnp.exe',
      'a\u0000b',
      '# big',
      '> quote',
      '**',
      '\\',
      '<t:0:R>',
      '`@everyone`',
      'https://discord.gg/evil',
      '𝒳'.repeat(5000),
      'x\n'.repeat(500),
      '   ',
      '<#1>',
      '<:a:1>',
    ];
    for (const [i, attack] of attacks.entries()) {
      const { status } = await hookline.deliver(
        'push',
        push(`${attack} push number ${i + 1}`, {
          branch: attack.replace(/[\s\0]/g, '') || 'x',
          change: (p) => {
            p.pusher.name = attack;
            p.sender.login = attack;
          },
        }),
        hook,
      );
      assert.equal(status, 202);
    }
    await hookline.until(
      async () => {
        const { json } = await hookline.api('GET', 'status');
        return json.unprocessed + json.waiting === 0;
      },
      { within: 30_000, what: 'all are posted' },
    );
    const shown = discord.channel('dev').announced.slice(1);
    assert.equal(embedsIn(discord.channel('dev'), { after: 1 }).length, attacks.length);
    for (const message of shown) {
      assert.doesNotMatch(message.text, /(?<!\\)\]\(<?https:\/\/evil\.example/);
      assert.doesNotMatch(message.text, /[\u202a-\u202e\u2066-\u2069]/);
      for (const embed of message.embeds) assert.doesNotMatch(embed.url ?? '', /evil/);
    }
    assert.equal(await hookline.metric('hookline_outbox_parked'), 0);
    assertClean(discord);
  },
);
