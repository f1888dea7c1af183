import { z } from 'zod';
import { CALENDAR_WORDS, isInCalendar } from '../calendar/calendar_range.js';

const error = 'must be a time with its zone, like 2026-11-23T12:00:00Z or 2026-11-23T13:00:00+01:00';

/** A moment as programs write one. Offsets may come without a colon: R writes `+0100`. */
export const instant = z
  .string({ error })
  .transform((text) => text.replace(/(T.+[+-]\d\d)(\d\d)$/, '$1:$2'))
  .pipe(z.iso.datetime({ offset: true, error }))
  .refine((text) => isInCalendar(new Date(text)), CALENDAR_WORDS);
