import type { Choice, Content, QuestionOf } from '../../engine/questions/question.schema.js';
import { choicesOf } from './choices.js';
import { columnLabels, labelled } from './column-labels.js';
import type { Core } from '../core.js';
import { contentOf, countsOf } from '../limits.js';
import { shuffleOf } from '../flow/randomization.js';
import { textOf } from '../raw.js';
import type { Raw } from '../raw.js';
import type { Source } from '../source.js';

const MATRICES = new Map<string, QuestionOf<'matrix'>['subtype']>([
  ['SingleAnswer', 'single'],
  ['DND', 'single'],
  ['MultipleAnswer', 'multiple'],
  ['DL', 'dropdown'],
]);

/** Also used for each column of a side-by-side question. */
export function matrix(raw: Raw, core: Core, source: Source): QuestionOf<'matrix'> {
  const selector = textOf(raw['Selector']);
  const isTyped = ['TE', 'CS', 'RO'].includes(selector);
  const subtype = isTyped ? 'text' : pickedBy(raw);
  const isKnown = subtype !== undefined && ['Likert', 'TE', 'Bipolar'].includes(selector);
  if (!isKnown) reportMatrix(selector, raw, core, source);
  const { rows, columns } = shuffleOf(raw, core.id, source);
  return {
    ...core,
    type: 'matrix',
    subtype: subtype ?? 'single',
    choices: choicesOf(raw, 'Choices', core.id, source).map((row) => (selector === 'Bipolar' ? bipolar(row) : row)),
    columns: labelled(choicesOf(raw, 'Answers', core.id, source), columnLabels(raw, core.id, source)),
    ...(subtype === 'multiple' ? countsOf(raw) : {}),
    ...(isTyped ? { content: cellContent(selector, raw, core, source) } : {}),
    ...(rows ? { shuffle: rows } : {}),
    ...(columns ? { shuffleColumns: columns } : {}),
  };
}

/** How columns are picked; rows between two ends need not say it. */
function pickedBy(raw: Raw): QuestionOf<'matrix'>['subtype'] | undefined {
  const written = textOf(raw['SubSelector']);
  return written === '' && isBipolar(raw) ? 'single' : MATRICES.get(written);
}

export function isBipolar(raw: Raw): boolean {
  return textOf(raw['QuestionType']) === 'Matrix' && textOf(raw['Selector']) === 'Bipolar';
}

/** `cold:warm` names both ends of a row. */
function bipolar(row: Choice): Choice {
  return { ...row, text: bothEnds(row.text) };
}

/** Both ends of a row in the order of its columns; a colon inside an address or a tag is none between them. */
export function bothEnds(text: string): string {
  return text.replace(/^((?:<[^>]*>|&[^;\s]*;|[^<&:])+):(?!\/\/)\s*/, (_all, left: string) => `${left.trimEnd()} – `);
}

function cellContent(selector: string, raw: Raw, core: Core, source: Source): Content {
  return selector === 'TE' ? contentOf(raw, core.id, source) : { kind: 'number' };
}

function reportMatrix(selector: string, raw: Raw, core: Core, source: Source): void {
  const written = [selector, textOf(raw['SubSelector'])].filter(Boolean).join(' ');
  const isTyped = selector === 'CS' || selector === 'RO';
  const instead = isTyped
    ? 'numbers are typed into its cells, sums and ranks are not checked'
    : 'one answer per row can be picked';
  source.report.warn(
    core.id,
    `The table form "${written}" is not known here: ${instead}.`,
    'Try the question in the preview.',
  );
}
