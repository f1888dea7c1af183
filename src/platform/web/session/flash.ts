import type { Request } from 'express';

export type FlashKind = 'success' | 'error' | 'warning' | 'info';

/** Leaves a sentence for the next page that this person opens. */
export function flash(request: Request, kind: FlashKind, text: string): void {
  request.session.flash = [...(request.session.flash ?? []), { kind, text }];
}

/** Takes the sentences that wait. */
export function takeFlash(request: Request): { kind: string; text: string }[] {
  const waiting = request.session?.flash ?? [];
  if (waiting.length > 0) {
    delete request.session.flash;
  }
  return waiting;
}
