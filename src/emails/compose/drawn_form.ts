import { randomUUID } from 'node:crypto';
import type { Actor } from '../../platform/auth/actor.js';
import type { Unit } from '../../platform/db/database.js';
import { Invalid } from '../../platform/errors.js';
import type { Pressed } from './compositions.forms.js';
import { Distribution } from '../../ledger/distribution.entity.js';

/** A form as it was drawn: which one, of which draft, and how often that had been written by then. */
export interface DrawnForm {
  formKey: string;
  /** Id of the draft; undefined where there was none. */
  draft: string | undefined;
  /** Empty from a form that says nothing of itself: it is never refused. */
  revision: string;
  /** Whether it counts although another form has written since. */
  isMine: boolean;
}

/** @param draft its id, where it is known already */
export function drawnForm({ formKey, revision, go }: Pressed, draft: string | undefined): DrawnForm {
  return { formKey, draft, revision, isMine: go === 'mine' };
}

/** Another form has written the draft since this one was drawn; nothing of either is lost. */
export class Changed extends Invalid {
  constructor(message: string) {
    super(message, { conflict: message });
  }
}

/** @throws {Changed} where somebody would be overwritten who is not known to the form */
export function mustBeNewest(draft: Distribution, form: DrawnForm, message: string): void {
  const isOwn = form.formKey !== '' && draft.writing.revisedBy === form.formKey;
  if (!form.isMine && form.revision !== '' && !isOwn && String(draft.writing.revision) !== form.revision) {
    throw new Changed(message);
  }
}

/** The draft that this form of a new mail has begun already, even when nobody told it so. Waits for its other requests. */
export async function begunDraft(
  unit: Unit,
  { userId }: Actor,
  surveyId: string,
  { formKey, draft }: DrawnForm,
): Promise<Distribution | undefined> {
  if (draft !== undefined || formKey === '') {
    return undefined;
  }
  await unit.sql('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`form ${formKey}`]);
  const forms = [formKey, leftBy(formKey)];
  const found = await unit.em.findOne(Distribution, {
    ownerId: userId,
    surveyId,
    writing: { revisedBy: { $in: forms } },
    status: 'draft',
    deletedAt: null,
  });
  return found ?? undefined;
}

/** Stands for a form that was left by its button: what it sent before, and arrives later, is old. */
export function leftBy(formKey: string): string {
  return formKey === '' ? '' : `saved ${formKey}`;
}

/** What the form says of itself in hidden fields; one that was never drawn before gets a key of its own. */
export function draftState(
  draft: string | undefined,
  { formKey, revision = '' }: { formKey?: string; revision?: string | number } = {},
): { formKey: string; draft: string; revision: string } {
  return {
    formKey: formKey === undefined || formKey === '' ? randomUUID() : formKey,
    draft: draft ?? '',
    revision: String(revision),
  };
}
