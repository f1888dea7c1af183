import type { Content } from '../engine/questions/question.schema.js';
import { numberOf, record, textOf, wholeOf } from './raw.js';
import type { Raw } from './raw.js';
import type { Source } from './source.js';

export type Required = 'none' | 'request' | 'force';

export function settingsOf(question: Raw): Raw {
  return record(record(question['Validation'])['Settings']);
}

export function requiredOf(question: Raw): Required {
  const settings = settingsOf(question);
  const force = textOf(settings['ForceResponse']);
  if (force === 'RequestResponse') return 'request';
  if (force !== 'ON') return 'none';
  return textOf(settings['ForceResponseType']) === 'RequestResponse' ? 'request' : 'force';
}

const KINDS = new Map<string, Content['kind']>([
  ['ValidNumber', 'number'],
  ['ValidEmail', 'email'],
  ['ValidPhone', 'phone'],
  ['ValidUSPhone', 'phone'],
  ['ValidDate', 'date'],
  ['ValidZip', 'zip'],
  ['ValidUSZip', 'zip'],
  ['ValidURL', 'url'],
]);

/** What may be typed, by the file's name of it. */
export function contentKind(written: string, settings: Raw): Content {
  const kind = KINDS.get(written) ?? 'any';
  if (kind === 'number') return numberContent(record(settings['ValidNumber']));
  return kind === 'date' ? { kind, dateFormat: dateOrder(textOf(settings['ValidDateType'])) } : { kind };
}

function numberContent(limits: Raw): Content {
  const min = numberOf(limits['Min']);
  const max = numberOf(limits['Max']);
  const decimals = wholeOf(limits['NumDecimals'], 0, 6);
  const isRange = min === undefined || max === undefined || min <= max;
  return {
    kind: 'number',
    ...(min !== undefined && isRange ? { min } : {}),
    ...(max !== undefined && isRange ? { max } : {}),
    ...(decimals === undefined ? {} : { decimals }),
  };
}

function dateOrder(written: string): NonNullable<Content['dateFormat']> {
  if (/^(?:yyyy|ymd)/i.test(written)) return 'ymd';
  return /^(?:dd|dmy|DateWithFormatDMY)/i.test(written) ? 'dmy' : 'mdy';
}

/** The content of a text question: its kind and the lengths it sets. */
export function contentOf(question: Raw, where: string, source: Source): Content {
  const settings = settingsOf(question);
  const type = textOf(settings['Type']);
  const written = textOf(settings['ContentType']);
  const content = type === 'ContentType' ? contentKind(written, settings) : ({ kind: 'any' } as Content);
  if (type === 'ContentType' && content.kind === 'any' && written) {
    source.report.warn(where, `Answers are not checked to be "${written}"; any text is taken.`);
  }
  if (content.kind !== 'any') return content;
  return { kind: 'any', ...lengthsOf(type, settings) };
}

const LEAST = new Set(['MinChar', 'CharRange', 'CharacterRange']);
const MOST = new Set(['TotalChar', 'MaxChar', 'CharRange', 'CharacterRange']);

function lengthsOf(type: string, settings: Raw): Partial<Content> {
  const least = LEAST.has(type) ? wholeOf(settings['MinChars'], 1, 20_000) : undefined;
  const most = MOST.has(type) ? longest(settings) : undefined;
  if (least !== undefined && most !== undefined && least > most) return {};
  return { ...(least === undefined ? {} : { minLength: least }), ...(most === undefined ? {} : { maxLength: most }) };
}

function longest(settings: Raw): number | undefined {
  return wholeOf(settings['TotalChars'], 1, 20_000) ?? wholeOf(settings['MaxChars'], 1, 20_000);
}

export function reportCustom(where: string, source: Source): void {
  source.report.warn(where, 'Its custom validation is not checked.', 'Set limits of the question itself instead.');
}

/** How many choices may be picked. */
export function countsOf(question: Raw): { minChoices?: number; maxChoices?: number } {
  const settings = settingsOf(question);
  if (['', 'None'].includes(textOf(settings['Type']))) return {};
  const exact = wholeOf(settings['ExactChoices'], 1, 1000);
  const min = exact ?? wholeOf(settings['MinChoices'], 1, 1000);
  const max = exact ?? wholeOf(settings['MaxChoices'], 1, 1000);
  if (min !== undefined && max !== undefined && min > max) return {};
  return { ...(min === undefined ? {} : { minChoices: min }), ...(max === undefined ? {} : { maxChoices: max }) };
}
