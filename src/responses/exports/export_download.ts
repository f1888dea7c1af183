import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { NotFound } from '../../platform/errors.js';
import { unlessGone } from '../../platform/web/csv_download.js';
import type { ExportSettings } from './export_settings.js';
import { fileName } from './export_writing.js';

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  tsv: 'text/tab-separated-values; charset=utf-8',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
};

/** Sends the file under the survey's name. @throws {NotFound} where it was cleared away */
export async function download(
  response: Response,
  { filePath, settings }: { filePath: string; settings: ExportSettings },
  surveyName: string,
): Promise<void> {
  const size = await stat(filePath).then(
    (file) => file.size,
    () => undefined,
  );
  if (size === undefined) {
    throw new NotFound('This export was cleared away. Start it again.');
  }
  response.attachment(`${fileName(surveyName)}.${settings.compress ? 'zip' : settings.format}`);
  response.setHeader('Content-Type', settings.compress ? 'application/zip' : TYPES[settings.format]);
  response.setHeader('Content-Length', String(size));
  response.setHeader('Cache-Control', 'private, no-store');
  await pipeline(createReadStream(filePath), response).catch(unlessGone);
}
