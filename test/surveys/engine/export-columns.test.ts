import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportColumns, exportValues } from '../../../src/surveys/engine/export-columns.js';
import { importQsf } from '../../../src/surveys/qsf/import-qsf.js';

const { definition } = importQsf(readFileSync(join(import.meta.dirname, '../../data/qsf/all-types.qsf'), 'utf8'));

function headers(id: string, split = true): [string, string, string][] {
  const columns = exportColumns(definition, { split }).filter((column) => column.questionId === id);
  return columns.map((column) => [column.exportTag, column.questionText, column.importId]);
}

function cells(id: string, answer: object, labels: boolean, split = true): string[] {
  const columns = exportColumns(definition, { split });
  const values = exportValues(definition, { [id]: answer }, { labels, split });
  return values.filter((_value, index) => columns[index]!.questionId === id);
}

describe('an export', () => {
  it('names columns as other programs expect them', () => {
    expect(headers('QID1')).toEqual([]);
    expect(headers('QID2').map(([tag, , id]) => [tag, id])).toEqual([
      ['Q2', 'QID2'],
      ['Q2_3_TEXT', 'QID2_3_TEXT'],
    ]);
    expect(headers('QID3').map(([, , id]) => id)).toEqual(['QID3_1', 'QID3_2', 'QID3_3', 'QID3_4']);
    expect(headers('QID3', false).map(([, , id]) => id)).toEqual(['QID3']);
    expect(headers('QID9')).toEqual([['Q9', 'Your age', 'QID9_TEXT']]);
    expect(headers('QID8').map(([tag, , id]) => [tag, id])).toEqual([
      ['Q8_NPS_GROUP', 'QID8_NPS_GROUP'],
      ['Q8', 'QID8'],
    ]);
    expect(headers('QID18')[0]).toEqual(['like_food', 'How do you like… - the food', 'QID18_1']);
    expect(headers('QID19').map(([, , id]) => id)).toContain('QID19_2_3');
    expect(headers('QID22-1')[0]).toEqual(['day_meetings#1', 'How much? - Meetings', 'QID22#1_1']);
    expect(headers('QID25').map(([, , id]) => id)).toEqual(['QID25_1', 'QID25_2', 'QID25_3', 'QID25_3_TEXT']);
  });

  it('gives recodes or what the respondent read', () => {
    const other = { choices: ['3'], texts: { '3': 'Since school' } };
    expect(cells('QID2', other, false)).toEqual(['99', 'Since school']);
    expect(cells('QID2', other, true)).toEqual(['Something else', 'Since school']);
    expect(cells('QID3', { choices: ['1', '3'] }, false)).toEqual(['1', '', '1', '']);
    expect(cells('QID3', { choices: ['1', '3'] }, true, false)).toEqual(['Laptop,Tablet']);
    expect(cells('QID8', { choices: ['9'] }, true)).toEqual(['Promoter', '9']);
    expect(cells('QID18', { rows: { '2': ['1'] } }, false)).toEqual(['', '-1', '', '']);
    expect(cells('QID21', { cells: { '1': { '2': 'soft' } } }, true)).toEqual(['', 'soft', '', '']);
    expect(cells('QID26', { numbers: { '1': 2, '2': 1, '3': 3 } }, false)).toEqual(['2', '1', '3']);
    expect(cells('QID9', {}, false)).toEqual(['']);
  });
});
