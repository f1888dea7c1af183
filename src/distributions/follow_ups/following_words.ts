import { DateTime } from 'luxon';
import type { Distribution } from '../../ledger/distribution.entity.js';
import type { SendingPlan } from '../../ledger/sending_plan.js';
import type { DistributionWords } from '../../ledger/distribution_words.js';
import type { Span } from './expected.js';

type Timed = Pick<Distribution, 'atOnce' | 'afterHours' | 'afterWhat' | 'timeZone'> & {
  plan: Pick<SendingPlan, 'window'>;
};

/** "3 days after their invitation, about 3 Dec 2026, 09:00–18:00 CET"; whoever finishes is thanked at once. */
export function afterWords(followUp: Timed, words: DistributionWords, expected?: Span): string {
  const { atOnce, afterHours, afterWhat, plan } = followUp;
  if (atOnce || afterHours === null) {
    return words.say(plan.window === null ? 'when.atOnce' : 'when.atOnceInHours', hoursIn(followUp, words));
  }
  const days = Math.round(afterHours / 24);
  const span = afterHours % 24 === 0 ? words.counted('when.days', days) : words.counted('when.hours', afterHours);
  const after = words.say(`when.after_${afterWhat ?? 'invitation'}`, { span });
  return expected === undefined ? after : `${after}, ${aboutWords(followUp, words, expected)}`;
}

/** The same within a sentence. */
export function afterWordsWithin(followUp: Timed, words: DistributionWords): string {
  const after = afterWords(followUp, words);
  return `${after.charAt(0).toLowerCase()}${after.slice(1)}`;
}

/** "about 3 Dec 2026, 09:00–18:00 CET", "about 3 to 7 Dec 2026, 14:05 CET". */
export function aboutWords(followUp: Timed, words: DistributionWords, { from, to }: Span): string {
  const [first, last] = [from, to].map((at) => DateTime.fromJSDate(at, { zone: followUp.timeZone }).setLocale('en'));
  const format = first!.hasSame(last!, 'month') ? 'd' : first!.hasSame(last!, 'year') ? 'd LLL' : 'd LLL yyyy';
  const until = last!.toFormat('d LLL yyyy');
  const day = first!.hasSame(last!, 'day')
    ? until
    : words.say('when.days_to', { first: first!.toFormat(format), last: until });
  const { hours, zone } = hoursIn(followUp, words);
  const time = hours === '' ? first!.toFormat('HH:mm') : hours;
  return words.say('when.about', { day, time, zone: zone === '' ? first!.toFormat('ZZZZ') : zone });
}

/** The hours of a plan, and whose clock they are of where that is not one place. */
function hoursIn({ plan: { window } }: Timed, words: DistributionWords): { hours: string; zone: string } {
  return window === null
    ? { hours: '', zone: '' }
    : {
        hours: `${window.from}–${window.to}`,
        zone: window.zone === 'recipient' ? words.say('when.theirTime') : '',
      };
}
