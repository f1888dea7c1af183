import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { forSpreadsheets } from '../csv_cells.js';

/** The one way for a CSV file from a page to people. A reader that is slow slows the reading down instead of filling memory. */
export async function sendCsv(response: Response, name: string, lines: AsyncIterable<string>): Promise<void> {
  response.type('text/csv').attachment(name).setHeader('Cache-Control', 'private, no-store');
  await pipeline(Readable.from(forSpreadsheets(lines)), response).catch(unlessGone);
}

/** Whoever closes the window during a download has made no fault of ours. */
export function unlessGone(error: unknown): void {
  if ((error as { code?: string }).code !== 'ERR_STREAM_PREMATURE_CLOSE') {
    throw error;
  }
}
