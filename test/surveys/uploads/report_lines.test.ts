import { exampleDefinition } from '../../../src/engine/definition.js';
import { Report } from '../../../src/qsf/report.js';
import { reportModel } from '../../../src/surveys/uploads/report_lines.js';

const say = (key: string, values?: object) => (values ? `${key} ${JSON.stringify(values)}` : key);
const model = (report: Report) => reportModel(report.entries, exampleDefinition(), say);

describe('the lines of an import report', () => {
  it('are grouped by what they change, warnings first', () => {
    const report = new Report();
    report.look.note('Options', 'Its style sheet was dropped.');
    report.data.note('QID1', 'Its tag changed.');
    report.data.warn('Scoring', 'Scores are not computed here.');
    report.respondents.warn('Flow', 'A web service call is not made.');
    const { groups } = model(report);
    expect(groups.map((group) => group.title)).toEqual([
      'import.group_respondents',
      'import.group_data',
      'import.group_look',
    ]);
    expect(groups[1]).toMatchObject({
      warnings: 'import.warningCount {"count":1}',
      notes: 'import.noteCount {"count":1}',
    });
    expect(groups[1]!.lines.map((line) => line.isWarning)).toEqual([true, false]);
  });

  it('tell once what happened in many places, and name them all', () => {
    const report = new Report();
    for (let id = 1; id <= 17; id += 1) report.warn(`QID90${id}`, 'Its JavaScript was dropped.');
    for (let id = 1; id <= 4; id += 1)
      report.data.note(`QID8${id}`, `Its export tag "A${id}" is taken; it is "A${id}_2" now.`);
    const [scripts, tags] = model(report).groups;
    expect(scripts!.lines).toHaveLength(1);
    expect(scripts!.lines[0]).toMatchObject({
      where: 'import.questionCount {"count":17}',
      what: 'Its JavaScript was dropped.',
    });
    expect(scripts!.lines[0]!.allPlaces!.split(', ')).toHaveLength(17);
    expect(scripts!.lines[0]!.places).toMatch(/^QID901, .*, QID9012 …$/);
    expect(tags!.lines).toHaveLength(1);
    expect(tags!.lines[0]!.details).toHaveLength(4);
    expect(tags!.lines[0]!.details![3]).toEqual({
      where: 'QID84',
      what: 'Its export tag "A4" is taken; it is "A4_2" now.',
    });
  });

  it('fold a long list of names up behind what it is a list of', () => {
    const report = new Report();
    const list = Array.from({ length: 40 }, (_, id) => `"a${id}" is "a${id}_2"`).join(', ');
    report.data.note('QID9', `Columns are called otherwise: ${list}.`);
    const [line] = model(report).groups[0]!.lines;
    expect(line).toMatchObject({ where: 'QID9', what: 'Columns are called otherwise: …' });
    expect(line!.details).toEqual([{ where: 'QID9', what: `Columns are called otherwise: ${list}.` }]);
  });

  it('of earlier imports have no group and are shown all the same', () => {
    const old = [{ severity: 'warning' as const, where: 'QID1', what: 'Something.' }];
    expect(reportModel(old, exampleDefinition(), say)).toMatchObject({
      groups: [{ title: 'import.group_earlier', lines: [{ what: 'Something.' }] }],
    });
  });

  it('are counted beyond what can be listed', () => {
    const report = new Report();
    for (let id = 0; id < 5003; id += 1) report.warn(`QID${id}`, 'Lost.');
    expect(report.entries).toHaveLength(5001);
    expect(report.entries.at(-1)?.what).toBe('Up to 3 further remarks are not listed here.');
  });
});
