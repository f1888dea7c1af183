import { z } from 'zod';
import type { OptOutWish } from './opt_outs.service.js';

const NOTHING = 'Choose what should stop.';

/** A button of the page. */
const button = z.object({
  level: z.enum(['list', 'brand'], { error: NOTHING }),
  turn: z.enum(['out', 'in'], { error: NOTHING }),
});

/** What a mail program posts for its own button (RFC 8058 §3.2), as far as it is told: the list, where there is one. */
const oneClick = z
  .object({ level: z.undefined().optional(), turn: z.undefined().optional() })
  .transform((): OptOutWish => ({ level: 'list', turn: 'out', by: 'one-click' }));

export const optOut = z.preprocess(
  (body) => body ?? {},
  z.union([button.transform((pressed): OptOutWish => ({ ...pressed, by: 'link' })), oneClick], { error: NOTHING }),
);

export type OptOutForm = z.infer<typeof optOut>;
