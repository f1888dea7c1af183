import { z } from 'zod';
import { zoneName } from '../platform/zone_name.js';

const name = z.string().trim().max(100, 'At most 100 characters.').default('');

export const changeProfile = z.object({
  firstName: name,
  lastName: name,
  timeZone: zoneName,
});

/** The zone of the browser, and the page to come back to; what is no zone leaves the one that there is. */
export const takeZone = z.object({
  timeZone: z.string().max(100).catch(''),
  back: z
    .string()
    .regex(/^\/(?![/\\])/)
    .max(2000)
    .catch('/'),
});
export type TakeZone = z.infer<typeof takeZone>;

export const changePassword = z.object({
  current: z.string().max(1000).default(''),
  password: z.string().max(1000).default(''),
});

export const createToken = z.object({
  name: z
    .string()
    .trim()
    .min(1, 'Give the token a name that tells what it is for.')
    .max(100, 'At most 100 characters.'),
});

export type Profile = z.infer<typeof changeProfile>;
