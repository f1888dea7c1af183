import type { Request } from 'express';
import { z } from 'zod';
import { Invalid } from '../errors.js';
import { parsed } from '../web/form.js';

/** One page of a list as API clients know it; `nextPage` is an absolute address or null. */
export interface ElementsPage<T> {
  elements: T[];
  nextPage: string | null;
}

/**
 * Where a page of a list begins. Clients page in two ways: by a token of ours that names the last row shown, or by how
 * many rows lie before (`offset`), which they count themselves.
 */
export interface Position {
  size: number;
  /** Number of the last row that was shown; undefined at the start. */
  after: string | undefined;
  /** How many rows to leave out; undefined where the list is paged by token. */
  skip: number | undefined;
}

const MOST_ROWS = 1_000_000_000;

const MOST_ON_A_PAGE = 500;
/** Whoever asks for more than a page holds gets a full one, and goes on by `nextPage`. */
const rowsOnAPage = z.coerce
  .number()
  .int()
  .min(1)
  .transform((wish) => Math.min(wish, MOST_ON_A_PAGE))
  .optional()
  .catch(undefined);

/** `pageSize` (1–500, default 100), or `limit`, which means the same; unknown parameters are none of its business. */
const paging = z.object({
  pageSize: rowsOnAPage,
  limit: rowsOnAPage,
  skipToken: z.string().default(''),
  offset: z
    .string()
    .regex(/^\d{0,10}$/, 'must be a whole number from 0: how many rows to leave out')
    .transform(Number)
    .pipe(z.number().max(MOST_ROWS, 'there are never so many rows'))
    .optional(),
  useNewPaginationScheme: z.string().optional(),
});

/**
 * Reads where a page begins; an empty token or `0` is the start.
 * @param byOffset the list is one that clients page by offset unless they ask for tokens
 * @throws {Invalid} for a skipToken that we did not make, an offset that is none, or several
 */
export function positionOf(query: Record<string, unknown>, { byOffset = false } = {}): Position {
  const { pageSize, limit, ...place } = parsed(paging, query);
  const size = pageSize ?? limit ?? 100;
  if (place.skipToken !== '' && place.skipToken !== '0') {
    return { size, after: rowIn(place.skipToken), skip: undefined };
  }
  const asksForTokens = 'skipToken' in query || place.useNewPaginationScheme === 'true';
  return { size, after: undefined, skip: rowsBefore(place.offset, !asksForTokens, byOffset) };
}

/** A first page says by how it is asked for in which of the two ways it goes on. */
function rowsBefore(offset: number | undefined, mayCount: boolean, byOffset: boolean): number | undefined {
  if (offset === undefined) {
    return mayCount && byOffset ? 0 : undefined;
  }
  return offset > 0 || mayCount ? offset : undefined;
}

function rowIn(token: string): string {
  const after = Buffer.from(token, 'base64url').toString('latin1');
  if (!/^\d{1,18}$/.test(after)) {
    throw new Invalid('skipToken is not one that this API gave out; start without it.');
  }
  return after;
}

/**
 * Cuts `rows` (fetched with one more than the size) into a page; where to go on is the last parameter of `nextPage`, as
 * clients expect.
 * @param idOf the number that the query is ordered by
 */
export function pageOf<R, T>(
  request: Request,
  baseUrl: string,
  { rows, position, idOf, show }: { rows: R[]; position: Position; idOf: (row: R) => string; show: (row: R) => T },
): ElementsPage<T> {
  const { size, skip } = position;
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  if (rows.length <= size || last === undefined) {
    return { elements: shown.map(show), nextPage: null };
  }
  const next: [string, string] =
    skip === undefined
      ? ['skipToken', Buffer.from(idOf(last), 'latin1').toString('base64url')]
      : ['offset', String(skip + size)];
  return { elements: shown.map(show), nextPage: nextAddress(request, baseUrl, next) };
}

function nextAddress(request: Request, baseUrl: string, next: [string, string]): string {
  const address = new URL(`${baseUrl}${request.path}`);
  for (const [name, value] of Object.entries(request.query)) {
    if (typeof value === 'string' && name !== 'skipToken' && name !== 'offset') {
      address.searchParams.set(name, value);
    }
  }
  address.searchParams.set(...next);
  return address.toString();
}
