/** A day of the calendar, months from 1. */
interface Day {
  year: number;
  month: number;
  day: number;
}

export type DateFormat = 'ymd' | 'mdy' | 'dmy';

const ORDERS: Record<DateFormat, (parts: [number, number, number]) => Day> = {
  ymd: ([year, month, day]) => ({ year, month, day }),
  mdy: ([month, day, year]) => ({ year, month, day }),
  dmy: ([day, month, year]) => ({ year, month, day }),
};

/** Reads a typed date, ISO or in the question's own order, and gives it as ISO; nothing when there is no such day. */
export function isoDate(typed: string, format: DateFormat): string | undefined {
  const parts = /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})$/.exec(typed);
  if (!parts) return undefined;
  const numbers: [number, number, number] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const day = ORDERS[parts[1]!.length === 4 ? 'ymd' : format](numbers);
  if (!exists(day)) return undefined;
  return `${String(day.year).padStart(4, '0')}-${String(day.month).padStart(2, '0')}-${String(day.day).padStart(2, '0')}`;
}

function exists({ year, month, day }: Day): boolean {
  if (year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= lengths[month - 1]!;
}

const STYLES: Record<string, Intl.DateTimeFormatOptions> = {
  short: { dateStyle: 'short' },
  DS: { dateStyle: 'short' },
  SL: { dateStyle: 'long' },
  DL: { dateStyle: 'long' },
  FL: { dateStyle: 'full' },
  long: { dateStyle: 'long' },
  full: { dateStyle: 'full' },
  DT: { dateStyle: 'short', timeStyle: 'short' },
  ST: { timeStyle: 'short' },
  LT: { timeStyle: 'long' },
};

/** PHP's letters for the parts of a date, as survey files write them (`m/d/Y`). */
const LETTERS: Record<string, Intl.DateTimeFormatOptions> = {
  Y: { year: 'numeric' },
  y: { year: '2-digit' },
  m: { month: '2-digit' },
  n: { month: 'numeric' },
  M: { month: 'short' },
  F: { month: 'long' },
  d: { day: '2-digit' },
  j: { day: 'numeric' },
  D: { weekday: 'short' },
  l: { weekday: 'long' },
};

/** PHP's letters for the parts of a time; alone, `Intl` writes none of them with its zero. */
const CLOCK: Record<string, (hour: number, minute: number, second: number) => string> = {
  H: (hour) => two(hour),
  G: (hour) => String(hour),
  h: (hour) => two(hour % 12 || 12),
  g: (hour) => String(hour % 12 || 12),
  i: (_, minute) => two(minute),
  s: (_hour, _minute, second) => two(second),
  A: (hour) => (hour < 12 ? 'AM' : 'PM'),
  a: (hour) => (hour < 12 ? 'am' : 'pm'),
};

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** Others have more styles than we know, named by two capitals (`PT`): where they are no parts of a date, `usual` is meant. */
function styleFor(format: string, usual: string): string {
  const isName = /^[A-Z]{2}$/.test(format) && Array.from(format).some((letter) => !Object.hasOwn(LETTERS, letter));
  return format === '' || (isName && !Object.hasOwn(STYLES, format)) ? usual : format;
}

/**
 * `CurrentDate/short?tz=Europe/Berlin`, `CurrentDate/m%2Fd%2FY`, `CurrentTime/ST`. A style that we don't know (`PT`) is written
 * as a long date or a short time.
 * @param zone whose day and hour it is, where the placeholder names none
 */
export function currentDate(
  path: readonly string[],
  instant: number,
  language: string,
  zone = 'UTC',
): string | undefined {
  const [named = '', query = ''] = path.join('/').split('?', 2);
  const [kind, ...written] = named.split('/');
  if (kind !== 'CurrentDate' && kind !== 'CurrentTime') return undefined;
  try {
    const format = decodeURIComponent(written.join('/'));
    const known = styleFor(format, kind === 'CurrentTime' ? 'ST' : format === '' ? 'short' : 'DL');
    return formatted(known, instant, language, zoneIn(query) ?? zone);
  } catch {
    // Not a zone, a language or an encoding: the placeholder is as good as unknown.
    return undefined;
  }
}

function zoneIn(query: string): string | undefined {
  const written = /(?:^|&)tz=([^&]+)/.exec(query)?.[1];
  return written === undefined ? undefined : decodeURIComponent(written);
}

function formatted(format: string, instant: number, language: string, timeZone: string): string {
  if (format.length > LONGEST_FORMAT) throw new RangeError('No date is written like that');
  const style = Object.hasOwn(STYLES, format) ? STYLES[format] : undefined;
  if (style) return formatter(language, style, timeZone).format(instant);
  return format.replaceAll(/[A-Za-z]/g, (letter) => {
    const part = Object.hasOwn(LETTERS, letter) ? LETTERS[letter] : undefined;
    if (part) return formatter(language, part, timeZone).format(instant);
    return Object.hasOwn(CLOCK, letter) ? CLOCK[letter]!(...timeIn(instant, timeZone)) : letter;
  });
}

function timeIn(instant: number, timeZone: string): [number, number, number] {
  const time = formatter('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }, timeZone);
  const [hour = 0, minute = 0, second = 0] = time.format(instant).split(':').map(Number);
  return [hour, minute, second];
}

/** Characters of a format; the longest that people write have about twenty. */
const LONGEST_FORMAT = 60;

const formatters = new Map<string, Intl.DateTimeFormat>();
const KEPT_FORMATTERS = 500;

/** Making one takes a hundred times as long as using it. */
function formatter(language: string, style: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
  const key = `${language} ${timeZone} ${Object.entries(style).join()}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(language, { ...style, timeZone });
  if (formatters.size >= KEPT_FORMATTERS) formatters.clear();
  formatters.set(key, made);
  return made;
}
