import type { Actor } from '../../platform/auth/actor.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { figure } from '../../platform/figures.js';
import { type DistributionWords } from '../../ledger/distribution_words.js';
import type { RecipientRow } from '../../ledger/recipients/recipients.sql.js';
import { linkStateOf } from '../../ledger/recipients/link_state.js';
import { reasonWords } from '../../ledger/recipients/recipients.views.js';
import { addresses } from '../../platform/web/addresses.js';
import { statusOf } from './link_status.js';
import { audienceIn, type Tallies } from '../../ledger/tallies.js';

interface Around {
  actor: Actor;
  words: DistributionWords;
}

type GenerationModel = { id: string; title: string; isMaking: boolean } & Record<string, unknown>;

/** Started and finished always, the others where there are any. */
const COUNTERS = [
  'skipped',
  'started',
  'finished',
  'screened_out',
  'quota_full',
  'session_expired',
  'partial',
] as const;

/** One generation of links: `distributions/personal/_generation`. */
export function generationModel(
  { distribution, tallies }: { distribution: Distribution; tallies: Tallies },
  { actor, words }: Around,
): GenerationModel {
  const {
    name,
    status,
    createdAt,
    linkExpiresAt,
    audienceSize,
    audience: { listName },
  } = distribution;
  const isMaking = status === 'planning';
  const at = words.at(distribution);
  const made = audienceIn(tallies);
  const shown = COUNTERS.filter((one) => one === 'started' || one === 'finished' || tallies[one] > 0);
  const counters = shown.map((counter) => ({
    name: counter,
    label: words.say(counter === 'skipped' ? 'personal.noLinks' : `counter.${counter}`),
    help: words.say(counter === 'skipped' ? 'personal.noLinksHelp' : `counterHelp.${counter}`),
    value: figure(tallies[counter]),
  }));
  return {
    id: words.shown(distribution),
    url: addresses.personalLinks.page(...at),
    title: name.trim() || listName,
    audience: words.counted('personal.size', audienceSize ?? made, { name: listName }),
    linkType: words.say(`linkType.${distribution.linkType}`),
    made: words.when(actor, createdAt),
    expires: linkExpiresAt === null ? undefined : words.when(actor, linkExpiresAt),
    pill: isMaking
      ? { tone: 'run', text: words.say('personal.making') }
      : { tone: 'done', text: words.say('personal.done') },
    progress: isMaking
      ? {
          label: words.say('personal.making'),
          count: words.say('progress.planned', { done: figure(made) }),
          value: 0,
          max: 1,
          unknown: true,
        }
      : undefined,
    counters: made > 0 ? counters : [],
    fileUrl: addresses.personalLinks.file(...at),
    nowUrl: addresses.personalLinks.now(...at),
    isMaking,
  };
}

export function personModel(row: RecipientRow, linkType: Distribution['linkType'], { actor, words }: Around): object {
  const { recipient, address } = row;
  const name = `${recipient.firstName ?? ''} ${recipient.lastName ?? ''}`.trim();
  const isExpired = row.linkExpiresAt !== null && row.linkExpiresAt <= words.now();
  const status = statusOf({ ...row, isExpired });
  return {
    id: row.id,
    name: name || address || recipient.extRef,
    address: name === '' ? '' : address,
    pill: { tone: status.tone, text: words.say(`personal.status.${status.key}`) },
    expires: row.linkExpiresAt === null ? undefined : words.when(actor, row.linkExpiresAt),
    reason: status.key === 'skipped' ? reasonWords(row, actor, words) : undefined,
    canChange: status.key !== 'skipped' && linkStateOf(row, linkType, words.now()) !== 'spent',
  };
}

export function removalModel(title: string, distribution: Distribution, words: DistributionWords): object {
  const { say } = words;
  return {
    id: 'remove_links',
    title: say('personal.removeTitle', { title }),
    text: say('personal.removeText'),
    action: addresses.personalLinks.removal(...words.at(distribution)),
    button: say('personal.remove'),
    danger: true,
  };
}
