import type { Report } from './report.js';
import { safeId } from './ids.js';
import { entriesOf, record, recordsOf, textOf } from './raw.js';
import type { Raw } from './raw.js';

/** The file being read: its questions by the ids written in it, and the report that grows. */
export class Source {
  constructor(
    readonly report: Report,
    readonly questions: ReadonlyMap<string, Raw>,
  ) {}

  /** Whether logic may look at a question; one column of a side-by-side is written `QID7#1`. */
  hasQuestion(written: string): boolean {
    const [id = '', column] = written.split('#', 2);
    const question = this.questions.get(id);
    if (!question) return false;
    return column === undefined || Object.hasOwn(record(question['AdditionalQuestions']), column);
  }

  /** Whether a list of a question names a choice; of lists that it has not got, any. */
  lists(written: string, list: 'Choices' | 'Answers', id: string): boolean {
    const [qid = '', column] = written.split('#', 2);
    const whole = record(this.questions.get(qid));
    const parts = [whole, record(record(whole['AdditionalQuestions'])[column ?? ''])];
    const lists = parts.map((part) => part[list]).filter((one) => typeof one === 'object' && one !== null);
    if (id === '' || lists.length === 0 || textOf(whole['Selector']) === 'NPS') return true;
    // Answers of a profile are listed by row.
    return lists.flatMap(entriesOf).some(([key, one]) => key === id || Object.hasOwn(record(one), id));
  }

  /** Our id of a choice as logic writes it; scores of a 0–10 question are named by their number. */
  partId(written: string, part: string): string {
    const question = this.questions.get(written);
    if (!question || textOf(question['Selector']) !== 'NPS') return safeId(part);
    return npsScores(question).get(part) ?? safeId(part);
  }
}

/** Scores by the choice ids of the file. */
export function npsScores(question: Raw): Map<string, string> {
  const shown = recordsOf(question['Choices']).map(([id, choice]) => [id, textOf(choice['Display']).trim()] as const);
  return new Map(shown.filter(([, score]) => /^(?:\d|10)$/.test(score)));
}
