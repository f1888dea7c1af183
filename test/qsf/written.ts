import { pageOf, startWalk, submitPage } from '../../src/engine/walk.js';
import type { Start } from '../../src/engine/walk.js';
import type { Fields } from '../../src/engine/page.js';
import { importQsf } from '../../src/qsf/import-qsf.js';
import type { ImportedSurvey } from '../../src/qsf/import-qsf.js';

type Raw = Record<string, unknown>;

interface Written {
  questions: Record<string, Raw>;
  blocks?: Raw[];
  flow?: Raw[];
}

/** One choice of many that the file numbers from 1. */
export function choosing(texts: string[], more: Raw = {}): Raw {
  const Choices = Object.fromEntries(texts.map((Display, index) => [String(index + 1), { Display }]));
  return { QuestionType: 'MC', Selector: 'SAVR', QuestionText: 'Choose', Choices, ...more };
}

/** Logic that holds when a choice is selected. */
export function ifChosen(question: string, choice: string, more: Raw = {}): Raw {
  const LeftOperand = `q://${question}/SelectableChoice/${choice}`;
  const test = { LogicType: 'Question', LeftOperand, Operator: 'Selected', Type: 'Expression' };
  return { 0: { 0: test, Type: 'If' }, Type: 'BooleanExpression', ...more };
}

export function blockWith(ID: string, elements: string[], Options: Raw = {}): Raw {
  const BlockElements = elements.map((id) =>
    id === '|' ? { Type: 'Page Break' } : { Type: 'Question', QuestionID: id },
  );
  return { Type: 'Standard', Description: ID, ID, BlockElements, Options };
}

/** A survey file with these questions; without blocks all of them stand on one page. */
export function written({ questions, blocks, flow }: Written): string {
  const payload = blocks ?? [blockWith('BL_1', Object.keys(questions))];
  const elements = [
    { Element: 'BL', Payload: payload },
    { Element: 'FL', Payload: { Flow: flow ?? payload.map(({ ID }) => ({ Type: 'Standard', ID })) } },
    ...Object.entries(questions).map(([QuestionID, question]) => ({
      Element: 'SQ',
      Payload: { QuestionID, DataExportTag: QuestionID, ...question },
    })),
  ];
  return JSON.stringify({ SurveyEntry: { SurveyName: 'Written' }, SurveyElements: elements });
}

export function imported(file: Written): ImportedSurvey {
  return importQsf(written(file));
}

/** The questions of every page to the end, with these answers. */
export function pagesOf({ definition }: ImportedSurvey, fields: Fields = {}, start: Partial<Start> = {}): string[][] {
  let state = startWalk(definition, { seed: 5, now: 0, ...start });
  const pages: string[][] = [];
  for (;;) {
    const view = pageOf(definition, state);
    if (view.kind === 'end') return pages;
    pages.push(view.questions.map((question) => question.id));
    const result = submitPage(definition, state, view.key, fields);
    if (result.kind !== 'moved') throw new Error(JSON.stringify(result));
    state = result.state;
  }
}

export function linesAbout({ report }: ImportedSurvey, where: string): string[] {
  return report.filter((entry) => entry.where === where).map((entry) => entry.what);
}
