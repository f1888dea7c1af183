import type { Verdict } from '../../mailer/answers/classify.js';
import type { Unit } from '../../platform/db/database.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import type { Result } from '../../ledger/ledger.sql.js';
import { guard } from './guard.js';
import { noteFailures } from './address_failures.js';
import { type AlertKind, raiseAlerts } from '../../ledger/alerts.js';
import { noteEvidence } from './evidence.sql.js';

const ALERTS: Partial<Record<string, AlertKind>> = { content: 'content', reputation: 'reputation', sender: 'sender' };
/** What servers refused at once: for the addresses, and for the author where it is about the mail or about us. */
export async function noteRefusals(
  unit: Unit,
  { distribution, results, now }: { distribution: Distribution; results: readonly Result<Verdict>[]; now: Date },
): Promise<void> {
  const refused = results.flatMap(({ id, state, refusal, attempt }) =>
    refusal === undefined ? [] : [{ id, state, refusal, words: attempt?.words ?? '', saidBy: attempt?.host ?? '' }],
  );
  if (refused.length === 0) {
    return;
  }
  const { brandId, id: distributionId } = distribution;
  const failures = refused
    .filter(({ state, refusal }) => state === 'failed' || refusal.suppress === 'after_day')
    .map(({ id, refusal, words }) => ({ messageId: id, verdict: refusal, evidence: words }));
  await noteFailures(unit, { brandId, failures, now });
  const alerts = refused.flatMap(({ refusal, words, saidBy }) => {
    const kind = ALERTS[refusal.class];
    return kind === undefined ? [] : [{ kind, words, saidBy }];
  });
  await raiseAlerts(unit, { brandId, distributionId, now }, alerts);
  const ids = refused.filter(({ refusal }) => refusal.class === 'sender').map(({ id }) => id);
  if (ids.length > 0) {
    await noteEvidence(unit, { kind: 'sender', ids, source: 'wire', now });
  }
  if (ids.length > 0 || refused.some(({ state, refusal }) => state === 'failed' && refusal.bounce === 'hard')) {
    await guard(unit, distributionId, now);
  }
}
