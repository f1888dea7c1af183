import type { SurveyDefinition } from '../engine/definition.js';
import type { Question } from '../engine/questions/question.schema.js';
import { plainText } from '../engine/text.js';
import type { Say } from '../platform/web/words.js';

/** What publishing changes for respondents, one sentence each. Only wording can change, so all of it is safe. */
export function changesBetween(before: SurveyDefinition, after: SurveyDefinition, say: Say): string[] {
  const title =
    before.title === after.title ? [] : [say('publish.changed_title', { before: before.title, after: after.title })];
  const description = before.description === after.description ? [] : [say('publish.changed_description')];
  const questions = Object.values(after.questions).flatMap((question) => {
    const old = before.questions[question.id];
    return old === undefined ? [] : questionChanges(old, question, say);
  });
  return [...title, ...description, ...questions];
}

function questionChanges(before: Question, after: Question, say: Say): string[] {
  const tag = after.exportTag;
  const [old, text] = [shortened(before.text), shortened(after.text)];
  const isReworded = old !== text;
  const parts = [
    before.text !== after.text && !isReworded ? 'text' : '',
    isSame(partOf(before, 'choices'), partOf(after, 'choices')) ? '' : 'choices',
    isSame(partOf(before, 'columns'), partOf(after, 'columns')) ? '' : 'columns',
    isSame(labels(before), labels(after)) ? '' : 'labels',
  ].filter((part) => part !== '');
  return [
    ...(isReworded ? [say('publish.changed_text', { tag, before: old, after: text })] : []),
    ...(parts.length === 0
      ? []
      : [say('publish.changed_parts', { tag, parts: parts.map((part) => say(`publish.part_${part}`)).join(', ') })]),
  ];
}

function partOf(question: Question, part: 'choices' | 'columns'): unknown {
  return (question as Partial<Record<typeof part, unknown>>)[part];
}

function labels(question: Question): unknown {
  if (question.type === 'slider') {
    return question.labels;
  }
  return question.type === 'nps' ? [question.lowLabel ?? '', question.highLabel ?? ''] : [];
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function shortened(html: string): string {
  const text = plainText(html);
  return text.length > 160 ? `${text.slice(0, 159).toWellFormed()}…` : text;
}
