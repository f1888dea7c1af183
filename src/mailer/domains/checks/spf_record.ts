import { isIP } from 'node:net';
import type { Names } from '../../../platform/net/names.js';
import { type Finding, findingsOf } from '../finding.js';

export type SpfWord = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'permerror' | 'temperror';

export interface SpfVerdict {
  result: SpfWord;
  /** mailauth's words. */
  reason: string;
  lookups: number;
  voids: number;
}

/** RFC 7208 §4.6.4: ten look-ups, two of them void. */
const MANY_LOOKUPS = 8;
const LOOKUPS = 10;
const LONG_BYTES = 450;
const INCLUDES_ASKED = 20;
/** A record of more characters is nothing to build on. */
const MENDABLE = 1500;

const { warn, bad } = findingsOf('spf');

/** The SPF records among text records (§4.5); other texts are none of our business. */
export function spfRecordsOf(texts: readonly string[]): string[] {
  return texts.filter((text) => /^v=spf1(?: |$)/i.test(text));
}

/** The record as it should be, so that the addresses pass: the old one with what is missing, or a new one. */
export function proposal(record: string | undefined, addresses: readonly string[]): string {
  const terms = addresses.map((address) => `${isIP(address) === 6 ? 'ip6' : 'ip4'}:${address}`);
  if (record === undefined || record.length > MENDABLE) {
    return ['v=spf1', ...terms, '-all'].join(' ');
  }
  const words = record.trim().split(/ +/);
  const missing = terms.filter((term) => !words.includes(term));
  const end = words.findIndex((word) => /^[-+~?]?all$/i.test(word) || /^redirect=/i.test(word));
  const place = end < 0 ? words.length : end;
  return [...words.slice(0, place), ...missing, ...words.slice(place)].join(' ');
}

/** What is wrong or risky with the record, whatever its verdict. */
export function adviceOn(records: string[], { lookups, voids }: SpfVerdict, domain: string): Finding[] {
  const [record = ''] = records;
  const about = { record: domain };
  const bytes = Buffer.byteLength(record);
  return [
    ...(records.length > 1 ? [bad('two', { domain, count: records.length }, about)] : []),
    ...(/(?:^| )\+?all(?: |$)/i.test(record) ? [warn('plusAll', { domain }, about)] : []),
    ...(lookups >= MANY_LOOKUPS ? [warn('lookups', { domain, count: lookups, limit: LOOKUPS }, about)] : []),
    ...(records.length > 0 && voids > 0 ? [warn('voids', { domain, count: voids }, about)] : []),
    ...(bytes > LONG_BYTES ? [warn('long', { domain, bytes }, about)] : []),
  ];
}

/** Includes of the record that lead nowhere: they make the whole record worthless (§5.2). */
export async function goneIncludes(names: Names, records: string[], domain: string): Promise<Finding[]> {
  const targets = [...(records[0] ?? '').matchAll(/(?:^| )[-+~?]?include:([^\s%]{1,253})(?= |$)/gi)].map(
    ([, name]) => name!,
  );
  const asked = [...new Set(targets)].slice(0, INCLUDES_ASKED);
  const answers = await Promise.all(asked.map((name) => names.txt(name)));
  return asked.flatMap((include, index) => {
    const answer = answers[index]!;
    const isThere = answer.status === 'found' && spfRecordsOf(answer.records).length > 0;
    return isThere || answer.status === 'unsure' ? [] : [bad('includeGone', { domain, include }, { record: domain })];
  });
}
