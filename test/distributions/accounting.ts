import type pg from 'pg';
import type { SinkProcess, Witnessed } from '../mailer/witness.js';

interface Message {
  address: string;
  state: string;
  message_id_header: string;
  uncertain: number;
  reserved_hour: Date | null;
}

/**
 * The two-sided accounting: what an independent witness took, against what the ledger says. Nobody is lost, nobody is
 * written to more often than there were doubts, always with the same mail, and counters and allowance agree.
 * @returns how often nobody could tell, and how many mails arrived once more
 */
export async function account(
  sql: pg.Client,
  sink: Pick<SinkProcess, 'witnessed'>,
  people: number,
): Promise<{ doubts: number; extra: number }> {
  const { rows: messages } = await sql.query<Message>(
    `SELECT address, state, message_id_header, reserved_hour, (SELECT count(*)::int FROM message_attempts a
       WHERE a.brand_id = m.brand_id AND a.message_id = m.id AND a.outcome = 'uncertain') AS uncertain FROM messages m`,
  );
  const copies = new Map<string, Witnessed[]>();
  for (const mail of sink.witnessed()) {
    copies.set(mail.recipients[0]!, [...(copies.get(mail.recipients[0]!) ?? []), mail]);
  }
  expect(messages).toHaveLength(people);
  for (const message of messages) {
    const taken = copies.get(message.address) ?? [];
    // Twice uncertain stays so; everything else has arrived, once more at most for each time that nobody could tell.
    expect(message.state).toBe(message.uncertain >= 2 ? 'uncertain' : 'accepted');
    expect(taken.length).toBeGreaterThanOrEqual(message.state === 'accepted' ? 1 : 0);
    expect(taken.length).toBeLessThanOrEqual(1 + message.uncertain);
    expect(taken.every(({ messageId }) => messageId === message.message_id_header)).toBe(true);
    expect(new Set(taken.map(({ bytes, sender }) => `${sender} ${bytes}`)).size).toBeLessThanOrEqual(1);
  }
  const doubts = messages.reduce((sum, { uncertain }) => sum + uncertain, 0);
  const extra = sink.witnessed().length - copies.size;
  process.stdout.write(`accounting: ${doubts} uncertain, ${extra} extra copies\n`);
  expect(extra).toBeLessThanOrEqual(doubts);
  expect(copies.size).toBe(people);
  await countersAgree(sql, messages, people);
  await nothingIsStuck(sql);
  return { doubts, extra };
}

/** Counters and allowance are folds of the ledger, also after all that. */
async function countersAgree(sql: pg.Client, messages: Message[], people: number): Promise<void> {
  const { rows: counters } = await sql.query<{ name: string; n: number }>(
    `SELECT name, sum(n)::int AS n FROM (SELECT name, n FROM distribution_tallies UNION ALL SELECT name, n FROM distribution_tally_deltas) t
     GROUP BY name HAVING sum(n) <> 0 ORDER BY name`,
  );
  const states = new Map<string, number>();
  messages.forEach(({ state }) => states.set(state, (states.get(state) ?? 0) + 1));
  expect(Object.fromEntries(counters.map(({ name, n }) => [name, n]))).toEqual(Object.fromEntries(states));
  const { rows: reserved } = await sql.query<{ scope: string; n: number }>(
    'SELECT scope, sum(reserved)::int AS n FROM send_buckets GROUP BY scope ORDER BY scope',
  );
  expect(reserved).toEqual([
    { scope: 'brand', n: people },
    { scope: 'user', n: people },
  ]);
}

async function nothingIsStuck(sql: pg.Client): Promise<void> {
  const { rows } = await sql.query(
    `SELECT id FROM messages WHERE state IN ('leased', 'wire') OR (state NOT IN ('leased', 'wire') AND lease_token IS NOT NULL)`,
  );
  expect(rows).toEqual([]);
}

/** A small generator whose whole sequence follows from its seed. */
export function randomBy(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
