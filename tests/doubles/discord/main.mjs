// The double on its own, so that a person can point a bot at it:
//   node doubles/discord/main.mjs [--port N] [--gateway-port N] [--token T] [--no-message-content] [--pace N]
// It has one guild, "Acme", with #dev and #ops, alice (who may manage webhooks) and bob. Every message is
// printed; a line typed here is said by alice in #dev, or "bob #ops words" by bob in #ops.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startDiscord } from './discord.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'gateway-port': { type: 'string' },
    token: { type: 'string' },
    'no-message-content': { type: 'boolean' },
    pace: { type: 'string' },
  },
});
const discord = await startDiscord({
  port: Number(values.port ?? 0),
  gatewayPort: Number(values['gateway-port'] ?? 0),
  token: values.token,
  messageContent: !values['no-message-content'],
  pace: Number(values.pace ?? 1),
});

const webhook = discord.channel('ops').webhook();
console.log(`HOOKLINE_DISCORD_API=${discord.api}`);
console.log(`HOOKLINE_DISCORD_TOKEN=${discord.token}`);
console.log(`gateway ${discord.gateway.url}, a webhook of #ops ${webhook.url}`);

let shown = 0;
let told = 0;
discord.ledger.on('change', () => {
  for (; shown < discord.ledger.messages.length; shown += 1) {
    const { channel, message } = discord.ledger.messages[shown];
    console.log(
      `\n[${channel.name ? `#${channel.name}` : `to ${channel.recipient.username}`}] ${message.data.author.username}: ${message.text}`,
    );
  }
  for (; told < discord.problems.length; told += 1) console.log(`PROBLEM ${discord.problemTexts()[told]}`);
});

createInterface({ input: process.stdin }).on('line', (line) => {
  const [, who = 'alice', where = '#dev', words] = /^(?:(alice|bob) )?(#\S+ )?(.*)$/.exec(line) ?? [];
  if (words) discord.member(who).says(where.trim(), words);
});
const end = async () => {
  await discord.close();
  process.exit(0);
};
process.on('SIGINT', end);
process.on('SIGTERM', end);
