import type { QuestionWords, Translation } from '../engine/definition.js';
import { safeHtml } from './html.js';
import type { ListName } from './questions/choices.js';
import { labelledList, labelsIn, withLabels } from './questions/column-labels.js';
import { safeId } from './ids.js';
import { bothEnds, isBipolar } from './questions/matrix.js';
import { isProfile, profileWords, rowId } from './profile-rows.js';
import { languageTag } from '../engine/language.js';
import { plainText } from '../engine/text.js';
import { entriesOf, isRecord, record, recordsOf, textOf } from './raw.js';
import type { Raw } from './raw.js';
import type { Source } from './source.js';

/** The languages of a file: its own, and those that it has switched on; nothing where it doesn't say which. */
export interface Languages {
  own: string;
  on: ReadonlySet<string> | undefined;
}

export function languagesIn(entry: Raw, options: Raw, source: Source): Languages {
  const written = textOf(entry['SurveyLanguage']) || textOf(options['SurveyLanguage']);
  const own = languageTag(written);
  if (own === undefined && written !== '') {
    source.report.warn(
      'Languages',
      `Its own language "${written}" is no code known here; its texts count as English.`,
      'Check how the pages name their language.',
    );
  }
  return { own: own ?? 'en', on: switchedOn(options['AvailableLanguages'] ?? undefined, source) };
}

/** `{ "EN": [], "DE": [] }`, `["EN", "DE"]` or `EN, DE`, by the file's codes. */
function switchedOn(written: unknown, source: Source): ReadonlySet<string> | undefined {
  const codes = Array.isArray(written)
    ? written.map(textOf)
    : isRecord(written)
      ? entriesOf(written).flatMap(([code, value]) => (OFF.test(String(value)) ? [] : [code]))
      : textOf(written)
          .split(/[\s,;]+/)
          .filter((code) => code !== '');
  if (codes.some((code) => code === '')) {
    source.report.warn(
      'Languages',
      'Which languages are switched on can not be read: all that have texts are offered.',
    );
    return undefined;
  }
  return codes.length > 0 || typeof written === 'object' ? new Set(codes.map(tagOrCode)) : undefined;
}

/** What a map of languages says of one that is switched off. */
const OFF = /^(?:false|off|no|0)$/i;

function tagOrCode(code: string): string {
  return languageTag(code) ?? code;
}

/** What the questions of a file say in other languages that are switched on. */
export function translationsOf(
  questions: ReadonlyMap<string, Raw>,
  { own, on }: Languages,
  source: Source,
): Record<string, Translation> {
  const all = wordings(questions).filter(({ code }) => languageTag(code) !== own);
  const [kept, left] = [
    all.filter(({ code }) => isSwitchedOn(code, on)),
    all.filter(({ code }) => !isSwitchedOn(code, on)),
  ];
  for (const [code, texts] of Map.groupBy(left, (one) => one.code)) reportLeft(code, texts.length, source);
  const byTag = Map.groupBy(kept, ({ code }) => tagOrCode(code));
  const translations = [...byTag].map(([tag, texts]): [string, Translation] => {
    const questionsIn = texts.map((one) => wordsOf(one, source));
    return [tag, { questions: Object.assign({}, ...questionsIn) as Record<string, QuestionWords> }];
  });
  const found = new Map(translations.filter(([, words]) => hasWords(words)));
  for (const tag of new Set([...(on ?? []), ...byTag.keys()])) {
    if (tag !== own && !found.has(tag)) reportEmpty(tag, on, source);
  }
  return Object.fromEntries(found);
}

function hasWords({ questions }: Translation): boolean {
  return Object.values(questions).some((words) => Object.keys(words).length > 0);
}

/** What one question says in one language, by the file's code. */
interface Wording {
  qid: string;
  question: Raw;
  code: string;
  words: Raw;
}

function wordings(questions: ReadonlyMap<string, Raw>): Wording[] {
  return [...questions].flatMap(([qid, question]) =>
    recordsOf(record(question['Language'])).map(([code, words]) => ({ qid, question, code, words })),
  );
}

function isSwitchedOn(code: string, on: Languages['on']): boolean {
  const tag = languageTag(code);
  return tag !== undefined && (!on || on.has(tag));
}

function reportLeft(code: string, count: number, source: Source): void {
  const texts = `its texts of ${count} ${count === 1 ? 'question' : 'questions'} were left out`;
  if (languageTag(code) === undefined) {
    source.report.warn('Languages', `"${code}" is no language code known here; ${texts}.`);
  } else {
    const remedy = 'Switch the language on where the file comes from and import it again to have them.';
    source.report.note('Languages', `"${code}" is switched off in the file and isn't offered; ${texts}.`, remedy);
  }
}

function reportEmpty(code: string, on: Languages['on'], source: Source): void {
  const state = on?.has(code) ? 'is switched on in the file, but has no texts' : 'has no texts in the file';
  source.report.note('Languages', `"${code}" ${state}; it isn't offered.`);
}

function wordsOf({ qid, question, words }: Wording, source: Source): Record<string, QuestionWords> {
  const columns = recordsOf(words['AdditionalQuestions']).map(([key, column]) => {
    const written = `${qid}#${key}`;
    const own = record(record(question['AdditionalQuestions'])[key]);
    return [safeId(written), questionWords({ Choices: words['Choices'], ...column }, own, written, source)] as const;
  });
  const rows = (isProfile(question) ? profileWords(words) : []).map(([row, text]) => {
    const id = rowId(safeId(qid), safeId(row));
    return [id, questionWords(text, {}, `${qid}_${row}`, source)] as const;
  });
  const whole = isProfile(question) ? { QuestionText: words['QuestionText'] } : words;
  return Object.fromEntries([[safeId(qid), questionWords(whole, question, qid, source)] as const, ...columns, ...rows]);
}

function questionWords(words: Raw, question: Raw, where: string, source: Source): QuestionWords {
  const text = safeHtml(textOf(words['QuestionText']), where, source.report);
  const list = (name: ListName): Record<string, string> | undefined => listWords(name, words, question, where, source);
  const [choices, columns] = [list('Choices'), list('Answers')];
  const labels = recordsOf(words['Labels'] ?? words['ColumnLabels']).map(([, label]) =>
    plainText(textOf(label['Display'])),
  );
  return {
    ...(text ? { text } : {}),
    ...(choices ? { choices } : {}),
    ...(columns ? { columns } : {}),
    ...(labels.length > 0 ? { labels } : {}),
  };
}

/** The words of a list; those above its columns stand beside them, translated or not. */
function listWords(
  list: ListName,
  words: Raw,
  question: Raw,
  where: string,
  source: Source,
): Record<string, string> | undefined {
  const texts = new Map(recordsOf(words[list]));
  const own = new Map(recordsOf(question[list]));
  const labels = labelledList(question) === list ? labelsIn(words, question, where, source) : [];
  const ids = labels.some((label) => label !== '') ? idsInOrder(list, question, own) : [];
  const places = new Map(ids.map((id, place) => [id, place]));
  const found = [...new Set([...ids, ...texts.keys()])].map((id) => {
    const text = safeHtml(textOf((texts.get(id) ?? own.get(id))?.['Display']), where, source.report);
    const ends = isBipolar(question) && list === 'Choices' ? bothEnds(text) : text;
    return [safeId(id), withLabels(ends, labels, places.get(id) ?? -1, ids.length)] as const;
  });
  const kept = found.filter(([, text]) => text !== '');
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

function idsInOrder(list: ListName, question: Raw, own: ReadonlyMap<string, Raw>): string[] {
  const order = entriesOf(question[list === 'Choices' ? 'ChoiceOrder' : 'AnswerOrder']).map(([, id]) => textOf(id));
  return [...new Set([...order, ...own.keys()])].filter((id) => own.has(id));
}
