import { z } from 'zod';
import type { OptOutWish } from './opt_outs.service.js';

const NOTHING = 'Choose what should stop.';

/** A button of the page, or what a mail program posts for its own button (RFC 8058 §3.2): then the list, where there is one. */
export const optOut = z
  .object({
    'List-Unsubscribe': z.string().optional(),
    level: z.enum(['list', 'brand'], { error: NOTHING }).optional(),
    turn: z.enum(['out', 'in'], { error: NOTHING }).optional(),
  })
  .transform((typed, context): OptOutWish => {
    if (typed['List-Unsubscribe']?.trim().toLowerCase() === 'one-click') {
      return { level: 'list', turn: 'out', by: 'one-click' };
    }
    if (typed.level === undefined || typed.turn === undefined) {
      context.addIssue({ code: 'custom', message: NOTHING });
      return z.NEVER;
    }
    return { level: typed.level, turn: typed.turn, by: 'link' };
  });

export type OptOutForm = z.infer<typeof optOut>;
