import { z } from 'zod';
import { ALL_PERMISSIONS, type Permission } from '../platform/auth/permissions.js';
import { wireAddress } from '../platform/email_address.js';
import { zoneName } from '../platform/calendar/zone_name.js';
import { trimmed, wholeNumberOrNone } from '../platform/web/form_atoms.js';

const name = trimmed(100).default('');

const person = {
  email: z
    .string()
    .trim()
    .refine((address) => wireAddress(address) !== undefined, 'This is not an e-mail address.'),
  firstName: name,
  lastName: name,
  /** Public id of the type. */
  type: z.string().default(''),
  timeZone: zoneName,
};

export const addPerson = z.object(person);

export const changePerson = z.object({
  ...person,
  /** Public id; empty: in none. */
  division: z.string().default(''),
  /** Empty: the brand's limit for everybody. */
  weeklyEmailLimit: wholeNumberOrNone(0, 10_000_000),
});

export const setPermission = z.object({
  permission: z.enum(ALL_PERMISSIONS as [Permission, ...Permission[]]),
  state: z.enum(['type', 'on', 'off']),
});

export const peopleQuery = z.object({
  search: z.string().trim().max(200).catch(''),
  status: z.enum(['all', 'active', 'invited', 'disabled']).catch('all'),
  after: z.string().catch(''),
});

export type PeopleQuery = z.infer<typeof peopleQuery>;

export const askForLink = z.object({ email: trimmed(320).default('') });
