import type { Response } from 'express';
import { Invalid, LimitReached } from '../errors.js';

/** What `shared/_errors` shows, and the messages beside the fields. */
export interface FormErrors {
  errors: { name: string; text: string }[];
  fields: Record<string, string>;
}

export const NO_ERRORS: FormErrors = { errors: [], fields: {} };

/**
 * Runs `act`; when it refuses what was typed, the form is shown again (422) with what stands in it and why; so it is when
 * it comes too soon (429, with Retry-After): nothing that was written is lost. Every other refusal goes its usual way.
 */
export async function orAgain(
  response: Response,
  act: () => Promise<void>,
  again: (errors: FormErrors) => Promise<{ view: string; model: object }>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof LimitReached) {
      const { view, model } = await again({ errors: [{ name: '', text: error.message }], fields: {} });
      response.set(error.retryAfter === undefined ? {} : { 'Retry-After': String(error.retryAfter) });
      response.status(429).render(view, model);
      return;
    }
    if (!(error instanceof Invalid)) {
      throw error;
    }
    const { view, model } = await again(formErrors(error));
    response.status(422).render(view, model);
  }
}

function formErrors({ fields, message }: Invalid): FormErrors {
  const errors = Object.entries(fields).map(([name, text]) => ({ name, text }));
  return { errors: errors.length === 0 ? [{ name: '', text: message }] : errors, fields };
}
