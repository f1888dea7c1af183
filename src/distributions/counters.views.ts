import { figure } from '../platform/figures.js';
import { addresses } from '../platform/web/addresses.js';
import type { Shown } from './shown_distribution.js';
import type { TallyName } from '../ledger/tallies.js';

/** Right after who finished, where there are any: how other walks ended. */
const OTHER_ENDS: readonly TallyName[] = ['screened_out', 'quota_full', 'session_expired', 'partial'];
const ALL: readonly TallyName[] = [
  'accepted',
  'failed',
  'bounced',
  'skipped',
  'opened',
  'started',
  'finished',
  ...OTHER_ENDS,
  'opted_out',
  'complained',
  'uncertain',
  'duplicates',
  'cancelled',
];
const WHEN_THERE: readonly TallyName[] = [...OTHER_ENDS, 'cancelled'];
const OF_OWN_LINKS: readonly TallyName[] = ['opened', 'started', 'finished', ...OTHER_ENDS];
const COUNTER_TONES: Partial<Record<TallyName, string>> = {
  failed: 'fail',
  bounced: 'fail',
  complained: 'fail',
  uncertain: 'unsure',
};

/** The counters of a distribution; what nobody counts says so instead of naming a nought. */
export function countersOf({ distribution, tallies, countsOpens, words }: Shown): object[] {
  const hasOwnLinks = distribution.linkType !== 'Anonymous';
  const isUncounted = (name: TallyName): boolean => name === 'opened' && !countsOpens && tallies.opened === 0;
  return ALL.filter((name) => tallies[name] > 0 || !WHEN_THERE.includes(name))
    .filter((name) => hasOwnLinks || !OF_OWN_LINKS.includes(name))
    .map((name) => ({
      name,
      label: words.say(`counter.${name}`),
      help: words.say(isUncounted(name) ? 'counterHelp.uncounted' : `counterHelp.${name}`),
      value: isUncounted(name) ? words.say('counter.uncounted') : figure(tallies[name]),
      isUncounted: isUncounted(name),
      href:
        tallies[name] > 0
          ? `${addresses.mails.page(...words.at(distribution))}?show=${linked(name)}#recipients`
          : undefined,
      isQuiet: tallies[name] === 0 && QUIET.includes(name),
      tone: tallies[name] > 0 ? COUNTER_TONES[name] : undefined,
    }));
}

/** Nothing that is nothing stands in the compact view. */
const QUIET: readonly TallyName[] = [
  'failed',
  'bounced',
  'skipped',
  'opted_out',
  'complained',
  'uncertain',
  'duplicates',
];

/** Duplicates are found among the skipped. */
function linked(name: TallyName): TallyName {
  return name === 'duplicates' ? 'skipped' : name;
}
