import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { formatOf } from '../../../src/responses/exports/export_formats.js';
import { startExport } from '../../../src/responses/exports/export_settings.js';
import { ExportTable } from '../../../src/responses/exports/export_table.js';
import type { ResponseRow } from '../../../src/responses/exports/response_rows.js';
import type { SurveyDefinition } from '../../../src/engine/definition.js';
import { embeddedNames, recordedAnswers } from '../../../src/engine/recorded.js';
import { importQsf } from '../../../src/qsf/import-qsf.js';
import { answerAll } from '../../surveys/answering.js';
import { anySurvey } from '../../engine/arbitrary.js';
import { corpusFiles } from '../../qsf/corpus_files.js';

const NOON = new Date('2026-11-23T12:00:00Z');

function settings(wish: object = {}) {
  return { ...startExport.parse({ compress: false, ...wish }), withPeople: true, isNeutral: false };
}

function tableOf(versions: SurveyDefinition[], wish: object = {}): ExportTable {
  const named = new Map(versions.map((definition, index) => [String(versions.length - index), definition]));
  return new ExportTable(named, settings(wish), (id) => `R_${id}`);
}

function rowOf(definition: SurveyDefinition, seed: number, versionId = '1'): ResponseRow {
  const { answers } = recordedAnswers(definition, answerAll(definition, seed).state);
  return {
    id: String(seed),
    hasLink: false,
    versionId,
    channel: 'anonymous',
    source: '',
    status: 0,
    finished: true,
    progress: 100,
    language: 'en',
    device: '',
    startedAt: NOON,
    endedAt: NOON,
    recordedAt: NOON,
    durationSeconds: 1,
    answers,
    embedded: Object.fromEntries([...embeddedNames(definition)].map((name) => [name, `told ${name}`])),
    person: {},
  };
}

/** Titles, import ids and every cell of a response, as a reader of the file finds them. */
function expectWhole(definition: SurveyDefinition, seed: number, wish: object): void {
  const table = tableOf([definition], wish);
  const row = rowOf(definition, seed);
  const format = formatOf(settings(wish), table);
  const lines = parse(format.begin() + format.row(row, true), { delimiter: '\t' });
  const [titles = [], , ids = []] = lines;
  expect(lines.map((line) => line.length)).toEqual(Array.from({ length: 4 }, () => titles.length));
  expect(new Set(titles).size).toBe(titles.length);
  expect(new Set(ids).size).toBe(titles.length);
  // Without the columns of others each cell stands alone: merging two would lose one of them.
  const given = Object.keys(row.answers).filter((id) => !isBlank(row, id));
  const filled = table.columnsFor('1').filter((column) => column.questionId !== undefined && column.code(row) !== '');
  expect(new Set(filled.map(({ questionId }) => questionId))).toEqual(new Set(given));
  expect(lines[3]?.filter((cell) => cell.startsWith('told '))).toHaveLength(embeddedNames(definition).size);
}

function isBlank({ answers }: ResponseRow, id: string): boolean {
  return Object.keys(answers[id] ?? {}).length === 0;
}

describe('the table of an export', () => {
  it.each(corpusFiles())('has a column under a name of its own for everything asked in $name', ({ path }) => {
    const { definition } = importQsf(readFileSync(path, 'utf8'));
    for (const [seed, wish] of [{}, { breakoutSets: false }, { useLabels: true }].entries()) {
      expectWhole(definition, seed + 1, { format: 'tsv', ...wish });
    }
  });

  it('has one for everything asked in any survey', () => {
    fc.assert(
      fc.property(anySurvey, fc.nat(1000), fc.boolean(), (definition, seed, breakoutSets) =>
        expectWhole(definition, seed, { format: 'tsv', breakoutSets }),
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the names whatever part of it is asked for, and asks by question, not by name', () => {
    fc.assert(
      fc.property(anySurvey, anySurvey, fc.constantFrom('QID1', 'QID2', 'QID3'), (latest, first, id) => {
        const whole = tableOf([latest, first]).columns;
        const part = tableOf([latest, first], {
          questionIds: [id],
          surveyMetadataIds: [],
          embeddedDataIds: [],
        }).columns;
        const asked = whole.filter(({ questionId }) => questionId === id);
        expect(part.map(({ tag }) => tag)).toEqual(asked.map(({ tag }) => tag));
      }),
      { numRuns: 40 },
    );
  });
});
