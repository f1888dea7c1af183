import { wireAddress } from '../../platform/email_address.js';
import type { ReturnedMail, Told } from './returned_mail.js';

/** What was found out about a mail that came back, for whoever knows whom the message had gone to. */
export type Findings = Omit<ReturnedMail, 'kind' | 'from' | 'subject' | 'excerpt'>;

/** Whether a report names the recipient that it came back for: another one, or nobody, may be a forwarder's doing. */
type About = 'same' | 'other' | 'unnamed';

/**
 * What a mail that came back says about one address (RFC 3464 §2.3): of a report about several recipients what it says
 * of this one. The mail itself only proves that its writer knows the message.
 */
export function toldAbout<Kind extends string>(
  { kind, findings }: { kind: Kind; findings: Findings },
  address: string,
): { kind: Kind | Told['kind']; findings: Findings; about: About } {
  if (address === '' || !['bounce', 'delay', 'complaint'].includes(kind)) {
    return { kind, findings, about: 'unnamed' };
  }
  const { recipients = [], ...rest } = findings;
  const mine = recipients.find((told) => aboutOf(told, kind, address) === 'same');
  if (mine !== undefined) {
    const { kind: its, ...told } = mine;
    return { kind: its, findings: { ...told, isFromMachine: rest.isFromMachine }, about: 'same' };
  }
  return { kind, findings: rest, about: aboutOf(rest, kind, address) };
}

function aboutOf({ recipient, original }: Pick<Told, 'recipient' | 'original'>, kind: string, address: string): About {
  const told = [recipient, original].flatMap((one) => (one === undefined || !one.includes('@') ? [] : [one]));
  if (told.length === 0) {
    return 'unnamed';
  }
  const mine = comparable(address);
  if (told.some((one) => comparable(one) === mine)) {
    return 'same';
  }
  // Complaints often hide the local part.
  const isHidden = kind === 'complaint' && told.some((one) => domainOf(comparable(one)) === domainOf(mine));
  return isHidden ? 'unnamed' : 'other';
}

/** Servers change capitals and leave out what stands behind a plus. */
function comparable(address: string): string {
  const wire = (wireAddress(address.trim()) ?? address.trim()).toLowerCase();
  const at = wire.lastIndexOf('@');
  return `${wire.slice(0, at).replace(/(?<=.)\+.*$/, '')}${wire.slice(at)}`;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
