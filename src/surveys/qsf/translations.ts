import type { QuestionWords, Translation } from '../engine/definition.js';
import { safeHtml } from './html.js';
import { safeId } from './ids.js';
import { languageTag } from '../engine/language.js';
import { plainText } from '../engine/text.js';
import { entriesOf, record, recordsOf, textOf } from './raw.js';
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
  return { own: own ?? 'en', on: switchedOn(options['AvailableLanguages']) };
}

/** `{ "EN": [], "DE": [] }` or `["EN", "DE"]`, by the file's codes. */
function switchedOn(written: unknown): ReadonlySet<string> | undefined {
  if (typeof written !== 'object' || written === null) return undefined;
  const codes = Array.isArray(written)
    ? written.map(textOf)
    : entriesOf(written).flatMap(([code, value]) => (value === false ? [] : [code]));
  return new Set(codes.map(tagOrCode));
}

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
  const [kept, left] = [all.filter(({ code }) => isOn(code, on)), all.filter(({ code }) => !isOn(code, on))];
  for (const [code, texts] of Map.groupBy(left, (one) => one.code)) reportLeft(code, texts.length, source);
  const found = Map.groupBy(kept, ({ code }) => tagOrCode(code));
  for (const tag of on ?? []) if (tag !== own && !found.has(tag)) reportEmpty(tag, source);
  const translations = [...found].map(([tag, texts]): [string, Translation] => {
    const questionsIn = texts.map(({ qid, words }) => wordsOf(qid, words, source));
    return [tag, { questions: Object.assign({}, ...questionsIn) as Record<string, QuestionWords> }];
  });
  return Object.fromEntries(translations);
}

/** What one question says in one language, by the file's code. */
interface Wording {
  qid: string;
  code: string;
  words: Raw;
}

function wordings(questions: ReadonlyMap<string, Raw>): Wording[] {
  return [...questions].flatMap(([qid, question]) =>
    recordsOf(record(question['Language'])).map(([code, words]) => ({ qid, code, words })),
  );
}

function isOn(code: string, on: Languages['on']): boolean {
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

function reportEmpty(code: string, source: Source): void {
  source.report.note('Languages', `"${code}" is switched on in the file, but has no texts; it isn't offered.`);
}

function wordsOf(qid: string, raw: Raw, source: Source): Record<string, QuestionWords> {
  const columns = recordsOf(raw['AdditionalQuestions']).map(([key, column]) => {
    const words = questionWords({ Choices: raw['Choices'], ...column }, `${qid}#${key}`, source);
    return [safeId(`${qid}#${key}`), words] as const;
  });
  return Object.fromEntries([[safeId(qid), questionWords(raw, qid, source)] as const, ...columns]);
}

function questionWords(raw: Raw, where: string, source: Source): QuestionWords {
  const text = safeHtml(textOf(raw['QuestionText']), where, source.report);
  const choices = listWords(raw['Choices'], where, source);
  const columns = listWords(raw['Answers'], where, source);
  const labels = recordsOf(raw['Labels'] ?? raw['ColumnLabels']).map(([, label]) =>
    plainText(textOf(label['Display'])),
  );
  return {
    ...(text ? { text } : {}),
    ...(choices ? { choices } : {}),
    ...(columns ? { columns } : {}),
    ...(labels.length > 0 ? { labels } : {}),
  };
}

function listWords(list: unknown, where: string, source: Source): Record<string, string> | undefined {
  const words = recordsOf(list).flatMap(([id, one]) => {
    const text = safeHtml(textOf(one['Display']), where, source.report);
    return text === '' ? [] : [[safeId(id), text] as const];
  });
  return words.length > 0 ? Object.fromEntries(words) : undefined;
}
