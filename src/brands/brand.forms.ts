import { z } from 'zod';
import { isCalendarDay } from '../platform/calendar_range.js';
import { zoneName } from '../platform/zone_name.js';
import { isReadableAccent, readableAccent } from '../platform/web/accent.js';
import { wholeNumber } from '../platform/web/whole_number.js';

const address = z
  .string()
  .trim()
  .max(500, 'At most 500 characters.')
  .refine((text) => text === '' || isWebAddress(text), 'This must be an address like https://www.example.com/privacy.')
  .default('');

export const changeBrand = z.object({
  name: z.string().trim().min(1, 'The brand needs a name.').max(200, 'At most 200 characters.'),
  timeZone: zoneName,
  accent: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^#[0-9a-f]{6}$/, 'A colour is # and six digits, such as #4f46e5.')
    .superRefine((colour, context) => {
      if (/^#[0-9a-f]{6}$/.test(colour) && !isReadableAccent(colour)) {
        const message = `White words on this colour are hard to read. ${readableAccent(colour)} is the nearest that works.`;
        context.addIssue({ code: 'custom', message });
      }
    }),
  postalAddress: z
    .string()
    .trim()
    .max(500, 'At most 500 characters.')
    .transform((text) => text.replaceAll('\r\n', '\n'))
    .default(''),
  privacyUrl: address,
  imprintUrl: address,
  weeklyEmailLimitPerUser: wholeNumber(0, 10_000_000),
  weeklyEmailLimit: wholeNumber(0, 100_000_000),
  confirmAbove: wholeNumber(0, 100_000_000),
  apiRequestsPerMinute: wholeNumber(1, 1_000_000),
  holidays: z
    .string()
    .default('')
    .transform((text) => [...new Set(text.split(/[\s,;]+/).filter((date) => date !== ''))].sort())
    .refine((dates) => dates.every(isCalendarDay), 'Write dates such as 2027-12-24, one on each line.')
    .refine((dates) => dates.length <= 500, 'At most 500 days.'),
});

export const changeDivision = z.object({
  name: z.string().trim().min(1, 'The division needs a name.').max(200, 'At most 200 characters.'),
  /** Empty: none of its own. */
  weeklyEmailLimit: z.union([
    z
      .string()
      .trim()
      .length(0)
      .transform(() => null),
    wholeNumber(0, 100_000_000),
  ]),
});

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
