import { IANAZone } from 'luxon';
import { WINDOWS_TO_IANA_MAP } from 'windows-iana';

/**
 * Zones have many names: links kept for old files, another case, what Windows calls them. One of them is stored, so that
 * two looks at the same field never differ: the name that the IANA database gives today. JavaScript's `Intl` and
 * PostgreSQL both know each of them; only `Intl` still lists these by the names that they had before. Clocks are read in
 * JavaScript alone: the rules that PostgreSQL has may be of another year, and to it `+05:30` is a place west of Greenwich.
 */
const NAMES_OF_TODAY: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

/** Names of time zones as people choose them; UTC first, because the runtime's list leaves it out. */
export const TIME_ZONES: readonly string[] = [
  'UTC',
  ...Intl.supportedValuesOf('timeZone')
    .map((name) => NAMES_OF_TODAY[name] ?? name)
    .filter((name) => name !== 'UTC')
    .sort(),
];

const KNOWN = new Set(TIME_ZONES);
/** Names without a place that the IANA database knows; `Intl` takes more, such as IST, which is three zones. */
const WITHOUT_PLACE =
  /^(?:UTC|UCT|GMT|CET|EET|MET|WET|EST|MST|HST|PRC|ROC|ROK|NZ|NZ-CHAT|GB|GB-Eire|Eire|W-SU|Zulu|Universal|Greenwich|Navajo|Cuba|Egypt|Hongkong|Iceland|Iran|Israel|Jamaica|Japan|Kwajalein|Libya|Poland|Portugal|Singapore|Turkey|(?:EST5E|CST6C|MST7M|PST8P)DT)$/i;
const WITH_PLACE =
  /^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US)\/[A-Za-z0-9_+/-]+$/i;
const OFFSET = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?([0-5]\d))?$/i;
const WHOLE_HOURS = /^Etc\/GMT([+-])(\d{1,2})$/;
/** The furthest that clocks are behind and ahead of UTC, in minutes. */
const [MOST_BEHIND, MOST_AHEAD] = [-720, 840];

/** What was read before: files name the same few zones in a million rows. */
const READ = new Map<string, string | undefined>();
const MOST_READ = 5000;

/**
 * The one name under which a zone is stored, whatever of its names was written: in any case, with blanks for underlines,
 * as a link, as Windows calls it, or as a distance from UTC such as `+05:30`, `UTC+2` or `GMT-3`. Undefined for what names none.
 */
export function canonicalZone(written: string): string | undefined {
  if (KNOWN.has(written)) {
    return written;
  }
  if (!READ.has(written)) {
    if (READ.size >= MOST_READ || written.length > 100) {
      return read(written);
    }
    READ.set(written, read(written));
  }
  return READ.get(written);
}

function read(written: string): string | undefined {
  const text = written.trim().replace(/\s+/g, ' ');
  if (/^z$/i.test(text)) {
    return 'UTC';
  }
  const offset = OFFSET.exec(text.replaceAll(' ', '').replaceAll('−', '-'));
  if (offset !== null) {
    const [, sign, hours, minutes = '0'] = offset;
    return ofOffset((sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)));
  }
  const name = text.replaceAll(/ ?\/ ?/g, '/').replaceAll(' ', '_');
  return WITH_PLACE.test(name) || WITHOUT_PLACE.test(name) ? ofIntl(name) : ofWindows(text);
}

/**
 * Whole hours have names that everything knows, and their sign is that of POSIX, against what people write: UTC+2 is
 * `Etc/GMT-2`. Others are kept as `+05:30`.
 */
function ofOffset(minutes: number): string | undefined {
  if (minutes < MOST_BEHIND || minutes > MOST_AHEAD || minutes % 15 !== 0) {
    return undefined;
  }
  if (minutes % 60 === 0) {
    return minutes === 0 ? 'UTC' : `Etc/GMT${minutes < 0 ? '+' : '-'}${Math.abs(minutes) / 60}`;
  }
  const two = (n: number): string => String(n).padStart(2, '0');
  const name = `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return IANAZone.isValidZone(name) ? name : undefined;
}

function ofIntl(name: string): string | undefined {
  if (!IANAZone.isValidZone(name)) {
    return undefined;
  }
  const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
  const today = NAMES_OF_TODAY[timeZone] ?? timeZone;
  return KNOWN.has(today) || WHOLE_HOURS.test(today) ? today : undefined;
}

/** `W. Europe Standard Time` and its like, as calendars and spreadsheets of Windows write them. */
function ofWindows(text: string): string | undefined {
  windowsNames ??= new Map(
    WINDOWS_TO_IANA_MAP.filter(({ territory }) => territory === '001').map(({ windowsName, iana }) => [
      windowsName.toLowerCase(),
      iana[0] ?? '',
    ]),
  );
  const name = windowsNames.get(text.toLowerCase());
  return name === undefined ? undefined : ofIntl(name);
}

let windowsNames: Map<string, string> | undefined;

/** Whether something is the stored name of a zone. */
export function isTimeZone(name: string): boolean {
  return canonicalZone(name) === name;
}

/** A stored name as people read it: `America/New York`, `UTC+2`. */
export function zoneLabel(zone: string): string {
  const [, sign, hours] = WHOLE_HOURS.exec(zone) ?? [];
  if (sign !== undefined) {
    return `UTC${sign === '+' ? '-' : '+'}${hours}`;
  }
  return /^[+-]/.test(zone) ? `UTC${zone}` : zone.replaceAll('_', ' ');
}

/** The list for a select; a stored zone that is in no list stays choosable. */
export function timeZoneOptions(chosen: string): { value: string; label: string; selected: boolean }[] {
  const known = canonicalZone(chosen) ?? chosen;
  const names = KNOWN.has(known) ? TIME_ZONES : [known, ...TIME_ZONES];
  return names.map((value) => ({ value, label: zoneLabel(value), selected: value === known }));
}
