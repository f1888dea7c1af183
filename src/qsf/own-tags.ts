import { ABOUT_COLUMNS } from '../engine/columns/about-columns.js';
import type { SurveyDefinition } from '../engine/definition.js';
import { columnsOf, columnsOfVersions } from '../engine/columns/export-columns.js';
import { columnsOfQuestion } from '../engine/columns/question-columns.js';
import type { Question } from '../engine/questions/question.schema.js';
import type { Source } from './source.js';

/** Every renaming is told, up to what a file with nothing but doubles has; pages fold long lines up. */
const NAMED = 1_000;

/**
 * Questions under tags of their own. Whoever comes first keeps a tag, and whoever has columns before mere texts; a number
 * behind it is one that takes no name away from another column.
 */
export function withOwnTags(questions: readonly Question[], source: Source): Question[] {
  const keepers = new Map<string, Question>();
  const taken = new Set(ABOUT_COLUMNS.map(({ tag }) => tag));
  const texts = questions.filter(({ type }) => type === 'description');
  for (const question of [...questions.filter(({ type }) => type !== 'description'), ...texts]) {
    if (!keepers.has(question.exportTag)) keepers.set(question.exportTag, question);
  }
  for (const keeper of keepers.values()) tagsOf(keeper).forEach((tag) => taken.add(tag));
  const last = new Map<string, number>();
  return questions.map((question) => {
    if (keepers.get(question.exportTag) === question) return question;
    const own = { ...question, exportTag: freeTag(question, taken, last) };
    tagsOf(own).forEach((tag) => taken.add(tag));
    if (question.type !== 'description') {
      const what = `Its export tag "${question.exportTag}" is taken; it is "${own.exportTag}" now.`;
      source.report.data.note(question.id, what);
    }
    return own;
  });
}

function tagsOf(question: Question): string[] {
  return [question.exportTag, ...columnsOfQuestion(question).map(({ exportTag }) => exportTag)];
}

/** @param last by tag, the number that was given last: those before it are taken for good */
function freeTag(question: Question, taken: ReadonlySet<string>, last: Map<string, number>): string {
  for (let count = (last.get(question.exportTag) ?? 1) + 1; ; count += 1) {
    last.set(question.exportTag, count);
    const tag = `${question.exportTag}_${count}`;
    // Rows with tags of their own keep them whatever the question is called.
    const made = tagsOf({ ...question, exportTag: tag }).filter((one) => one.startsWith(tag));
    if (!made.some((one) => taken.has(one))) return tag;
  }
}

/** Says which columns of an export are called otherwise than the file says, because another column is called so. */
export function reportColumns(definition: SurveyDefinition, source: Source): void {
  const { answers, embedded } = columnsOfVersions([definition]);
  const wishes = columnsOf(definition);
  const renamed = new Map<string, string[]>();
  answers.forEach(({ questionId, exportTag }, index) => {
    const wish = wishes[index]!.exportTag;
    if (wish === exportTag) return;
    const changes = renamed.get(questionId) ?? [];
    changes.push(changed(wish, exportTag));
    renamed.set(questionId, changes);
  });
  for (const [id, changes] of renamed) source.report.data.note(id, sentence(changes));
  const fields = embedded.filter(({ name, exportTag }) => name !== exportTag);
  if (fields.length > 0) {
    source.report.data.note('Embedded data', sentence(fields.map(({ name, exportTag }) => changed(name, exportTag))));
  }
}

function changed(wish: string, tag: string): string {
  return `"${wish}" is "${tag}"`;
}

function sentence(changes: readonly string[]): string {
  const rest = changes.length > NAMED ? ` and ${changes.length - NAMED} more` : '';
  return `Columns are called otherwise in exports, because other columns have their names: ${changes.slice(0, NAMED).join(', ')}${rest}.`;
}
