import { foreignPictures } from '../pictures/picture_places.js';
import { importQsf } from './import-qsf.js';

/** A survey file as it is kept: everything but the name as JSON, which the thread that answers need not build. */
export interface ReadSurveyFile {
  name: string;
  definition: string;
  options: string;
  report: string;
  /** Addresses of pictures that are not ours. */
  pictures: string[];
}

/** Reads a survey file in UTF-8. @throws {Invalid} as `importQsf` does */
export function readSurveyFile(content: Uint8Array): ReadSurveyFile {
  const { name, definition, options, report } = importQsf(new TextDecoder().decode(content));
  return {
    name,
    definition: JSON.stringify(definition),
    options: JSON.stringify(options),
    report: JSON.stringify(report),
    pictures: [...foreignPictures(definition).keys()],
  };
}
