import type { Shuffle } from '../../engine/draws/shuffle.schema.js';
import { entriesOf, isOn, isRecord, record, textOf, wholeOf } from '../raw.js';
import { planOf } from './randomization-plan.js';
import type { Raw } from '../raw.js';
import type { Source } from '../source.js';

/** What a file says about the order of a list, whatever it calls it. */
type Kind = 'none' | 'all' | 'subset' | 'advanced' | 'flip' | 'unknown';

/** Where it is said, and how many there are to choose from. */
interface Place {
  where: string;
  source: Source;
  count: number;
}

const MOST = 10_000;

/** Chance in the lists of a question: its choices or rows, and the columns of a table. */
export function shuffleOf(question: Raw, where: string, source: Source): { rows?: Shuffle; columns?: Shuffle } {
  const count = entriesOf(question['Choices']).length;
  const rows = listShuffle(question['Randomization'], { where, source, count });
  if (!isRecord(question['Answers'])) return rows ? { rows } : {};
  const columns = listShuffle(question['AnswerRandomization'], {
    where,
    source,
    count: entriesOf(question['Answers']).length,
  });
  // A scale that is turned around is the columns of a table, though it is written at its rows.
  const isTurned = rows?.mode === 'flip';
  const turned = columns ?? (isTurned ? rows : undefined);
  return { ...(rows && !isTurned ? { rows } : {}), ...(turned ? { columns: turned } : {}) };
}

function listShuffle(written: unknown, place: Place): Shuffle | undefined {
  const random = isRecord(written) ? written : { Type: written };
  const isEven = [random, record(random['Advanced'])].some((part) => isOn(part['EvenPresentation']));
  const even = isEven ? { even: true } : {};
  const kind = kindOf(random['Type'], random);
  if (kind === 'advanced') return planned(random, place, even);
  if (kind === 'subset') return { mode: 'shuffle', ...howMany(random, place), ...even };
  if (kind === 'flip') return { mode: 'flip', ...(isOn(random['ConsistentScaleReversal']) ? { together: true } : {}) };
  if (kind === 'unknown') reportUnknown(random['Type'], place);
  return kind === 'all' || kind === 'unknown' ? { mode: 'shuffle' } : undefined;
}

/** Advanced randomization; the written order where the file does not say what is advanced. */
function planned(random: Raw, { where, source }: Place, even: { even?: boolean }): Shuffle | undefined {
  const plan = planOf(record(random['Advanced']));
  if (!plan) {
    source.report.warn(where, 'Its random order is not in the file; the written order is kept.');
    return undefined;
  }
  const subset = plan.subset?.length ?? 0;
  const show = subsetSize(random, MOST) ?? plan.slots.filter((slot) => slot === '?').length;
  return { mode: 'shuffle', plan, ...(show > 0 && show < subset ? { show } : {}), ...even };
}

function kindOf(written: unknown, random: Raw): Kind {
  if (written === true) return 'all';
  const word = textOf(written)
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
  if (word === '') return subsetSize(random, MOST) === undefined ? 'none' : 'subset';
  if (/^(?:none|false|off|no)$/.test(word)) return 'none';
  if (/subset|onlyx/.test(word)) return 'subset';
  if (word === 'advanced') return 'advanced';
  if (/revers|flip/.test(word)) return 'flip';
  return /^(?:random|randomized?|randomizeall|randomall|randomwithxperpage|all|true|on|yes|shuffle)$/.test(word)
    ? 'all'
    : 'unknown';
}

/** `TotalRandSubset`, as number or text, beside the list or in its advanced part. */
function subsetSize(random: Raw, most: number): number | undefined {
  const sizes = [record(random['Advanced'])['TotalRandSubset'], random['TotalRandSubset'], random['SubSet']];
  return sizes.map((size) => wholeOf(size, 1, most)).find((size) => size !== undefined);
}

function howMany(random: Raw, { where, source, count }: Place): { show?: number } {
  const show = subsetSize(random, MOST);
  if (show === undefined) {
    source.report.warn(where, 'Some are to be shown at random, but the file does not say how many; all are shown.');
  }
  return show === undefined || show >= count ? {} : { show };
}

function reportUnknown(written: unknown, { where, source }: Place): void {
  source.report.warn(where, `Its random order "${textOf(written)}" is unknown; all are shown in random order.`);
}

/** How the questions of a block change places; nothing where they don't. */
export interface BlockOrder {
  shuffle: true;
  order?: Shuffle;
  perPage?: number;
}

export function blockOrderOf(options: Raw, place: Place): BlockOrder | undefined {
  const written = options['RandomizeQuestions'];
  const random = { SubSet: options['QuestionCount'], ...record(options['Randomization']), Type: written };
  const kind = written === undefined ? 'none' : kindOf(written, random);
  const order = kind === 'none' ? undefined : listShuffle(random, place);
  if (!order) return undefined;
  const perPage = kind === 'subset' ? undefined : questionsPerPage(options);
  const isPlain = Object.keys(order).length === 1 && order.mode === 'shuffle';
  return { shuffle: true, ...(isPlain ? {} : { order }), ...(perPage === undefined ? {} : { perPage }) };
}

function questionsPerPage(options: Raw): number | undefined {
  const advanced = record(record(options['Randomization'])['Advanced']);
  return [advanced['QuestionsPerPage'], options['QuestionsPerPage'], options['QuestionCount']]
    .map((size) => wholeOf(size, 1, 1000))
    .find((size) => size !== undefined);
}
