import type { Request } from 'express';
import { z } from 'zod';
import { Invalid } from '../errors.js';
import { parsed } from '../web/form.js';

/** One page of a list as API clients know it; `nextPage` is an absolute address or null. */
export interface ElementsPage<T> {
  elements: T[];
  nextPage: string | null;
}

/** Reads `pageSize` (1–500, default 100) and the keyset position; an empty token, `0` and unknown parameters are the start. */
export const paging = z.object({
  pageSize: z.coerce.number().int().min(1).max(500).catch(100),
  skipToken: z.string().optional(),
  offset: z.string().optional(),
});

export interface Position {
  size: number;
  /** Number of the last row that was shown; undefined at the start. */
  after: string | undefined;
}

/** @throws {Invalid} for a skipToken that we did not make, or several */
export function positionOf(query: Record<string, unknown>): Position {
  const { pageSize, skipToken, offset } = parsed(paging, query);
  const token = [skipToken, offset].find((value) => value !== undefined && value !== '' && value !== '0');
  if (token === undefined) {
    return { size: pageSize, after: undefined };
  }
  const after = Buffer.from(token, 'base64url').toString('latin1');
  if (!/^\d{1,18}$/.test(after)) {
    throw new Invalid('skipToken is not one that this API gave out; start without it.');
  }
  return { size: pageSize, after };
}

/**
 * Cuts `rows` (fetched with `size + 1`) into a page; the token is the last parameter of `nextPage`, as clients expect.
 * @param idOf the number that the query is ordered by
 */
export function pageOf<R, T>(
  request: Request,
  baseUrl: string,
  { rows, size, idOf, show }: { rows: R[]; size: number; idOf: (row: R) => string; show: (row: R) => T },
): ElementsPage<T> {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const hasMore = rows.length > size && last !== undefined;
  return { elements: shown.map(show), nextPage: hasMore ? nextAddress(request, baseUrl, idOf(last)) : null };
}

function nextAddress(request: Request, baseUrl: string, after: string): string {
  const address = new URL(`${baseUrl}${request.path}`);
  for (const [name, value] of Object.entries(request.query)) {
    if (typeof value === 'string' && name !== 'skipToken' && name !== 'offset') {
      address.searchParams.set(name, value);
    }
  }
  address.searchParams.set('skipToken', Buffer.from(after, 'latin1').toString('base64url'));
  return address.toString();
}
