import type pg from 'pg';
import { inAnInstallation, TOKEN } from '../sending/faults/installation.js';
import { sendToEverybody, untilDone } from '../distributions/whole_send.js';
import { until } from '../waiting.js';

const ROUNDS = 5;
const AT_ONCE = 30;

/** Copies of the one distribution that was sent: every third waits for a person, the others failed. */
async function copy(sql: pg.Client, from: number): Promise<void> {
  const { rows } = await sql.query<{ names: string }>(
    `SELECT string_agg(quote_ident(attname), ', ') AS names FROM pg_attribute
     WHERE attrelid = 'distributions'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
  );
  const { names } = rows[0]!;
  await sql.query(
    `INSERT INTO distributions (${names}) OVERRIDING SYSTEM VALUE
     SELECT ${names} FROM (SELECT (jsonb_populate_record(d, jsonb_build_object('id', d.id + $1::int + n, 'error_text', 'Too much.',
       'finished_at', now(), 'status', CASE n % 3 WHEN 0 THEN 'held' ELSE 'failed' END, 'held_at', now(),
       'held_from', CASE n % 3 WHEN 0 THEN 'sending' END, 'held_reason', CASE n % 3 WHEN 0 THEN 'late' END))).*
     FROM distributions d, generate_series(1, $2::int) n WHERE d.status = 'done') copies`,
    [from, AT_ONCE],
  );
}

describe('processes that find the same news at once', () => {
  it('tell each once: one event, one notice a person, one mail', async () => {
    await inAnInstallation(async ({ sql, sink, app }) => {
      const [first] = [await app(), await app({ ROLE: 'worker' }), await app({ ROLE: 'worker' })];
      const place = await sendToEverybody({ app: first, token: TOKEN, sql, people: 1 });
      await untilDone({ app: first, token: TOKEN }, place);
      const count = async (of: string): Promise<number> =>
        Number((await sql.query<{ n: string }>(`SELECT count(*) AS n FROM ${of}`)).rows[0]!.n);
      for (let round = 1; round <= ROUNDS; round += 1) {
        await copy(sql, 1000 * round);
        const told = (): Promise<number> =>
          count(`notices n JOIN notice_events e ON e.id = n.event_id WHERE e.kind <> 'done' AND mail_state = 'sent'`);
        await until(async () => (await told()) === round * AT_ONCE);
      }
      expect(await count(`notice_events WHERE kind IN ('failed', 'waits')`)).toBe(ROUNDS * AT_ONCE);
      expect(await count(`notices WHERE mail_attempts > 1`)).toBe(0);
      const { rows } = await sql.query<{ email: string }>('SELECT email FROM users');
      const mails = sink.witnessed().filter(({ recipients }) => recipients[0] === rows[0]!.email);
      expect(mails).toHaveLength(ROUNDS * AT_ONCE);
    });
  });
});
