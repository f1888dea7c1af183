import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportColumns, exportValues } from '../../../src/surveys/engine/export-columns.js';
import { recordedAnswers } from '../../../src/surveys/engine/recorded.js';
import { warningsOf } from '../../../src/surveys/engine/warnings.js';
import { importQsf } from '../../../src/surveys/qsf/import-qsf.js';
import { answerAll } from '../answering.js';

const folder = process.env['QSF_CORPUS'] ?? join(import.meta.dirname, '../../data/qsf');
const files = readdirSync(folder).filter((name) => name.endsWith('.qsf'));

describe.each(files)('%s', (name) => {
  const survey = importQsf(readFileSync(join(folder, name), 'utf8'));

  it('is imported with its questions', () => {
    expect(Object.keys(survey.definition.questions).length).toBeGreaterThan(0);
    expect(survey.definition.flow.length).toBeGreaterThan(0);
    expect(() => warningsOf(survey.definition)).not.toThrow();
  });

  it('is answered from the first page to the end, whatever the answers', () => {
    for (let seed = 1; seed <= 10; seed += 1) {
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

it('there are survey files to try', () => {
  expect(files.length).toBeGreaterThan(0);
});
