import { Invalid } from '../../platform/errors.js';
import { shapeOf } from '../../platform/web/bodies/json_shape.js';
import { readSurveyFile, type ReadSurveyFile } from './read-survey-file.task.js';
import { withoutFile } from '../../qsf/survey_body.js';

/** Lists and objects inside one another: far more than any survey file has. */
const MOST_DEEP = 200;

/**
 * Reads JSON that a program sent to make a survey: the survey file itself, with a name beside it that goes before the
 * file's own.
 * @throws {Invalid} as `importQsf` does, and for what holds no survey file
 */
export async function readSurveyBody(content: Uint8Array): Promise<ReadSurveyFile> {
  const own = ownName(content);
  const file = await readSurveyFile(content);
  return { ...file, name: own === '' ? file.name : own };
}

/** All that was made of the body is forgotten before the file is read: both at once would take twice the memory. */
function ownName(content: Uint8Array): string {
  const sent = sentIn(content);
  if (!('SurveyEntry' in sent)) {
    throw withoutFile(sent);
  }
  return 'name' in sent && typeof sent.name === 'string' ? sent.name.trim() : '';
}

function sentIn(content: Uint8Array): object {
  const text = new TextDecoder().decode(content).trim();
  if (shapeOf(text, { values: text.length, depth: MOST_DEEP }) === 'deep') {
    throw new Invalid(`The body is nested too deeply: ${MOST_DEEP} lists and objects in one another at most.`);
  }
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof value === 'object' && value !== null) {
      return value;
    }
  } catch {
    // told below
  }
  throw new Invalid('The body is not valid JSON.');
}
