import { importQsf } from '../../src/qsf/import-qsf.js';

interface Parts {
  question?: object;
  flow?: object[];
  block?: object;
}

/** The lines about a survey of one question with something added to it. */
function lines({ question = {}, block = {}, flow = [] }: Parts): string[] {
  const Payload = { QuestionID: 'QID1', QuestionText: 'How?', QuestionType: 'TE', Selector: 'SL', DataExportTag: 'Q1' };
  const file = {
    SurveyEntry: { SurveyName: 'Small', SurveyLanguage: 'EN' },
    SurveyElements: [
      {
        Element: 'BL',
        Payload: [
          { ...block, ID: 'BL_1', Description: 'Main', BlockElements: [{ Type: 'Question', QuestionID: 'QID1' }] },
        ],
      },
      {
        Element: 'FL',
        Payload: { Type: 'Root', FlowID: 'FL_1', Flow: [{ Type: 'Block', ID: 'BL_1', FlowID: 'FL_2' }, ...flow] },
      },
      { Element: 'SO', Payload: { BackButton: 'false' } },
      { Element: 'SQ', Payload: { ...Payload, ...question } },
    ],
  };
  return importQsf(JSON.stringify(file)).report.map(({ where, what }) => `${where}: ${what}`);
}

describe('what no part of the importer knows', () => {
  it.each<[Parts, string]>([
    [{ question: { Validation: { Settings: { Mood: 'Good' } } } }, 'QID1: The setting "Mood" is not known'],
    [{ flow: [{ Type: 'Group', Flow: [], Gravity: 9 }] }, 'Flow: The setting "Gravity" is not known'],
    [{ block: { Gravity: 9 } }, 'Block "Main": The setting "Gravity" is not known'],
    [{ block: { Options: { Levity: 'ON' } } }, 'Block "Main": The setting "Levity" is not known'],
    [{ question: { AnalyzeChoices: { 1: 'No', 2: 'Yes' } } }, 'QID1: Choices that the file leaves out of analyses'],
    [
      { question: { Validation: { Settings: { Type: 'CharRange', MinChars: '9', TotalChars: '3' } } } },
      'QID1: Its limits contradict each other (at least 9, at most 3)',
    ],
    [
      { question: { Choices: { 1: { Display: 'State', TextEntry: 'on', TextEntryValidation: 'ValidUSState' } } } },
      'QID1 choice 1: Its text is not checked to be "ValidUSState"',
    ],
  ])('has a line: %j', (parts, line) => {
    expect(lines(parts)).toEqual([expect.stringContaining(line)]);
  });

  it('says nothing where nobody set anything', () => {
    const unset = { A: null, B: '', C: false, D: [], E: {}, F: 'None', G: 'OFF', H: 0 };
    expect(lines({ question: { Validation: { Settings: unset } }, block: { ...unset, Options: unset } })).toEqual([]);
  });
});
