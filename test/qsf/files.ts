import { importQsf } from '../../src/qsf/import-qsf.js';
import type { ImportedSurvey } from '../../src/qsf/import-qsf.js';

type Part = Record<string, unknown>;

/** What a small file holds: questions by id, settings, and the flow around its only block. */
export interface SmallFile {
  questions?: Record<string, Part>;
  options?: Part;
  /** Elements before and after the block. */
  before?: Part[];
  after?: Part[];
  /** Further elements of the file, as they stand in it. */
  elements?: Part[];
  entry?: Part;
}

const NAME: Part = { QuestionType: 'TE', Selector: 'SL', QuestionText: 'Your name?', DataExportTag: 'name' };

/** The text of a survey file with one block. */
export function smallFile({ questions = { QID1: NAME }, options, before, after, elements, entry }: SmallFile): string {
  const shown = Object.keys(questions).map((QuestionID) => ({ Type: 'Question', QuestionID }));
  const flow = [...(before ?? []), { Type: 'Standard', ID: 'BL_a' }, ...(after ?? [])];
  return JSON.stringify({
    SurveyEntry: { SurveyID: 'SV_a', SurveyName: 'Small', SurveyLanguage: 'EN', ...entry },
    SurveyElements: [
      { Element: 'BL', Payload: [{ Type: 'Default', ID: 'BL_a', Description: 'Main', BlockElements: shown }] },
      { Element: 'FL', Payload: { Type: 'Root', Flow: flow } },
      { Element: 'SO', Payload: { BackButton: 'false', ...options } },
      ...Object.entries(questions).map(([QuestionID, question]) => ({
        Element: 'SQ',
        PrimaryAttribute: QuestionID,
        Payload: { QuestionID, DataExportTag: QuestionID, Language: [], Validation: {}, ...question },
      })),
      ...(elements ?? []),
    ],
  });
}

export function imported(file: SmallFile): ImportedSurvey {
  return importQsf(smallFile(file));
}

/** The lines of a report that speak of something, as one text. */
export function said({ report }: ImportedSurvey, about: RegExp): string {
  return report
    .map(({ where, what, remedy = '' }) => `${where}: ${what} ${remedy}`)
    .filter((line) => about.test(line))
    .join('\n');
}
