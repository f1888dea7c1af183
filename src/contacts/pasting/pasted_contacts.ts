import { trimmed } from '../../platform/foreign/invisible.js';
import { writtenAddress } from '../../platform/written_address.js';
import { Mistake, readField } from '../contact_fields.js';
import { namesOf } from '../written_name.js';

export const MOST_LINES = 10_000;
/** The same people may stand there several times; what is much more than there may be is not read to its end. */
const MOST_ENTRIES = 2 * MOST_LINES;

export interface PastedPerson {
  email: string;
  firstName: string;
  lastName: string;
}

/** A line of which nobody could be made. */
export interface BadLine {
  line: number;
  reason: string;
  text: string;
}

export interface Pasted {
  people: PastedPerson[];
  bad: BadLine[];
  /** There is more than is read. */
  isCut: boolean;
}

const SHOWN = 100;

/**
 * People out of what somebody pasted: addresses, `Grace Hopper <grace@example.com>`, or `grace@example.com, Grace, Hopper`,
 * one a line, or several with semicolons between them. The same address counts once. Every other line is named with its
 * reason.
 */
export function readPasted(text: string): Pasted {
  const people = new Map<string, PastedPerson>();
  const bad: BadLine[] = [];
  let entries = 0;
  for (const [place, line] of text.split(/\r\n|\r|\n/).entries()) {
    for (const entry of entriesOf(line)) {
      entries += 1;
      if (entries > MOST_ENTRIES || people.size + bad.length > MOST_LINES) {
        return { people: [...people.values()], bad, isCut: true };
      }
      const person = personOf(entry);
      if (person instanceof Mistake) {
        bad.push({ line: place + 1, reason: person.reason, text: entry.slice(0, SHOWN) });
      } else if (!people.has(person.email.toLowerCase())) {
        people.set(person.email.toLowerCase(), person);
      }
    }
  }
  return { people: [...people.values()], bad, isCut: false };
}

/** Several people of one line: semicolons always part them, commas only where each part is a person of its own. */
function entriesOf(line: string): string[] {
  const entries = line
    .split(';')
    .map((entry) => trimmed(trimmed(entry).replace(/,$/, '')))
    .filter((entry) => entry !== '');
  return entries.flatMap((entry) => {
    const parts = entry.split(',').map(trimmed);
    return parts.length > 1 && parts.every((part) => part.includes('@')) ? parts : [entry];
  });
}

function personOf(entry: string): PastedPerson | Mistake {
  const whole = writtenAddress(entry);
  if (whole.name !== '' || whole.address !== entry) {
    return checked(whole.address, ...namesOf(whole.name));
  }
  const cells = entry.split(/[,\t]/).map((cell) => unquoted(cell));
  const at = cells.findIndex((cell) => cell.includes('@'));
  if (at < 0) {
    return new Mistake('holds no e-mail address');
  }
  const names = cells.filter((_, place) => place !== at);
  return names.length > 2
    ? new Mistake('has more than an address and two names')
    : checked(cells[at]!, names[0], names[1]);
}

function checked(address: string, first = '', last = ''): PastedPerson | Mistake {
  const email = readField('email', address);
  const firstName = readField('firstName', first);
  const lastName = readField('lastName', last);
  for (const value of [email, firstName, lastName]) {
    if (value instanceof Mistake) {
      return value;
    }
  }
  return email === '' ? new Mistake('holds no e-mail address') : ({ email, firstName, lastName } as PastedPerson);
}

function unquoted(text: string): string {
  return trimmed(trimmed(text).replace(/^(["'])(.*)\1$/, '$2'));
}
