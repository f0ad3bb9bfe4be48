// Where every event went, as the database says, and whether the channel shows it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ask = (hookline, sql) =>
  JSON.parse(
    execFileSync(
      'python3',
      [
        '-c',
        'import json, sqlite3, sys\n' +
          'db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)\n' +
          'print(json.dumps(db.execute(sys.argv[2]).fetchall()))',
        join(hookline.dataDir, 'hookline.db'),
        sql,
      ],
      { maxBuffer: 64 * 1024 * 1024 },
    ),
  );

/// Until all is processed and posted, and no summary will be updated any more.
export async function settled(hookline, { within = 120_000 } = {}) {
  const isQuiet = async () => {
    const { json } = await hookline.api('GET', 'status');
    return json.unprocessed + json.waiting === 0;
  };
  await hookline.until(isQuiet, { within, what: 'all is posted' });
  await hookline.until(() => ask(hookline, 'SELECT count(*) FROM windows')[0][0] === 0, {
    within: 120_000,
    what: 'no summary is open',
  });
  await hookline.until(isQuiet, { what: 'the end of the summaries is posted' });
}

/// Each event in its order with its outcome: { id, type, delivery, kind, reason, message, state, where }.
export function accounts(hookline) {
  const rows = ask(
    hookline,
    'SELECT e.id, e.event_type, e.delivery_id, o.kind, o.reason, o.message, m.state, ' +
      'CAST(m.discord_message AS TEXT) FROM webhook_events e LEFT JOIN outcomes o ON o.event = e.id ' +
      'LEFT JOIN messages m ON m.id = o.message ORDER BY e.id',
  );
  return rows.map(([id, type, delivery, kind, reason, message, state, where]) => ({
    id, type, delivery, kind, reason, message, state, where,
  }));
}

/// Every event has one outcome, sent or summed up in a storm; its message is in the channel; a summary counts what was
/// folded into it. Returns { folded: ids of events, summaries }.
export function assertAccounted(rows, channel) {
  const shown = new Map(channel.announced.map((message) => [message.data.id, message]));
  const counts = new Map();
  const folded = new Set();
  assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length, 'one outcome each');
  for (const { id, kind, reason, message, state, where } of rows) {
    assert.ok(kind === 'sent' || kind === 'folded', `${id}: ${kind} (${reason})`);
    assert.equal(state, 'sent', `${id}: message ${message}`);
    assert.ok(shown.has(where), `${id}: its message is in the channel`);
    if (kind === 'folded') {
      assert.match(reason, /summed up: more came than the channel can take/);
      counts.set(where, (counts.get(where) ?? 0) + 1);
      folded.add(id);
    }
  }
  for (const [where, count] of counts) {
    const number = count.toLocaleString('en-US');
    assert.match(shown.get(where).text, new RegExp(`🌊 ${number} events? in `));
  }
  return { folded, summaries: counts.size };
}
