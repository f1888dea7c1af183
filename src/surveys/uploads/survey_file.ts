import type { Request } from 'express';
import { Invalid } from '../../platform/errors.js';
import { isCutOff } from '../../platform/web/bodies/body_guard.js';
import { MAX_SURVEY_BYTES, type SurveyFile } from './survey_uploads.service.js';

/** What the multipart parser gives of a file. */
export interface SentFile {
  originalname: string;
  buffer: Buffer;
}

/** The file of the console's form, in memory; the form comes back with words where it is too large. */
export const SURVEY_FILE = { bytes: MAX_SURVEY_BYTES, isToldBySelf: true };

/** The file that was sent. @throws {Invalid} when there is none or it is too large */
export function surveyFile(request: Request, file: SentFile | undefined): SurveyFile {
  if (isCutOff(request)) {
    throw new Invalid('This file is too large.', { file: 'A survey file may have 20 MB; this one is larger.' });
  }
  if (file === undefined) {
    throw new Invalid('Choose a file first.', { file: 'Choose a survey file (.qsf) first.' });
  }
  return { name: file.originalname, content: file.buffer };
}
