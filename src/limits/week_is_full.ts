import { DateTime } from 'luxon';
import { WrongState } from '../platform/errors.js';
import type { Scope, Shortage } from './weekly_buckets.sql.js';

const WHO: Readonly<Record<Scope, string>> = { user: 'This account', division: 'This division', brand: 'This brand' };

/** The weekly limit leaves too little: EQD03 for the person's own, EQD04 for one that they share with others. */
export class WeekIsFull extends WrongState {
  constructor(
    readonly shortage: Shortage,
    timeZone: string,
  ) {
    super(shortageWords(shortage, timeZone), shortage.scope === 'user' ? 'EQD03' : 'EQD04');
  }

  /** The division whose limit it is, where it is one's. */
  get divisionId(): string | undefined {
    return this.shortage.scope === 'division' ? this.shortage.scopeId : undefined;
  }
}

/** Why it can't be sent now, how much is used, when enough will be free, and whom to ask. */
export function shortageWords(
  { scope, limit, used, requested, freeAt, administrators }: Shortage,
  timeZone: string,
): string {
  const figure = (value: number): string => value.toLocaleString('en');
  const when =
    freeAt === undefined
      ? 'It is larger than the whole weekly limit.'
      : `Enough will be free on ${DateTime.fromJSDate(freeAt, { zone: timeZone }).toFormat("d LLLL yyyy 'at' HH:mm (ZZZZ)")}.`;
  const whom =
    administrators.length === 0 ? '' : `: ${new Intl.ListFormat('en', { type: 'disjunction' }).format(administrators)}`;
  return (
    `This distribution cannot be sent now. ${WHO[scope]} may send ${figure(limit)} e-mails per week; ` +
    `${figure(used)} of them are used and ${figure(requested)} are needed. ${when} ` +
    `To have the limit raised, contact the brand administrator${whom}.`
  );
}
