import { z } from 'zod';
import { zoneName } from '../platform/zone_name.js';

const name = z.string().trim().max(100, 'At most 100 characters.').default('');

export const changeProfile = z.object({
  firstName: name,
  lastName: name,
  timeZone: zoneName,
});

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
