import { z } from 'zod';
import { named, ownPath, trimmed, unlessLonger } from '../platform/web/form_atoms.js';
import { zoneName } from '../platform/calendar/zone_name.js';

const name = trimmed(100).default('');

export const changeProfile = z.object({
  firstName: name,
  lastName: name,
  timeZone: zoneName,
});

/** The zone of the browser, and the page to come back to; what is no zone leaves the one that there is. */
export const takeZone = z.object({
  timeZone: unlessLonger(100),
  back: ownPath,
});
export type TakeZone = z.infer<typeof takeZone>;

export const changePassword = z.object({
  current: z.string().max(1000).default(''),
  password: z.string().max(1000).default(''),
});

export const createToken = z.object({
  name: named(100, 'Give the token a name that tells what it is for.'),
});

export type Profile = z.infer<typeof changeProfile>;
