import type { Facts } from './conditions.js';
import { currentDate } from './questions/dates.js';
import { computed, operandsOf, parseFormula } from './questions/formula.js';
import type { Formula, Operand } from './questions/formula.js';
import { isId } from './id.schema.js';
import { plainOf } from './questions/numbers.js';
import { PARTS, WORDING } from './piped-parts.js';
import { wholeNumber, seedAt } from './draws/random.js';
import { escapeHtml, plainText, withoutTags } from './text.js';

/** A text cut at its placeholders. */
export type Template = readonly (string | Pipe)[];
export interface Pipe {
  /** As written, with its braces. */
  written: string;
  scheme: string;
  path: readonly string[];
  /** The words behind `?d=`: a link's text, or what stands where a value is missing. */
  label?: string;
  /** What `$e{…}` computes; nothing when that can't be computed here. */
  formula?: Formula;
}

export interface PipeSource {
  facts: Facts;
  seed: number;
  startedAt: number;
  language: string;
  /** Question ids as others write them (`QID7#1`) → ours. */
  aliases: ReadonlyMap<string, string>;
  /** Safe HTML (or a plain address in a text) for `${l://name?d=label}`. */
  link?: (name: string, label: string | undefined) => string | undefined;
  unknown: Set<string>;
  /** Questions and fields that the reader may not know of, and what stands in their place. */
  concealed?: { questions: ReadonlySet<string>; fields: ReadonlySet<string>; mark: string };
}

/** `${scheme://path}`, ended before the next one begins, or an operation `$e{ … }`, which may hold placeholders. */
const PLACEHOLDER = /\$\{(\w{1,10}):\/\/((?:[^}$]|\$(?!\{)){0,300})\}|\$e\{((?:[^{}]|\{[^{}]{0,300}\}){0,500})\}/g;
const OPERATION = '$e';

/** Whether a text may hold placeholders at all; most hold none. */
export function mayPipe(text: string): boolean {
  return text.includes('${') || text.includes('$e{');
}

export function parseTemplate(text: string): Template {
  const parts: (string | Pipe)[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    const [written, scheme, path = '', operation] = match;
    parts.push(scheme ? pipeOf(written, scheme.toLowerCase(), path) : operationIn(written, operation));
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

function operationIn(written: string, operation = ''): Pipe {
  const formula = parseFormula(plainText(operation));
  return { written, scheme: OPERATION, path: [], ...(formula ? { formula } : {}) };
}

function pathOf(written: string): string[] {
  return plainText(written).replaceAll('%23', '#').split('/');
}

/** Where the words begin, for the schemes that have any: all that follows is theirs, whatever signs it holds. */
const WORDS: Record<string, RegExp> = { l: /[?&]d=/, m: /\?d=/, e: /\?d=/, q: /\?d=/ };
/** Names without blanks in them: what stands there came with a paste or a line break. */
const UNSPACED = new Set(['l', 'm', 'iq']);

function pipeOf(written: string, scheme: string, inner: string): Pipe {
  const begin = WORDS[scheme]?.exec(inner);
  const named = begin ? inner.slice(0, begin.index) : inner;
  const path = pathOf(UNSPACED.has(scheme) ? withoutTags(named).replaceAll(/\s|&nbsp;/g, '') : named);
  const label = begin ? percentDecoded(plainText(inner.slice(begin.index + begin[0].length))) : '';
  return { written, scheme, path, ...(label === '' ? {} : { label }) };
}

/** Others write blanks and signs of labels as in addresses (`Take%20the%20survey`); a "%" that encodes nothing stays. */
function percentDecoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded; // not UTF-8: a per cent sign that stands for itself
    }
  });
}

/** Characters of a filled text: a long answer that stands in it a thousand times is cut off. */
const LONGEST_FILLED = 4_000_000;

/** Fills a template; `html` escapes what is put in, `text` leaves it. Unknown placeholders are empty and noted. */
export function fill(template: Template, source: PipeSource, place: 'html' | 'text'): string {
  const filled: string[] = [];
  let length = 0;
  for (const part of template) {
    const text = typeof part === 'string' ? part : piped(part, source, place);
    length += text.length;
    if (length > LONGEST_FILLED) break;
    filled.push(text);
  }
  return filled.join('');
}

function piped(pipe: Pipe, source: PipeSource, place: 'html' | 'text'): string {
  if (pipe.scheme === 'l') return linked(pipe, source);
  const value = valueOf(pipe, source);
  if (value === undefined) {
    source.unknown.add(pipe.written);
    return '';
  }
  const text = value === '' ? (pipe.label ?? '') : value;
  return place === 'html' ? escapeHtml(text) : text;
}

function linked(pipe: Pipe, source: PipeSource): string {
  const [name = ''] = pipe.path.join('/').split('?');
  const link = source.link?.(name, pipe.label);
  if (link === undefined) source.unknown.add(pipe.written);
  return link ?? '';
}

function valueOf(pipe: Pipe, source: PipeSource): string | undefined {
  const { path } = pipe;
  switch (pipe.scheme) {
    case 'q':
      return questionValue(path, source);
    case 'e':
      return path[0] === 'Field' ? fieldValue(path.slice(1).join('/'), source) : undefined;
    case 'm':
      return contactValue(path, source.facts);
    case 'date':
      return path[0] === undefined ? undefined : currentDate(path, source.startedAt, source.language);
    case 'rand':
      return chance(pipe, source.seed);
    case OPERATION:
      return result(pipe.formula, source);
    default:
      return undefined;
  }
}

function fieldValue(name: string, { facts, concealed }: PipeSource): string {
  return concealed?.fields.has(name) ? concealed.mark : (facts.embedded.get(name) ?? '');
}

/** Empty where a value is missing; nothing where an operand is no placeholder that we know. */
function result(formula: Formula | undefined, source: PipeSource): string | undefined {
  if (!formula) return undefined;
  const values = operandsOf(formula).map((operand) => [operand, valueOf(operandPipe(operand), source)] as const);
  if (values.some(([, value]) => value === undefined)) return undefined;
  if (values.some(([, value]) => value === source.concealed?.mark)) return source.concealed?.mark;
  const known = new Map(values);
  const number = computed(formula, (operand) => known.get(operand) ?? '');
  return number === undefined ? '' : plainOf(number);
}

function operandPipe({ scheme, path }: Operand): Pipe {
  return { written: `\${${scheme}://${path}}`, scheme, path: pathOf(path) };
}

const CONTACT_FIELDS = ['FirstName', 'LastName', 'Email', 'Phone', 'ExternalDataReference', 'Language'];
const OTHER_SPELLINGS = new Map([
  ['Email1', 'Email'],
  ['ExternalReference', 'ExternalDataReference'],
  ['ExternalDataRef', 'ExternalDataReference'],
]);

function contactValue(path: readonly string[], facts: Facts): string | undefined {
  const name = contactField(path[0] ?? '');
  return name === undefined ? undefined : (facts.contact.get(name) ?? '');
}

/** The contact field that a placeholder or a test means; older spellings included. */
export function contactField(written: string): string | undefined {
  const name = OTHER_SPELLINGS.get(written) ?? written;
  return CONTACT_FIELDS.includes(name) ? name : undefined;
}

function chance(pipe: Pipe, seed: number): string | undefined {
  const range = /^(-?\d{1,9}):(-?\d{1,9})$/.exec(pipe.path[1] ?? '');
  if (pipe.path[0] !== 'int' || !range) return undefined;
  const [low, high] = [Number(range[1]), Number(range[2])];
  return low > high ? undefined : String(wholeNumber(seedAt(seed, pipe.written), low, high));
}

/** What the placeholders of a text look at: a scheme, and the name behind it; operands of operations included. */
export function sourcesIn(text: string): { scheme: string; name: string }[] {
  const sources = (pipe: Pipe): { scheme: string; name: string }[] =>
    pipe.formula
      ? operandsOf(pipe.formula).flatMap((operand) => sources(operandPipe(operand)))
      : [{ scheme: pipe.scheme, name: pipe.path.slice(pipe.scheme === 'e' ? 1 : 0).join('/') }];
  return parseTemplate(text).flatMap((part) => (typeof part === 'string' ? [] : sources(part)));
}

/** The ids of the questions that a placeholder asks for. */
export function questionsOf(pipe: Pipe, aliases: ReadonlyMap<string, string>): string[] {
  if (pipe.formula) return operandsOf(pipe.formula).flatMap((operand) => questionsOf(operandPipe(operand), aliases));
  return pipe.scheme === 'q' && pipe.path[0] !== undefined ? [aliases.get(pipe.path[0]) ?? pipe.path[0]] : [];
}

function questionValue(path: readonly string[], source: PipeSource): string | undefined {
  const id = source.aliases.get(path[0] ?? '') ?? path[0] ?? '';
  const question = source.facts.questions.get(id);
  if (!question) return undefined;
  const depth = path[1] === 'ChoiceGroup' ? 3 : 2;
  const part = path.slice(1, depth).join('/');
  const rest = path.slice(depth);
  const value =
    rest.every(isId) && Object.hasOwn(PARTS, part) ? PARTS[part]?.(question, rest, source.facts) : undefined;
  return WORDING.has(part) ? value : unlessConcealed(id, value, source);
}

function unlessConcealed(questionId: string, value: string | undefined, { concealed }: PipeSource): string | undefined {
  return value !== undefined && concealed?.questions.has(questionId) ? concealed.mark : value;
}

/** Whether a placeholder is one that the walk can fill; what it finds may still be empty. */
export function isKnownPipe(pipe: Pipe, source: Omit<PipeSource, 'unknown'>): boolean {
  if (pipe.scheme === 'l') return /^(SurveyLink|SurveyURL|OptOutLink|OptOutURL)\b/.test(pipe.path.join('/'));
  return valueOf(pipe, { ...source, unknown: new Set() }) !== undefined;
}
