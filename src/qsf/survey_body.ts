import { Invalid } from '../platform/errors.js';

/** Why what a program sent holds no survey file. */
export function withoutFile(sent: object): Invalid {
  const why =
    (sent as { fileUrl?: unknown }).fileUrl !== undefined
      ? 'Files are not fetched from addresses. Send the file itself in the field "file" of a multipart form.'
      : 'Send a survey file (.qsf) in the field "file" of a multipart form, with the survey\'s name in the field "name".';
  return new Invalid(why, {}, 'SURVEY_FILE_MISSING');
}
