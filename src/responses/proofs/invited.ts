import type { WalkState } from '../../engine/page.js';
import type { Visit } from '../visit.js';

/**
 * The address that a code goes to: the one that the walk began with, as long as it is still the contact's. Whoever changes a
 * contact has no code sent to an address of their own, and nobody who was deleted is mailed.
 */
export function invitedAddress({ way }: Pick<Visit, 'way'>, { contact }: WalkState): string | undefined {
  const now = way.link?.contact.email ?? '';
  const invited = contact.Email ?? '';
  return invited !== '' && invited.toLowerCase() === now.toLowerCase() ? now : undefined;
}

/** An address as its owner knows it again and nobody else learns it: `a•••@n•••.example`. */
export function masked(address: string): string {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  const end = domain.lastIndexOf('.');
  return `${first(local)}•••@${first(domain)}•••${end > 0 ? domain.slice(end) : ''}`;
}

function first(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0x2022);
}
