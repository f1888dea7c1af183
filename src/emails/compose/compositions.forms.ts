import { DateTime } from 'luxon';
import { z } from 'zod';
import { asWritten, beginning, block, line, ticked, unlessLonger } from '../../platform/web/form_atoms.js';
import { isInCalendar } from '../../platform/calendar/calendar_range.js';
import { isTimeZone } from '../../platform/calendar/time_zones.js';
import { writtenAddress } from '../../platform/written_address.js';
import { writePlan, type WrittenPlan } from '../../planning/when_form.js';
import { following, withFollowing, type WrittenFollowing } from '../../distributions/follow_ups/written_following.js';
import type { WrittenSample } from '../../audiences/sample.js';
import type { LinkType } from '../../ledger/distribution.entity.js';
import type { MailDesign } from '../content/mail_content.entity.js';
import { languageTag } from '../../platform/language_tags.js';
import { withFromAddress, withVersions, type WrittenWords } from './written_versions.js';

/** What stands in the form, as texts; the form is drawn from it, and from it alone. */
export interface Written extends WrittenWords, WrittenPlan, WrittenSample {
  list: string;
  name: string;
  fromName: string;
  fromEmail: string;
  replyTo: string;
  /** Of the words; '' where nobody said it. */
  language: string;
  versions: Record<string, WrittenWords>;
  design: MailDesign;
  countsOpens: boolean;
  linkType: LinkType;
  /** Whether links end so many days after sending, or on a date. */
  linkEnd: 'days' | 'date';
  linkDays: string;
  linkUntil: string;
  /** A pair a line. */
  embedded: string;
  skipFinished: boolean;
  when: (typeof WHENS)[number];
  sendOn: string;
  /** Absent where the mail follows no other one. */
  following?: WrittenFollowing | undefined;
}

/** At once, two usual times with one click each, or any other. */
export const WHENS = ['now', 'hour', 'tomorrow', 'later'] as const;
export const LINK_TYPES = ['Individual', 'Multiple', 'Anonymous'] as const;
export const MAX_PREHEADER = 250;

const header = asWritten(100_000);
const words = { subject: header, preheader: line(MAX_PREHEADER), body: block, text: block };

const mail = z.object({
  list: line(40),
  sampleKind: z.enum(['all', 'number', 'percent']).catch('all'),
  sampleSize: line(10),
  name: line(200),
  fromName: header,
  fromEmail: header,
  replyTo: header,
  ...words,
  language: z
    .string()
    .catch('')
    .transform((text) => languageTag(text) ?? ''),
  versions: z.record(z.string(), z.object(words)).catch({}),
  design: z.enum(['plain', 'brand']).catch('plain'),
  countsOpens: ticked,
  linkType: z.enum(LINK_TYPES).catch('Individual'),
  linkEnd: z.enum(['days', 'date']).catch('days'),
  linkDays: line(10),
  linkUntil: line(40),
  embedded: block.transform((text) => text.slice(0, 20_000)),
  skipFinished: ticked,
  when: z.enum(WHENS).catch('now'),
  sendOn: line(40),
  following,
  ...writePlan,
});

/** Takes whatever was typed: a draft may be unfinished, and previews are asked for in the middle of a word. */
export const writeMail = z.preprocess((body) => withFollowing(withVersions(withFromAddress(body))), mail);

/** What a new mail begins with: another one, or the people it is for. */
export const beginMail = z.object({
  copy: z.string().optional().catch(undefined),
  to: unlessLonger(40),
});

/** Which button was pressed, and what the small dialogs ask for. */
export const pressButton = z.object({
  go: z.string().catch('save'),
  testTo: z.string().catch(''),
  /** Which drawing of the form it is, of which draft where there is one, and how often that had been written by then. */
  formKey: line(40),
  draft: line(40),
  revision: line(10),
  /** Whose values fill previews: a contact's public id. */
  sample: z.string().catch(''),
  newLanguage: z.string().catch(''),
  /** A message of the library, to load or to keep. */
  libraryMessage: z.string().catch(''),
  libraryName: z.string().catch(''),
  libraryShared: ticked,
});
export type Pressed = z.infer<typeof pressButton>;

export const MAX_TEST_ADDRESSES = 5;

/** Addresses on lines of their own or with commas between them, with or without names, each once. */
export function testAddresses(text: string): string[] {
  const entries = text.split(/[\r\n;]+|(?<=>)\s*,/).flatMap((entry) => {
    const { address, name } = writtenAddress(entry);
    return name !== '' || /[<:]/.test(entry)
      ? [address]
      : entry.split(/[\s,]+/).map((part) => writtenAddress(part).address);
  });
  return [...new Set(entries.filter((address) => address !== ''))];
}

/** What the draft looked like when it was reviewed: another one is not sent unseen. */
export const sendReviewed = z.object({
  reviewed: z.string().catch(''),
  /** What is free now, and the rest when more is. */
  parts: ticked,
  confirm: beginning(400),
});
export type SentForm = z.infer<typeof sendReviewed>;

/** A date and time of a form, in the author's zone; undefined for what is none, such as the hour that spring takes away. */
export function instantOf(local: string, timeZone: string): Date | undefined {
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC';
  const at = DateTime.fromISO(local, { zone });
  return at.isValid && at.toFormat(LOCAL) === local.slice(0, 16) && isInCalendar(at.toJSDate())
    ? at.toJSDate()
    : undefined;
}

const LOCAL = "yyyy-MM-dd'T'HH:mm";

export function localOf(at: Date, timeZone: string): string {
  return DateTime.fromJSDate(at, { zone: isTimeZone(timeZone) ? timeZone : 'UTC' }).toFormat(LOCAL);
}
