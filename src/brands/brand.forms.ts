import { z } from 'zod';
import { isCalendarDay } from '../platform/calendar/calendar_range.js';
import { zoneName } from '../platform/calendar/zone_name.js';
import { isReadableAccent, readableAccent } from '../platform/web/accent.js';
import { named, trimmed, wholeNumber, wholeNumberOrNone } from '../platform/web/form_atoms.js';

const address = trimmed(500)
  .refine((text) => text === '' || isWebAddress(text), 'This must be an address like https://www.example.com/privacy.')
  .default('');

export const changeBrand = z.object({
  name: named(200, 'The brand needs a name.'),
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
  postalAddress: trimmed(500)
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
  name: named(200, 'The division needs a name.'),
  /** Empty: none of its own. */
  weeklyEmailLimit: wholeNumberOrNone(0, 100_000_000),
});

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
