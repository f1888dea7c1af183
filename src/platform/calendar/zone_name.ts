import { z } from 'zod';
import { canonicalZone } from './time_zones.js';

/** A time zone under any of its names, as the one that is stored. */
export const zoneName = z
  .string()
  .max(100)
  .transform((written, context) => {
    const zone = canonicalZone(written);
    if (zone === undefined) {
      context.addIssue({ code: 'custom', message: 'Choose a time zone of the list.' });
    }
    return zone ?? 'UTC';
  });
