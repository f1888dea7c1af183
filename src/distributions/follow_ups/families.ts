import type { Unit } from '../../platform/db/database.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { holidaysOf } from '../../planning/timing.sql.js';
import { expectedSpan, type Span } from './expected.js';
import { type Kin, kinOf } from './kin.sql.js';

/** What pages say of a mail beside its own: what it follows, when it is expected, and what follows it. */
export interface Family {
  invitation?: Kin | undefined;
  expected?: Span | undefined;
  /** Those that follow it, and those of them that may still go. */
  followUps: number;
  open: number;
}

const OPEN = ['scheduled', 'planning', 'sending', 'held', 'paused'];

/** By the number of each of these mails of one brand. */
export async function familiesIn(
  unit: Unit,
  brandId: string,
  mails: readonly Distribution[],
): Promise<Map<string, Family>> {
  const invitations = [...new Set(mails.map(({ id, parentId }) => parentId ?? id))];
  const kin = await kinOf(unit, invitations);
  const holidays = await holidaysOf(unit, brandId);
  return new Map(
    mails.map((mail) => [
      mail.id,
      {
        invitation: kin.find(({ id }) => id === mail.parentId),
        expected: expectedSpan(mail, kin, holidays),
        followUps: kin.filter(({ parentId }) => parentId === mail.id).length,
        open: kin.filter(({ parentId, status }) => parentId === mail.id && OPEN.includes(status)).length,
      },
    ]),
  );
}
