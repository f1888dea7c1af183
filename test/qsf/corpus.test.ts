import { readFileSync } from 'node:fs';
import type { SurveyDefinition } from '../../src/engine/definition.js';
import type { EndView } from '../../src/engine/page.js';
import type { Answers } from '../../src/engine/questions/question.schema.js';
import { exportColumns, exportValues } from '../../src/engine/columns/export-columns.js';
import { recordedAnswers } from '../../src/engine/recorded.js';
import { warningsOf } from '../../src/engine/warnings.js';
import { importQsf } from '../../src/qsf/import-qsf.js';
import { answerAll } from '../surveys/answering.js';
import { corpusFiles } from './corpus_files.js';
import { type Json, RawFile, str } from './raw_file.js';
import { cellsOf, Interpreter } from './raw_interpreter.js';
import { Inventory } from './raw_inventory.js';

const files = corpusFiles();
const SEEDS = 10;

describe.each(files)('$name', ({ path }) => {
  const text = readFileSync(path, 'utf8');
  const survey = importQsf(text);

  it('is imported with its questions', () => {
    expect(Object.keys(survey.definition.questions).length).toBeGreaterThan(0);
    expect(survey.definition.flow.length).toBeGreaterThan(0);
    expect(() => warningsOf(survey.definition)).not.toThrow();
  });

  it('has nothing that is neither taken over nor in the report', () => {
    expect(new Inventory(new RawFile(text), survey).missing).toEqual([]);
  });

  it('asks what the file says, ends where it says, and exports every answer', () => {
    const file = new RawFile(text);
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { state, end, pages } = answerAll(survey.definition, seed, { embedded: { source: 'test' } });
      const { answers } = recordedAnswers(survey.definition, state);
      const drawn = new Set(pages.flatMap((page) => page.questions.map(({ id }) => id)));
      const expected = new Interpreter(file, answers, drawn).expected({ source: 'test' });
      const seen = (id: string) => drawn.has(id) || survey.definition.questions[id] === undefined;
      expect([...expected.asked].filter((id) => !seen(id))).toEqual([]);
      expect([...expected.notAsked].filter((id) => drawn.has(id))).toEqual([]);
      if (expected.end) expect(landing(end)).toBe(landingOf(expected.end));
      expect(lostAnswers(file, survey.definition, answers)).toEqual([]);
    }
  });

  it('is answered from the first page to the end, whatever the answers', () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { state, end, pages } = answerAll(survey.definition, seed, { embedded: { source: 'test' } });
      const recorded = recordedAnswers(survey.definition, state);
      expect(recorded).toMatchObject({ finished: true, progress: 100, offPath: [] });
      expect(end.progress).toBe(100);
      expect(pages.length).toBeGreaterThan(0);
      const columns = exportColumns(survey.definition);
      expect(exportValues(survey.definition, recorded.answers)).toHaveLength(columns.length);
      expect(new Set(columns.map((column) => column.exportTag)).size).toBe(columns.length);
      expect(new Set(columns.map(({ importId, choiceId }) => `${importId} ${choiceId}`)).size).toBe(columns.length);
    }
  });
});

/** Where somebody lands, in few words: an address without what is filled in, a message, or the usual end. */
function landing({ url, message }: EndView): string {
  return url === undefined ? (message === undefined ? 'usual' : 'message') : url.split('?')[0]!;
}

function landingOf(options: Json): string {
  const [termination, url, message] = ['SurveyTermination', 'EOSRedirectURL', 'EOSMessage'].map((key) =>
    str(options[key]),
  );
  if (termination === 'Redirect' && /^https?:\/\/\w/.test(url!)) return url!.split('?')[0]!;
  return termination === 'DisplayMessage' && message !== '' && !/^MS_\w+$/.test(message!) ? 'message' : 'usual';
}

/** Answers whose values are not those of the cells of their columns. */
function lostAnswers(file: RawFile, definition: SurveyDefinition, answers: Answers): unknown[] {
  const columns = exportColumns(definition, { split: false });
  const cells = exportValues(definition, answers, { split: false });
  return Object.entries(answers).flatMap(([id, answer]) => {
    const expected = cellsOf(file.questions.get(id) ?? {}, answer);
    const written = columns.flatMap(({ questionId, list }, at) => {
      const cell = questionId === id ? cells[at]! : '';
      return cell === '' ? [] : list === undefined ? [cell] : cell.split(',');
    });
    const isSame = expected === undefined || JSON.stringify(expected.toSorted()) === JSON.stringify(written.toSorted());
    return isSame ? [] : [{ id, expected, written }];
  });
}

it('there are survey files to try', () => {
  expect(files.length).toBeGreaterThan(0);
});
