import { headerText } from './column-room.js';
import { listsOf } from '../questions/order.js';
import { choiceLabel, type ExportColumn, type ExportForm } from './question-columns.js';
import type { Choice, Question } from '../questions/question.schema.js';
import type { ShownOrder } from '../recorded.js';
import { withoutTags } from '../text.js';

/** A column that says in which order a respondent saw something. */
export interface OrderColumn extends ExportColumn {
  /** Ids of what was shown, in its order; the place of a column's own choice, or labels of columns. */
  order(shown: ShownOrder): string[];
}

/** For each list that chance arranges: the place of each choice, or all of them in one cell. */
export function orderColumnsOf(
  question: Question,
  { split = true, words = withoutTags, longest = Infinity }: ExportForm = {},
): OrderColumn[] {
  const [rows, columns] = listsOf(question);
  const said = (html: string): string => headerText(words(html).trim(), longest);
  return [
    ...(rows.shuffle ? columnsOfList(question, rows.choices, { kind: 'order', split, words: said }) : []),
    ...(columns.shuffle ? columnsOfList(question, columns.choices, { kind: 'answerOrder', split, words: said }) : []),
  ];
}

interface ListForm extends Required<Pick<ExportForm, 'split' | 'words'>> {
  kind: 'order' | 'answerOrder';
}

function columnsOfList(
  question: Question,
  choices: readonly Choice[],
  { kind, split, words }: ListForm,
): OrderColumn[] {
  const [mark, title] = kind === 'order' ? ['DO', 'Display Order'] : ['ADO', 'Answer Display Order'];
  const idsOf = (shown: ShownOrder): readonly string[] => (kind === 'order' ? shown.choices : shown.columns);
  const whole = {
    key: `${question.id}/${kind}`,
    part: { kind, of: [] },
    questionId: question.id,
    exportTag: `${question.exportTag}_${mark}`,
    questionText: `${question.label ?? words(question.text)} - ${title}`,
    importId: `${question.importId ?? question.id}_${mark}`,
    isTyped: true,
    value: () => '',
  };
  if (!split) {
    const labels = new Map(choices.map((one) => [one.id, kind === 'order' ? one.id : choiceLabel(one, words)]));
    return [{ ...whole, order: (shown) => idsOf(shown).map((id) => labels.get(id) ?? id) }];
  }
  return choices.map(({ id, text }) => ({
    ...whole,
    key: `${whole.key}/${id}`,
    part: { kind, of: [id] },
    exportTag: `${whole.exportTag}_${id}`,
    questionText: `${whole.questionText} - ${words(text)}`,
    choiceId: id,
    order: (shown) => placeOf(id, idsOf(shown)),
  }));
}

function placeOf(id: string, ids: readonly string[]): string[] {
  const place = ids.indexOf(id);
  return place < 0 ? [] : [String(place + 1)];
}
