import type { Question } from '../../engine/questions/question.schema.js';

/** A question's type as clients of the v3 API know it. */
export interface ApiType {
  type: string;
  selector: string;
  subSelector: string | null;
}

const CHOICE: Record<string, [string, string | null]> = {
  single: ['SAVR', 'TX'],
  multiple: ['MAVR', 'TX'],
  dropdown: ['DL', null],
  select: ['SB', null],
  multiselect: ['MSB', null],
};

const MATRIX: Record<string, [string, string]> = {
  single: ['Likert', 'SingleAnswer'],
  multiple: ['Likert', 'MultipleAnswer'],
  dropdown: ['Likert', 'DL'],
  text: ['TE', 'Short'],
};

const TEXT: Record<string, string> = { single: 'SL', essay: 'ESTB', password: 'PW' };

const OTHERS: Record<string, ApiType> = {
  description: { type: 'DB', selector: 'TB', subSelector: null },
  form: { type: 'TE', selector: 'FORM', subSelector: null },
  nps: { type: 'MC', selector: 'NPS', subSelector: null },
  slider: { type: 'Slider', selector: 'HSLIDER', subSelector: null },
  sum: { type: 'CS', selector: 'VRTL', subSelector: 'TX' },
  rank: { type: 'RO', selector: 'DND', subSelector: 'TX' },
};

export function apiTypeOf(question: Question): ApiType {
  if (question.type === 'choice') {
    const [selector, subSelector] = CHOICE[question.subtype]!;
    return {
      type: 'MC',
      selector: question.horizontal === true ? selector.replace(/VR$/, 'HR') : selector,
      subSelector,
    };
  }
  if (question.type === 'matrix') {
    const [selector, subSelector] = MATRIX[question.subtype]!;
    return { type: 'Matrix', selector, subSelector };
  }
  return question.type === 'text'
    ? { type: 'TE', selector: TEXT[question.subtype]!, subSelector: null }
    : OTHERS[question.type]!;
}
