import { type Editing, type OutlineNode, outlineOf } from './outline.js';
import type { OutlinePart, OutlinePlaces } from './outline_parts.js';
import type { SurveyDefinition } from '../../engine/definition.js';
import type { Say } from '../../platform/web/words.js';

/** What `surveys/_outline` shows: a part of an outline, and where the others are. */
interface OutlineList {
  nodes: OutlineNode[];
  /** Where the outline begins, for who came to a later part. */
  start?: { url: string; text: string };
  /** Only where there are several parts. */
  pages?: { rows: string; shown: string; moreUrl?: string };
}

/** A part of an outline whose page has the address `path`. */
export function outlineList(
  definition: SurveyDefinition,
  say: Say,
  editing: Editing,
  { part, path }: { part: OutlinePart; path: string },
): OutlineList {
  const nodes = outlineOf(definition, say, editing, part);
  const { from, to, before, count, total, hasMore } = part;
  const figures = { first: before + 1, last: before + count, total };
  if (from === 0 && !hasMore) return { nodes };
  return {
    nodes,
    ...(from > 0 ? { start: { url: path, text: say('outline.start') } } : {}),
    pages: {
      rows: 'outline',
      shown: count > 0 ? say('outline.part', figures) : say('outline.partWithout', { total }),
      ...(hasMore ? { moreUrl: `${path}?from=${to}` } : {}),
    },
  };
}

/** The address of a question in the outline at `path`; `part` is what the reader has before them. */
export function questionUrl(places: OutlinePlaces, questionId: string, path: string, part?: OutlinePart): string {
  const anchor = `#question_${questionId}`;
  const place = places.placeOf(questionId) ?? 0;
  if (part !== undefined && place >= part.from && place < part.to) return anchor;
  return place < places.first.to ? `${path}${anchor}` : `${path}?from=${place}${anchor}`;
}
