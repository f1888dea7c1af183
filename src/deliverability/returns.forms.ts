import { z } from 'zod';
import { count, unlessLonger } from '../platform/web/form_atoms.js';
import { CARRIED } from './reply_forwarding.sql.js';

const seen = count(10_000_000);
const place = z
  .string()
  .regex(/^\d{1,18}$/)
  .optional()
  .catch(undefined);

export const suppressionsWish = z.object({ q: unlessLonger(320), before: place, seen });

export const returnedWish = z.object({ kind: z.string().max(20).optional().catch(undefined), before: place, seen });

export const deliverabilityWish = z.object({
  days: z.string().max(3).optional().catch(undefined),
  from: z.string().max(253).optional().catch(undefined),
});

export const releaseSuppression = z.object({ id: z.string().regex(/^\d{1,18}$/, 'This is no entry of the list.') });

export const chooseCarried = z.object({ carries: z.enum(CARRIED) });

export const turnWarmUp = z.object({
  domain: z.string().min(1).max(253),
  turn: z.enum(['on', 'off']),
});
