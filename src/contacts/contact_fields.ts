import { wireAddress } from '../platform/email_address.js';
import { Invalid } from '../platform/errors.js';
import { invisibleIn, neverMeantIn, trimmed, withoutInvisible } from '../platform/foreign/invisible.js';
import { canonicalZone } from '../platform/calendar/time_zones.js';
import { writtenAddress } from '../platform/written_address.js';
import type { ContactFields } from './contact.entity.js';
import { type Country, phoneNumber } from './phone_number.js';

/** Why a value was not taken, in words for the person who wrote it. */
export class Mistake {
  constructor(readonly reason: string) {}
}

export const CONTACT_FIELDS = [
  'firstName',
  'lastName',
  'email',
  'phone',
  'extRef',
  'language',
  'timeZone',
] as const satisfies (keyof ContactFields)[];

export const MAX_NAME = 200;
export const MAX_VALUE = 10_000;
export const MAX_EMBEDDED_NAME = 100;

/** Values with several lines are fine; other control characters belong into no text. */
const CONTROL = /[^\P{Cc}\t\n\r]/u;
const LINE_BREAK = /[\t\n\r]/;
const LANGUAGE = /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*$/;
/** Names that mean something else inside JavaScript objects. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

const READERS: Record<keyof ContactFields, (text: string, country?: Country) => string | Mistake> = {
  firstName: shortText,
  lastName: shortText,
  extRef: reference,
  email: emailAddress,
  phone: (text, country) =>
    phoneNumber(withoutInvisible(text), country) ??
    new Mistake(
      country === undefined
        ? 'is not a phone number; start with + and the country code, like +44 20 7946 0018'
        : 'is not a phone number',
    ),
  language: (text) => (LANGUAGE.test(text) ? text : new Mistake('is not a language code; write EN or de, for example')),
  timeZone: (text) =>
    canonicalZone(text) ?? new Mistake('is not a time zone; write Europe/Berlin or UTC+2, for example'),
};

/** One field as it will be stored; blank stays blank. */
export function readField(field: keyof ContactFields, raw: string, country?: Country): string | Mistake {
  const text = readText(raw);
  return text instanceof Mistake || text === '' ? text : READERS[field](text, country);
}

/** Any value as it will be stored: without blanks and what nobody sees at its ends, without control characters, of bearable length. */
export function readText(raw: string): string | Mistake {
  const text = trimmed(raw);
  if (CONTROL.test(text)) {
    return new Mistake('contains a control character');
  }
  if (text.length > MAX_VALUE) {
    return new Mistake(`is longer than ${MAX_VALUE.toLocaleString('en')} characters`);
  }
  return text.isWellFormed() ? text : new Mistake('contains half a character');
}

/** Why a name for embedded data cannot be taken, if so. */
export function embeddedNameMistake(name: string): Mistake | undefined {
  if (name.trim() === '') {
    return new Mistake('needs a name');
  }
  if (name.length > MAX_EMBEDDED_NAME) {
    return new Mistake(`is longer than ${MAX_EMBEDDED_NAME} characters`);
  }
  if (RESERVED.has(name)) {
    return new Mistake(`may not be called ${name}`);
  }
  return CONTROL.test(name) || LINE_BREAK.test(name) ? new Mistake('contains a control character') : undefined;
}

/** "yes", "true", "1" and their like; undefined for anything that is neither yes nor no. */
export function readYesNo(text: string): boolean | undefined {
  if (/^(?:true|yes|y|1|x|opted ?out|unsubscribed)$/i.test(text)) {
    return true;
  }
  return /^(?:|false|no|n|0|opted ?in|subscribed)$/i.test(text) ? false : undefined;
}

/** What a form or a program gave for a contact; a field that is absent or null was not given. */
export type GivenContact = { [field in keyof ContactFields]?: string | null | undefined } & {
  embedded?: Record<string, unknown> | null | undefined;
};

export interface ReadContact {
  fields: Partial<ContactFields>;
  embedded: Record<string, string | null>;
}

/**
 * Reads a whole contact.
 * @throws {Invalid} with one message per field
 */
export function readContact(given: GivenContact, country?: Country): ReadContact {
  const mistakes: Record<string, string> = {};
  const fields: Partial<ContactFields> = {};
  for (const field of CONTACT_FIELDS) {
    const raw = given[field];
    const value = raw === undefined || raw === null ? undefined : readField(field, raw, country);
    if (value instanceof Mistake) {
      mistakes[field] = sentence(given[field] ?? '', value);
    } else if (value !== undefined) {
      fields[field] = value;
    }
  }
  const embedded = readEmbedded(given.embedded ?? {}, mistakes);
  const [first] = Object.values(mistakes);
  if (first !== undefined) {
    throw new Invalid(first, mistakes);
  }
  return { fields, embedded };
}

function readEmbedded(given: Record<string, unknown>, mistakes: Record<string, string>): Record<string, string | null> {
  const read = new Map<string, string | null>();
  for (const [name, raw] of Object.entries(given)) {
    const value = raw === null ? null : readText(typeof raw === 'string' ? raw : JSON.stringify(raw));
    const mistake = embeddedNameMistake(name) ?? (value instanceof Mistake ? value : undefined);
    if (mistake === undefined) {
      read.set(name.trim(), value as string | null);
    } else {
      mistakes['embedded'] ??= `The embedded data “${name.slice(0, MAX_EMBEDDED_NAME)}” ${mistake.reason}.`;
    }
  }
  return Object.fromEntries(read);
}

function sentence(raw: string, { reason }: Mistake): string {
  return `“${raw.trim().slice(0, 100)}” ${reason}.`;
}

function shortText(text: string): string | Mistake {
  if (text.length > MAX_NAME) {
    return new Mistake(`is longer than ${MAX_NAME} characters`);
  }
  return LINE_BREAK.test(text) ? new Mistake('contains a line break') : text;
}

/** Another reference would be kept for whoever has it written without. */
function reference(text: string): string | Mistake {
  const unseen = neverMeantIn(text);
  return unseen === undefined ? shortText(text) : new Mistake(`holds a ${unseen}, which nobody sees; type it anew`);
}

/**
 * The address, also where a name or `mailto:` stands around it. HTML5 and RFC 5321 allow ASCII only before the @; what
 * comes after it may be of any script.
 */
function emailAddress(text: string): string | Mistake {
  const { address } = writtenAddress(text);
  const unseen = invisibleIn(address);
  if (unseen !== undefined) {
    return new Mistake(`holds a ${unseen}, which nobody sees; type the address anew`);
  }
  const wire = wireAddress(address);
  if (wire === undefined) {
    return new Mistake(
      address.split('@', 3).length === 3 && /[ ;,]/.test(address) && !/[\r\n]/.test(address)
        ? 'holds several addresses; keep one in each row'
        : 'is not an e-mail address',
    );
  }
  return /\P{ASCII}/u.test(wire) ? new Mistake('has a letter before the @ that mail servers do not take') : wire;
}
