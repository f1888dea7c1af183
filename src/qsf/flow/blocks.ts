import type { Block, Item, Skip } from '../../engine/definition.js';
import type { Question } from '../../engine/questions/question.schema.js';
import { plainText } from '../../engine/text.js';
import { safeId } from '../ids.js';
import { afterTheirCalls } from '../questions/in-page.js';
import { isInPage, testOf } from './logic.js';
import { blockOrderOf } from './randomization.js';
import { record, recordsOf, textOf, wholeOf } from '../raw.js';
import type { Raw } from '../raw.js';
import type { Source } from '../source.js';

/** The file's question ids with what became of them. */
export type Imported = ReadonlyMap<string, readonly Question[]>;

/** A block as it stands in the file. */
export interface RawBlock {
  id: string;
  name: string;
  raw: Raw;
}

/** All blocks but the waste bin, by array or object, with or without ids. */
export function rawBlocks(payload: unknown): RawBlock[] {
  const all = recordsOf(payload).map(([key, raw]) => ({
    id: textOf(raw['ID']) || `BL_${key}`,
    name: plainText(textOf(raw['Description'])) || `Block ${key}`,
    raw,
  }));
  return all.filter(({ raw }) => textOf(raw['Type']) !== 'Trash');
}

/** The question ids that a block names, in order. */
export function questionIdsOf(block: RawBlock): string[] {
  return elementsOf(block.raw).flatMap((element) => (isQuestion(element) ? [textOf(element['QuestionID'])] : []));
}

function elementsOf(raw: Raw): Raw[] {
  return recordsOf(raw['BlockElements']).map(([, element]) => element);
}

function isQuestion(element: Raw): boolean {
  return textOf(element['Type']) === 'Question' && textOf(element['QuestionID']) !== '';
}

/** A block of ours: its questions, page breaks and skips. */
export function blockOf(block: RawBlock, imported: Imported, perPage: number | undefined, source: Source): Block {
  const where = `Block "${block.name}"`;
  reportOptions(record(block.raw['Options']), where, source);
  const places = new Map(
    questionIdsOf(block)
      .map((qid, place) => [qid, place] as const)
      .toReversed(),
  );
  const written = elementsOf(block.raw).flatMap((element) => itemsOf(element, { block, places }, imported, source));
  const items = afterTheirCalls(written, inPageOf(block, imported, source), source);
  const count = new Set(questionIdsOf(block).filter((qid) => imported.has(qid))).size;
  const order = blockOrderOf(record(block.raw['Options']), { where, source, count });
  return { id: block.id, name: block.name, items: order?.perPage ? items : paged(items, perPage), ...order };
}

function inPageOf(block: RawBlock, imported: Imported, source: Source): Parameters<typeof afterTheirCalls>[1] {
  const ids = questionIdsOf(block);
  const questions = ids.flatMap((qid) => imported.get(qid) ?? []);
  const calledUp = ids.filter((qid) => isInPage(record(source.questions.get(qid))));
  return {
    questions: new Map(questions.map((question) => [question.id, question])),
    inPage: new Set(calledUp.flatMap((qid) => (imported.get(qid) ?? []).map((question) => question.id))),
  };
}

/** A block, and where in it each question stands first. */
interface Placed {
  block: RawBlock;
  places: ReadonlyMap<string, number>;
}

function itemsOf(element: Raw, placed: Placed, imported: Imported, source: Source): Item[] {
  if (textOf(element['Type']) === 'Page Break') return [{ kind: 'pageBreak' }];
  if (!isQuestion(element)) return [];
  const qid = textOf(element['QuestionID']);
  const questions = imported.get(qid);
  if (!questions) {
    source.report.warn(`Block "${placed.block.name}"`, `Names the question ${qid}, which is not in the file.`);
    return [];
  }
  const skips = skipsOf(element, qid, placed.places, imported, source);
  return questions.map((question, index): Item => {
    const isLast = index === questions.length - 1;
    const more = { ...(isLast && skips.length > 0 ? { skips } : {}), ...(index > 0 ? { joined: true } : {}) };
    return { kind: 'question', question: question.id, ...more };
  });
}

function skipsOf(element: Raw, qid: string, places: Placed['places'], imported: Imported, source: Source): Skip[] {
  return recordsOf(element['SkipLogic']).flatMap(([, raw]) => {
    const to = destinationOf(textOf(raw['SkipToDestination']), qid, places, imported);
    if (to) return [{ when: testOf({ LogicType: 'Question', ...raw }, qid, source), to }];
    source.report.warn(
      qid,
      'A skip leads to no later question of its block; left out.',
      'Use a branch in the flow instead.',
    );
    return [];
  });
}

/** Skips only lead forward within their block, so that no walk can run in circles. */
function destinationOf(
  written: string,
  qid: string,
  places: Placed['places'],
  imported: Imported,
): Skip['to'] | undefined {
  if (written === 'ENDOFBLOCK') return { kind: 'endOfBlock' };
  if (written === 'ENDOFSURVEY') return { kind: 'endOfSurvey' };
  const first = imported.get(written)?.[0];
  return first && (places.get(written) ?? -1) > (places.get(qid) ?? -1)
    ? { kind: 'question', question: safeId(first.id) }
    : undefined;
}

function reportOptions(options: Raw, where: string, source: Source): void {
  const looping = textOf(options['Looping']);
  if (looping !== '' && looping !== 'None' && looping !== 'false') {
    source.report.warn(
      where,
      'Loop & merge is not done: the block is shown once.',
      'Repeat its questions where you need them.',
    );
  }
}

/** So many questions on each page where the survey says so. */
function paged(items: Item[], perPage: number | undefined): Item[] {
  if (perPage === undefined) return items;
  let count = 0;
  return items.flatMap((item): Item[] => {
    if (item.kind === 'pageBreak') {
      count = 0;
      return [item];
    }
    count += 1;
    const isFull = count > 1 && (count - 1) % perPage === 0;
    return isFull ? [{ kind: 'pageBreak' }, item] : [item];
  });
}

export function questionsPerPage(options: Raw): number | undefined {
  return wholeOf(options['QuestionsPerPage'], 1, 100);
}
