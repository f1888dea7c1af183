import { z } from 'zod';
import { asWritten, count, cursor, ticked } from '../../platform/web/form_atoms.js';
import { LIST_VIEWS } from '../../distributions/list_view.js';
import { SHOWN } from '../../ledger/recipients/recipients.views.js';

/** Which recipients a page shows; what is not known shows all. */
export const showRecipients = z.object({
  show: z.enum(SHOWN).catch('all'),
  q: asWritten(200),
  after: cursor.transform((text) => text || undefined),
  seen: count(),
  upTo: count(),
});
export type RecipientsForm = z.infer<typeof showRecipients>;

export const chooseView = z.object({ view: z.enum(LIST_VIEWS).catch('standard') });

/** What becomes of the reminders and thank-yous of an invitation that is cancelled. */
export const cancelEmail = z.object({ followUps: z.enum(['cancel', 'keep']).catch('cancel') });
export type CancelEmail = z.infer<typeof cancelEmail>;

/** Whether the reminders and thank-yous of an invitation are copied with it. */
export const copyEmail = z.object({ followUps: ticked });
export type CopyEmail = z.infer<typeof copyEmail>;

/** The number or the name that confirms a large sending; absent where nobody was asked for it yet. */
export const confirmStart = z.object({
  confirm: z
    .string()
    .optional()
    .catch(undefined)
    .transform((text) => text?.slice(0, 400)),
});
export type ConfirmStart = z.infer<typeof confirmStart>;
