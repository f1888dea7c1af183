import { encodingName } from '../../encodings/encodings.js';
import { type FoundEncoding, textOf } from '../../encodings/found_encoding.js';
import { foreignPictures } from '../pictures/picture_places.js';
import { importQsf } from '../../qsf/import-qsf.js';
import type { ReportEntry } from '../../qsf/report.js';

/** A survey file as it is kept: everything but the name as JSON, which the thread that answers need not build. */
export interface ReadSurveyFile {
  name: string;
  definition: string;
  options: string;
  report: string;
  /** Addresses of pictures that are not ours. */
  pictures: string[];
}

/** Reads a survey file. They are in UTF-8 but for those that an editor saved otherwise. @throws {Invalid} as `importQsf` does */
export async function readSurveyFile(content: Uint8Array): Promise<ReadSurveyFile> {
  const { text, ...found } = await textOf(content);
  const { name, definition, options, report } = importQsf(text);
  return {
    name,
    definition: JSON.stringify(definition),
    options: JSON.stringify(options),
    report: JSON.stringify([...letterEntries(found), ...report]),
    pictures: [...foreignPictures(definition).keys()],
  };
}

/** What may have become of letters. */
function letterEntries({ encoding, strays }: FoundEncoding): ReportEntry[] {
  if (strays === 0) {
    return [];
  }
  const what =
    encoding === 'utf-8'
      ? `${strays === 1 ? 'A byte' : `${strays} bytes`} of the file cannot be read as UTF-8 and became �.`
      : `The file is not in UTF-8, as survey files are. It was read as ${encodingName(encoding)}, which seems likeliest.`;
  const remedy =
    'Look at the letters beyond A to Z. Where they are wrong, export the survey again and do not edit the file.';
  return [{ severity: 'warning', group: 'respondents', where: 'File', what, remedy }];
}
