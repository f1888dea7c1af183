import { z } from 'zod';
import { present } from '../../platform/web/form_atoms.js';

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

const bounce = z
  .string()
  .trim()
  .toLowerCase()
  .default('')
  .refine(
    (text) => text === '' || LABEL.test(text),
    'This is one word of letters, digits and hyphens, such as bounce.',
  );

export const addDomain = z.object({
  domain: z.string().trim().min(1, 'Write the domain that your mails come from.').max(260, 'This is too long.'),
  selector: z
    .string()
    .trim()
    .toLowerCase()
    .default('canvass1')
    .refine((text) => LABEL.test(text), 'A selector has letters, digits and hyphens, 32 at most, such as canvass1.'),
  bits: z.enum(['1024', '2048'], { error: 'Choose one of the sizes.' }).default('2048').transform(Number),
  ed25519: present,
  bounce,
});

export type AddDomain = z.infer<typeof addDomain>;

export const changeBounces = z.object({ bounce });

export const removeDomain = z.object({ confirmation: z.string().trim().toLowerCase().default('') });
