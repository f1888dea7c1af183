import { Invalid } from '../../platform/errors.js';
import { withoutFile } from '../../qsf/survey_body.js';
import type { SentFile } from '../uploads/survey_file.js';
import type { SurveyFile } from '../uploads/survey_uploads.service.js';

/** What a program wants to become a survey. */
export interface ApiUpload {
  name: string;
  file: SurveyFile;
}

/** The fields of a form, or JSON as it came. */
export type SentBody = Record<string, unknown> | Buffer;

/** Bytes of JSON that is no survey file: the name of a copy. */
const SMALL_BYTES = 16 * 1024;

/** Finds the survey file in a form that asks to make a survey. @throws {Invalid} for requests without a file */
export function fileInForm(form: Record<string, unknown>, sent: SentFile | undefined): ApiUpload {
  if (sent === undefined) {
    throw withoutFile(form);
  }
  const name = typeof form['name'] === 'string' ? form['name'] : '';
  return { name, file: { name: sent.originalname, content: sent.buffer } };
}

/** The name that a copy shall have. @throws {Invalid} for a body that holds more than that */
export function projectName(body: SentBody): string | undefined {
  const name = (Buffer.isBuffer(body) ? small(body) : body)['projectName'];
  return typeof name === 'string' && name.trim() !== '' ? name : undefined;
}

function small(body: Buffer): Record<string, unknown> {
  if (body.length > SMALL_BYTES) {
    throw new Invalid('To copy a survey, send {"projectName": "…"} and nothing else.');
  }
  const text = body.toString('utf8').trim();
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof value === 'object' && value !== null) {
      return value as Record<string, unknown>;
    }
  } catch {
    // told below
  }
  throw new Invalid('The body is not valid JSON.');
}
