import { Invalid } from '../../platform/errors.js';
import type { SurveyDefinition } from '../../engine/definition.js';
import type { Choice, Question } from '../../engine/questions/question.schema.js';
import { cleanText, plainText } from '../../engine/text.js';
import { safeHtml } from '../../qsf/html.js';
import { Report } from '../../qsf/report.js';

/** One text of a question that may be changed; `name` is the form's name of it. */
export interface Wording {
  name: string;
  kind: 'text' | 'choice' | 'row' | 'column' | 'field' | 'label';
  /** As it stands in the form. */
  value: string;
}

/** Characters of one text. */
export const LONGEST = 20_000;
/** Texts of one form. */
const MOST_TEXTS = 500;
/** HTML with structure of its own is edited as it is; in everything else a line break is a `<br>`. */
const STRUCTURED = /<(?:p|div|ul|ol|li|table|h\d|blockquote|pre|figure|dl|hr)\b/i;

/**
 * The texts of a question, as a form shows them: the first of many, and none that is longer than anybody may type (an
 * import brings pictures in texts). What is not in the form stays as it is.
 */
export function wordingsOf(question: Question): Wording[] {
  return allWordings(question)
    .filter(({ value }) => value.length <= LONGEST)
    .slice(0, MOST_TEXTS);
}

function allWordings(question: Question): Wording[] {
  return [
    { name: 'text', kind: 'text', value: editable(question.text) },
    ...('choices' in question ? listWordings(question.choices, 'choice', choiceKind(question)) : []),
    ...(question.type === 'matrix' ? listWordings(question.columns, 'column', 'column') : []),
    ...labelsOf(question).map((label, index) => ({
      name: `label.${index}`,
      kind: 'label' as const,
      value: editable(label),
    })),
  ];
}

/**
 * The question with new texts; names that are missing keep theirs.
 * @throws {Invalid} where a text is gone or too long, by the form's name of it
 */
export function reworded(question: Question, texts: Record<string, string>): Question {
  const errors: Record<string, string> = {};
  const changed = (name: string, before: string): string => {
    const typed = texts[name];
    const isAsBefore = typed === undefined || cleanText(typed) === cleanText(editable(before));
    const after = isAsBefore ? before : stored(typed);
    const mistake = isAsBefore ? undefined : mistakeIn(before, after);
    if (mistake !== undefined) {
      errors[name] = mistake;
    }
    return after;
  };
  const list = (choices: Choice[], prefix: string): Choice[] =>
    choices.map((choice) => ({ ...choice, text: changed(`${prefix}.${choice.id}`, choice.text) }));
  const result = {
    ...question,
    text: changed('text', question.text),
    ...('choices' in question ? { choices: list(question.choices, 'choice') } : {}),
    ...(question.type === 'matrix' ? { columns: list(question.columns, 'column') } : {}),
    ...withLabels(
      question,
      labelsOf(question).map((label, index) => changed(`label.${index}`, label)),
    ),
  } as Question;
  if (Object.keys(errors).length > 0) {
    throw new Invalid('Some texts need another look.', errors);
  }
  return result;
}

/** The draft with one question's new texts. */
export function withQuestion(definition: SurveyDefinition, question: Question): SurveyDefinition {
  return { ...definition, questions: { ...definition.questions, [question.id]: question } };
}

/** HTML as people edit it: line breaks are lines, and what needs no escaping has none. */
export function editable(html: string): string {
  return STRUCTURED.test(html)
    ? html
    : html
        .replaceAll(/\s+/g, (blank) => (blank.includes('\n') ? ' ' : blank))
        .replaceAll(/ ?<br\s*\/?> ?/gi, '\n')
        .replaceAll(/&quot;/g, '"')
        .replaceAll(/&amp;(?!#?\w+;)/g, '&');
}

/** What was typed as the sanitised HTML that is stored. */
export function stored(typed: string): string {
  const text = cleanText(typed);
  const html = STRUCTURED.test(text) ? text : text.replaceAll('\n', '<br />');
  return safeHtml(html.replaceAll(/&(?!#?\w+;)/g, '&amp;'), '', new Report()).trim();
}

function mistakeIn(before: string, after: string): string | undefined {
  if (isEmpty(after) && !isEmpty(before)) {
    return 'Respondents need words here.';
  }
  return after.length > LONGEST ? 'This is longer than 20,000 characters.' : undefined;
}

function isEmpty(html: string): boolean {
  return plainText(html) === '' && !html.includes('<img');
}

function listWordings(choices: readonly Choice[], prefix: string, kind: Wording['kind']): Wording[] {
  return choices.map((choice) => ({ name: `${prefix}.${choice.id}`, kind, value: editable(choice.text) }));
}

function choiceKind({ type }: Question): Wording['kind'] {
  return type === 'matrix' ? 'row' : type === 'form' ? 'field' : 'choice';
}

function labelsOf(question: Question): string[] {
  if (question.type === 'slider') {
    return question.labels;
  }
  return question.type === 'nps' ? [question.lowLabel ?? '', question.highLabel ?? ''] : [];
}

function withLabels(question: Question, labels: string[]): object {
  if (question.type === 'slider') {
    return { labels };
  }
  return question.type === 'nps' ? { lowLabel: labels[0], highLabel: labels[1] } : {};
}
