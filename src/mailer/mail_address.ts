import { wireAddress } from '../platform/email_address.js';
import { MailRefused } from './mail_refused.js';

/** A person or desk as a header names it. */
export interface Mailbox {
  name?: string;
  address: string;
}

/** @throws {MailRefused} where the text is no address */
export function requireAddress(address: string): string {
  const wire = wireAddress(address);
  if (wire === undefined) throw new MailRefused(`"${address.slice(0, 100)}" is not an e-mail address`);
  return wire;
}

/** The domain of an address that is as it goes on the wire already. */
export function domainPart(wire: string): string {
  return wire.slice(wire.lastIndexOf('@') + 1).toLowerCase();
}
