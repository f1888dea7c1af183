import { Invalid } from '../platform/errors.js';
import type { SentFile } from './survey_file.js';
import type { SurveyFile } from './survey_uploads.service.js';

/** What a program wants to become a survey. */
export interface ApiUpload {
  name: string;
  file: SurveyFile;
}

/**
 * Finds the survey file in a request to make a survey.
 * @throws {Invalid} for addresses to fetch from and requests without a file
 */
export function fileInBody(body: Record<string, unknown>, sent: SentFile | undefined): ApiUpload {
  const name = typeof body['name'] === 'string' ? body['name'] : '';
  if (sent !== undefined) {
    return { name, file: { name: sent.originalname, content: sent.buffer } };
  }
  if (body['SurveyEntry'] !== undefined) {
    return { name, file: { name: 'survey.qsf', content: written(body) } };
  }
  throw new Invalid(whyNot(body), {}, 'SURVEY_FILE_MISSING');
}

/** The file that a program sent as the body itself. */
function written(body: Record<string, unknown>): Buffer {
  try {
    return Buffer.from(JSON.stringify(body));
  } catch (cause) {
    // Reading JSON has no limit to its depth, writing it has.
    throw Object.assign(new Invalid('This survey file is nested too deeply to be one.'), { cause });
  }
}

function whyNot(body: Record<string, unknown>): string {
  if (body['fileUrl'] !== undefined) {
    return 'Files are not fetched from addresses. Send the file itself in the field "file" of a multipart form.';
  }
  return 'Send a survey file (.qsf) in the field "file" of a multipart form, with the survey\'s name in the field "name".';
}

/** The name that a copy shall have. */
export function projectName(body: Record<string, unknown> | undefined): string | undefined {
  const name = body?.['projectName'];
  return typeof name === 'string' && name.trim() !== '' ? name : undefined;
}
