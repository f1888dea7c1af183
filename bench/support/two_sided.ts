import { deepStrictEqual } from 'node:assert';
import type { SinkProcess } from '../../test/mailer/witness.js';
import { talliesOf } from '../../src/ledger/tallies.js';
import type { Installation } from './installation.js';

/** A fast ledger that is wrong would be no figure: what the sink took and what the ledger says must be the same. */
export async function ledgerAgrees(
  { database, actor }: Installation,
  id: string,
  mails: number,
  sink: SinkProcess,
): Promise<void> {
  const ledger = await database.inBrand(actor.brandId, async (unit) => ({
    messages: await unit.sql<{ header: string }>(
      `SELECT message_id_header AS header FROM messages WHERE distribution_id = $1 AND state = 'accepted' ORDER BY 1`,
      [id],
    ),
    counts: await unit.one<{ all: number; tries: number }>(
      `SELECT (SELECT count(*)::int FROM messages WHERE distribution_id = $1) AS all, count(*)::int AS tries
       FROM message_attempts a JOIN messages m ON m.brand_id = a.brand_id AND m.id = a.message_id
       WHERE m.distribution_id = $1 AND a.outcome = 'accepted'`,
      [id],
    ),
    tallies: (await talliesOf(unit, [id]))(id),
  }));
  const { accepted, queued, leased, wire, uncertain } = ledger.tallies;
  deepStrictEqual({ ...ledger.counts, accepted }, { all: mails, tries: mails, accepted: mails });
  deepStrictEqual([queued, leased, wire, uncertain], [0, 0, 0, 0]);
  const asked = new Set(ledger.messages.map(({ header }) => header));
  const taken = sink.witnessed().filter(({ messageId }) => asked.has(messageId));
  deepStrictEqual(taken.map(({ messageId }) => messageId).toSorted(), [...asked].toSorted());
  deepStrictEqual(asked.size, mails);
}
