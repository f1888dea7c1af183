import { DateTime } from 'luxon';
import { z } from 'zod';
import { isTimeZone } from '../../platform/time_zones.js';
import type { LinkType } from '../distribution.entity.js';

/** What stands in the form, as texts; the form is drawn from it, and from it alone. */
export interface Written {
  list: string;
  name: string;
  fromName: string;
  fromEmail: string;
  replyTo: string;
  subject: string;
  body: string;
  text: string;
  linkType: LinkType;
  linkDays: string;
  skipFinished: boolean;
  when: 'now' | 'later';
  sendOn: string;
}

export const LINK_TYPES = ['Individual', 'Multiple', 'Anonymous'] as const;
export const MAX_SUBJECT = 300;
export const MAX_BODY = 400_000;
export const MAX_LINK_DAYS = 3650;

const line = (limit: number) =>
  z
    .string()
    .catch('')
    // Line ends in a header would be somebody's attempt to add another one.
    .transform((text) =>
      text
        .replaceAll(/\p{Cc}+/gu, ' ')
        .trim()
        .slice(0, limit),
    );
const block = z
  .string()
  .catch('')
  .transform((text) => text.replaceAll('\0', '').replaceAll('\r\n', '\n').toWellFormed());

/** Takes whatever was typed: a draft may be unfinished, and previews are asked for in the middle of a word. */
export const writeMail = z.object({
  list: line(40),
  name: line(200),
  fromName: line(100),
  fromEmail: line(254),
  replyTo: line(254),
  subject: line(MAX_SUBJECT),
  body: block,
  text: block,
  linkType: z.enum(LINK_TYPES).catch('Individual'),
  linkDays: line(10),
  skipFinished: z
    .string()
    .optional()
    .catch(undefined)
    .transform((value) => value === 'on'),
  when: z.enum(['now', 'later']).catch('now'),
  sendOn: line(40),
});

/** Which button was pressed, and what the small dialogs ask for. */
export const pressButton = z.object({
  go: z.enum(['save', 'test', 'review']).catch('save'),
  testTo: z.string().catch(''),
});

export const MAX_TEST_ADDRESSES = 5;

/** Addresses on lines of their own or with commas between them, each once. */
export function testAddresses(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((address) => address !== ''))];
}

/** What the draft looked like when it was reviewed: another one is not sent unseen. */
export const sendReviewed = z.object({ reviewed: z.string().catch('') });

/** The days that links last, or undefined for what is no such number. */
export function linkDaysOf(text: string): number | undefined {
  const days = Number(text);
  return /^\d{1,4}$/.test(text) && days >= 1 && days <= MAX_LINK_DAYS ? days : undefined;
}

/** A date and time of a form, in the author's zone; undefined for what is none, such as the hour that spring takes away. */
export function instantOf(local: string, timeZone: string): Date | undefined {
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC';
  const at = DateTime.fromISO(local, { zone });
  return at.isValid && at.toFormat(LOCAL) === local.slice(0, 16) ? at.toJSDate() : undefined;
}

const LOCAL = "yyyy-MM-dd'T'HH:mm";

export function localOf(at: Date, timeZone: string): string {
  return DateTime.fromJSDate(at, { zone: isTimeZone(timeZone) ? timeZone : 'UTC' }).toFormat(LOCAL);
}
